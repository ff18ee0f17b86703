"""Reads the picture of a case that the machine decides on: its present round, its debts, what the figures say."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from models import Benefit, Crosscheck, Event, Finding, Household, Member, OwedPaper
from policy.authority import exit_months, grace_months, township_limit, who_confirms
from policy.figures import Figures
from policy.money import parse_yuan
from policy.terms import exists_here, term_months
from policy.vocabulary import (
    CLASSES,
    ENDED,
    IN_FORCE,
    OPEN,
    PERSONAL,
    RUNNING,
    UNDECIDED,
    Outcome,
    Scheme,
    Source,
    Unit,
)
from workflows.arrivals import expected
from workflows.evidence_former import former_facts
from workflows.evidence_round import Round
from workflows.evidence_tekun import TekunRound, tekun_facts
from workflows.evidence_temporary import allows, temporary_facts
from workflows.facts import Facts, Opinion, Reckoned
from workflows.facts_classes import ClassFacts
from workflows.facts_dibao import LeavingFacts
from workflows.facts_personal import PersonalFacts
from workflows.facts_temporary import TemporaryFacts
from workflows.whose import NAMED, own


def facts_of(session: Session, benefit: Benefit, figures: Figures, on: date) -> Facts:
    """The facts of a case on a day; six small queries whatever the size of the county."""
    session.flush()
    events = session.scalars(select(Event).where(Event.benefit_id == benefit.id).order_by(Event.id))
    sources = session.execute(
        select(Crosscheck.source, Crosscheck.back_on).where(Crosscheck.benefit_id == benefit.id)
    ).all()
    owed, there = _owed(session, benefit), there_of(session, benefit)
    known = Known(events, owed, dict(sources), there, _finding(session, benefit))
    facts = picture(benefit, known, figures, on)
    if facts.leaving is None or facts.leaving.left_on is None:
        return facts
    return replace(facts, open_case_no=_open_case(session, benefit.household, benefit.scheme, on, benefit.member))


class Known(NamedTuple):
    """What was read of a case beside its own row."""

    events: Iterable[Event]
    """In order."""
    owed: Sequence[date | None]
    """Due days of papers not yet in."""
    sources: Mapping[Source, date | None]
    """Which were asked, and when each answered."""
    there: Collection[int]
    """The numbers of its people who are still there."""
    finding: tuple[Reckoned, datetime] | None = None
    """The latest calculation with its time; one of an earlier round counts no more."""


def picture(benefit: Benefit, known: Known, figures: Figures, on: date) -> Facts:
    """The facts that the machine decides on, from what is known of a case."""
    now = Round(tekun=TekunRound(benefit.member_id if benefit.scheme is Scheme.TEKUN else None))
    for event in known.events:
        now.add(event)
    place, answered = benefit.village_code, known.sources
    return Facts(
        on=on,
        place=place,
        living=len(known.there),
        authority=who_confirms(figures, benefit.scheme, place, on, decided_fen(benefit, now.opinion)),
        papers_owed=len(known.owed),
        debt_due_on=min((due for due in known.owed if due), default=None),
        sources_back=frozenset(s for s, back in answered.items() if back),
        sources_waiting=frozenset(s for s, back in answered.items() if not back),
        finding=now.calculation(known.finding),
        complained=now.complained and benefit.stage in UNDECIDED,
        grace_months=grace_months(figures, place, on),
        township_limit_fen=township_limit(figures, place, on),
        former=former_facts(benefit, now, figures, on),
        **_of_row(benefit),
        **now.told(),
        **_own(benefit, now, known.there, figures, on),
    )


def _of_row(benefit: Benefit) -> dict[str, Any]:
    """The facts that the case itself keeps."""
    return {
        "scheme": benefit.scheme, "stage": benefit.stage, "urgent": benefit.urgent, "special": benefit.special,
        "pledged": benefit.pledged_on is not None, "authorised_on": benefit.authorised_on,
        "decided_on": benefit.decided_on,
        "notice_until": benefit.notice_until, "near_relative": benefit.near_relative,
        "complaint_open": benefit.complaint_open, "monthly_fen": benefit.monthly_fen,
        "grace_until": benefit.grace_until, "taken_over": benefit.taken_over,
    }  # fmt: skip


def _own(benefit: Benefit, now: Round, there: Collection[int], figures: Figures, on: date) -> dict[str, Any]:
    """The facts that a scheme alone has."""
    place = benefit.village_code
    if benefit.scheme is Scheme.DIBAO:
        months = exit_months(figures, place, on) if benefit.stage in RUNNING else None
        paid = benefit.paid_on is not None
        return {"leaving": LeavingFacts(months, now.left_on, benefit.one_off_fen, paid, now.left_from)}
    if benefit.scheme is Scheme.TEMPORARY:
        return {"temporary": temporary_facts(benefit, now.temporary, figures, place, on)}
    if benefit.scheme is Scheme.TEKUN:
        if benefit.unit is Unit.HOUSEHOLD:
            now.tekun.keep(there)
        return {"tekun": tekun_facts(benefit, now.tekun, figures, on)}
    if benefit.scheme in PERSONAL:
        return {"personal": PersonalFacts(frozenset(now.parents), benefit.valid_until)}
    if benefit.scheme in CLASSES:
        return {"classes": ClassFacts(benefit.valid_until, term_months(figures, benefit.scheme, place, on))}
    return {}


def decided_fen(benefit: Benefit, opinion: Opinion | None) -> int | None:
    """The amount (分) by which it is settled who confirms: that of the opinion in favour, else what was asked for."""
    if benefit.scheme is Scheme.TEMPORARY and opinion is not None and opinion.grants and opinion.amount_fen:
        return opinion.amount_fen
    return benefit.requested_fen


def there_of(session: Session | Connection, benefit: Benefit) -> Sequence[int]:
    """Which people of the benefit are still there: the whole family in its household, or the one person in it.

    Whoever has an entitlement of their own keeps it in whichever family they are, and on the way to another township.
    """
    query = select(Member.id).where(Member.left_on.is_(None))
    if own(benefit):
        who = select(Member.id_no_hash).where(Member.id == benefit.member_id).scalar_subquery()
        present = session.scalars(query.where(Member.id_no_hash == who)).all()
        named = [benefit.member_id] if benefit.member_id is not None else []
        return present or (named if expected(session, benefit) else [])
    query = query.where(Member.household_id == benefit.household_id)
    if benefit.unit is Unit.SINGLE:
        query = query.where(Member.id == benefit.member_id)
    return session.scalars(query).all()


def before_it_begins(
    session: Session,
    household: Household,
    scheme: Scheme,
    on: date,
    figures: Figures,
    urgent: bool = False,
    member: Member | None = None,
) -> Facts:
    """The facts of a case that does not exist yet: whether the scheme does, and whether another case stands open."""
    place, temporary = household.village_code, scheme is Scheme.TEMPORARY
    outsider = TemporaryFacts(outsider=bool(household.home_place), at_place=allows(figures, "at_place", place, on))
    return Facts(
        scheme=scheme, stage=None, on=on, place=place, urgent=urgent, barred_until=household.dishonest_until,
        exists_here=exists_here(figures, scheme, place, on), temporary=outsider if temporary else None,
        open_case_no=None if temporary else _open_case(session, household, scheme, on, member),
    )  # fmt: skip


def _open_case(session: Session, household: Household, scheme: Scheme, on: date, member: Member | None) -> str | None:
    if scheme in PERSONAL:
        return None if member is None else personal_case_no(session, member, scheme)
    if scheme in NAMED and member is not None:
        return personal_case_no(session, member, scheme) or open_case_no(session, household.id, scheme, on, of_all=True)
    return open_case_no(session, household.id, scheme, on)


def personal_case_no(session: Session, member: Member, scheme: Scheme) -> str | None:
    """The number of the person's open case of this scheme, wherever they lived when it began."""
    same = select(Member.id).where(Member.id_no_hash == member.id_no_hash)
    query = select(Benefit.case_no).where(
        Benefit.member_id.in_(same), Benefit.scheme == scheme, Benefit.stage.in_(OPEN)
    )
    return session.scalar(query.limit(1))


