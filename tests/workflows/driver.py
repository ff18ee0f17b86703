"""Takes a case through its life: the small county, its people as actors, a clock, and one family."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Event, Finding, Household, OwedPaper
from policy.figures import Figures
from policy.vocabulary import Action, Outcome, Paper, Reply, Role, Scheme, Source, Stage
from tests import factories
from workflows import audit, casework
from workflows.actor import SYSTEM, Actor
from workflows.evidence import facts_of
from workflows.facts import Answer, Facts, Given, Missing, Surveyor
from workflows.machine import Offer, offered

FIGURES = Figures.shipped()
START = datetime(2026, 3, 2, 9)
CALCULATED = frozenset({
    Action.GIVE_OPINION, Action.CONFIRM, Action.KEEP, Action.RAISE, Action.CUT, Action.START_GRACE,
})  # fmt: skip


class Driver:
    """One family and its case; ``do`` takes a step as the person of a role."""

    def __init__(self, session: Session, now: datetime = START, persons: int = 2) -> None:
        self.session, self.now = session, now
        audit.attribute(session, SYSTEM, now)
        self.office = factories.office(session)
        self.home: Household = factories.household(session, members=persons)
        self.case: Benefit

    def actor(self, role: Role | None) -> Actor:
        """The person of a role, or the system."""
        if role is None:
            return SYSTEM
        user = self.office[role]
        return Actor(user.id, user.name, user.role, user.division_code)

    def wait(self, days: int) -> "Driver":
        self.now += timedelta(days=days)
        return self

    def apply(self, scheme: Scheme = Scheme.DIBAO, **more: Any) -> "Driver":
        on = self.now.date()
        signed = {"pledged_on": on, "authorised_on": on, **more}
        self.case = casework.open_case(
            self.session,
            self.home,
            casework.Claim(scheme, **signed),
            Action.APPLY,
            self.actor(Role.TOWNSHIP_OFFICER),
            Given(),
            self.now,
            FIGURES,
        )
        return self

    def do(self, action: Action, role: Role | None = Role.TOWNSHIP_OFFICER, **given: Any) -> "Driver":
        """Take a step with a dialog filled in well, except for what is ``given``; calculated where it must be."""
        if action in CALCULATED and self.facts().finding is None:
            self.calculated()
        self.take(action, role, replace(self.good(action), **given))
        return self

    def calculated(self, fen: int = 40_000, outcome: Outcome = Outcome.ELIGIBLE) -> "Driver":
        """Store a finding of so much a month (分), as a calculation today would."""
        result = {"outcome": outcome.value, "scheme": "dibao", "monthly": f"{fen / 100:.2f}", "lines": []}
        row = Finding(benefit_id=self.case.id, at=self.now, facts={}, result=result, monthly_fen=fen)
        factories.keep(self.session, row)
        return self

    def take(self, action: Action, role: Role | None, given: Given) -> Event:
        return casework.take(self.session, self.case, action, self.actor(role), given, self.now, FIGURES)

    def good(self, action: Action) -> Given:
        """What a clerk would type for this action now."""
        on, before = self.now.date(), getattr(self, "case", None)
        amount = before.monthly_fen if before else 0
        owed = select(OwedPaper.id).where(OwedPaper.benefit_id == self.case.id, OwedPaper.filed_on.is_(None))
        change = {Action.RAISE: amount + 1_000, Action.CUT: max(amount - 1_000, 1)}
        return Given(
            words="情况属实",
            clause="民发〔2021〕57号 第二十一条",
            amount_fen=change.get(action, 40_000),
            grants=True,
            months=0 if action is Action.LEAVE else 6,
            day=on,
            special="集体研究决定",
            special_clause="会议纪要〔2026〕3号",
            surveyors=(Surveyor("王强"), Surveyor("村干部")),
            answers=(Answer(Source.BANK, on),),
            missing=(Missing(Paper.ID_CARD),),
            filed=tuple(self.session.scalars(owed)),
            form_signed=True,
            present=9,
            delegates=6,
            to_office="县慈善总会",
            referral=self.referral(),
            reply=Reply.HELPED,
        )

    def referral(self) -> int | None:
        """The first referral of the case that waits for a reply."""
        asked = self.facts().referrals if getattr(self, "case", None) else ()
        return asked[0].id if asked else None

    def facts(self) -> Facts:
        return facts_of(self.session, self.case, FIGURES, self.now.date())

    def offers(self, role: Role | None) -> tuple[Offer, ...]:
        return offered(self.facts(), self.actor(role))

    def lawful(self, role: Role | None) -> set[Action]:
        return {offer.action for offer in self.offers(role) if offer.lawful}

    @property
    def stage(self) -> Stage:
        return self.case.stage

    def to_review(self) -> "Driver":
        return self.apply().do(Action.ACCEPT).do(Action.START_REVIEW)

    def to_opinion(self, grants: bool = True) -> "Driver":
        self.to_review().do(Action.RECORD_SURVEY).do(Action.RECORD_CROSSCHECK)
        if self.facts().former.meeting_asked:
            self.do(Action.REVIEW_MEETING)
        return self.do(Action.GIVE_OPINION, grants=grants)

    def to_notice(self) -> "Driver":
        return self.to_opinion().do(Action.POST_NOTICE)

    def to_approval(self) -> "Driver":
        return self.to_notice().wait(8).do(Action.CLOSE_NOTICE, None)

    def to_active(self) -> "Driver":
        return self.to_approval().do(Action.CONFIRM, Role.TOWNSHIP_APPROVER)

    def to_recheck(self) -> "Driver":
        self.to_active().wait(180).do(Action.START_RECHECK).do(Action.RECORD_SURVEY, Role.VILLAGE_WORKER)
        return self.do(Action.GIVE_OPINION)

    def to_grace(self, months: int = 6) -> "Driver":
        return self.to_recheck().do(Action.START_GRACE, Role.TOWNSHIP_APPROVER, months=months)

    def day(self) -> date:
        return self.now.date()
