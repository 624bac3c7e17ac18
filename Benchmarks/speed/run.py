"""Measures `unlearn` against Python (transformers + PEFT) on the same rows, and writes docs/performance.md.

    make bench                                     # our own figures; the peers too where they can run
    python3 Benchmarks/speed/run.py --help

Ours and the peer's take turns, so that whatever else the machine does meets both; every figure is a median over the
rounds. A peer that is not there is left out with a line that says so.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import report

ROOT = Path(__file__).resolve().parents[2]
UNLEARN = ROOT / ".build/release/unlearn"
PEER = Path(__file__).with_name("peer.py")


def command(arguments, environment=None):
    """Runs a command; its last line of output as JSON, and the seconds that it took."""
    start = time.perf_counter()
    done = subprocess.run(
        [str(argument) for argument in arguments], capture_output=True, text=True, check=False,
        env={**os.environ, **(environment or {})})
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise RuntimeError(f"{arguments[0]} … ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return (json.loads(lines[-1]) if lines else {}), seconds


class Side:
    """One contestant of a job: how it is run, and where its figure is in what it prints."""

    def __init__(self, name, arguments, key, memory=None, environment=None):
        self.name, self.arguments, self.key, self.memory, self.environment = name, arguments, key, memory, environment
        self.needs = [Path(argument) for argument in arguments if isinstance(argument, Path) and argument.suffix == ".py"]
        self.values, self.memories, self.utilisations = [], [], []

    @property
    def is_peer(self):
        return bool(self.needs)

    def measure(self):
        printed, seconds = command(self.arguments, self.environment)
        self.values.append(seconds if self.key is None else printed[self.key])
        if self.memory:
            self.memories.append(printed[self.memory])
        if "utilisation" in printed:
            self.utilisations.append(printed["utilisation"])

    @property
    def figure(self):
        return statistics.median(self.values)


def prepare(data, folder):
    """The rows that every job shares: 128 rows of forget_train that do not depend on the file's order."""
    try:
        import pandas
    except ImportError:
        sys.exit("bench: Parquet is read with pandas and pyarrow: pip install pandas pyarrow")
    rows = pandas.read_parquet(data / "forget_train-00000-of-00001.parquet").to_dict("records")
    # Where another peer may look for the parquet files.
    (folder / "data").symlink_to(data.resolve())
    rows.sort(key=lambda row: hashlib.sha256(row["id"].encode()).hexdigest())
    completions = [row for row in rows if row["id"][:-1].endswith("sc")][:32]
    files = {"rows": rows[:128], "completions": completions, "one": rows[:1]}
    for name, chosen in files.items():
        with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as file:
            for row in chosen:
                file.write(json.dumps({key: row[key] for key in ("id", "input", "output", "task")}) + "\n")
    return {name: folder / f"{name}.jsonl" for name in files}


