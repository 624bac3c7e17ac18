"""Makes the links that Package.swift expects. Started by Scripts/setup.sh, which checks the tools first."""

import argparse
import os
import platform
import sys
import time
from pathlib import Path

import arrow
import folders
import libtorch
import model
from problem import Problem, Unreachable
from wheels import Wheels


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True, type=Path)
    parser.add_argument("--model", action="store_true")
    options = parser.parse_args()
    root = Path(os.path.abspath(options.root))
    started = time.monotonic()
    rows = [
        ("swift", os.environ.get("SETUP_SWIFT", "?"), ""),
        ("git", os.environ.get("SETUP_GIT", "?"), ""),
        ("python3", platform.python_version(), "with pip; needed for set-up only"),
    ]
    steps = [("libtorch", libtorch.ensure), ("arrow", arrow.ensure)]
    if options.model:
        steps.append(("model", model.ensure))
    problems = []
    before = os.path.realpath(root / ".libtorch")
    with folders.locked(root / ".downloads"):
        folders.sweep(root / ".downloads")
        wheels = Wheels(root / ".downloads")
        for name, ensure in steps:
            try:
                rows.append((name, *ensure(root, wheels)))
            except Problem as problem:
                rows.append((name, "missing", "see below"))
                problems.append((name, problem))
    if not options.model and (root / ".models" / "smollm2" / model.FILE).is_file():
        rows.append(("model", "SmolLM2", ".models/smollm2 (was there)"))
    elif not options.model:
        rows.append(("model", "-", "not asked for; Scripts/setup.sh --model gets SmolLM2-135M (93 MB)"))
    print(f"Set-up of {root}")
    for name, version, detail in rows:
        print(f"  {name:<9} {version:<9} {detail}".rstrip())
    if problems:
        report(problems)
        return 69
    if before != os.path.realpath(root / ".libtorch") and (root / ".build").is_dir():
        print("LibTorch is another one now: run `swift package clean` before the next build.")
    print(f"Ready in {time.monotonic() - started:.1f} s. Next: make build")
    return 0


def report(problems) -> None:
    """Each problem once; an index out of reach is told once for all that needed it."""
    out = [name for name, problem in problems if isinstance(problem, Unreachable)]
    for name, problem in problems:
        if name not in out:
            print(f"setup: {name}: {problem}", file=sys.stderr)
    if out:
        ways = [{"libtorch": libtorch.THREE_WAYS, "arrow": arrow.THREE_WAYS}.get(name, "") for name in out]
        print(f"setup: pip cannot reach its package index, needed for: {', '.join(out)}.", file=sys.stderr)
        print("Check the network, the proxy and pip's settings (pip config list), then run this again.", file=sys.stderr)
        print("\n".join(way for way in ways if way), file=sys.stderr)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nsetup: stopped. Nothing is half-made; run it again to go on.", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        print(f"setup: {error.filename or 'a file'}: {error.strerror or error}", file=sys.stderr)
        sys.exit(73)
