"""Draws the 特困 cases that the county visits before it confirms (民发〔2021〕43号 第十六条), and tells the shares."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import Integer, cast, func, select, text
from sqlalchemy.orm import Session

from models import Benefit, CountyCheck
from models.sealing import blind
from policy.tekun_check import OF, is_drawn
from workflows.actor import Actor, scoped

KIND = "county_check"


class Share(NamedTuple):
    """A township's cases handed up in a month, how many of them were drawn, and how many of those were visited."""

    township_code: str
    month: date
    cases: int
    picked: int
    visited: int

    @property
    def percent(self) -> int:
        """The share drawn, in whole percent, rounded down."""
        return self.picked * 100 // self.cases if self.cases else 0


def draw(session: Session, benefit: Benefit, on: date, least: Fraction) -> CountyCheck:
    """The draw of a case, made once: handed up again, it keeps what was drawn.

    The lot is a keyed hash of case number and month, so that nobody foresees it and everybody gets the same again.
    """
    known = session.scalar(select(CountyCheck).where(CountyCheck.benefit_id == benefit.id))
    if known is not None:
        return known
    month = on.replace(day=1)
    before, picked = _so_far(session, benefit.township_code, month)
    lot = int(blind(KIND, f"{benefit.case_no} {month:%Y-%m}"), 16) % OF
    row = CountyCheck(
        benefit_id=benefit.id, month=month, picked=is_drawn(lot, before, picked, least),
        township_code=benefit.township_code, village_code=benefit.village_code,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _so_far(session: Session, township_code: str, month: date) -> tuple[int, int]:
    if session.get_bind().dialect.name == "postgresql":  # two cases handed up at once must see each other
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"{KIND} {township_code}"})
    drawn = func.coalesce(func.sum(cast(CountyCheck.picked, Integer)), 0)
    mine = (CountyCheck.township_code == township_code, CountyCheck.month == month)
    cases, picked = session.execute(select(func.count(CountyCheck.id), drawn).where(*mine)).one()
    return int(cases), int(picked)


def shares(session: Session, actor: Actor, since: date) -> Sequence[Share]:
    """The shares under the actor by month, the latest first, and township."""
    drawn, visited = cast(CountyCheck.picked, Integer), cast(CountyCheck.visited_on.is_not(None), Integer)
    columns = (
        CountyCheck.township_code, CountyCheck.month, func.count(CountyCheck.id), func.sum(drawn),
        func.sum(drawn * visited),
    )  # fmt: skip
    query: Any = select(*columns).where(CountyCheck.month >= since)
    query = scoped(query, CountyCheck, actor)
    query = query.group_by(CountyCheck.township_code, CountyCheck.month)
    query = query.order_by(CountyCheck.month.desc(), CountyCheck.township_code)
    return [Share(code, month, int(n), int(p), int(v)) for code, month, n, p, v in session.execute(query)]


def visited(session: Session, benefit: Benefit, on: date) -> None:
    """Note that the county went to see a case."""
    row = session.scalar(select(CountyCheck).where(CountyCheck.benefit_id == benefit.id))
    if row is not None and row.visited_on is None:
        row.visited_on = on
