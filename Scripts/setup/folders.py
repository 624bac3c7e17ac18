"""Links and folders that are either whole or absent, whenever the process is stopped."""

import contextlib
import os
import shutil
from pathlib import Path


def point(link: Path, target: Path, root: Path) -> None:
    """Makes `link` a symbolic link to `target`, in one rename; relative when the target lies under `root`."""
    target = Path(os.path.abspath(target))
    inside = root in target.parents
    text = os.path.relpath(target, link.parent) if inside else str(target)
    aside = link.with_name(f"{link.name}.part")
    with contextlib.suppress(FileNotFoundError):
        aside.unlink()
    aside.symlink_to(text)
    os.replace(aside, link)


def install(folder: Path, fill) -> None:
    """Runs `fill(aside)` on a new folder beside `folder`, then renames it into place."""
    aside = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    fill(aside)
    if folder.is_symlink():
        folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(aside, folder)


def sweep(downloads: Path) -> None:
    """Removes what a stopped run left half-made. Only call while holding the lock."""
    for aside in downloads.glob("*.part"):
        if aside.is_dir() and not aside.is_symlink():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.unlink()


@contextlib.contextmanager
def locked(downloads: Path):
    """One set-up at a time in this folder; a second one waits."""
    import fcntl

    downloads.mkdir(parents=True, exist_ok=True)
    with open(downloads / "lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
