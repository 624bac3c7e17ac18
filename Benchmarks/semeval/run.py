"""Compares methods on SemEval-2025 Task 4: memorises the official rows, unlearns them with each method under one budget of
rows, evaluates officially, beside a model that never saw the forget set; writes docs/results.md.

    make bench-quality                                        # all rows, three seeds: hours
    python3 Benchmarks/semeval/run.py --mini                  # a quarter of the documents, one seed

Every stage keeps its result in .benchmarks/ under a name made from what it depends on: a second call does what is left.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import results

ROOT = Path(__file__).resolve().parents[2]
UNLEARN = ROOT / ".build/release/unlearn"
METHODS = Path(__file__).with_name("methods")


def digest(*parts):
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:12]


def unlearn(*arguments, log):
    """Runs the program with its output in a log; stops the benchmark with the log's end when it fails."""
    with open(log, "a", encoding="utf-8") as file:
        print("unlearn", *arguments, file=file, flush=True)
        done = subprocess.run([UNLEARN, *map(str, arguments)], stdout=file, stderr=file, check=False)
    if done.returncode != 0:
        end = "".join(open(log, encoding="utf-8").readlines()[-5:])
        sys.exit(f"bench-quality: unlearn {arguments[0]} ended with {done.returncode}; the end of {log}:\n{end}")


def rates(run):
    """The lowest and the highest learning rate of a run."""
    steps = [json.loads(line) for line in open(run / "events.jsonl", encoding="utf-8")]
    found = [step["learning_rate"] for step in steps if "learning_rate" in step]
    return (min(found), max(found)) if found else None


def document(identity):
    return re.sub(r"(sc|qa)\d$", "", identity)


def chosen(identity, mini):
    return not mini or int(hashlib.sha256(document(identity).encode()).hexdigest(), 16) % 4 == 0


