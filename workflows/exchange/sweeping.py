"""Imports that were looked at and never applied: after two weeks their rows go, since they hold people's data."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ImportBatch
from workflows import audit
from workflows.actor import SYSTEM
from workflows.exchange.steps import OPEN, empty

KEPT = timedelta(days=14)


def sweep(session: Session, now: datetime) -> int:
    """Give up imports that nobody applied for two weeks; returns how many. Their files go with the next sweep."""
    query = select(ImportBatch).where(ImportBatch.state.in_(OPEN), ImportBatch.created_at < now - KEPT)
    old = session.scalars(query).all()
    for batch in old:
        audit.attribute(session, SYSTEM, now)
        empty(session, batch)
    return len(old)
