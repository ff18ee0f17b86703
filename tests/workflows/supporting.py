"""An old man without anybody whose case of 特困 tests take through its life."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Event, Member, TekunPerson
from policy.vocabulary import Action, EndReason, HomeGround, Mode, Relation, Role, Scheme, SelfCare, Sex
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from workflows import calculating
from workflows.facts import Given, Surveyor
from workflows.tick import tick

A = Action
OFFICER, APPROVER, COUNTY = Role.TOWNSHIP_OFFICER, Role.COUNTY_APPROVER, Role.COUNTY_REVIEWER
COUNTY_PAIR = (Surveyor("唐文静"), Surveyor("谭勇"))


class Support(Driver):
    """An old man without anybody and his case of 特困, calculated by the rules of the county."""

    def __init__(self, session: Session, birth: date = date(1950, 3, 2), **facts: Any) -> None:
        super().__init__(session, persons=0)
        facts = {"name": "孙样", "relation": Relation.HEAD, "sex": Sex.MALE, "birth": birth, **facts}
        self.person: Member = factories.member(session, self.home, **facts)
        self.home.head_name, self.home.persons = "孙样", 1
        session.flush()

    def begin(self) -> "Support":
        self.apply(Scheme.TEKUN, member=self.person)
        return self

    def calculated(self, *_: object, **__: object) -> "Support":
        calculating.calculate(self.session, self.case, self.actor(OFFICER), self.now, FIGURES)
        return self

    def good(self, action: Action) -> Given:
        found = self.facts().finding if hasattr(self, "case") else None
        given = super().good(action)
        return replace(
            given, amount_fen=found.payable_fen if found else None, by_name="本人", mode=Mode.HOME,
            clause="民发〔2021〕43号 第六、七条" if action is A.REFUSE else "",
            self_care=items(2), home="巡场镇敬老院", ground=HomeGround.NONE, end_reason=EndReason.OWN_WISH,
        )  # fmt: skip

    def do(self, action: Action, role: Role | None = OFFICER, **given: Any) -> "Support":
        super().do(action, role, **given)
        return self

    def wait(self, days: int) -> "Support":
        super().wait(days)
        return self

    def surveyed(self) -> "Support":
        self.begin().do(A.ACCEPT).do(A.START_REVIEW).do(A.RECORD_SURVEY).do(A.RECORD_CROSSCHECK)
        self.do(A.ASSESS_SELF_CARE).do(A.RECORD_WISH)
        return self

    def handed_up(self) -> "Support":
        self.surveyed().do(A.GIVE_OPINION).do(A.POST_NOTICE).wait(8).do(A.CLOSE_NOTICE, None)
        return self

    def active(self) -> "Support":
        self.handed_up()
        if self.facts().tekun.to_check:  # type: ignore[union-attr]
            self.do(A.COUNTY_VISIT, COUNTY, surveyors=COUNTY_PAIR)
        self.do(A.COUNTY_OPINION, COUNTY).do(A.CONFIRM, APPROVER)
        return self

    def ending(self, reason: EndReason = EndReason.OWN_WISH) -> "Support":
        self.do(A.POST_END_NOTICE, end_reason=reason)
        return self

    @property
    def row(self) -> TekunPerson:
        return self.session.scalars(select(TekunPerson).where(TekunPerson.benefit_id == self.case.id)).one()

    def last(self, action: Action) -> Event:
        query = select(Event).where(Event.benefit_id == self.case.id, Event.action == action).order_by(Event.id.desc())
        return self.session.scalars(query).first()  # type: ignore[return-value]

    def tick(self) -> dict[Action, int]:
        self.session.commit()
        return tick(self.session, self.now, FIGURES)


def items(unmet: int) -> tuple[tuple[SelfCare, bool], ...]:
    """Answers of which so many are no."""
    return tuple((item, at >= unmet) for at, item in enumerate(SelfCare))
