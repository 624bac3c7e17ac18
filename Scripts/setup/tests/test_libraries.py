"""Which folders are accepted as LibTorch and as Arrow C++, and what the links look like."""

import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import support

import arrow
import installed
import libtorch
from problem import Problem
from wheels import Wheels


class LibraryTests(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = Path(os.path.realpath(scratch.name)) / "root"
        self.elsewhere = self.root.parent / "elsewhere"
        (self.root / ".downloads").mkdir(parents=True)
        self.wheels = Wheels(self.root / ".downloads", say=lambda line: None)
        clean = {name: value for name, value in os.environ.items() if name not in ("LIBTORCH", "ARROW_HOME")}
        self.patch(mock.patch.dict(os.environ, clean, clear=True))
        self.patch(mock.patch.object(installed, "package_folder", lambda name: None))
        self.patch(mock.patch("builtins.print"))

    def patch(self, patcher):
        patcher.start()
        self.addCleanup(patcher.stop)

    def test_the_variable_wins_over_what_was_there(self):
        first = support.write(self.elsewhere / "first", support.libtorch_files())
        second = support.write(self.elsewhere / "second", support.libtorch_files("2.6.0"))
        os.environ["LIBTORCH"] = str(first)
        libtorch.ensure(self.root, self.wheels)
        os.environ["LIBTORCH"] = str(second)
        self.assertEqual(libtorch.ensure(self.root, self.wheels)[0], "2.6.0")
        self.assertEqual(os.path.realpath(self.root / ".libtorch"), str(second))

    def test_versions_outside_the_range_name_the_three_ways(self):
        for version in ("2.5.1", "2.14.0", "1.13.1", "3.0.0"):
            folder = support.write(self.elsewhere / version, support.libtorch_files(version))
            os.environ["LIBTORCH"] = str(folder)
            with self.assertRaises(Problem) as caught:
                libtorch.ensure(self.root, self.wheels)
            for part in (version, "2.6 to 2.13", "LIBTORCH=", "pip install torch", "downloads torch"):
                self.assertIn(part, str(caught.exception))
            self.assertFalse((self.root / ".libtorch").exists())

    def test_an_old_string_layout_is_refused(self):
        files = support.libtorch_files("2.6.0")
        files["share/cmake/Torch/TorchConfig.cmake"] = 'set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=0")'
        self.assertIn("old C++ strings", libtorch.fault(support.write(self.elsewhere, files)))

    def test_an_installed_torch_is_used_without_a_download(self):
        package = support.write(self.elsewhere / "torch", support.libtorch_files("2.9.1"))
        with mock.patch.object(installed, "package_folder", lambda name: package):
            version, detail = libtorch.ensure(self.root, self.wheels)
        self.assertEqual(version, "2.9.1")
        self.assertIn("installed", detail)

    def test_a_link_to_something_deleted_is_made_anew(self):
        (self.root / ".libtorch").symlink_to(self.elsewhere / "gone")
        package = support.write(self.elsewhere / "torch", support.libtorch_files())
        with mock.patch.object(installed, "package_folder", lambda name: package):
            libtorch.ensure(self.root, self.wheels)
        self.assertIsNone(libtorch.fault(self.root / ".libtorch"))

    def test_arrow_gets_the_plain_names_beside_the_versioned_ones(self):
        package = support.write(self.elsewhere / "pyarrow", support.arrow_files("21.0.0"))
        with mock.patch.object(installed, "package_folder", lambda name: package):
            self.assertEqual(arrow.ensure(self.root, self.wheels)[0], "21.0.0")
        names = sorted(path.name for path in (self.root / ".arrow" / "lib").iterdir())
        number = "so.2100" if support.SUFFIX == "so" else "2100.dylib"
        self.assertEqual(
            names, sorted(f"lib{name}.{end}" for name in ("arrow", "parquet") for end in (support.SUFFIX, number)))
        self.assertEqual((self.root / ".arrow" / "lib" / f"libparquet.{support.SUFFIX}").read_text(), "parquet")

    def test_arrow_outside_the_range_is_refused(self):
        for version in ("19.0.1", "27.0.0"):
            os.environ["ARROW_HOME"] = str(support.write(self.elsewhere / version, support.arrow_files(version)))
            with self.assertRaises(Problem) as caught:
                arrow.ensure(self.root, self.wheels)
            self.assertIn(version, str(caught.exception))

    def test_a_folder_of_the_user_is_never_removed(self):
        support.write(self.root / ".arrow", {"include/notes.txt": "mine"})
        os.environ["ARROW_HOME"] = str(support.write(self.elsewhere, support.arrow_files()))
        with self.assertRaises(Problem):
            arrow.ensure(self.root, self.wheels)
        self.assertTrue((self.root / ".arrow" / "include" / "notes.txt").is_file())

    def test_the_kept_part_of_the_torch_wheel(self):
        for name in ("torch/include/ATen/ATen.h", "torch/lib/libtorch_cpu.so", "torch/lib/libgomp.so.1",
                     "torch/lib/libomp.dylib", "torch/lib/libarm_compute.so"):
            self.assertTrue(libtorch._wanted(name), name)
        for name in ("torch/lib/libtorch_python.so", "torch/lib/libtorch_cuda.so", "torch/bin/protoc",
                     "torch/lib/libshm/libshm.so", "torch/nn/functional.py"):
            self.assertFalse(libtorch._wanted(name), name)


if __name__ == "__main__":
    unittest.main()
