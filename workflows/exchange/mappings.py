"""Which header of an office's own sheet means which field: named once, then known to everybody of the county."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ImportMapping
from workflows import audit
from workflows.actor import IMPORTERS, Actor
from workflows.exchange.layouts import header_key
from workflows.exchange.look import FEWEST_SAVED, Look, Saved
from workflows.name_taken import flush_named
from workflows.reason import Reason, Refused

LONGEST = 60


def saved(session: Session) -> list[Saved]:
    """All mappings of the county, by name."""
    rows: Sequence[ImportMapping] = session.scalars(select(ImportMapping).order_by(ImportMapping.name)).all()
    return [Saved(row.name, row.layout, row.headers) for row in rows]


def save(session: Session, actor: Actor, now: datetime, name: str, seen: Look) -> ImportMapping:
    """Keep the columns of a sheet under a name; one of the same name is replaced. Refused without a name."""
    headers = {header_key(column.header): column.field for column in seen.columns if column.field and column.header}
    name = " ".join(name.split())[:LONGEST]
    faults = [] if actor.role in IMPORTERS else [Reason("not_your_role", roles=IMPORTERS)]
    faults += [] if name else [Reason("mapping_name_missing")]
    faults += [] if len(headers) >= FEWEST_SAVED else [Reason("mapping_empty")]
    if faults:
        raise Refused(faults)
    audit.attribute(session, actor, now, name)
    row = session.scalars(select(ImportMapping).where(ImportMapping.name == name)).first()
    if row is None:
        row = ImportMapping(name=name)
        session.add(row)
    row.layout, row.headers, row.user_id, row.saved_at = seen.layout.code, headers, actor.id, now
    flush_named(session, Reason("mapping_kept_meanwhile", name=name))
    return row


def drop(session: Session, actor: Actor, now: datetime, name: str) -> None:
    """Forget a mapping; sheets imported with it stay as they are."""
    row = session.scalars(select(ImportMapping).where(ImportMapping.name == name)).first()
    if row is None or actor.role not in IMPORTERS:
        raise Refused([Reason("mapping_unknown", name=name)])
    audit.attribute(session, actor, now, name)
    session.delete(row)
    session.flush()
