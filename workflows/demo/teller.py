"""Tells a case by the office's own steps: registered, surveyed and decided as people would."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, User
from policy.figures import Figures
from policy.vocabulary import Action, Area, Relation, Role, Scheme, Sex, Source, Unit
from workflows import application, calculating, casework
from workflows.actor import SYSTEM, Actor
from workflows.application_input import ApplicationInput
from workflows.demo.people import id_number
from workflows.demo.terms import Terms
from workflows.evidence import facts_of
from workflows.facts import Answer, Given, Surveyor
from workflows.people import Person
from workflows.registry import Home, found_household

A, R = Action, Role
SERIALS = 4_000_000
"""ID numbers from here on: no family of a county of any size reaches them."""
Told = tuple[str, Relation, date, Sex, dict[str, Any]]
"""Somebody of a family: name, relation, birth, sex, further columns."""
MINUTES = timedelta(minutes=7)


class Teller:
    """Takes the steps of one case after another, each by a person of the right office on a working day."""

    def __init__(self, session: Session, figures: Figures, on: date) -> None:
        self.session, self.figures, self.terms = session, figures, Terms(figures, on)
        self.serial, self.latest = SERIALS, datetime.min
        self.case: Benefit
        self.home_place = ""
        """Where the next family is registered, if not here."""

    def who(self, role: Role, code: str) -> Actor:
        """Somebody of a role who works for a place."""
        digits = {R.VILLAGE_WORKER: 12, R.TOWNSHIP_OFFICER: 9, R.TOWNSHIP_APPROVER: 9}.get(role, 6)
        place = code[:digits]
        query = select(User).where(User.role == role, User.division_code == place).order_by(User.id)
        user = self.session.scalars(query).first()
        if user is None:  # a village without a worker of its own: the township does it
            return self.who(R.TOWNSHIP_OFFICER, code)
        return Actor(user.id, user.name, user.role, user.division_code)

    def at(self, day: date, role: Role | None) -> datetime:
        """A moment of that day after everything told so far: office hours for people, the first minutes for time."""
        hour = time(9, 20) if role else time(0, 10)
        self.latest = max(datetime.combine(day, hour), self.latest + MINUTES)
        return self.latest

    def applied(
        self,
        scheme: Scheme,
        village: str,
        day: date,
        people: Sequence[Told],
        words: str = "",
        **more: Any,
    ) -> Benefit:
        """A family hands its application in on a day; more than one person applies as a household."""
        self.latest = datetime.min
        own = [self._person(*one) for one in people]
        given = ApplicationInput(
            scheme, self._home(village), tuple(own),
            tuple(range(len(own))), pledged_on=day, authorised_on=day, words=words,
            **{"unit": Unit.SINGLE if len(own) == 1 else Unit.HOUSEHOLD, "single": "n0", **more},
        )  # fmt: skip
        officer = self.who(R.TOWNSHIP_OFFICER, village)
        self.case = application.submit(self.session, officer, self.at(day, officer.role), self.figures, given)
        return self.case

    def taken_over(self, scheme: Scheme, village: str, day: date, who: Told, fen: int) -> Benefit:
        """A family that a roster of before said receives so much (分) a month."""
        self.latest = datetime.min
        officer = self.who(R.TOWNSHIP_OFFICER, village)
        now = self.at(day, officer.role)
        home = found_household(self.session, officer, now, self._home(village), [self._person(*who)])
        given = Given(words="花名册接续", amount_fen=fen)
        claim = casework.Claim(scheme)
        self.case = casework.open_case(self.session, home, claim, A.TAKE_OVER, officer, given, now, self.figures)
        return self.case

    def _home(self, village: str) -> Home:
        """Where they live and are paid: numbers that belong to nobody."""
        account = f"9999{self.serial:015d}"
        numbers = {"phone": f"10{self.serial:09d}", "account": account, "one_card": account}
        address, details = f"{self.serial % 9 + 1}组{self.serial % 90 + 1}号", {"home_place": self.home_place}
        return Home(village, address, Area.RURAL, numbers=numbers, details=details)

    def _person(self, name: str, relation: Relation, birth: date, sex: Sex, details: dict[str, Any]) -> Person:
        self.serial += 1
        return Person(name, id_number(self.serial, birth, sex), relation, {"cohabiting": True, **details})

    def do(self, action: Action, on: date, role: Role | None = R.TOWNSHIP_OFFICER, /, **given: Any) -> "Teller":
        """Take a step; ``role`` None: time alone."""
        actor = self.who(role, self.case.village_code) if role else SYSTEM
        now = self.at(on, role)
        told = Given(**{"words": "情况属实", **given})
        casework.take(self.session, self.case, action, actor, told, now, self.figures)
        return self

    def surveyed(self, day: date) -> "Teller":
        """Two people go and see; every source that matters has answered."""
        village = self.case.village_code
        pair = (R.TOWNSHIP_OFFICER, R.VILLAGE_WORKER)
        went = tuple(Surveyor(who.name, who.id) for who in (self.who(role, village) for role in pair))
        went = went if len({one.name for one in went}) > 1 else (*went[:1], Surveyor("村干部"))
        self.do(A.RECORD_SURVEY, day, surveyors=went, day=day, words="入户核实，与申报一致")
        answers = tuple(Answer(source, day) for source in (Source.BANK, Source.VEHICLES, Source.INSURANCE))
        return self.do(A.RECORD_CROSSCHECK, day, answers=answers)

    def visited_by_county(self, day: date) -> "Teller":
        """The county's own people go and see."""
        here = select(User).where(User.role == R.COUNTY_REVIEWER).order_by(User.id)
        went = tuple(Surveyor(user.name, user.id) for user in self.session.scalars(here))
        return self.do(A.COUNTY_VISIT, day, R.COUNTY_REVIEWER, surveyors=went, day=day, words="抽查核实，情况属实")

    def calculated(self, day: date) -> int:
        """Calculate by the rules; what they pay a month, in 分."""
        officer = self.who(R.TOWNSHIP_OFFICER, self.case.village_code)
        found = calculating.calculate(self.session, self.case, officer, self.at(day, officer.role), self.figures)
        return found.monthly_fen or 0

    def payable(self, day: date) -> int:
        """What the calculation of this round pays a month, in 分."""
        found = facts_of(self.session, self.case, self.figures, day).finding
        return found.payable_fen if found else 0
