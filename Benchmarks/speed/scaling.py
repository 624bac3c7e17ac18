"""Seconds and memory of one NGDiff step over its tokens, from 1,000 to 200,000; writes docs/scaling.svg.

    python3 Benchmarks/speed/scaling.py --data forget.jsonl

The rows are taken again and again until there are enough. Half of them are forgotten and half kept, in one step.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import line_chart

ROOT = Path(__file__).resolve().parents[2]
UNLEARN = ROOT / ".build/release/unlearn"


def measure(model, rows, count):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps({**rows[number % len(rows)], "id": f"row{number}"}) + "\n")
        file.flush()
        done = subprocess.run(
            [UNLEARN, "bench", "step", "--model", model, "--data", file.name, "--rows", str(count), "--batch-size",
             str(max(1, count // 2)), "--repeat", "1", "--warm-up", "1" if count < 500 else "0", "--format", "json",
             "--quiet"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return found["real_tokens"], found["seconds_median"], found["peak_memory_mib"]


def picture(points):
    log = math.log10
    tens = range(math.floor(min(log(seconds) for _, seconds, _ in points)),
                 math.ceil(max(log(seconds) for _, seconds, _ in points)) + 1)
    return line_chart.draw(
        "One step: seconds over tokens (both logarithmic); peak memory at each point",
        [("seconds", [(log(tokens), log(seconds)) for tokens, seconds, _ in points])],
        [(log(tokens), f"{tokens:,}") for tokens, *_ in points], [(ten, f"{10 ** ten:g} s") for ten in tens],
        [(log(tokens), log(seconds), f"{memory / 1024:.1f} GiB") for tokens, seconds, memory in points])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=ROOT / ".models/smollm2-135m-bfloat16", type=Path)
    parser.add_argument("--data", required=True, type=Path, help="rows as JSON lines")
    parser.add_argument("--rows", default="12,50,200,800,2500", help="numbers of rows, separated by commas")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.data.read_text(encoding="utf-8").splitlines()]
    points = []
    for count in map(int, options.rows.split(",")):
        points.append(measure(options.model, rows, count))
        tokens, seconds, memory = points[-1]
        print(f"{tokens} tokens: {seconds:.2f} s, {tokens / seconds:.0f} tokens/s, {memory} MiB", flush=True)
    if len(points) > 1:
        (ROOT / "docs/scaling.svg").write_text(picture(points), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
