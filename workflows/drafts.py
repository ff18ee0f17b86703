"""Forms begun and not yet sent: kept sealed for whoever typed them, until they are sent or thrown away.

A draft is of the place where its author worked: who was moved elsewhere finds it closed, and may throw it away.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session

from models import Draft
from workflows.actor import Actor, within

KEPT = timedelta(days=90)
MOST = 30


def of(session: Session, actor: Actor, kind: str) -> Sequence[Draft]:
    """The actor's own drafts of a kind, begun where they work now, the latest first."""
    return session.scalars(_latest(actor, kind).where(_here(actor))).all()


def closed(session: Session, actor: Actor, kind: str) -> Sequence[Draft]:
    """The actor's own drafts of a kind, begun where they work no more, the latest first."""
    return session.scalars(_latest(actor, kind).where(~_here(actor))).all()


def _latest(actor: Actor, kind: str) -> Select[Draft]:
    query = select(Draft).where(Draft.user_id == actor.id, Draft.kind == kind)
    return query.order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(MOST)


def _here(actor: Actor) -> ColumnElement[bool]:
    return Draft.division_code.startswith(actor.division_code)


def find(session: Session, actor: Actor, kind: str, id: str) -> Draft | None:
    """One of the actor's own drafts; None for anybody else's, and for one of where they work no more."""
    draft = _own(session, actor, kind, id)
    return draft if draft is not None and within(actor, draft.division_code) else None


def _own(session: Session, actor: Actor, kind: str, id: str) -> Draft | None:
    if not (id.isascii() and id.isdecimal() and len(id) < 10):
        return None
    query = select(Draft).where(Draft.id == int(id), Draft.user_id == actor.id, Draft.kind == kind)
    return session.scalars(query).first()


def save(session: Session, actor: Actor, kind: str, id: str, title: str, content: str, now: datetime) -> Draft:
    """Keep what was typed: in the draft of this number where it is the actor's own, else in a new one."""
    draft = find(session, actor, kind, id)
    if draft is None:
        draft = Draft(user_id=actor.id, kind=kind, division_code=actor.division_code)
        session.add(draft)
    draft.title, draft.content, draft.saved_at = title[:80], content, now
    session.flush()
    return draft


def drop(session: Session, actor: Actor, kind: str, id: str) -> bool:
    """Throw the actor's own draft away, a closed one too; whether there was one."""
    draft = _own(session, actor, kind, id)
    if draft is None:
        return False
    session.delete(draft)
    session.flush()
    return True


def sweep(session: Session, now: datetime) -> int:
    """Remove drafts that nobody touched for 90 days, since they hold families' data; return how many."""
    gone: int = session.execute(delete(Draft).where(Draft.saved_at < now - KEPT)).rowcount  # type: ignore[attr-defined]
    return gone
