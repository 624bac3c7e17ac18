"""What kind of machine this is, in the words of Python wheels."""

import platform
from typing import List

from problem import Problem

SUPPORTED = "Linux x86_64, Linux aarch64 and macOS arm64"


def kind() -> str:
    """`linux-x86_64`, `linux-aarch64` or `macos-arm64`; anything else is a Problem."""
    system, processor = platform.system(), platform.machine().lower()
    processor = {"amd64": "x86_64", "arm64": "aarch64"}.get(processor, processor)
    if system == "Linux" and processor in ("x86_64", "aarch64"):
        return f"linux-{processor}"
    if system == "Darwin" and processor == "aarch64":
        return "macos-arm64"
    raise Problem(
        f"No library files are known for {system} {platform.machine()}; known: {SUPPORTED}.\n"
        "Set LIBTORCH and ARROW_HOME to installations of your own."
    )


def library_suffix() -> str:
    return "dylib" if platform.system() == "Darwin" else "so"


def platform_tags(machine: str) -> List[str]:
    """The wheel tags that run here, as pip's --platform wants them."""
    if machine == "macos-arm64":
        # pip itself adds the tags of older systems.
        major = platform.mac_ver()[0].split(".")[0] or "14"
        return [f"macosx_{major}_0_arm64"]
    processor = machine.split("-")[1]
    return [f"manylinux_2_{minor}_{processor}" for minor in range(28, 16, -1)] + [f"manylinux2014_{processor}"]


def check_c_library(machine: str) -> None:
    """The wheels need glibc 2.28 or newer, and say so only in a loader error much later."""
    name, version = platform.libc_ver()
    if not machine.startswith("linux") or name != "glibc":
        return
    if tuple(int(part) for part in version.split(".")[:2]) < (2, 28):
        raise Problem(
            f"The C library is glibc {version}; the ready-made libraries need 2.28 or newer "
            "(Debian 10, Ubuntu 20.04, RHEL 8).\nSet LIBTORCH and ARROW_HOME to builds made for this system."
        )
