"""The figures over seeds, and the files that they are kept in."""

import statistics
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from ledger import Ledger  # noqa: E402
from tables import Figure, Row  # noqa: E402


def row(seed, value, settings=None, made="first", **more):
    record = {"details": {"minutes": 2.0 + seed, "stop_reason": "steps"}}
    rates = (1e-4, 1e-3 * (seed + 1)) if settings else None
    return Row.of("method", seed, {"score": value, **more}, record, settings, rates, made)


class FigureTests(unittest.TestCase):
    def test_joined_one_by_one_or_in_groups_is_the_mean_and_deviation_of_all(self):
        values = [0.25, 4.0, -1.5, 0.125, 7.0]
        figures = [Figure.of(value) for value in values]
        one_by_one = figures[0]
        for figure in figures[1:]:
            one_by_one = one_by_one.joined(figure)
        groups = figures[0].joined(figures[1]).joined(figures[2].joined(figures[3]).joined(figures[4]))
        for found in (one_by_one, groups):
            self.assertEqual(found.count, 5)
            self.assertAlmostEqual(found.mean, statistics.mean(values), places=12)
            self.assertAlmostEqual(found.deviation, statistics.stdev(values), places=12)
            self.assertEqual((found.lowest, found.highest), (-1.5, 7.0))

    def test_one_seed_has_no_spread(self):
        self.assertEqual(Figure.of(0.5).text(3), "0.500")
        self.assertEqual(Figure.of(0.5).joined(Figure.of(0.7)).text(2), "0.60 ± 0.14")


class LedgerTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "results.json"

    def read(self, key="data"):
        return Ledger(self.path, key)

    def test_rows_are_read_as_they_were_written(self):
        ledger = self.read()
        ledger.add(row(0, 0.5, {"rate": "1"}, absent=None, chance=2.5e-9))
        self.assertEqual(self.read().rows, ledger.rows)
        ledger.add(row(1, 0.75, {"rate": "1"}, made="second", chance=5e-9))
        found = self.read().rows["method"]
        self.assertEqual((found.seeds, found.settings, found.made), ((0, 1), {"rate": "1"}, "first; second"))
        self.assertEqual((found.text("score"), found.text("absent")), ("0.625 ± 0.177", "–"))
        self.assertEqual(found.figures["chance"].lowest, 2.5e-9)
        self.assertEqual(found.cost, "| 2 | 2.5 ± 0.7 | – | 1e-04 – 2e-03 | steps |")

    def test_a_seed_counts_as_measured_with_its_settings_alone(self):
        ledger = self.read()
        ledger.add(row(0, 0.5, {"rate": "1"}))
        self.assertTrue(ledger.has("method", 0, {"rate": "1"}))
        self.assertTrue(ledger.has("method", 0, {"rate": "1", "a key that came later": "none"}))
        self.assertFalse(ledger.has("method", 0, {"rate": "2"}))
        self.assertFalse(ledger.has("method", 1, {"rate": "1"}))
        self.assertFalse(ledger.has("another", 0, {"rate": "1"}))

    def test_other_settings_and_the_same_seed_take_the_place_of_what_was_there(self):
        ledger = self.read()
        ledger.add(row(0, 0.5, {"rate": "1"}))
        ledger.add(row(1, 0.7, {"rate": "2"}))
        self.assertEqual((ledger.rows["method"].seeds, ledger.rows["method"].mean("score")), ((1,), 0.7))
        ledger.add(row(1, 0.9, {"rate": "2"}))
        self.assertEqual((ledger.rows["method"].seeds, ledger.rows["method"].mean("score")), ((1,), 0.9))

    def test_figures_of_other_data_are_not_of_the_table(self):
        self.read().add(row(0, 0.5))
        self.assertFalse(self.read("other data").has("method"))
        self.assertTrue(self.read().has("method"))


if __name__ == "__main__":
    unittest.main()
