"""Files of exports that are made outside the request: kept sealed in the county's folder for a day."""

from datetime import datetime, timedelta
from pathlib import Path

from models.sealing import seal_bytes, unseal_bytes
from views.context import instance
from workflows.instance import cleared, put, written_at

KEPT = timedelta(days=1)
SEALED = "export.file"


def path_of(stored: str) -> Path:
    """Where a file is kept, whether it is made already or not."""
    return instance().exports / Path(stored).name


def keep(stored: str, data: bytes) -> None:
    """Seal a file under the name it is stored by; it is there as a whole or not at all."""
    put(instance().exports, path_of(stored).name, seal_bytes(SEALED, stored, data))


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