def prepare(options, folder):
    """The rows of every set as JSON lines, and the membership documents, whole or the fixed quarter of documents. The
    nonmembers of the validation stand for text never seen; they are left out of the attack."""
    import pandas

    if (folder / "done").exists():
        return
    (folder / "mia").mkdir(parents=True, exist_ok=True)
    for name in ("forget_train", "retain_train", "forget_validation", "retain_validation"):
        rows = pandas.read_parquet(options.data / f"{name}-00000-of-00001.parquet").to_dict("records")
        with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as file:
            for row in rows:
                if chosen(row["id"], options.mini):
                    file.write(json.dumps({key: row[key] for key in ("id", "input", "output", "task")}) + "\n")
    members = [json.loads(line) for line in open(options.mia / "member.jsonl", encoding="utf-8")]
    unseen = (options.mia.with_name("mia-validation") / "nonmember.jsonl").read_text(encoding="utf-8")
    (folder / "unseen.jsonl").write_text(unseen, encoding="utf-8")
    known = {json.loads(line)["id"] for line in unseen.splitlines()}
    others = [json.loads(line) for line in open(options.mia / "nonmember.jsonl", encoding="utf-8")]
    others = [row for row in others if row["id"] not in known]
    members = [row for row in members if chosen(row["id"].strip('"'), options.mini)]
    others = sorted(others, key=lambda row: hashlib.sha256(row["id"].encode()).hexdigest())
    for name, rows in (("member", members), ("nonmember", others[: len(members)])):
        with open(folder / "mia" / f"{name}.jsonl", "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    (folder / "done").touch()


class Benchmark:
    def __init__(self, options):
        self.options = options
        version = subprocess.run([UNLEARN, "--version"], capture_output=True, text=True, check=False).stdout.strip()
        self.version = version
        memorize = (METHODS.parent / "memorize.yaml").read_text(encoding="utf-8")
        self.key = digest(options.mini, memorize, *(path.stat().st_size for path in sorted(options.data.glob("*.parquet"))))
        self.folder = ROOT / ".benchmarks" / f"{'mini' if options.mini else 'whole'}-{self.key}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.rows = self.folder / "rows"

    def memorised(self, name, sets):
        """A model that knows the sets by heart."""
        output, log = self.folder / name, self.folder / f"{name}.log"
        state = output / "run.json"
        if state.exists() and json.loads(state.read_text())["state"] == "done":
            return output
        if state.exists():
            unlearn("memorize", "--resume", output, log=log)
        else:
            data = [part for one in sets for part in ("--data", self.rows / f"{one}.jsonl")]
            unlearn("memorize", "--model", self.options.model, *data, "--config", METHODS.parent / "memorize.yaml",
                    "--output", output, log=log)
        return output

    def evaluated(self, name, model, adapter=None):
        """The official figures of a model."""
        output = self.folder / "evaluations" / name
        if not (output / "evaluation.json").exists() or (output / "unfinished").exists():
            sample = ["--mmlu", self.options.mmlu] if self.options.mmlu.exists() else []
            more = ["--adapter", adapter] if adapter else []
            if self.options.mmlu_sample and sample:
                sample += ["--mmlu-sample", self.options.mmlu_sample]
            unlearn("evaluate", "--model", model, *more, "--data", self.rows, "--mia", self.rows / "mia", *sample,
                    "--output", output, log=self.folder / "evaluations.log")
        return json.loads((output / "evaluation.json").read_text(encoding="utf-8"))

    def unlearned(self, method, seed, target):
        # Named after every setting in force, so that a new default is not taken for an old one.
        settings = subprocess.run([UNLEARN, "config", "show", method], capture_output=True, text=True, check=True).stdout
        name = f"{method.stem}-{digest(settings, self.options.steps)}-seed{seed}"
        output, log = self.folder / "runs" / name, self.folder / f"{name}.log"
        state = output / "run.json"
        if not (state.exists() and json.loads(state.read_text())["state"] == "done"):
            (self.folder / "runs").mkdir(exist_ok=True)
            if state.exists():
                unlearn("run", "--resume", output, log=log)
            else:
                unlearn("run", "--model", target, "--forget", self.rows / "forget_train.jsonl", "--retain",
                        self.rows / "retain_train.jsonl", "--unseen", self.rows / "unseen.jsonl", "--config", method,
                        "--steps", self.options.steps, "--seed", seed,
                        "--no-evaluate", "--output", output, log=log)
        return name, output, json.loads(state.read_text(encoding="utf-8"))

    def run(self):
        prepare(self.options, self.rows)
        everything = ["forget_train", "retain_train", "forget_validation", "retain_validation"]
        target = self.memorised("target", everything)
        oracle = self.memorised("oracle", ["retain_train", "retain_validation"])
        table = [
            results.Line("memorised target", 0, self.evaluated("target", target), json.loads((target / "run.json").read_text())),
            results.Line("retrained oracle", 0, self.evaluated("oracle", oracle), json.loads((oracle / "run.json").read_text())),
        ]
        for method in self.methods():
            for seed in range(self.options.seeds):
                start = time.time()
                name, run, record = self.unlearned(method, seed, target)
                line = results.Line(method.stem, seed, self.evaluated(name, target, run / "adapter"), record, rates(run))
                table.append(line)
                print(f"{method.stem}, seed {seed}: {table[-1].summary} ({time.time() - start:.0f} s)", flush=True)
            # After every method, so that what is there can be read while the rest is made.
            results.write(table, self.options, self.version, self.key, ROOT / "docs/results.md")

    def methods(self):
        found = sorted(METHODS.glob("*.yaml"))
        names = self.options.methods.split(",") if self.options.methods else [path.stem for path in found]
        for name in names:
            if not (METHODS / f"{name}.yaml").exists():
                sys.exit(f"bench-quality: no {name}.yaml in {METHODS}")
        return [METHODS / f"{name}.yaml" for name in names]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = ROOT.parent / "shared/data"
    parser.add_argument("--model", default=ROOT / ".models/smollm2-135m", type=Path)
    parser.add_argument("--data", default=shared / "semeval", type=Path)
    parser.add_argument("--mia", default=shared / "mia", type=Path)
    parser.add_argument("--mmlu", default=shared / "mmlu", type=Path)
    parser.add_argument("--mini", action="store_true", help="documents whose sha256 is 0 modulo 4")
    parser.add_argument("--seeds", type=int, help="3, or 1 with --mini")
    parser.add_argument("--steps", type=int, help="of every method; 1112, or 280 with --mini")
    parser.add_argument("--mmlu-sample", type=int, help="MMLU questions; all, or 400 with --mini")
    parser.add_argument("--methods", help="names of files in methods/, separated by commas; all by default")
    options = parser.parse_args()
    if not options.data.exists():
        print(f"bench-quality: skipped: {options.data} is not there; --data names a folder with the official rows")
        return 0
    options.seeds = options.seeds or (1 if options.mini else 3)
    options.steps = options.steps or (280 if options.mini else 1112)
    options.mmlu_sample = options.mmlu_sample or (400 if options.mini else None)
    Benchmark(options).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
