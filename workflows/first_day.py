"""The guided first day: which steps somebody has looked at, and whether they laid it aside."""

from sqlalchemy.orm import Session

from models import FirstDay


def of(session: Session, user_id: int) -> FirstDay:
    """How far the person is; nothing is written for who has not begun."""
    return session.get(FirstDay, user_id) or FirstDay(user_id=user_id, done=[], laid_aside=False)


def note(session: Session, user_id: int, step: str) -> None:
    """Remember that a step was looked at; the caller commits."""
    row = of(session, user_id)
    if step not in row.done:
        row.done = [*row.done, step]
    session.add(row)


def lay_aside(session: Session, user_id: int, aside: bool = True) -> None:
    """Put the guide away, or begin it anew; the caller commits."""
    row = of(session, user_id)
    row.laid_aside = aside
    if not aside:
        row.done = []
    session.add(row)
