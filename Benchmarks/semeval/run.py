"""Compares methods on SemEval-2025 Task 4: memorises the official rows, unlearns them with each method under one budget of
rows, evaluates officially, beside a model that never saw the forget set; writes docs/results.md.

    make bench-quality                                        # all rows, three seeds: hours
    python3 Benchmarks/semeval/run.py --mini                  # a quarter of the documents, one seed
    python3 Benchmarks/semeval/run.py --validation --mini     # a third of the validation's, which settings are chosen on

Every stage keeps its result in .benchmarks/ under a name made from what it depends on, and every row its figures in
docs/results.json: a second call does what is left. Without that file the whole table is made again.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))
import results  # noqa: E402
import rows  # noqa: E402
import stages  # noqa: E402
from ledger import Ledger  # noqa: E402
from stages import ORACLE, ROOT, TARGET, Stages  # noqa: E402
from tables import ordered  # noqa: E402


class Benchmark:
    def __init__(self, options):
        self.options = options
        prefix = "validation-" if options.validation else ""
        self.stages = Stages(
            prefix, options, Path(__file__).with_name("memorize.yaml"),
            [*options.data.glob("*.parquet"), *options.mia.glob("*.jsonl"), *rows.validation(options.mia).glob("*.jsonl")],
            (*results.SCORES, "final"))
        self.rows = rows.Rows(options, self.stages.folder / "rows")
        self.path = ROOT / "docs" / ("validation.md" if options.validation else "results.md")
        questions = (options.mmlu_sample or "all") if options.mmlu.exists() else "no"
        self.ledger = Ledger(self.path.with_suffix(".json"), f"{self.stages.folder.name}, {questions} questions of MMLU")

    def evaluated(self, name, *model):
        """The official figures of a model, named by these options."""
        sample = []
        if self.options.mmlu.exists():
            sample = ["--mmlu", self.options.mmlu]
            if self.options.mmlu_sample:
                sample += ["--mmlu-sample", self.options.mmlu_sample]
        folder = self.rows.folder
        output = self.stages.evaluated(
            name, "evaluation.json", *model, "--data", folder, "--split", self.rows.split, "--mia", folder / "mia", *sample)
        return json.loads((output / "evaluation.json").read_text(encoding="utf-8"))

    def run(self):
        sets = self.rows
        sets.prepare()
        missing = self.stages.runs(self.ledger)
        if not self.ledger.has(ORACLE):
            oracle = self.stages.memorised("oracle", sets.files("retain"))
            self.measure(ORACLE, oracle, "--model", oracle)
        if missing or not self.ledger.has(TARGET):
            target = self.stages.memorised("target", sets.files("forget", "retain"))
        if not self.ledger.has(TARGET):
            self.measure(TARGET, target, "--model", target)
        told = ("--forget", sets.file("forget"), "--retain", sets.file("retain"), "--unseen", sets.folder / "unseen.jsonl")
        for run in missing:
            self.measure(run.name, run.folder, *self.stages.unlearn(run, target, *told), run=run)
        self.write()

    def measure(self, name, folder, *model, run=None):
        """Evaluates a model and puts its row into the ledger and the table: after each one, so that what is there can be
        read while the rest is made."""
        figures = results.figures(self.evaluated(folder.name, *model), self.ledger.rows.get(ORACLE))
        self.ledger.add(self.stages.row(name, folder, figures, run))
        self.write()

    def write(self):
        results.write(ordered(self.ledger.rows.values()), self.options, self.stages.folder.name, self.path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = ROOT.parent / "shared/data"
    parser.add_argument("--model", default=ROOT / ".models/smollm2-135m", type=Path)
    parser.add_argument("--data", default=shared / "semeval", type=Path, help="folder of the official rows, Parquet")
    parser.add_argument("--mia", default=shared / "mia", type=Path, help="members and nonmembers; mia-validation beside it")
    parser.add_argument("--mmlu", default=shared / "mmlu", type=Path, help="folder with dev and test; without it no MMLU")
    parser.add_argument("--mini", action="store_true", help="documents whose sha256 is 0 modulo 4, of validation modulo 3")
    parser.add_argument("--validation", action="store_true", help="validation rows alone; writes docs/validation.md")
    parser.add_argument("--seeds", type=int, help="3, or 1 with --mini")
    parser.add_argument("--steps", type=int, help="of every method; eight passes over the forget set by default")
    parser.add_argument("--mmlu-sample", type=int, help="MMLU questions; all, or 400 with --mini")
    parser.add_argument("--methods", help="names of files in methods/, separated by commas; all by default")
    options = parser.parse_args()
    if stages.missing(model=options.model, data=options.data, mia=options.mia):
        return 0
    if not rows.validation(options.mia).exists():
        print(f"bench-quality: skipped: {rows.validation(options.mia)} is not there, beside the folder of --mia")
        return 0
    if not options.mmlu.exists():
        print(f"bench-quality: without MMLU: {options.mmlu} is not there (--mmlu)")
    flags = stages.flags(parser, options, "model", "validation", "mini", "seeds", "steps", "mmlu_sample", "methods")
    options.command = f"python3 Benchmarks/semeval/run.py{flags}" if flags else "make bench-quality"
    options.seeds = options.seeds or (1 if options.mini else 3)
    passes = {(False, False): 1112, (False, True): 280, (True, False): 254, (True, True): 120}
    options.steps = options.steps or passes[options.validation, options.mini]
    options.mmlu_sample = options.mmlu_sample or (400 if options.mini else None)
    Benchmark(options).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
