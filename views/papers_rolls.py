"""Papers about many families: who is on notice, who receives aid, who came and went in a month, who is registered.

Each is read in a few statements, for one place and (where it says so) one month; nothing here prints.
"""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from models import Benefit, Event, Member, NearRelative
from policy import letters
from policy.calendar import month_after
from policy.clauses import notice_clause
from policy.masking import printed_id
from policy.vocabulary import PAID, Action, LeaveReason, Scheme, Stage
from views.context import actor
from views.db import db
from views.formats import label
from views.papers_finding import per_capita
from views.papers_text import addressee, approving, cited_on_day, days_of, row_of
from workflows.actor import scoped

A = Action
PUBLIC = (Scheme.DIBAO, Scheme.TEKUN, Scheme.EDGE, Scheme.RIGID)
"""Schemes whose recipients are made public; never those of children or of a person's disability."""
NOTIFIED = (*PUBLIC, Scheme.TEMPORARY)
"""Schemes with a public notice before the decision."""
CAME, WENT = (A.CONFIRM,), (A.EXIT, A.END_GRACE, A.LEAVE, A.END_ON_DEATH)
CHANGED = (A.RAISE, A.CUT)


class Wanted(NamedTuple):
    """Which list: of a place (village, township or county by its code), a scheme, and the month beginning on a day."""

    place: str
    scheme: Scheme
    month: date

    def of(self, table: Any) -> Any:
        """The condition that a row lies in the place."""
        column = {12: "village_code", 9: "township_code"}.get(len(self.place))
        return getattr(table, column) == self.place if column else table.village_code.startswith(self.place)


Rows = Callable[[Wanted, bool], dict[str, Any]]


def on_notice(want: Wanted, full: bool = False) -> dict[str, Any]:
    """The cases on notice in a place, earliest first; ``events`` of them.

    ``by_rule``: what a part of them rests on, by the day that each case goes by; the office that is about to approve,
    where it is a second notice; and its ``groups``: first day, last day, rows.
    """
    query = scoped(select(Benefit, Event).join(Event, Event.benefit_id == Benefit.id), Benefit, actor())
    query = query.where(want.of(Benefit), Benefit.stage == Stage.NOTICE, Event.action == A.POST_NOTICE)
    query = query.where(Benefit.scheme == want.scheme).order_by(Benefit.village_code, Benefit.id, Event.id)
    latest = {benefit.id: (benefit, event) for benefit, event in db.session.execute(query.options(*_people()))}
    by_rule: dict[tuple[str, str], dict[tuple[date, date], list[Any]]] = {}
    incomes = per_capita(event for _, event in latest.values())
    for benefit, event in latest.values():
        rule = letters.full_title(notice_clause(want.scheme, cited_on_day(benefit, event)))
        part = by_rule.setdefault((rule, approving(benefit, event)), {})
        part.setdefault(days_of(event), []).append(row_of(benefit, event, incomes))
    parts = sorted(((rule, sorted(groups.items())) for rule, groups in by_rule.items()), key=lambda part: part[1][0][0])
    told = [(*rule, [(*days, rows) for days, rows in groups]) for rule, groups in parts]
    return {"by_rule": told, "events": [event.id for _, event in latest.values()]}


def _people() -> tuple[Any, Any]:
    return joinedload(Benefit.household), joinedload(Benefit.member)


def recipients(want: Wanted, full: bool = False) -> dict[str, Any]:
    """``rows``: name, persons and monthly 分 of everybody who is paid in a place (民发〔2021〕57号 第二十四条)."""
    query = scoped(select(Benefit), Benefit, actor()).where(want.of(Benefit), Benefit.scheme == want.scheme)
    query = query.where(Benefit.stage.in_(PAID)).order_by(Benefit.village_code, Benefit.id).options(*_people())
    found = db.session.scalars(query).all()
    rows = [{"name": addressee(b), "persons": b.persons, "amount_fen": b.monthly_fen} for b in found]
    return {"rows": rows, "persons": sum(b.persons for b in found), "amount_fen": sum(b.monthly_fen for b in found)}