def jobs(options, files):
    """Title, unit, whether more is better, and the contestants: ours first."""
    model, peer, python = options.model, options.peer, options.python
    # Both sides the same cores, and the dtype that ours has by default.
    threads = ["--threads", str(options.threads)]
    ours = lambda job, *more: [
        UNLEARN, "bench", job, "--model", model, "--format", "json", "--quiet", *threads, *more]
    dtype = [] if options.has_bfloat16 else ["--dtype", "fp32"]
    theirs = lambda job, *more: [python, peer, job, "--model", model, *threads, *dtype, *more]
    train = lambda mode, *more: theirs("train-speed", "--data", files["rows"].parent, "--mode", mode, *more)
    offline = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    score = lambda data, *more: [
        python, PEER, "score-speed", "--model", model, "--data", files[data], *threads, *dtype, *more]

    def other(name, arguments, key, memory="peak_rss_mib"):
        return Side(name, arguments, key, memory, offline)

    step = Side(
        "unlearn", ours("step", "--data", files["rows"], "--rows", "128", "--batch-size", "8", "--repeat", "1"),
        "real_tokens_per_second", "peak_memory_mib")
    yield "Training step (forward, backward, NGDiff)", "real tokens/s", True, [
        step, other("Python, sorted by length", train("dynamic-sorted"), "real_tok_per_s"),
        other("Python, padded to the longest of a batch", train("dynamic"), "real_tok_per_s"),
        other("Python, padded to 512 (the paper's recipe)", train("seed", "--limit-batches", "4"), "real_tok_per_s"),
    ]
    yield "Greedy generation, 32 prompts × 64 tokens", "new tokens/s", True, [
        Side(
            "unlearn", ours("generate", "--data", files["completions"], "--max-new-tokens", "64", "--batch-size",
                             "32", "--repeat", "1"),
            "new_tokens_per_second", "peak_memory_mib"),
        *(other(f"Python, batches of {batch}",
                theirs("gen-speed", "--data", files["rows"].parent, "--batch", str(batch)), "new_tok_per_s")
          for batch in (16, 32)),
    ]
    yield "NLL of 128 rows", "real tokens/s", True, [
        Side("unlearn", ours("score", "--data", files["rows"], "--rows", "128", "--repeat", "3"),
             "real_tokens_per_second", "peak_memory_mib"),
        other("Python, sorted by length", score("rows", "--sorted", "--repeat", "1"), "real_tok_per_s"),
        other("Python, in order", score("rows", "--repeat", "1"), "real_tok_per_s"),
    ]
    # A question costs the peer the same however many there are; ours reads a subject's examples once, so that it is asked
    # as many as a subject has, more or less (100 and 165).
    for subject, count, count_of_peer in (("abstract_algebra", 100, 40), ("high_school_european_history", 60, 10)):
        asked = ["--subjects", subject, "--rows", str(count)]
        asked_of_peer = ["--subjects", subject, "--n", str(count_of_peer), "--last-only"]
        yield f"MMLU, 5 shots, {subject}", "questions/s", True, [
            Side("unlearn", ours("mmlu", "--mmlu", options.mmlu, *asked, "--repeat", "1"),
                 "questions_per_second", "peak_memory_mib"),
            *(other(name, theirs("mmlu-speed", "--mmlu", options.mmlu, "--batches", batches, *asked_of_peer), "questions_per_s")
              for name, batches in (("Python, one by one", "1"), ("Python, batches of 8", "8"))),
        ]
    output = Path(files["one"]).with_name("scores.jsonl")
    yield "Start to first result: NLL of one row", "s", False, [
        Side("unlearn", [
            UNLEARN, "score", "--model", model, "--data", files["one"], "--output", output, "--quiet", *threads], None),
        # Only Linux tells a process how old it is.
        *([other("Python", score("one", "--repeat", "0"), "startup_to_first_result_s")] if sys.platform == "linux" else []),
    ]


