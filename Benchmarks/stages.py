"""What the quality benchmarks share: stages that keep their results under names made from what they depend on, so that a
second call does what is left."""

import functools
import hashlib
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tables import Row

ROOT = Path(__file__).resolve().parents[1]
UNLEARN = ROOT / ".build/release/unlearn"
METHODS = Path(__file__).with_name("methods")
TARGET, ORACLE = "memorised target", "retrained oracle"


def digest(*parts):
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:12]


def version():
    return subprocess.run([UNLEARN, "--version"], capture_output=True, text=True, check=False).stdout.strip()


def methods(names):
    """The configurations of these methods, separated by commas; of all of them when there are no names."""
    found = names.split(",") if names else sorted(path.stem for path in METHODS.glob("*.yaml"))
    for name in found:
        if not (METHODS / f"{name}.yaml").exists():
            sys.exit(f"bench-quality: no {name}.yaml in {METHODS}")
    return [METHODS / f"{name}.yaml" for name in found]


def flags(parser, options, *names):
    """Those of the options that are not as they are by default, as a command line has them; of paths the last part."""
    found = []
    for name in names:
        value = getattr(options, name)
        if value and value != parser.get_default(name):
            shown = value.name if isinstance(value, Path) else value
            found.append(f" --{name.replace('_', '-')}" + ("" if value is True else f" {shown}"))
    return "".join(found)


def missing(**paths):
    """Says which of the folders that a benchmark cannot do without are not there: option → path."""
    absent = {option: path for option, path in paths.items() if not path.exists()}
    for option, path in absent.items():
        print(f"bench-quality: skipped: {path} is not there (--{option.replace('_', '-')})")
    return bool(absent)


def model_key(folder):
    """What a model is told from another one by: its configuration, and the sizes of its weights."""
    weights = sorted(folder.glob("*.safetensors"))
    return digest((folder / "config.json").read_text(encoding="utf-8"), *(path.stat().st_size for path in weights))


def rates(run):
    """The lowest and the highest learning rate of a run."""
    steps = [json.loads(line) for line in open(run / "events.jsonl", encoding="utf-8")]
    found = [step["learning_rate"] for step in steps if "learning_rate" in step]
    return (min(found), max(found)) if found else None


def record(folder):
    """What a run folder says of its run; None where there is none."""
    path = folder / "run.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def last_lines(path, count):
    with open(path, "rb") as file:
        file.seek(max(0, path.stat().st_size - (1 << 12)))
        return file.read().decode("utf-8", "replace").splitlines(keepends=True)[-count:]


def follow(process, log):
    """Waits for a process, and shows the last line of its log: in place on a terminal, else once in five minutes."""
    terminal = sys.stdout.isatty()
    shown = time.monotonic()
    try:
        while process.poll() is None:
            time.sleep(1)
            if terminal or time.monotonic() - shown > 300:
                shown = time.monotonic()
                line = "".join(last_lines(log, 1)).strip()[:100]
                print(f"\r  {line:<100}" if terminal else f"  {line}", end="" if terminal else "\n", flush=True)
    except KeyboardInterrupt:
        # It was interrupted too, and is saving its state.
        process.wait()
        sys.exit("\nbench-quality: stopped; the same command goes on from here")
    if terminal:
        print(f"\r{'':102}\r", end="", flush=True)
    return process.returncode


def settings(method):
    """Every setting in force with this file: key → value."""
    shown = subprocess.run([UNLEARN, "config", "show", method], capture_output=True, text=True, check=True).stdout
    return dict(line.split(": ", 1) for line in shown.splitlines() if ": " in line)


@dataclass(frozen=True)
class Run:
    """One method with one seed, and the run folder that it has or will have."""

    method: Path
    seed: int
    settings: dict
    folder: Path

    @property
    def name(self):
        return self.method.stem


