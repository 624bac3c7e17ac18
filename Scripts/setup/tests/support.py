"""Small stand-ins for the real packages: folders and wheels with the few files that the set-up looks at."""

import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import machine  # noqa: E402

SUFFIX = machine.library_suffix()


def libtorch_files(version="2.13.0"):
    major, minor, patch = version.split(".")
    header = f"#define TORCH_VERSION_MAJOR {major}\n#define TORCH_VERSION_MINOR {minor}\n"
    header += f"#define TORCH_VERSION_PATCH {patch}\n"
    files = {"include/ATen/ATen.h": "", "include/torch/headeronly/version.h": header}
    files.update({f"lib/lib{name}.{SUFFIX}": name for name in ("torch", "torch_cpu", "c10", "torch_python")})
    return files


def arrow_files(version="26.0.0"):
    major, minor, patch = version.split(".")
    header = f"#define ARROW_VERSION_MAJOR {major}\n#define ARROW_VERSION_MINOR {minor}\n"
    header += f"#define ARROW_VERSION_PATCH {patch}\n"
    files = {"include/arrow/api.h": "", "include/parquet/arrow/reader.h": "", "include/arrow/util/config.h": header}
    number = f"so.{major}00" if SUFFIX == "so" else f"{major}00.dylib"
    files.update({f"lib{name}.{number}": name for name in ("arrow", "arrow_flight", "parquet")})
    return files


def write(folder: Path, files) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def write_wheel(folder: Path, distribution: str, tag: str, files) -> Path:
    """A wheel as pip accepts it: `distribution` is `name-version`."""
    name, version = distribution.split("-")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{distribution}-{tag}.whl"
    information = f"{distribution}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in files.items():
            archive.writestr(member, text)
        archive.writestr(f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{information}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n")
        archive.writestr(f"{information}/RECORD", "")
    return path
