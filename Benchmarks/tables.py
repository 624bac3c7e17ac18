"""What the tables of the quality benchmarks share: means over seeds, and what the making of a model cost."""

from __future__ import annotations

import statistics
from dataclasses import dataclass


@dataclass
class Line:
    """One model of a table: its figures as the program wrote them, and the record of the run that made it."""

    name: str
    seed: int
    evaluation: dict
    record: dict
    # Lowest and highest of the run; None for models that were not unlearned.
    learning_rates: tuple | None = None

    def detail(self, key):
        return self.record.get("details", {}).get(key)


def mean(values, digits=3):
    """The mean over seeds, with the standard deviation where there are several; a dash for no value."""
    values = [value for value in values if value is not None]
    if not values:
        return "–"
    spread = f" ± {statistics.stdev(values):.{digits}f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.{digits}f}{spread}"


def groups(lines):
    """The lines of each model, one a seed: first those that nothing was unlearned from, then the methods by name."""
    found = {line.name: "" if line.learning_rates is None else line.name for line in lines}
    names = sorted(found, key=found.get)
    return [(name, [line for line in lines if line.name == name]) for name in names]


COST = "| seeds | minutes | peak MiB | learning rate | ended by |"
COST_RULE = "--:|--:|--:|--:|---|"


def cost(members):
    """The columns of ``COST``."""
    minutes = mean([line.detail("minutes") for line in members], 1)
    memory = mean([line.detail("peak_memory_mib") for line in members], 0)
    rates = [rate for line in members for rate in line.learning_rates or ()]
    span = f"{min(rates):.0e} – {max(rates):.0e}" if rates else "–"
    ends = ", ".join(sorted({line.detail("stop_reason") or "" for line in members}))
    return f"| {len(members)} | {minutes} | {memory} | {span} | {ends} |"
