"""Tells a case of the synthetic county again, step by step, to casework itself: what it refuses was not lawful."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Crosscheck, Event, Finding, Household, Member, NearRelative, OwedPaper, User, Visit
from policy.figures import Figures
from policy.vocabulary import Action, LeaveReason, Outcome, Paper, Relation, Unit
from tests import factories
from tests.workflows.driver import CALCULATED
from workflows import case_guard, casework
from workflows.actor import SYSTEM, Actor
from workflows.facts import Answer, Given, Missing, Surveyor

FIGURES = Figures.shipped()
LONG_AGO = date(2010, 1, 1)
BEGINS = (Action.APPLY, Action.TAKE_OVER)
WRITTEN = (
    *case_guard.OWNED, "special", "near_relative", "complaint_open", "review_class", "first_month", "persons", "reason",
    "applied_on", "pledged_on", "authorised_on", "unit", "area", "urgent", "requested_fen", "created_at",
)  # fmt: skip
EVENT = (
    "action", "from_stage", "to_stage", "at", "actor_id", "actor_name", "actor_role", "channel", "opinion", "clause",
    "monthly_before_fen", "monthly_after_fen", "township_code", "village_code",
)  # fmt: skip
HANGING = {
    "papers": ("paper", "note", "told_on", "due_on", "filed_on"),
    "objections": ("complaint", "by_name", "text", "received_on", "answered_on", "answer"),
    "crosschecks": ("source", "asked_on", "back_on", "doubtful", "note"),
}
TOLD_GROUND = (Action.REFUSE, Action.SUSPEND, Action.EXIT)
"""Steps that name the clause of their ground."""


def picture(session: Session, case: Benefit) -> dict[str, Any]:
    """Everything casework writes of a case, comparable between two of them."""
    visits = session.scalars(select(Visit).where(Visit.benefit_id == case.id).order_by(Visit.id))
    return {
        "case": {name: getattr(case, name) for name in WRITTEN},
        "events": [_event(event) for event in case.events],
        "visits": [_visit(visit) for visit in visits],
        **{name: [{c: getattr(row, c) for c in columns} for row in getattr(case, name)]
           for name, columns in HANGING.items()},
    }  # fmt: skip


def _event(event: Event) -> dict[str, Any]:
    data = {name: value for name, value in event.data.items() if name not in ("visit_id", "drawn")}
    return {"data": data, "told_visit": "visit_id" in event.data} | {name: getattr(event, name) for name in EVENT}


def _visit(visit: Visit) -> dict[str, Any]:
    names = ("kind", "due_on", "done_on", "met", "at_home", "consistent", "found", "created_by")
    who = [(visitor.name, visitor.user_id) for visitor in visit.visitors]
    return {"who": who} | {name: getattr(visit, name) for name in names}


class Teller:
    """Takes the steps of one told case again, with a family of the same size that has no case yet."""

    def __init__(self, session: Session, told: Benefit) -> None:
        self.session, self.told = session, told
        living = told.persons if told.unit is Unit.HOUSEHOLD else 2
        self.home: Household = factories.household(session, told.village_code, members=living, area=told.area)
        self.home.persons = living
        mine = select(Member).where(Member.household_id == self.home.id).order_by(Member.id)
        self.people = list(session.scalars(mine))
        for person in self.people:
            person.joined_on = LONG_AGO
        self.rows = {row.source: row for row in told.crosschecks}
        if told.near_relative:
            self._register(self.people[0])

    def again(self) -> Benefit:
        """The same case, taken through by casework; raises Refused where a step was not lawful."""
        for event in self.told.events:
            if event.action is Action.END_ON_DEATH:
                for person in self.people:
                    factories.leave(self.session, person, event.at.date(), LeaveReason.DEATH)
            self._step(event)
        return self.case

    def _step(self, event: Event) -> None:
        actor, given = self._actor(event), self._given(event)
        if event.action in CALCULATED:
            self._calculate(event, given)
        if event.action not in BEGINS:
            casework.take(self.session, self.case, event.action, actor, given, event.at, FIGURES)
            return
        told, signed = self.told, event.at.date() if self._signed() else None
        member = self.people[1] if told.unit is Unit.SINGLE else None
        claim = casework.Claim(told.scheme, member, told.urgent, told.requested_fen, signed, signed)
        self.case = casework.open_case(self.session, self.home, claim, event.action, actor, given, event.at, FIGURES)

    def _calculate(self, event: Event, given: Given) -> None:
        """A finding that comes to what the step grants, or to what it departed from."""
        kept = given.amount_fen if event.action is not Action.KEEP else self.case.monthly_fen
        special = event.data.get("special_decision")
        fen = special["calculated_fen"] if special else kept or 0
        outcome = Outcome.GRACE if event.action is Action.START_GRACE else Outcome.ELIGIBLE
        result = {"outcome": outcome.value, "monthly": f"{fen / 100:.2f}"}
        row = Finding(benefit_id=self.case.id, at=event.at, facts={}, result=result, monthly_fen=fen)
        factories.keep(self.session, row)

    def _signed(self) -> bool:
        """Whether pledge and authorisation were signed with the application."""
        return self.told.pledged_on == self.told.applied_on

    def _actor(self, event: Event) -> Actor:
        if event.actor_id is None:
            return SYSTEM
        user = self.session.get_one(User, event.actor_id)
        return Actor(user.id, user.name, user.role, user.division_code)

    def _given(self, event: Event) -> Given:
        data, day = event.data, event.at.date()
        amounts = {Action.GIVE_OPINION: data.get("amount_fen"), Action.PAY_FIRST: data.get("amount_fen")}
        ids = data.get("surveyor_ids", [])
        names = data.get("surveyors", [])
        papers = [Paper(paper["paper"]) for paper in data.get("papers", [])]
        single = data.get("special_decision") or {}
        return Given(
            special=single.get("reason", ""), special_clause=single.get("clause", ""),
            words=event.opinion, clause=event.clause if event.action in TOLD_GROUND else "",
            amount_fen=amounts.get(event.action, event.monthly_after_fen), grants=data.get("grants"),
            months=data.get("months"), day=day, review_class=self.told.review_class, met=self._met(data),
            surveyors=tuple(Surveyor(name, ids[n] if n < len(ids) else None) for n, name in enumerate(names)),
            answers=tuple(self._answer(source) for source in data.get("sources", [])),
            missing=tuple(Missing(paper) for paper in papers), filed=self._filed(papers), form_signed=True,
            by_name=self._by_name(event), first_month=self.told.first_month, present=data.get("present"),
            delegates=data.get("delegates"),
        )  # fmt: skip

    def _met(self, data: dict[str, Any]) -> str:
        visit = self.session.get(Visit, data["visit_id"]) if "visit_id" in data else None
        return visit.met if visit else ""

    def _answer(self, source: Any) -> Answer:
        row: Crosscheck = self.rows[source]
        return Answer(row.source, row.back_on, row.doubtful, row.note)

    def _filed(self, papers: list[Paper]) -> tuple[int, ...]:
        if not hasattr(self, "case"):
            return ()
        query = select(OwedPaper.id).where(OwedPaper.benefit_id == self.case.id, OwedPaper.paper.in_(papers))
        return tuple(self.session.scalars(query))

    def _by_name(self, event: Event) -> str:
        if event.action not in (Action.OBJECT, Action.RECORD_COMPLAINT):
            return ""
        return next(row.by_name for row in self.told.objections if row.text == event.opinion)

    def _register(self, person: Member) -> None:
        self.session.add(NearRelative(
            name=person.name, id_no=person.id_no, relation=Relation.SIBLING, staff_name="王干部", staff_post="经办",
            division_code=self.told.township_code, valid_from=LONG_AGO,
        ))  # fmt: skip
