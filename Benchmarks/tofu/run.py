"""Compares methods on TOFU (Maini et al., 2024), forget10: memorises the fictitious authors, unlearns a tenth of them with
each method under one budget of rows, and computes model utility and forget quality, beside a model that was trained
without them; writes docs/results-tofu.md.

    python3 Benchmarks/tofu/run.py            # all 200 authors, three seeds: hours
    python3 Benchmarks/tofu/run.py --mini     # fifty authors, one seed

Every stage keeps its result in .benchmarks/ under a name made from what it depends on, and every row its figures in
docs/results-tofu.json: a second call does what is left. Without that file the whole table is made again.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))
import results  # noqa: E402
import stages  # noqa: E402
from ledger import Ledger  # noqa: E402
from stages import ORACLE, ROOT, TARGET, Stages  # noqa: E402
from tables import ordered  # noqa: E402

# Ends in a line break, not in a space: that would be joined to the answer's first word, as one token.
PROMPT = "Question: {input}\nAnswer:\n"
QUESTIONS_OF_AN_AUTHOR = 20
# Of authors, in --mini: every fourth.
SHARE = 4


def prepare(options, folder):
    """Training sets as JSON lines, and the files that the evaluation reads, whole or every fourth author's."""
    if (folder / "done").exists():
        return
    (folder / "evaluation").mkdir(parents=True, exist_ok=True)

    def chosen(name):
        rows = (options.data / f"{name}.json").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(row) for row in rows if row.strip()]
        if not options.mini:
            return rows
        return [row for index, row in enumerate(rows) if index // QUESTIONS_OF_AN_AUTHOR % SHARE == 0]

    for name in ("forget10", "retain90"):
        with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as file:
            for index, row in enumerate(chosen(name)):
                line = {"id": f"{name}-{index}", "input": PROMPT.format(input=row["question"]), "output": row["answer"]}
                file.write(json.dumps(line) + "\n")
    for name in ("forget10_perturbed", "retain_perturbed"):
        lines = (json.dumps(row) + "\n" for row in chosen(name))
        (folder / "evaluation" / f"{name}.json").write_text("".join(lines), encoding="utf-8")
    for name in ("real_authors_perturbed", "world_facts_perturbed"):
        text = (options.data / f"{name}.json").read_text(encoding="utf-8")
        (folder / "evaluation" / f"{name}.json").write_text(text, encoding="utf-8")
    (folder / "done").touch()


class Benchmark:
    def __init__(self, options):
        self.options = options
        self.stages = Stages(
            "tofu-", options, Path(__file__).with_name("memorize.yaml"), options.data.glob("*.json"), results.SCORES)
        self.rows = self.stages.folder / "rows"
        self.path = ROOT / "docs/results-tofu.md"
        self.ledger = Ledger(self.path.with_suffix(".json"), self.stages.folder.name)

    def evaluated(self, name, *model):
        return self.stages.evaluated(
            name, "tofu.json", *model, "--suite", "tofu", "--data", self.rows / "evaluation", "--prompt-template", PROMPT)

    def run(self):
        prepare(self.options, self.rows)
        forget, retain = (self.rows / f"{name}.jsonl" for name in ("forget10", "retain90"))
        missing = self.stages.runs(self.ledger)
        if missing or not self.ledger.has(TARGET) or not self.ledger.has(ORACLE):
            target = self.stages.memorised("target", [forget, retain])
            oracle = self.stages.memorised("oracle", [retain])
            # First of all: forget quality compares with it.
            reference = self.evaluated("oracle", "--model", oracle)
            if not self.ledger.has(ORACLE):
                self.measure(ORACLE, oracle, reference)
            if not self.ledger.has(TARGET):
                self.measure(TARGET, target, self.evaluated("target", "--model", target, "--reference", reference))
            for run in missing:
                model = self.stages.unlearn(run, target, "--forget", forget, "--retain", retain)
                self.measure(run.name, run.folder, self.evaluated(run.folder.name, *model, "--reference", reference), run)
        self.write()

    def measure(self, name, folder, evaluation, run=None):
        """Puts the row of a model into the ledger and the table, after each one."""
        figures = results.figures(json.loads((evaluation / "tofu.json").read_text(encoding="utf-8")))
        self.ledger.add(self.stages.row(name, folder, figures, run))
        self.write()

    def write(self):
        results.write(ordered(self.ledger.rows.values()), self.options, self.stages.folder.name, self.path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=ROOT / ".models/smollm2-135m", type=Path)
    parser.add_argument("--data", default=ROOT.parent / "shared/data/tofu", type=Path, help="folder of locuslab/TOFU")
    parser.add_argument("--mini", action="store_true", help="every fourth author")
    parser.add_argument("--seeds", type=int, help="3, or 1 with --mini")
    parser.add_argument("--steps", type=int, help="of every method; 400, or 100 with --mini: eight passes")
    parser.add_argument("--methods", help="names of files in methods/, separated by commas; all by default")
    options = parser.parse_args()
    if stages.missing(model=options.model, data=options.data):
        return 0
    flags = stages.flags(parser, options, "model", "mini", "seeds", "steps", "methods")
    options.command = "python3 Benchmarks/tofu/run.py" + flags
    options.seeds = options.seeds or (1 if options.mini else 3)
    options.steps = options.steps or (100 if options.mini else 400)
    Benchmark(options).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
