"""Everything the case page shows, read in a dozen small statements whatever the size of the county."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort
from sqlalchemy import Connection, or_, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from models import Benefit, Crosscheck, Event, Finding, Household, Member, Objection, OwedPaper, Visit
from policy.figures import Figures
from policy.vocabulary import PERSONAL, Action, Unit
from views.panel.scoped import parse_id
from workflows.actor import Actor, scoped
from workflows.evidence import Known, picture, reckoned, there_of
from workflows.facts import Facts
from workflows.whose import own

MOST_VISITS = 12
MOST_FINDINGS = 12


@dataclass
class CaseFile:
    """A case with its papers, people and history, and the facts the machine sees in them."""

    benefit: Benefit
    events: list[Event]
    papers: list[OwedPaper]
    checks: list[Crosscheck]
    members: list[Member]
    objections: list[Objection]
    visits: list[Visit]
    findings: list[Finding]
    facts: Facts

    @property
    def finding(self) -> Finding | None:
        """The latest calculation."""
        return self.findings[0] if self.findings else None

    @property
    def household(self) -> Household:
        """The family."""
        return self.benefit.household

    @property
    def person(self) -> Member | None:
        """Whose own entitlement it is, where not the family's."""
        return self.benefit.member if self.benefit.scheme in PERSONAL else None

    @property
    def owed(self) -> list[OwedPaper]:
        """Papers not yet in."""
        return [paper for paper in self.papers if paper.filed_on is None]

    @property
    def last_event_id(self) -> int:
        """The number of the latest event; 0 where there is none."""
        return self.events[-1].id if self.events else 0

    def last(self, *actions: Action) -> Event | None:
        """The latest event of one of these actions."""
        return next((event for event in reversed(self.events) if event.action in actions), None)


def get_case(session: Session, actor: Actor, id: str, *options: Any) -> Benefit:
    """The case of this number under the actor's division; answers 404 for every other."""
    number = parse_id(id)
    if number is None:
        abort(404)
    query = scoped(select(Benefit).where(Benefit.id == number), Benefit, actor)
    found = session.scalars(query.options(joinedload(Benefit.household), *options)).unique().first()
    return found if found is not None else abort(404)


def open_file(session: Session, actor: Actor, id: str, figures: Figures, on: date) -> CaseFile:
    """The whole file of a case; answers 404 for one that lies elsewhere."""
    home = joinedload(Benefit.household)
    benefit = get_case(session, actor, id, home.joinedload(Household.assets), home.joinedload(Household.obligors),
                       home.joinedload(Household.causes), home.joinedload(Household.tags))  # fmt: skip
    events, papers = _of(session, Event, benefit), _of(session, OwedPaper, benefit)
    checks, members = _of(session, Crosscheck, benefit), _members(session, benefit.household_id)
    set_committed_value(benefit.household, "members", members)
    findings = _findings(session, benefit)
    known = Known(
        events,
        owed=[paper.due_on for paper in papers if paper.filed_on is None],
        sources={check.source: check.back_on for check in checks},
        there=there_of_case(session, benefit, [member.id for member in members if member.present]),
        finding=reckoned(findings[0]) if findings else None,
    )
    return CaseFile(
        benefit, events, papers, checks, members, _of(session, Objection, benefit), _visits(session, benefit),
        findings, picture(benefit, known, figures, on),
    )  # fmt: skip


def there_of_case(session: Session | Connection, benefit: Benefit, present: Sequence[int]) -> Sequence[int]:
    """Which people of a case are still there; ``present`` are the numbers of the members present in its family.

    Of a case of one person: that one or nobody. The person may have gone to another family, where they are looked for.
    """
    found = present if benefit.unit is Unit.HOUSEHOLD else [one for one in present if one == benefit.member_id]
    return found or (there_of(session, benefit) if own(benefit) else [])


def _findings(session: Session, benefit: Benefit) -> list[Finding]:
    query = select(Finding).where(Finding.benefit_id == benefit.id).order_by(Finding.id.desc())
    return list(session.scalars(query.limit(MOST_FINDINGS)))


def _of(session: Session, model: Any, benefit: Benefit) -> list[Any]:
    return list(session.scalars(select(model).where(model.benefit_id == benefit.id).order_by(model.id)))


def _members(session: Session, household_id: int) -> list[Member]:
    query = select(Member).where(Member.household_id == household_id).order_by(Member.id)
    lines = joinedload(Member.income), joinedload(Member.spending)
    return list(session.scalars(query.options(*lines)).unique())


def _visits(session: Session, benefit: Benefit) -> list[Visit]:
    mine = or_(Visit.household_id == benefit.household_id, Visit.benefit_id == benefit.id)
    query = select(Visit).where(mine)
    latest = query.order_by(Visit.done_on.is_(None).desc(), Visit.done_on.desc(), Visit.id.desc()).limit(MOST_VISITS)
    return list(session.scalars(latest.options(joinedload(Visit.visitors))).unique())
