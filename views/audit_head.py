"""The newest entry of the history, noted in the county's folder, where a cut of the database does not reach."""

import logging
from pathlib import Path

from sqlalchemy.orm import Session

from views.context import instance, now
from workflows import audit

log = logging.getLogger("doudi")


def head_file() -> Path:
    """Where it is noted."""
    return instance().folder / audit.HEAD_FILE


def note_head(session: Session) -> None:
    """Note it as it is now.

    A file that cannot be read or written stops no work; it is logged, and ``verify-audit`` fails on it.
    """
    try:
        audit.write_head(session, head_file(), now())
    except (audit.HeadUnreadable, OSError):
        log.exception("the newest entry of the history could not be noted")
