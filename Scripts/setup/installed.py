"""Finding a Python package's folder without importing it (importing torch takes seconds)."""

import importlib.util
from pathlib import Path
from typing import Optional


def package_folder(name: str) -> Optional[Path]:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))
