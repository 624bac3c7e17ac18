"""Losses of fifty NGDiff steps with our kernels and with LibTorch's operators; writes docs/loss-curves.svg.

    python3 Benchmarks/speed/loss_curves.py --forget forget.jsonl --retain retain.jsonl

The kernels are right when their bfloat16 losses are as near to the float32 ones as those of LibTorch's operators are.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import line_chart

ROOT = Path(__file__).resolve().parents[2]
UNLEARN = ROOT / ".build/release/unlearn"
CURVES = (("kernels, bfloat16", "fused", "bfloat16"), ("LibTorch, bfloat16", "composed", "bfloat16"),
          ("LibTorch, float32", "composed", "float32"))


def losses(options, kernels, dtype):
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        subprocess.run(
            [UNLEARN, "run", "--model", options.model, "--forget", options.forget, "--retain", options.retain,
             "--method", "ngdiff", "--steps", str(options.steps), "--batch-size", "4", "--dtype", dtype,
             "--learning-rate", "3e-4", "--no-evaluate", "--checkpoint-every", "0", "--set", f"kernels={kernels}",
             "--set", "retain-budget=none", "--set", "forget-bound=none", "--output", run, "--quiet"], check=True)
        events = [json.loads(line) for line in (run / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    return [(event["retain_loss"], event["forget_loss"]) for event in events]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=ROOT / ".models/smollm2-135m-bfloat16", type=Path)
    parser.add_argument("--forget", required=True, type=Path)
    parser.add_argument("--retain", required=True, type=Path)
    parser.add_argument("--steps", default=50, type=int)
    options = parser.parse_args()
    curves = {}
    for name, kernels, dtype in CURVES:
        curves[name] = losses(options, kernels, dtype)
        print(f"{name}: {len(curves[name])} steps", flush=True)
    exact = curves[CURVES[2][0]]
    for name, *_ in CURVES[:2]:
        gaps = [abs(a - b) for found, right in zip(curves[name], exact) for a, b in zip(found, right)]
        print(f"{name}: {statistics.mean(gaps):.5f} nats from float32 on average, {max(gaps):.5f} at most")
    # A running mean of five steps, so that three curves of single batches can be told from each other.
    smooth = lambda values: [statistics.mean(values[max(0, index - 4): index + 1]) for index in range(len(values))]
    lines = [(name, list(enumerate(smooth([forget for _, forget in curves[name]]), 1))) for name, *_ in CURVES]
    top = max(y for _, points in lines for _, y in points)
    ticks = [(tick, f"{tick} nats") for tick in range(0, int(top) + 2)]
    (ROOT / "docs/loss-curves.svg").write_text(
        line_chart.draw("Loss of the forget batches over steps, mean of five", lines,
                        [(step, str(step)) for step in range(10, options.steps + 1, 10)], ticks), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
