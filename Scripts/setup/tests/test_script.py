"""Scripts/setup.sh itself: tools that are missing, options, and a run from another folder."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import support

SCRIPTS = Path(__file__).resolve().parents[2]


class ScriptTests(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = Path(scratch.name) / "a root"
        self.tools = Path(scratch.name) / "tools"
        self.tools.mkdir()
        shutil.copytree(SCRIPTS / "setup", self.root / "Scripts" / "setup")
        shutil.copy(SCRIPTS / "setup.sh", self.root / "Scripts")
        for name in ("bash", "sed", "head", "dirname", "cat"):
            (self.tools / name).symlink_to(shutil.which(name))

    def tool(self, name, text):
        path = self.tools / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def run_script(self, *arguments, **variables):
        environment = {"PATH": str(self.tools), "HOME": os.environ.get("HOME", "/"), **variables}
        script = self.root / "Scripts" / "setup.sh"
        return subprocess.run(
            [str(self.tools / "bash"), str(script), *arguments], cwd="/", env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def test_every_missing_tool_is_named_at_once(self):
        self.tool("swift", "echo 'Swift version 6.1.2 (swift-6.1.2-RELEASE)'")
        run = self.run_script()
        self.assertEqual(run.returncode, 69)
        for part in ("swift 6.2 or newer (found: 6.1.2)", "git (found: none)", "python3 3.9 or newer (found: none)"):
            self.assertIn(part, run.stderr)

    def test_tools_that_fail_are_named_too(self):
        for name in ("swift", "git", "python3"):
            self.tool(name, "echo broken >&2; exit 1")
        run = self.run_script()
        self.assertEqual(run.returncode, 69)
        for part in ("swift 6.2 or newer (found: none)", "git (found: none)", "python3 3.9 or newer (found: none)"):
            self.assertIn(part, run.stderr)

    def test_an_old_python_and_a_missing_pip_are_told(self):
        self.tool("swift", "echo 'Apple Swift version 6.10 (x)'")
        self.tool("git", "echo 'git version 2.39.5'")
        self.tool("python3", "echo 3.8.18 pip")
        self.assertIn("found: 3.8.18", self.run_script().stderr)
        self.tool("python3", "echo 3.13.0 none")
        self.assertIn("pip for python3 3.13.0", self.run_script().stderr)

    def test_an_unknown_option_is_a_usage_error(self):
        self.assertEqual(self.run_script("--modle").returncode, 64)
        self.assertIn("LIBTORCH", self.run_script("--help").stdout)

    def test_named_libraries_are_linked_from_any_folder(self):
        self.tool("swift", "echo 'Swift version 6.3.1 (swift-6.3.1-RELEASE)'")
        self.tool("git", "echo 'git version 2.39.5'")
        (self.tools / "python3").symlink_to(os.path.realpath(os.sys.executable))
        torch = support.write(self.root.parent / "torch", support.libtorch_files())
        arrow = support.write(self.root.parent / "arrow", support.arrow_files())
        variables = {"LIBTORCH": str(torch), "ARROW_HOME": str(arrow)}
        for _ in range(2):
            run = self.run_script(**variables)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertIn("Ready", run.stdout)
        self.assertTrue((self.root / ".libtorch" / "include").is_dir())
        # No more than Arrow's: a system's folder has the headers of its compiler too.
        self.assertEqual(sorted(os.listdir(self.root / ".arrow" / "include")), ["arrow", "parquet"])
        self.assertTrue((self.root / ".arrow" / "lib" / f"libarrow.{support.SUFFIX}").is_file())


if __name__ == "__main__":
    unittest.main()
