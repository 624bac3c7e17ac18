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
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))
import results  # noqa: E402
import stages  # noqa: E402
from stages import ROOT, Stages  # noqa: E402


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
        self.stages = Stages("", options, Path(__file__).with_name("memorize.yaml"), options.data.glob("*.parquet"))
        self.rows = self.stages.folder / "rows"

    def line(self, title, seed, run, *model):
        """A line of the table: the official figures of what a run left, asked for by these arguments."""
        sample = []
        if self.options.mmlu.exists():
            sample = ["--mmlu", self.options.mmlu]
            if self.options.mmlu_sample:
                sample += ["--mmlu-sample", self.options.mmlu_sample]
        output = self.stages.evaluated(
            run.name, "evaluation.json", *model, "--data", self.rows, "--mia", self.rows / "mia", *sample)
        evaluation = json.loads((output / "evaluation.json").read_text(encoding="utf-8"))
        return results.Line(title, seed, evaluation, stages.record(run), stages.rates(run) if "--adapter" in model else None)

    def run(self):
        prepare(self.options, self.rows)
        names = ("forget_train", "retain_train", "forget_validation", "retain_validation", "unseen")
        forget, retain, forget_validation, retain_validation, unseen = (self.rows / f"{name}.jsonl" for name in names)
        target = self.stages.memorised("target", [forget, retain, forget_validation, retain_validation])
        oracle = self.stages.memorised("oracle", [retain, retain_validation])
        table = [
            self.line("memorised target", 0, target, "--model", target),
            self.line("retrained oracle", 0, oracle, "--model", oracle),
        ]
        for lines in self.stages.lines(self.line, target, "--forget", forget, "--retain", retain, "--unseen", unseen):
            table += lines
            # After every method, so that what is there can be read while the rest is made.
            results.write(table, self.options, stages.version(), self.stages.key, ROOT / "docs/results.md")


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