class Stages:
    """The program's calls, over one folder of results: that of a benchmark in one size, with this model, data and way to
    memorise."""

    def __init__(self, prefix, options, config, data, told):
        """``told``: names of the figures that are printed of each row."""
        self.told = told
        sizes = (path.stat().st_size for path in sorted(data))
        self.options, self.config = options, config
        self.key = digest(options.mini, model_key(options.model), config.read_text(encoding="utf-8"), *sizes)
        self.folder = ROOT / ".benchmarks" / f"{prefix}{'mini' if options.mini else 'whole'}-{self.key}"
        (self.folder / "runs").mkdir(parents=True, exist_ok=True)

    def call(self, *arguments, log):
        """Runs the program with its output in a log; stops the benchmark with the log's end when it fails."""
        path = self.folder / f"{log}.log"
        print(f"{log}: unlearn {arguments[0]}, log in {path.relative_to(ROOT)}", flush=True)
        with open(path, "a", encoding="utf-8") as file:
            print("unlearn", *arguments, file=file, flush=True)
            code = follow(subprocess.Popen([UNLEARN, *map(str, arguments)], stdout=file, stderr=file), path)
        if code != 0:
            end = "".join(last_lines(path, 5))
            sys.exit(f"bench-quality: unlearn {arguments[0]} ended with {code}; the end of {path}:\n{end}")

    def trained(self, command, output, *arguments, log):
        """A run folder that is done: made, or gone on with, by `memorize` or `run`."""
        state = record(output)
        if state is None:
            self.call(command, *arguments, "--output", output, log=log)
        elif state["state"] != "done":
            self.call(command, "--resume", output, log=log)
        return output

    def memorised(self, name, files):
        """A model that knows these files by heart."""
        data = [part for file in files for part in ("--data", file)]
        return self.trained(
            "memorize", self.folder / name, "--model", self.options.model, *data, "--config", self.config, log=name)

    def runs(self, ledger):
        """Every method with every seed that the ledger does not have. What was begun or done in earlier calls comes first,
        then the first seed of every method, then the next."""
        found = [(method, settings(method)) for method in methods(self.options.methods)]
        runs = [self.unlearned(*each, seed) for seed in range(self.options.seeds) for each in found]
        missing = [run for run in runs if not ledger.has(run.name, run.seed, run.settings)]
        for run in runs:
            if run not in missing:
                print(f"{run.name}, seed {run.seed}: was measured before ({ledger.path.relative_to(ROOT)})", flush=True)
        return sorted(missing, key=lambda run: not run.folder.exists())

    def unlearn(self, run, target, *arguments):
        """Makes the target, told of its rows by the arguments, forget. Returns the options that name the model."""
        self.trained(
            "run", run.folder, "--model", target, *arguments, "--config", run.method, "--steps", self.options.steps,
            "--seed", run.seed, "--no-evaluate", log=run.folder.name)
        return "--model", target, "--adapter", run.folder / "adapter"

    def unlearned(self, method, found, seed):
        """The run of one method; its folder is named after every setting in force, so that a new default is not taken for
        an old one."""
        found = {**found, "steps": str(self.options.steps)}
        name = f"{method.stem}-{digest(*found.items())}-seed{seed}"
        return Run(method, seed, found, self.folder / "runs" / name)

    def row(self, name, folder, figures, run=None):
        """The row of one model and seed: its figures, and what the folder of its run says that it cost."""
        made = f"unlearn {version()}, {time.strftime('%Y-%m-%d')}"
        if name != ORACLE:
            made += f", target {self.target_key()}"
        settings, rate = (run.settings, rates(folder)) if run else (None, None)
        row = Row.of(name, run.seed if run else 0, figures, record(folder), settings, rate, made)
        print(f"{name}, seed {row.seeds[0]}: " + ", ".join(
            f"{key} {figure.text(3)}" for key, figure in row.figures.items() if key in self.told), flush=True)
        return row

    @functools.cache
    def target_key(self):
        """Of the weights that every method starts from: another machine's arithmetic can make others of the same data."""
        key = hashlib.sha256()
        for path in sorted((self.folder / "target").glob("*.safetensors")):
            key.update(path.read_bytes())
        return key.hexdigest()[:12]

    def evaluated(self, name, file, *arguments):
        """The folder of one model's evaluation, in which this file is its last; named after all that it was asked for."""
        output = self.folder / "evaluations" / f"{name}-{digest(*arguments)}"
        if not (output / file).exists() or (output / "unfinished").exists():
            self.call("evaluate", *arguments, "--output", output, log="evaluations")
        return output
