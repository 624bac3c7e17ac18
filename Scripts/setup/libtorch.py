"""`.libtorch`: a link to a folder with LibTorch's include/ and lib/."""

import os
import re
import shutil
from pathlib import Path
from typing import Optional, Tuple

import folders
import installed
import machine
from problem import NotOffered, Problem
from wheels import Wheels, unpack

VERSION = "2.13.0"
OLDEST, NEWEST = (2, 6), (2, 13)
RANGE = "2.6 to 2.13"

THREE_WAYS = f"""LibTorch {RANGE} can come from three places:
  1. LIBTORCH=/path/to/libtorch Scripts/setup.sh    an unzipped LibTorch, or site-packages/torch
  2. python3 -m pip install torch=={VERSION}            then Scripts/setup.sh finds it
  3. Scripts/setup.sh                               downloads torch {VERSION} itself, when pip reaches its index"""

# Left out of the download: Python's side, tests, and CUDA (see `_without_cuda`).
_UNUSED = re.compile(r"libtorch_python|libshm|torchbind|aoti_custom|backend_with|jitbackend|_cuda|nvshmem|nvrtc")
# What libtorch_cpu itself loads when it was built for CUDA; both are a few megabytes.
_CUDA_RUNTIME = ("nvidia-cuda-runtime==13.0.96", "nvidia-cuda-cupti==13.0.85")


def ensure(root: Path, wheels: Wheels) -> Tuple[str, str]:
    """Makes the link where needed; gives (version, where it points and why)."""
    link = root / ".libtorch"
    named = os.environ.get("LIBTORCH")
    if named:
        return _from_variable(link, Path(named).expanduser(), root)
    if link.exists() and fault(link) is None:
        return version_text(link), f"{os.path.realpath(link)} (was there)"
    if link.is_dir() and not link.is_symlink():
        raise Problem(f"{link} is a folder of yours, but {fault(link)}. Move it away, then run this again.")
    package = installed.package_folder("torch")
    if package is not None:
        reason = fault(package)
        if reason is None:
            folders.point(link, package, root)
            return version_text(link), f"{package} (installed Python torch)"
        print(f"  the installed torch in {package} is passed over: {reason}")
    return _download(link, root, wheels)


def fault(folder: Path) -> Optional[str]:
    """Why a folder cannot serve as LibTorch, or None."""
    if not (folder / "include" / "ATen" / "ATen.h").is_file():
        return "it has no include/ATen/ATen.h"
    for name in ("torch", "torch_cpu", "c10"):
        library = folder / "lib" / f"lib{name}.{machine.library_suffix()}"
        if not library.is_file():
            return f"it has no lib/{library.name}"
    found = version(folder)
    if found is None:
        return "its version cannot be read"
    if not OLDEST <= found[:2] <= NEWEST:
        return f"its version is {'.'.join(map(str, found))}, and {RANGE} is needed"
    configuration = folder / "share" / "cmake" / "Torch" / "TorchConfig.cmake"
    if configuration.is_file() and "_GLIBCXX_USE_CXX11_ABI=0" in configuration.read_text(errors="replace"):
        return "it was built for the old C++ strings (_GLIBCXX_USE_CXX11_ABI=0)"
    return None


def version(folder: Path) -> Optional[Tuple[int, int, int]]:
    """Read from the headers, which every kind of installation has."""
    for relative in ("torch/headeronly/version.h", "torch/csrc/api/include/torch/version.h"):
        header = folder / "include" / relative
        if header.is_file():
            text = header.read_text(errors="replace")
            parts = [re.search(rf"define TORCH_VERSION_{part} (\d+)", text) for part in ("MAJOR", "MINOR", "PATCH")]
            if all(parts):
                return tuple(int(part.group(1)) for part in parts)
    return None


def version_text(folder: Path) -> str:
    return ".".join(map(str, version(folder) or ()))


def _from_variable(link: Path, folder: Path, root: Path) -> Tuple[str, str]:
    if not folder.is_dir():
        raise Problem(f"LIBTORCH names {folder}, which is not a folder.\n{THREE_WAYS}")
    reason = fault(folder)
    if reason is not None:
        raise Problem(f"LIBTORCH names {folder}, but {reason}.\n{THREE_WAYS}")
    if link.is_dir() and not link.is_symlink():
        raise Problem(f"{link} is a folder of yours. Move it away to use LIBTORCH.")
    folders.point(link, folder, root)
    return version_text(link), f"{folder} (LIBTORCH)"


def _download(link: Path, root: Path, wheels: Wheels) -> Tuple[str, str]:
    here = machine.kind()
    machine.check_c_library(here)
    folder = wheels.downloads / f"torch-{VERSION}"
    if not (folder.is_dir() and fault(folder) is None):
        wheel = _fetch(here, wheels)
        parts = [wheel]

        def fill(aside: Path) -> None:
            names = unpack(wheel, aside, _wanted)
            for part in ("include", "lib"):
                os.replace(aside / "torch" / part, aside / part)
            if here.startswith("linux") and "+cpu" not in wheel.name:
                parts.extend(_without_cuda(aside, here, wheels))
            for leftover in ("torch", "nvidia"):
                shutil.rmtree(aside / leftover, ignore_errors=True)
            print(f"  {wheel.name}: {len(names)} files unpacked")

        folders.install(folder, fill)
        for part in parts:
            part.unlink()
    reason = fault(folder)
    if reason is not None:
        raise Problem(f"The downloaded LibTorch in {folder} cannot be used: {reason}.\n{THREE_WAYS}")
    folders.point(link, folder, root)
    return version_text(link), f"{os.path.relpath(folder, root)} (downloaded)"


def _fetch(here: str, wheels: Wheels) -> Path:
    if here == "linux-x86_64":
        try:
            return wheels.fetch(f"torch=={VERSION}+cpu", here)
        except NotOffered:
            print(f"  torch {VERSION}+cpu is not offered here; taking torch {VERSION}, a larger file (527 MB, not 192 MB)")
    try:
        return wheels.fetch(f"torch=={VERSION}", here)
    except NotOffered as problem:
        raise NotOffered(f"{problem}\n{THREE_WAYS}") from None


def _wanted(name: str) -> bool:
    if name.startswith("torch/include/"):
        return True
    if not name.startswith("torch/lib/"):
        return False
    base = name[len("torch/lib/"):]
    return "/" not in base and (".so" in base or ".dylib" in base) and not _UNUSED.search(base)


def _without_cuda(aside: Path, here: str, wheels: Wheels):
    """Makes a CPU library of a wheel that was built for CUDA.

    Its libtorch is a shell that loads libtorch_cpu and libtorch_cuda, the latter two gigabytes of further
    packages. Pointing the shell's name at libtorch_cpu leaves the CPU part, which needs two small runtime
    libraries beside it.
    """
    library = aside / "lib"
    (library / "libtorch.so").unlink()
    (library / "libtorch.so").symlink_to("libtorch_cpu.so")
    used = []
    for requirement in _CUDA_RUNTIME:
        wheel = wheels.fetch(requirement, here)
        for name in unpack(wheel, aside, lambda name: re.search(r"/lib(cudart|cupti)\.so\.\d+$", name) is not None):
            os.replace(aside / name, library / os.path.basename(name))
        used.append(wheel)
    return used
