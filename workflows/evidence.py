"""Reads the picture of a case that the machine decides on: its events folded into the present round, and debts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from models import Benefit, Crosscheck, Event, Finding, Household, Member, OwedPaper
from policy.authority import exit_months, grace_months, township_limit, who_confirms
from policy.figures import Figures
from policy.money import parse_yuan
from policy.terms import exists_here, term_months
from policy.vocabulary import (
    CLASSES,
    IN_FORCE,
    PERSONAL,
    RUNNING,
    UNDECIDED,
    Action,
    Outcome,
    ParentKind,
    Scheme,
    Source,
    Stage,
    Unit,
)
from workflows.arrivals import expected
from workflows.evidence_former import former_facts
from workflows.evidence_tekun import TekunRound, tekun_facts
from workflows.evidence_temporary import Folded, allows, temporary_facts
from workflows.facts import Facts, Opinion, Reckoned, Referral
from workflows.facts_classes import ClassFacts
from workflows.facts_dibao import LeavingFacts
from workflows.facts_personal import PersonalFacts
from workflows.facts_temporary import TemporaryFacts
from workflows.whose import own


@dataclass
class Round:
    """What still counts of the events so far: an objection, a return or a new recheck takes earlier work back."""

    surveyors: set[str] = field(default_factory=set)
    reviewers: set[int] = field(default_factory=set)
    visited: bool = False
    opinion: Opinion | None = None
    notice_held: bool = False
    county_visited: bool = False
    county_opinion: bool = False
    complaint_checked: bool = False
    complained: bool = False
    told_missing: bool = False
    refusal_told: bool = False
    debt_noted: bool = False
    watched: bool = False
    left_on: date | None = None
    referrals: dict[int, Referral] = field(default_factory=dict)
    parents: set[ParentKind] = field(default_factory=set)
    surveyed_on: date | None = None
    complaint_on: date | None = None
    disputed: bool = False
    meeting_held: bool = False
    second_held: bool = False
    drawn: bool = False
    temporary: Folded = field(default_factory=Folded)
    tekun: TekunRound = field(default_factory=TekunRound)
    began: datetime | None = None
    changed: datetime | None = None
    """Since when the family is another one than the one that was calculated."""
    events: int = 0

    def add(self, event: Event) -> None:
        """Fold one event in, in the order they happened."""
        self.events += 1
        self.temporary.add(event.action, event.data)
        if self.tekun.add(event):
            self.began = event.at
        match event.action:
            case Action.OBJECT:
                self.surveyors, self.visited, self.surveyed_on, self.disputed = set(), False, None, True
                self._take_back()
            case Action.RETURN:
                self._take_back()
            case Action.FAMILY_CHANGED:
                self.changed = event.at
                if event.to_stage in (Stage.REVIEW, Stage.RECHECK):
                    self._take_back()
            case Action.START_RECHECK:
                kept = {
                    "events": self.events, "complaint_checked": self.complaint_checked,
                    "complaint_on": self.complaint_on, "tekun": self.tekun, "referrals": self.referrals,
                }  # fmt: skip
                self.__init__(began=event.at, **kept)  # type: ignore[misc]
            case Action.RECORD_SURVEY:
                self.surveyors |= set(event.data["surveyors"])
                self.visited = self.complaint_checked = True
                self.surveyed_on = event.at.date()
                self.parents |= {ParentKind(kind) for kind in event.data.get("parents", ())}
                self._reviewed_by(event, *event.data["surveyor_ids"])
            case Action.COUNTY_VISIT:
                self.county_visited = self.complaint_checked = True
                self._reviewed_by(event, *event.data["surveyor_ids"])
            case Action.GIVE_OPINION:
                self.opinion = Opinion(event.data["grants"], event.actor_id, event.data.get("amount_fen"))
                self._reviewed_by(event)
            case Action.ASSESS_SELF_CARE:
                self._reviewed_by(event)
            case Action.COUNTY_OPINION:
                self.county_opinion = True
                self._reviewed_by(event)
            case Action.RECORD_COMPLAINT:
                self.county_visited = self.complaint_checked = False
                self.complained = self.complained or event.from_stage in UNDECIDED
                self.complaint_on = self.complaint_on or event.at.date()
            case Action.ANSWER_COMPLAINT:
                self.complaint_on = None
            case Action.CLOSE_NOTICE:
                self.second_held, self.notice_held = self.notice_held, True
                self.drawn = self.drawn or bool(event.data.get("drawn"))
            case Action.REVIEW_MEETING:
                self.meeting_held = True
                self._reviewed_by(event)
            case Action.SUBMIT_REFUSAL:
                self.drawn = self.drawn or bool(event.data.get("drawn"))
            case Action.TELL_MISSING:
                self.told_missing = True
            case Action.TELL_REFUSAL:
                self.refusal_told = True
            case Action.PAPERS_OVERDUE:
                self.debt_noted = True
            case Action.WATCH:
                self.watched = True
            case Action.LEAVE:
                self.left_on = event.at.date()
            case Action.UNDO_LEAVE:
                self.left_on = None
            case Action.REFER | Action.REFER_ELSEWHERE:
                office = event.data.get("to_office") or event.data.get("referred_to") or ""
                self.referrals[event.id] = Referral(event.id, office, event.at.date())
            case Action.RECORD_REPLY:
                self.referrals.pop(event.data["referral"], None)

    def calculation(self, latest: tuple[Reckoned, datetime] | None) -> Reckoned | None:
        """The latest calculation where it was made in this round, of the family as it is now."""
        since = max((at for at in (self.began, self.changed) if at is not None), default=None)
        if latest is None or self.tekun.ends_uncalculated or (since is not None and latest[1] < since):
            return None
        return latest[0]

    def _take_back(self) -> None:
        self.opinion, self.notice_held, self.county_opinion = None, False, False
        self.meeting_held = self.second_held = False

    def _reviewed_by(self, event: Event, *also: int) -> None:
        self.reviewers |= {who for who in (event.actor_id, *also) if who is not None}


def facts_of(session: Session, benefit: Benefit, figures: Figures, on: date) -> Facts:
    """The facts of a case on a day; six small queries whatever the size of the county."""
    session.flush()
    events = session.scalars(select(Event).where(Event.benefit_id == benefit.id).order_by(Event.id))
    sources = session.execute(
        select(Crosscheck.source, Crosscheck.back_on).where(Crosscheck.benefit_id == benefit.id)
    ).all()
    facts = picture(benefit, events, _owed(session, benefit), [(s, b) for s, b in sources], living(session, benefit),
                    figures, on, _finding(session, benefit))  # fmt: skip
    if facts.leaving is None or facts.leaving.left_on is None:
        return facts
    return replace(facts, open_case_no=open_case_no(session, benefit.household_id, benefit.scheme, on))


def picture(
    benefit: Benefit,
    events: Iterable[Event],
    owed: Sequence[date | None],
    sources: Iterable[tuple[Source, date | None]],
    alive: int,
    figures: Figures,
    on: date,
    finding: tuple[Reckoned, datetime] | None = None,
) -> Facts:
    """The facts from what was already read: events in order, due days of unfiled papers, sources with the day back,
    how many people are still there, the latest calculation with its time (one of an earlier round counts no more)."""
    now = Round(tekun=TekunRound(benefit.member_id if benefit.scheme is Scheme.TEKUN else None))
    for event in events:
        now.add(event)
    answered = dict(sources)
    place = benefit.village_code
    return Facts(
        scheme=benefit.scheme,
        stage=benefit.stage,
        on=on,
        place=place,
        authority=who_confirms(figures, benefit.scheme, place, on, decided_fen(benefit, now.opinion)),
        urgent=benefit.urgent,
        special=benefit.special,
        pledged=benefit.pledged_on is not None,
        authorised=benefit.authorised_on is not None,
        told_missing=now.told_missing,
        papers_owed=len(owed),
        debt_due_on=min((due for due in owed if due), default=None),
        debt_noted=now.debt_noted,
        surveyors=frozenset(now.surveyors),
        visited=now.visited,
        sources_back=frozenset(s for s, back in answered.items() if back),
        sources_waiting=frozenset(s for s, back in answered.items() if not back),
        opinion=now.opinion,
        finding=now.calculation(finding),
        reviewers=frozenset(now.reviewers),
        notice_until=benefit.notice_until,
        notice_held=now.notice_held,
        near_relative=benefit.near_relative,
        complaint_open=benefit.complaint_open,
        county_visited=now.county_visited,
        county_opinion=now.county_opinion,
        complaint_checked=now.complaint_checked,
        complained=now.complained and benefit.stage in UNDECIDED,
        refusal_told=now.refusal_told,
        living=alive,
        monthly_fen=benefit.monthly_fen,
        grace_until=benefit.grace_until,
        taken_over=benefit.taken_over,
        touched=now.events > 1,
        grace_months=grace_months(figures, place, on),
        township_limit_fen=township_limit(figures, place, on),
        watched=now.watched,
        surveyed_on=now.surveyed_on,
        complaint_on=now.complaint_on,
        referrals=tuple(now.referrals.values()),
        former=former_facts(benefit, now, figures, on),
        **_own(benefit, now, figures, on),
    )


def _own(benefit: Benefit, now: Round, figures: Figures, on: date) -> dict[str, Any]:
    """The facts that a scheme alone has."""
    place = benefit.village_code
    if benefit.scheme is Scheme.DIBAO:
        months = exit_months(figures, place, on) if benefit.stage in RUNNING else None
        paid = benefit.paid_on is not None
        return {"leaving": LeavingFacts(months, now.left_on, benefit.one_off_fen, paid)}
    if benefit.scheme is Scheme.TEMPORARY:
        return {"temporary": temporary_facts(benefit, now.temporary, figures, place, on)}
    if benefit.scheme is Scheme.TEKUN:
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


def living(session: Session | Connection, benefit: Benefit) -> int:
    """How many people of the benefit are still there: the whole family in its household, or the one person in it.

    Whoever has an entitlement of their own keeps it in whichever family they are, and on the way to another township.
    """
    query = select(func.count(Member.id)).where(Member.left_on.is_(None))
    if own(benefit):
        who = select(Member.id_no_hash).where(Member.id == benefit.member_id).scalar_subquery()
        present = session.scalar(query.where(Member.id_no_hash == who)) or 0
        return present or int(expected(session, benefit))
    query = query.where(Member.household_id == benefit.household_id)
    if benefit.unit is Unit.SINGLE:
        query = query.where(Member.id == benefit.member_id)
    return session.scalar(query) or 0


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
        scheme=scheme, stage=None, on=on, place=place, urgent=urgent,
        exists_here=exists_here(figures, scheme, place, on), temporary=outsider if temporary else None,
        open_case_no=None if temporary else _open_case(session, household, scheme, on, member),
    )  # fmt: skip


def _open_case(session: Session, household: Household, scheme: Scheme, on: date, member: Member | None) -> str | None:
    if scheme in PERSONAL:
        return None if member is None else personal_case_no(session, member, scheme)
    if scheme is Scheme.TEKUN and member is not None:
        return personal_case_no(session, member, scheme) or open_case_no(session, household.id, scheme, on, of_all=True)
    return open_case_no(session, household.id, scheme, on)


def personal_case_no(session: Session, member: Member, scheme: Scheme) -> str | None:
    """The number of the person's open case of this scheme, wherever they lived when it began."""
    same = select(Member.id).where(Member.id_no_hash == member.id_no_hash)
    query = select(Benefit.case_no).where(
        Benefit.member_id.in_(same), Benefit.scheme == scheme, Benefit.stage.in_((*UNDECIDED, *IN_FORCE))
    )
    return session.scalar(query.limit(1))


def open_case_no(session: Session, household_id: int, scheme: Scheme, on: date, of_all: bool = False) -> str | None:
    """The number of the household's open case of this scheme, if it has one; not of one that may be renewed today.

    ``of_all``: only of one that covers everybody in it.
    """
    ended = (Stage.REFUSED, Stage.WITHDRAWN, Stage.EXITED)
    renewable = Benefit.stage.in_(IN_FORCE) & (func.coalesce(Benefit.renew_from, date.max) <= on)
    query = select(Benefit.case_no).where(
        Benefit.household_id == household_id, Benefit.scheme == scheme, Benefit.stage.not_in(ended), ~renewable
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
