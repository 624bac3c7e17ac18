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
    width, height, left, bottom = 520, 320, 70, 50
    xs = [math.log10(tokens) for tokens, *_ in points]
    ys = [math.log10(seconds) for _, seconds, _ in points]
    place_x = lambda x: left + (x - xs[0]) / (xs[-1] - xs[0]) * (width - left - 90)
    low, high = math.floor(min(ys)), math.ceil(max(ys))
    place_y = lambda y: height - bottom - (y - low) / (high - low) * (height - bottom - 50)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
           "<title>Seconds of a step over its tokens</title>",
           "<style>text{fill:#333}path,line{stroke:#2f6f9f;fill:none}.rule{stroke:#bbb}circle{fill:#2f6f9f}"
           "@media (prefers-color-scheme:dark){text{fill:#ddd}path{stroke:#6aa9d6}circle{fill:#6aa9d6}.rule{stroke:#555}}</style>",
           f'<text x="{left}" y="20" font-size="14">One step: seconds (log) over tokens (log); peak memory at each point</text>']
    for y in range(low, high + 1):
        out.append(f'<line class="rule" x1="{left}" x2="{width - 80}" y1="{place_y(y):.1f}" y2="{place_y(y):.1f}"/>')
        out.append(f'<text x="{left - 8}" y="{place_y(y) + 4:.1f}" text-anchor="end">{10 ** y:g} s</text>')
    line = " ".join(f"{'L' if i else 'M'}{place_x(x):.1f} {place_y(y):.1f}" for i, (x, y) in enumerate(zip(xs, ys)))
    out.append(f'<path d="{line}" stroke-width="2"/>')
    for (tokens, _, memory), x, y in zip(points, xs, ys):
        out.append(f'<circle cx="{place_x(x):.1f}" cy="{place_y(y):.1f}" r="3"/>')
        out.append(f'<text x="{place_x(x) + 6:.1f}" y="{place_y(y) + 14:.1f}">{memory / 1024:.1f} GiB</text>')
        out.append(f'<text x="{place_x(x):.1f}" y="{height - bottom + 20}" text-anchor="middle">{tokens:,}</text>')
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=ROOT / ".models/smollm2-135m", type=Path)
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
