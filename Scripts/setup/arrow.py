"""`.arrow`: a folder with Arrow C++'s include/ and lib/libarrow, lib/libparquet."""

import os
import re
from pathlib import Path
from typing import Dict, Optional, Tuple

import folders
import installed
import machine
from problem import NotOffered, Problem
from wheels import Wheels, unpack

VERSION = "26.0.0"
OLDEST, NEWEST = 20, 26
RANGE = "20 to 26"
LIBRARIES = ("arrow", "parquet")

THREE_WAYS = f"""Arrow C++ {RANGE} can come from three places:
  1. ARROW_HOME=/path/to/arrow Scripts/setup.sh     an Arrow C++ installation, or site-packages/pyarrow
  2. python3 -m pip install pyarrow=={VERSION}          then Scripts/setup.sh finds it
  3. Scripts/setup.sh                               downloads pyarrow {VERSION} itself, when pip reaches its index"""


def ensure(root: Path, wheels: Wheels) -> Tuple[str, str]:
    """Makes the folder where needed; gives (version, where it points and why)."""
    folder = root / ".arrow"
    named = os.environ.get("ARROW_HOME")
    if named:
        source = Path(named).expanduser()
        reason = fault(source)
        if reason is not None:
            raise Problem(f"ARROW_HOME names {source}, but {reason}.\n{THREE_WAYS}")
        if not _points_at(folder, source):
            _link(folder, source, root)
        return version_text(folder), f"{source} (ARROW_HOME)"
    if fault(folder) is None:
        return version_text(folder), f"{Path(os.path.realpath(folder / 'include')).parent} (was there)"
    package = installed.package_folder("pyarrow")
    if package is not None:
        reason = fault(package)
        if reason is None:
            _link(folder, package, root)
            return version_text(folder), f"{package} (installed pyarrow)"
        print(f"  the installed pyarrow in {package} is passed over: {reason}")
    return _download(folder, root, wheels)


def fault(folder: Path) -> Optional[str]:
    """Why a folder cannot serve as Arrow C++, or None."""
    for header in ("arrow/api.h", "parquet/arrow/reader.h"):
        if not (folder / "include" / header).is_file():
            return f"it has no include/{header}"
    for name in LIBRARIES:
        if not _libraries(folder, name):
            return f"it has no lib{name}.{machine.library_suffix()}"
    found = version_text(folder)
    if not found:
        return "its version cannot be read"
    if not OLDEST <= int(found.split(".")[0]) <= NEWEST:
        return f"its version is {found}, and {RANGE} is needed"
    return None


def version_text(folder: Path) -> str:
    header = folder / "include" / "arrow" / "util" / "config.h"
    if not header.is_file():
        return ""
    text = header.read_text(errors="replace")
    parts = [re.search(rf"define ARROW_VERSION_{part} (\d+)", text) for part in ("MAJOR", "MINOR", "PATCH")]
    return ".".join(part.group(1) for part in parts) if all(parts) else ""


def _libraries(folder: Path, name: str) -> Dict[str, Path]:
    """Every file name of one library, plain and versioned: a wheel has libarrow.so.2600 and no libarrow.so."""
    suffix = machine.library_suffix()
    pattern = re.compile(rf"lib{name}(\.{suffix}(\.\d+)*|(\.\d+)+\.{suffix})$")
    found: Dict[str, Path] = {}
    for place in (folder / "lib", folder / "lib64", folder):
        if place.is_dir():
            for path in sorted(place.iterdir()):
                if pattern.match(path.name) and path.is_file():
                    found.setdefault(path.name, path)
    return found


def _points_at(folder: Path, source: Path) -> bool:
    # Not one link for all headers: beside Arrow's a system has those of its compiler, which must not come before them.
    return (
        fault(folder) is None
        and not (folder / "include").is_symlink()
        and all(os.path.realpath(folder / "include" / part) == os.path.realpath(source / "include" / part) for part in LIBRARIES)
    )


def _link(folder: Path, source: Path, root: Path) -> None:
    """Links the headers, and the libraries under their versioned names and the plain ones the linker asks for.

    A library looks for its neighbours in the folder it was opened from, so both names lie side by side.
    """
    include = folder / "include"
    if include.is_dir() and not include.is_symlink() and not all(part.is_symlink() for part in include.iterdir()):
        raise Problem(f"{folder} is a folder of yours and cannot be replaced. Move it away, then run this again.")

    def fill(aside: Path) -> None:
        (aside / "include").mkdir()
        (aside / "lib").mkdir()
        for part in LIBRARIES:
            folders.point(aside / "include" / part, source / "include" / part, root)
        for name in LIBRARIES:
            files = _libraries(source, name)
            for file_name, path in files.items():
                folders.point(aside / "lib" / file_name, path, root)
            plain = f"lib{name}.{machine.library_suffix()}"
            if plain not in files:
                (aside / "lib" / plain).symlink_to(sorted(files)[0])

    folders.install(folder, fill)


def _download(folder: Path, root: Path, wheels: Wheels) -> Tuple[str, str]:
    here = machine.kind()
    machine.check_c_library(here)
    unpacked = wheels.downloads / f"pyarrow-{VERSION}"
    if fault(unpacked) is not None:
        try:
            wheel = wheels.fetch(f"pyarrow=={VERSION}", here)
        except NotOffered as problem:
            raise NotOffered(f"{problem}\n{THREE_WAYS}") from None

        def fill(aside: Path) -> None:
            names = unpack(wheel, aside, _wanted)
            for part in sorted((aside / "pyarrow").iterdir()):
                os.replace(part, aside / part.name)
            (aside / "pyarrow").rmdir()
            print(f"  {wheel.name}: {len(names)} files unpacked")

        folders.install(unpacked, fill)
        wheel.unlink()
    reason = fault(unpacked)
    if reason is not None:
        raise Problem(f"The downloaded Arrow C++ in {unpacked} cannot be used: {reason}.\n{THREE_WAYS}")
    _link(folder, unpacked, root)
    return version_text(folder), f"{os.path.relpath(unpacked, root)} (downloaded)"


def _wanted(name: str) -> bool:
    return name.startswith("pyarrow/include/") or re.match(r"pyarrow/lib(arrow|parquet)\.[^/]*$", name) is not None