def read(path):
    """Figures that were kept, and the machine that they are of."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"jobs": {}}


def is_same(one, other):
    """Whether figures of both may stand in one table: the same machine, libraries, peers, model and data."""
    keys = ("processor", "cores", "peer", "model", "data")
    return all(one.get(key) == other.get(key) for key in keys) and all(
        one["doctor"].get(key) == other["doctor"].get(key) for key in ("LibTorch", "kernels"))


def machine(options):
    printed = subprocess.run([UNLEARN, "doctor"], capture_output=True, text=True, check=True).stdout
    doctor = dict(re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in printed.splitlines() if "  " in line)
    versions = ""
    if options.has_peers:
        query = ("import torch, transformers, peft; print(', '.join(f'{m.__name__} {m.__version__}' "
                 "for m in (torch, transformers, peft)))")
        found = subprocess.run([options.python, "-c", query], capture_output=True, text=True, check=False)
        versions = found.stdout.strip()
    if options.peer != PEER:
        versions += ", with a script of their own"
    return {"processor": platform.processor() or platform.machine(), "cores": options.threads, "doctor": doctor,
            "dtype": "bfloat16" if doctor.get("bfloat16 in hardware") == "yes" else "float32", "peer": versions,
            "model": options.model.name, "data": sorted(path.stat().st_size for path in options.data.glob("*.parquet"))}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=ROOT / ".models/smollm2-135m-bfloat16", type=Path)
    parser.add_argument("--data", default=ROOT.parent / "shared/data/semeval", type=Path)
    parser.add_argument("--mmlu", default=ROOT.parent / "shared/data/mmlu", type=Path)
    parser.add_argument("--peer", default=PEER, type=Path,
                        help="another script of Python's side of training, generation and MMLU, with peer.py's arguments")
    parser.add_argument("--python", default=sys.executable, help="an interpreter with torch, transformers and peft")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of both sides; all cores by default")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help="jobs whose title holds this text")
    parser.add_argument("--results", default=ROOT / ".benchmarks/speed.json", type=Path,
                        help="figures of all jobs so far, which --only adds to")
    options = parser.parse_args()
    if not options.data.exists():
        print(f"bench: skipped: {options.data} is not there; --data names a folder with the official rows")
        return 0
    imports = [options.python, "-c", "import torch, transformers, peft"]
    options.has_peers = subprocess.run(imports, capture_output=True, check=False).returncode == 0
    if not options.has_peers:
        print(f"bench: without the Python peers: {options.python} has no torch, transformers and peft (--python)")
    elif not options.peer.exists():
        parser.error(f"--peer: {options.peer} is not there")
    stored = read(options.results)
    here = machine(options)
    options.has_bfloat16 = here["dtype"] == "bfloat16"
    if options.has_peers and not options.has_bfloat16:
        print("bench: both sides compute in float32: no bfloat16 in hardware")
    if stored["jobs"] and not is_same(stored["machine"], here):
        if not options.has_peers:
            options.results = options.results.with_name("speed-alone.json")
            print(f"bench: the stored figures have peers, or are of another machine: these go into {options.results.name}")
            stored = read(options.results)
        if stored["jobs"] and not is_same(stored["machine"], here):
            print("bench: the stored figures are of another machine, model or versions: they are left out")
            stored = {"jobs": {}}
    stored["machine"] = here
    titles = []
    options.results.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        files = prepare(options.data, Path(folder))
        for title, unit, more_is_better, sides in jobs(options, files):
            titles.append(title)
            if options.only and options.only not in title:
                continue
            if title.startswith("MMLU") and not options.mmlu.exists():
                print(f"bench: skipped: {title}: {options.mmlu} is not there (--mmlu)")
                titles.remove(title)
                continue
            sides = [
                side for side in sides if not side.is_peer or options.has_peers and all(path.exists() for path in side.needs)]
            for number in range(options.rounds):
                for side in sides:
                    start = time.perf_counter()
                    side.measure()
                    print(f"{title}: round {number + 1}/{options.rounds}, {side.name}: {side.values[-1]:.4g} {unit} "
                          f"({time.perf_counter() - start:.0f} s)", flush=True)
            stored["jobs"][title] = {
                "unit": unit, "more_is_better": more_is_better, "date": time.strftime("%Y-%m-%d"),
                "sides": [
                    {"name": side.name, "median": side.figure, "values": side.values,
                     "memory_mib": statistics.median(side.memories) if side.memories else None,
                     "utilisation": statistics.median(side.utilisations) if side.utilisations else None} for side in sides]}
            options.results.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    unknown = [title for title in titles if title not in stored["jobs"]]
    alone = [title for title in titles if title not in unknown and len(stored["jobs"][title]["sides"]) == 1]
    if unknown or alone:
        print(report.table(stored))
        reasons = [("not measured yet", unknown), ("without a peer", alone)]
        print("docs/performance.md stays as it is: "
              + "; ".join(f"{reason}: {', '.join(names)}" for reason, names in reasons if names))
    else:
        report.write(stored, ROOT / "docs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
