"""常用查询: a list as somebody left it, under a name: theirs, or shared with the office."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from models import SavedView
from workflows.name_taken import flush_named
from workflows.reason import Reason, Refused

LONGEST_NAME = 30
MOST = 20
"""Saved for one list by one person; more would be a second list to search."""


def of(session: Session, user_id: int) -> Sequence[SavedView]:
    """The person's own views of all lists, then those that others share; each by name."""
    mine = SavedView.user_id == user_id
    query = select(SavedView).where(or_(mine, SavedView.shared)).order_by(mine.desc(), SavedView.name, SavedView.id)
    return session.scalars(query).all()


def save(session: Session, user_id: int, page: str, name: str, query: str, usual: bool = False) -> SavedView:
    """Keep a list under a name; a name used before gets the new content. Refused: no name, too long, too many."""
    name = _name(name)
    mine = (SavedView.user_id == user_id) & (SavedView.page == page)
    view = session.scalars(select(SavedView).where(mine, SavedView.name == name)).first()
    if view is None:
        if (session.scalar(select(func.count()).where(mine)) or 0) >= MOST:
            raise Refused([Reason("views_too_many", most=MOST)])
        view = SavedView(user_id=user_id, page=page, name=name)
        session.add(view)
    view.query = query
    flush_named(session, Reason("view_kept_meanwhile", name=name))
    if usual:
        set_usual(session, view, True)
    return view


def rename(session: Session, view: SavedView, name: str) -> None:
    """Give a view another name; Refused where another view of that list has it."""
    name = _name(name)
    taken = select(SavedView.id).where(
        SavedView.user_id == view.user_id, SavedView.page == view.page, SavedView.name == name, SavedView.id != view.id
    )
    if session.scalar(taken):
        raise Refused([Reason("view_name_taken", name=name)])
    view.name = name
    flush_named(session, Reason("view_name_taken", name=name))


def set_usual(session: Session, view: SavedView, usual: bool) -> None:
    """Let the list begin with this view, or with everything; one view of a list at most is the usual one."""
    others = (SavedView.user_id == view.user_id) & (SavedView.page == view.page)
    session.execute(update(SavedView).where(others).values(usual=False))
    session.refresh(view)
    view.usual = usual
    session.flush()


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused([Reason("view_name_missing")])
    if len(name) > LONGEST_NAME:
        raise Refused([Reason("too_long", most=LONGEST_NAME)])
    return name
