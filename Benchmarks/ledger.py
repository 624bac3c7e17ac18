"""What was measured, beside each table of the quality benchmarks: a JSON file that later calls add to, on other machines
too."""

from __future__ import annotations

import dataclasses
import json
import os

from tables import Figure, Row, ordered


class Ledger:
    """The rows of one table. Those that were measured with other data, another model or another way to memorise are not
    of it."""

    def __init__(self, path, key):
        self.path, self.key, self.rows = path, key, {}
        if not path.exists():
            return
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["data"] != key:
            return
        for entry in content["rows"]:
            entry["figures"] = {name: Figure(len(entry["seeds"]), **figure) for name, figure in entry["figures"].items()}
            entry = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
            self.rows[entry["name"]] = Row(**entry)

    def has(self, name, seed=0, settings=None):
        """Whether this was measured with these settings. Keys that came later have as a default what was done before."""
        row = self.rows.get(name)
        if row is None or seed not in row.seeds:
            return False
        return row.settings is None or row.settings.items() <= settings.items()

    def add(self, row):
        """Joins a row of other seeds to what is there, in place of what was measured with other settings."""
        known = self.rows.get(row.name)
        if known and row.seeds[0] not in known.seeds and self.has(row.name, known.seeds[0], row.settings):
            row = known.joined(row)
        self.rows[row.name] = row
        self.write()

    def write(self):
        entries = []
        for row in ordered(self.rows.values()):
            entry = {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
            entry["figures"] = {name: self.figure(figure) for name, figure in row.figures.items()}
            # A line a field, so that a change can be read.
            lines = (f"   {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in entry.items())
            entries.append("  {\n" + ",\n".join(lines) + "\n  }")
        text = "{\n " + f'"data": {json.dumps(self.key)},\n "rows": [\n' + ",\n".join(entries) + "\n ]\n}\n"
        beside = self.path.with_suffix(".new")
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, self.path)

    @staticmethod
    def figure(figure):
        """What it is read back from, to six digits, without what is said by the row or by nothing."""
        fields = dataclasses.asdict(figure)
        return {name: float(f"{value:.6g}") for name, value in fields.items() if name != "count" and value is not None}
