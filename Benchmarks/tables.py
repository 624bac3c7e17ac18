"""The rows of the quality benchmarks' tables: figures of each model, over seeds, and what its making cost."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A figure over so many seeds; the standard deviation where there are several."""

    count: int
    mean: float
    deviation: float | None = None
    lowest: float | None = None
    highest: float | None = None

    @classmethod
    def of(cls, value):
        return cls(1, value, None, value, value)

    def joined(self, other):
        """The figure over the seeds of both."""
        count = self.count + other.count
        mean = (self.count * self.mean + other.count * other.mean) / count
        squares = sum(
            (part.count - 1) * (part.deviation or 0) ** 2 + part.count * (part.mean - mean) ** 2 for part in (self, other))
        ends = [end for part in (self, other) for end in (part.lowest, part.highest)]
        known = None not in ends
        return Figure(
            count, mean, math.sqrt(squares / (count - 1)), min(ends) if known else None, max(ends) if known else None)

    def text(self, digits):
        spread = "" if self.deviation is None else f" ± {self.deviation:.{digits}f}"
        return f"{self.mean:.{digits}f}{spread}"


@dataclass(frozen=True)
class Row:
    """One model of a table: its figures by name, over these seeds, and what it was made with."""

    name: str
    seeds: tuple
    figures: dict
    # Lowest and highest learning rate; None for models that were not unlearned.
    rates: tuple | None
    # Why its runs ended.
    ends: tuple
    # Key → value of its configuration; None for models that were not unlearned.
    settings: dict | None
    made: str

    @classmethod
    def of(cls, name, seed, figures, record, settings, rates, made):
        """The row of one seed: figures, some of them None, and what the run's record says that it cost."""
        details = record.get("details", {})
        found = {**figures, "minutes": details.get("minutes"), "peak MiB": details.get("peak_memory_mib")}
        figures = {key: Figure.of(value) for key, value in found.items() if value is not None}
        return cls(name, (seed,), figures, rates, (details.get("stop_reason") or "",), settings, made)

    def joined(self, other):
        """The row over the seeds of both; of figures that one of them lacks nothing is said."""
        figures = {key: self.figures[key].joined(other.figures[key]) for key in self.figures if key in other.figures}
        rates = [rate for row in (self, other) for rate in row.rates or ()]
        return Row(
            self.name, (*self.seeds, *other.seeds), figures, (min(rates), max(rates)) if rates else None,
            tuple(sorted({*self.ends, *other.ends})), other.settings,
            "; ".join(dict.fromkeys([*self.made.split("; "), other.made])))

    def mean(self, key):
        return self.figures[key].mean if key in self.figures else None

    def text(self, key, digits=3):
        """The mean over seeds, with the standard deviation where there are several; a dash for no value."""
        return self.figures[key].text(digits) if key in self.figures else "–"

    @property
    def cost(self):
        """The columns of ``COST``."""
        span = " – ".join(f"{rate:.0e}" for rate in self.rates) if self.rates else "–"
        minutes, memory = self.text("minutes", 1), self.text("peak MiB", 0)
        return f"| {len(self.seeds)} | {minutes} | {memory} | {span} | {', '.join(self.ends)} |"


COST = "| seeds | minutes | peak MiB | learning rate | ended by |"
COST_RULE = "--:|--:|--:|--:|---|"


def ordered(rows):
    """First those that nothing was unlearned from, then the methods by name."""
    return sorted(rows, key=lambda row: (row.settings is not None, row.name))
