"""The steps of an import before it is applied: handed in, recognised, checked; each may be done again, otherwise.

The file is kept, so that what was decided about it may be changed at any time; what was judged before is judged anew.
"""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from models import ImportBatch
from workflows import audit
from workflows.actor import IMPORTERS, Actor
from workflows.exchange import kept_file
from workflows.exchange.asked import Asked
from workflows.exchange.judging import Tell
from workflows.exchange.look import Saved, look
from workflows.exchange.reading import LIMITS, Limits, Sheet, Unreadable, read_sheet
from workflows.exchange.staging import forget, new_batch, stage
from workflows.reason import Reason, Refused

OPEN = ("received", "staged")
ASKS_AGAIN = ("charset", "duplicate_header", "missing_header", "no_rows", "other_charset", "several_sheets")
"""Codes of a file that somebody may still make readable by saying how it is to be read."""


class Handed(NamedTuple):
    """A file as it was handed in."""

    name: str
    data: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return sha256(self.data).hexdigest()


def read(
    file: Handed,
    asked: Asked,
    saved: Sequence[Saved],
    *,
    whole: bool = True,
    limits: Limits = LIMITS,
    on: date | None = None,
) -> tuple[Sheet | None, Asked | None]:
    """The sheet and how it was read, where nobody needs to be asked for that; not ``whole``: without the sheet.

    ``on`` is the day on which its rows will be judged, as ``read_sheet`` has it.
    No database is touched. Raises Unreadable for what cannot be read however it is looked at.
    """
    try:
        seen = look(file.data, file.name, asked, saved, limits=limits)
        if not seen.sure:
            return None, None
        found = seen.asked.joined(asked)
        return (read_sheet(file.data, file.name, limits=limits, asked=found, on=on) if whole else None), found
    except Unreadable as bad:
        if bad.code in ASKS_AGAIN:
            return None, None
        raise


def receive(
    session: Session, actor: Actor, now: datetime, folder: Path, file: Handed, asked: Asked, sheet: Sheet | None
) -> ImportBatch:
    """Keep a file as a batch: with every row judged where its sheet is given, else still to be recognised.

    Raises Unreadable for a masked copy, Refused for who may not import; the caller commits.
    """
    _may_import(actor)
    audit.attribute(session, actor, now)
    batch = new_batch(actor, now, file.name, file.digest)
    batch.options = (sheet.asked if sheet else asked).as_json()
    session.add(batch)
    session.flush()
    if sheet is not None:
        stage(session, sheet, actor, now, file_name=file.name, sha256=file.digest, batch=batch)
    batch.stored = kept_file.keep(folder, file.data)
    session.flush()
    return batch


def remember(session: Session, batch: ImportBatch, actor: Actor, now: datetime, asked: Asked) -> None:
    """Keep what was decided, without checking the file yet. Refused once it is applied."""
    _still_open(batch, actor)
    audit.attribute(session, actor, now)
    batch.options = asked.as_json()
    session.flush()


def check(
    session: Session, batch: ImportBatch, actor: Actor, now: datetime, sheet: Sheet, tell: Tell | None = None
) -> ImportBatch:
    """Judge every row of a kept file anew, as it was read now; what was chosen for single rows before is gone.

    Raises Unreadable for a masked copy, and Refused once the batch is applied; the caller commits.
    """
    _still_open(batch, actor, "checking")
    audit.attribute(session, actor, now)
    batch.options = sheet.asked.as_json()
    return stage(session, sheet, actor, now, file_name=batch.file_name, sha256=batch.sha256, batch=batch, tell=tell)


def give_up(session: Session, batch: ImportBatch, actor: Actor, now: datetime) -> None:
    """Lay an import aside that is not wanted; its rows go, that it was there stays."""
    _still_open(batch, actor)
    audit.attribute(session, actor, now)
    empty(session, batch)


def empty(session: Session, batch: ImportBatch) -> None:
    """Take the rows of a batch away, which hold people's data, and note that it came to nothing."""
    forget(session, batch)
    batch.state = "dropped"
    batch.counts = {name: value for name, value in batch.counts.items() if isinstance(value, int)}
    session.flush()


def _may_import(actor: Actor) -> None:
    if actor.role not in IMPORTERS:
        raise Refused([Reason("not_your_role", roles=IMPORTERS)])


def _still_open(batch: ImportBatch, actor: Actor, *more: str) -> None:
    _may_import(actor)
    if batch.division_code != actor.division_code:
        raise Refused([Reason("not_your_import")])
    if batch.state not in (*OPEN, *more):
        raise Refused([Reason("import_not_staged", state=batch.state)])
