"""The sheet itself, kept sealed while it is looked at, so that it can be read otherwise without choosing it again."""

import json
import re
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ImportBatch
from models.sealing import seal_bytes, unseal_bytes
from workflows.instance import cleared, put, written_at
from workflows.reason import Reason, Refused

SEALED = "import_batch.file"
UNCLAIMED = timedelta(days=1)
NEEDED = ("received", "staged", "checking", "applying")
AGAIN = timedelta(days=14)
"""As long after an import its file is kept where rows of it were left, which may be looked at again."""
PROGRESS = ".progress"
_NAME = re.compile(r"[0-9a-f]{32}(\.part|\.progress(\.part)?)?")


def keep(folder: Path, data: bytes) -> str:
    """Write a sheet whole and sealed before its name is known to anybody; returns the name."""
    name = secrets.token_hex(16)
    put(folder, name, seal_bytes(SEALED, name, data), durable=True)
    return name


def read(folder: Path, name: str | None) -> bytes:
    """The sheet as it came; Refused when it was swept meanwhile."""
    try:
        return unseal_bytes(SEALED, name or "", (folder / Path(name or "-").name).read_bytes())
    except FileNotFoundError:
        raise Refused([Reason("import_file_gone")]) from None


def note_progress(folder: Path, name: str, done: int, total: int, at: datetime) -> None:
    """Tell how far the work on a sheet is, and when; beside the sheet, because the work itself is one transaction."""
    with suppress(OSError):
        put(folder, name + PROGRESS, json.dumps([done, total, at.isoformat()]).encode())


def progress(folder: Path, name: str | None) -> tuple[int, int]:
    """How far the work on a sheet is; (0, 0) where nothing is known."""
    done, total, _ = _progress(folder, name)
    return done, total


def heard(folder: Path, name: str | None) -> datetime | None:
    """When the work on a sheet last told how far it is; None where it never did."""
    return _progress(folder, name)[2]


def _progress(folder: Path, name: str | None) -> tuple[int, int, datetime | None]:
    try:
        done, total, at = json.loads((folder / f"{Path(name or '-').name}{PROGRESS}").read_bytes())
        return int(done), int(total), datetime.fromisoformat(at)
    except (OSError, ValueError):
        return 0, 0, None


def forget(folder: Path, name: str | None) -> None:
    """Remove a sheet that nobody needs any more."""
    if name:
        for ending in ("", PROGRESS):
            cleared(folder / (Path(name).name + ending))


def sweep(session: Session, folder: Path, now: datetime) -> int:
    """Remove sheets whose import was applied whole or given up, and those that no import claimed for a day."""
    if not folder.is_dir():
        return 0
    needed = set(session.scalars(select(ImportBatch.stored).where(ImportBatch.state.in_(NEEDED))))
    lately = select(ImportBatch.stored, ImportBatch.counts).where(ImportBatch.state == "applied")
    lately = lately.where(ImportBatch.applied_at > now - AGAIN)
    needed |= {name for name, counts in session.execute(lately) if counts.get("stale")}
    found = [file for file in folder.iterdir() if _NAME.fullmatch(file.name) and file.name[:32] not in needed]
    claimed = set(session.scalars(select(ImportBatch.stored))) if found else set()
    lost = [file for file in found if file.name[:32] in claimed or now - written_at(file) > UNCLAIMED]
    return sum(cleared(file) for file in lost)
