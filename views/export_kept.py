"""Files of exports that are made outside the request: kept sealed in the county's folder for a day."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from models.sealing import seal_bytes, unseal_bytes
from views.context import instance
from workflows.instance import cleared, written_at

KEPT = timedelta(days=1)
SEALED = "export.file"


def path_of(stored: str) -> Path:
    """Where a file is kept, whether it is made already or not."""
    return instance().exports / Path(stored).name


def keep(stored: str, data: bytes) -> None:
    """Seal a file under the name it is stored by; it is there as a whole or not at all."""
    path = path_of(stored)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(seal_bytes(SEALED, stored, data))
    os.replace(part, path)


def opened(stored: str) -> bytes:
    """What a kept file holds."""
    return unseal_bytes(SEALED, stored, path_of(stored).read_bytes())


def sweep(folder: Path, at: datetime) -> int:
    """Remove files older than a day; returns how many."""
    if not folder.is_dir():
        return 0
    age = at - KEPT
    old = [one for one in folder.iterdir() if written_at(one) < age]
    return sum(cleared(one) for one in old)
