"""Forms begun and not yet sent: kept sealed for whoever typed them, until they are sent or thrown away."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Draft
from workflows.actor import Actor

KEPT = timedelta(days=90)
MOST = 30


def of(session: Session, actor: Actor, kind: str) -> Sequence[Draft]:
    """The actor's own drafts of a kind, the latest first."""
    query = select(Draft).where(Draft.user_id == actor.id, Draft.kind == kind)
    return session.scalars(query.order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(MOST)).all()


def find(session: Session, actor: Actor, kind: str, id: str) -> Draft | None:
    """One of the actor's own drafts; None for anybody else's."""
    if not (id.isascii() and id.isdecimal() and len(id) < 10):
        return None
    query = select(Draft).where(Draft.id == int(id), Draft.user_id == actor.id, Draft.kind == kind)
    return session.scalars(query).first()


def save(session: Session, actor: Actor, kind: str, id: str, title: str, content: str, now: datetime) -> Draft:
    """Keep what was typed: in the draft of this number where it is the actor's own, else in a new one."""
    draft = find(session, actor, kind, id)
    if draft is None:
        draft = Draft(user_id=actor.id, kind=kind)
        session.add(draft)
    draft.title, draft.content, draft.saved_at = title[:80], content, now
    session.flush()
    return draft


def drop(session: Session, actor: Actor, kind: str, id: str) -> bool:
    """Throw the actor's own draft away; whether there was one."""
    draft = find(session, actor, kind, id)
    if draft is None:
        return False
    session.delete(draft)
    session.flush()
    return True


def sweep(session: Session, now: datetime) -> int:
    """Remove drafts that nobody touched for 90 days, since they hold families' data; return how many."""
    gone: int = session.execute(delete(Draft).where(Draft.saved_at < now - KEPT)).rowcount  # type: ignore[attr-defined]
    return gone
