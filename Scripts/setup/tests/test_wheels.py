"""Downloads: pip runs for real, on a folder of small wheels in place of an index."""

import hashlib
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import support

import folders
import wheels as wheels_module
from problem import NotOffered, Problem, Unreachable
from wheels import Wheels

TAG = "cp311-cp311-manylinux_2_28_x86_64"
MACHINE = "linux-x86_64"


class WheelTests(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.index = Path(scratch.name) / "index"
        self.downloads = Path(scratch.name) / "downloads"
        self.downloads.mkdir()
        self.wheel = support.write_wheel(self.index, "torch-2.13.0", TAG, {"torch/include/a.h": "text"})
        self.digest = hashlib.sha256(self.wheel.read_bytes()).hexdigest()
        self.lines = []
        settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.index), "PIP_CONFIG_FILE": os.devnull}
        for patcher in (mock.patch.dict(os.environ, settings), mock.patch.object(wheels_module.time, "sleep")):
            patcher.start()
            self.addCleanup(patcher.stop)

    def wheels(self, digest=None):
        return Wheels(self.downloads, {self.wheel.name: digest or self.digest}, self.lines.append)

    def test_a_broken_download_is_fetched_again(self):
        (self.downloads / self.wheel.name).write_bytes(self.wheel.read_bytes()[:100])
        kept = self.wheels().fetch("torch==2.13.0", MACHINE)
        self.assertEqual(kept.read_bytes(), self.wheel.read_bytes())
        self.assertTrue(any("fetching it again" in line for line in self.lines))

    def test_a_whole_file_is_not_fetched_again(self):
        (self.downloads / self.wheel.name).write_bytes(self.wheel.read_bytes())
        with mock.patch.object(wheels_module.subprocess, "run", side_effect=AssertionError):
            self.wheels().fetch("torch==2.13.0", MACHINE)

    def test_a_changed_file_is_refused_after_three_attempts(self):
        with self.assertRaises(Problem) as caught:
            self.wheels("0" * 64).fetch("torch==2.13.0", MACHINE)
        self.assertIn(self.digest, str(caught.exception))
        self.assertEqual(sum("trying again" in line for line in self.lines), 2)
        self.assertEqual(list(self.downloads.glob("*.whl")), [])

    def test_what_the_index_lacks_is_told_apart_from_no_index(self):
        with self.assertRaises(NotOffered):
            self.wheels().fetch("torch==2.13.0+cpu", MACHINE)
        with self.assertRaises(NotOffered):
            self.wheels().fetch("torch==2.13.0", "linux-aarch64")
        # Port 9 of this machine: nobody listens there.
        closed = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "1"}
        with mock.patch.dict(os.environ, closed):
            wheels = self.wheels()
            with self.assertRaises(Unreachable):
                wheels.fetch("torch==2.13.0", MACHINE)
            with mock.patch.object(wheels_module.subprocess, "run", side_effect=AssertionError):
                with self.assertRaises(Unreachable):
                    wheels.fetch("pyarrow==26.0.0", MACHINE)

    def test_an_unknown_file_is_checked_by_its_own_checksums(self):
        wheels = Wheels(self.downloads, {}, self.lines.append)
        wheels.fetch("torch==2.13.0", MACHINE)
        self.assertTrue(any("relying on the checks of pip" in line for line in self.lines))

    def test_a_folder_appears_whole_or_not_at_all(self):
        def stopped(aside):
            (aside / "first").write_text("")
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            folders.install(self.downloads / "torch", stopped)
        self.assertFalse((self.downloads / "torch").exists())
        folders.sweep(self.downloads)
        self.assertEqual(list(self.downloads.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
