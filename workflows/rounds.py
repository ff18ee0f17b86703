"""走访路线: the families of a village in the order of its groups (组), with what is due at each."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Household, Visit
from policy.vocabulary import OPEN
from workflows.actor import Actor, scoped

MOST = 300
"""Families of one page of a round: the largest villages have some two hundred with a case."""
SOON = timedelta(days=7)
DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")}
GROUP = re.compile(r"(\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?:村民小组|组|社|队)")


class Stop(NamedTuple):
    """A family on the way: its group (None: the address names none), the visit planned for it, and when it is due."""

    household: Household
    group: int | None
    visit_id: int | None
    due_on: date | None


class Round(NamedTuple):
    """One page of the way through a village: its families in order, and how many there are on all pages."""

    stops: list[Stop]
    families: int
    page: int
    pages: int


def stops(session: Session, actor: Actor, village_code: str, today: date, due_only: bool, page: int = 1) -> Round:
    """The families with an open case in a village, by group and address; ``due_only``: visits due within 7 days.

    Three statements, whatever the size of the county. A page that is not there is the nearest one.
    """
    open_case = select(Benefit.household_id).where(Benefit.village_code == village_code, Benefit.stage.in_(OPEN))
    here = [Household.village_code == village_code, Household.dissolved_on.is_(None), Household.id.in_(open_case)]
    if due_only:
        soon = (Visit.village_code == village_code, *_WAITING, Visit.due_on <= today + SOON)
        here.append(Household.id.in_(select(Visit.household_id).where(*soon)))
    mine: Any = select(Household.address, Household.id).where(*here)
    way = session.execute(scoped(mine, Household, actor)).all()
    ids = [id for *_, id in sorted((*_place(address), id) for address, id in way)]
    pages = max(1, -(-len(ids) // MOST))
    page = min(max(page, 1), pages)
    part = ids[(page - 1) * MOST : page * MOST]
    homes, planned = session.scalars(select(Household).where(Household.id.in_(part))), _planned(session, part)
    found = (Stop(home, group_of(home.address), *planned.get(home.id, (None, None))) for home in homes)
    return Round(in_order(found), len(ids), page, pages)


def group_of(address: str) -> int | None:
    """The number of the village group in an address: 白果村3组 and 白果村三组 are 3; None where it names none."""
    found = GROUP.search(address)
    return None if found is None else _number(found[1])


def in_order(found: Iterable[Stop]) -> list[Stop]:
    """By group, those without one last, then by address, so that neighbours follow one another."""
    return sorted(found, key=lambda at: (*_place(at.household.address), at.household.id))


def _place(address: str) -> tuple[bool, int, str]:
    group = group_of(address)
    return group is None, group or 0, address


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)


_WAITING = (Visit.done_on.is_(None), Visit.due_on.is_not(None))


def _planned(session: Session, homes: Sequence[int]) -> dict[int, tuple[int, date | None]]:
    """The next planned visit of each of these families, with its last day."""
    query = select(Visit.household_id, Visit.id, Visit.due_on).where(Visit.household_id.in_(homes), *_WAITING)
    latest_first = query.order_by(Visit.due_on.desc(), Visit.id.desc())
    return {home: (id, due) for home, id, due in session.execute(latest_first)}