def movements(want: Wanted, full: bool = False) -> dict[str, Any]:
    """Who came, went, was raised or cut, and who died in a month; and who is paid at its end, as far as it is known."""
    found = {
        name: [_moved(event, full) for event in _events(want, actions)]
        for name, actions in (("came", CAME), ("went", WENT), ("changed", CHANGED))
    }
    return {**found, "died": _died(want, full), "now": recipients(want)}


def _events(want: Wanted, actions: tuple[Action, ...]) -> list[Event]:
    query = scoped(select(Event).join(Event.benefit), Event, actor()).where(want.of(Event), Event.action.in_(actions))
    query = query.where(Event.at >= want.month, Event.at < month_after(want.month), Benefit.scheme == want.scheme)
    home = joinedload(Event.benefit)
    return list(db.session.scalars(query.options(home.joinedload(Benefit.household), home.joinedload(Benefit.member))
                                   .order_by(Event.village_code, Event.id)))  # fmt: skip


def _moved(event: Event, full: bool) -> dict[str, Any]:
    benefit = event.benefit
    before, after = event.monthly_before_fen or 0, event.monthly_after_fen or 0
    return {
        "on": event.at.date(), "name": addressee(benefit), "persons": benefit.persons, "area": label(benefit.area),
        "village": event.village_code, "address": benefit.household.address, "why": event.opinion,
        "what": label(event.action), "before_fen": before, "after_fen": after, "difference_fen": after - before,
        "since": benefit.first_month,
    }  # fmt: skip


def _died(want: Wanted, full: bool) -> list[dict[str, Any]]:
    """Deaths of the month in families that are paid, or were until that month."""
    query = scoped(select(Member, Benefit).join(Benefit, Benefit.household_id == Member.household_id), Benefit, actor())
    query = query.where(want.of(Member), Member.leave_reason == LeaveReason.DEATH, Member.left_on >= want.month)
    query = query.where(Member.left_on < month_after(want.month), Benefit.scheme == want.scheme)
    still = or_(Benefit.stage.in_((*PAID, Stage.SUSPENDED)), Benefit.ended_on >= want.month)
    rows = db.session.execute(query.where(still).options(joinedload(Benefit.household)).order_by(Member.id))
    return [
        {"head": benefit.household.head_name, "name": person.name, "number": _number(person.id_no, full),
         "on": person.left_on, "address": benefit.household.address, "village": person.village_code}
        for person, benefit in rows
    ]  # fmt: skip


def registered(want: Wanted, full: bool = False) -> dict[str, Any]:
    """The register of near relatives of a division, and which of them live in a family that is paid."""
    query = select(NearRelative).where(
        NearRelative.valid_to.is_(None), NearRelative.division_code.startswith(want.place)
    )
    found = db.session.scalars(query.order_by(NearRelative.division_code, NearRelative.id)).all()
    paid = _receiving([row.id_no_hash for row in found])
    return {"rows": [
        {"name": row.name, "number": _number(row.id_no, full), "relation": label(row.relation),
         "place": row.division_code, "staff": row.staff_name, "post": row.staff_post,
         "since": row.valid_from, "aid": paid.get(row.id_no_hash, "")}
        for row in found
    ]}  # fmt: skip


def _receiving(hashes: list[str]) -> dict[str, str]:
    if not hashes:
        return {}
    query = select(Member.id_no_hash, Benefit.scheme).join(Benefit, Benefit.household_id == Member.household_id)
    query = query.where(Member.id_no_hash.in_(hashes), Member.left_on.is_(None), Benefit.stage.in_(PAID))
    return {mark: label(scheme) for mark, scheme in db.session.execute(query)}


def _number(number: str | None, full: bool) -> str:
    return printed_id(number or "", full)


def mark_of(events: list[int]) -> str:
    """A short sign of which events a notice states, so that another set of families is another notice."""
    return sha256(",".join(map(str, sorted(events))).encode()).hexdigest()[:16]