def open_case_no(session: Session, household_id: int, scheme: Scheme, on: date, of_all: bool = False) -> str | None:
    """The number of the household's open case of this scheme, if it has one; not of one that may be renewed today.

    ``of_all``: only of one that covers everybody in it.
    """
    renewable = Benefit.stage.in_(IN_FORCE) & (func.coalesce(Benefit.renew_from, date.max) <= on)
    query = select(Benefit.case_no).where(
        Benefit.household_id == household_id, Benefit.scheme == scheme, Benefit.stage.not_in(ENDED), ~renewable
    )
    query = query.where(Benefit.unit == Unit.HOUSEHOLD) if of_all else query
    return session.scalar(query.limit(1))


def reckoned(row: Finding) -> tuple[Reckoned, datetime]:
    """A stored calculation as the machine looks at it, with its time."""
    once = parse_yuan(str(row.result.get("one_off") or "0"))
    return Reckoned(row.id, Outcome(str(row.result["outcome"])), row.monthly_fen or 0, once), row.at


def _finding(session: Session, benefit: Benefit) -> tuple[Reckoned, datetime] | None:
    outcome, once = Finding.result["outcome"].as_string(), Finding.result["one_off"].as_string()
    query = select(Finding.id, outcome, Finding.monthly_fen, Finding.at, once).where(Finding.benefit_id == benefit.id)
    found = session.execute(query.order_by(Finding.id.desc()).limit(1)).first()
    if found is None:
        return None
    return Reckoned(found[0], Outcome(found[1]), found[2] or 0, parse_yuan(found[4] or "0")), found[3]


def _owed(session: Session, benefit: Benefit) -> list[date | None]:
    query = select(OwedPaper.due_on).where(OwedPaper.benefit_id == benefit.id, OwedPaper.filed_on.is_(None))
    return list(session.scalars(query))
