"""Five people at their browsers and one case: each presses the buttons of the case page, and the clock moves."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models import Benefit, Event, Finding, OwedPaper, User
from policy.figures import Figures
from policy.vocabulary import Action, Outcome, Role, Scheme, Source, Stage
from tests import factories
from tests.clock import Clock
from tests.signing_in import browser_of, resting, settle
from tests.workflows.driver import CALCULATED
from views.db import db
from workflows import audit, casework
from workflows.actor import SYSTEM, Actor
from workflows.evidence import facts_of
from workflows.facts import Answer, Given, Surveyor
from workflows.tick import tick

OFFICER, APPROVER, VILLAGE = Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.VILLAGE_WORKER
A = Action
SINGLE = {"special": "集体研究决定", "special_clause": "会议纪要〔2026〕3号"}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
GOOD: dict[Action, dict[str, Any]] = {
    A.TELL_MISSING: {"missing": ["id_card"], "missing-id_card": "配偶的"},
    A.RECORD_SURVEY: {"surveyor_name": ["王强", "村干部"], "met": "本人", "at_home": "y", "words": "与申报一致"},
    A.RECORD_CROSSCHECK: {"answers": ["bank", "vehicles"], "back-bank": "today", "back-vehicles": "today"},
    A.GIVE_OPINION: {"grants": "yes", "amount": "790", "words": "拟同意"},
    A.OBJECT: {"by_name": "村民", "words": "他家有车"},
    A.CONFIRM: {"amount": "790.00", "review_class": "changing", "words": "同意"},
    A.REFUSE: {"clause": "民发〔2021〕57号 第十三条", "words": "人均收入高于标准"},
    A.START_GRACE: {"months": "12", "words": "就业", **SINGLE},
    A.LEAVE: {"form_signed": "y", "words": "自愿"},
    A.RAISE: {"amount": "900", "review_class": "changing", "words": "收入减少", **SINGLE},
    A.CUT: {"amount": "500", "review_class": "changing", "words": "收入增加", **SINGLE},
    A.PAY_FIRST: {"amount": "2000", "words": "火灾"},
    A.SUSPEND: {"clause": "国务院令第649号 第十三条", "words": "情况属实"},
    A.EXIT: {"clause": "国务院令第649号 第十三条", "words": "情况属实"},
}
WORDS = {"words": "情况属实"}
GROUND = "国务院令第649号 第十三条"
FOUND = {
    "scheme": "dibao", "unit": "household", "persons": 3, "income_month": "350.50", "per_capita": "116.83",
    "standard": "380.00", "one_off": "0.00", "figures_used": {}, "reasons": [], "income": [], "members": [],
    "lines": [{"label": "建议月保障金", "formula": "380.00 × 3 − 350.50", "value": "789.50 → 790.00",
               "clause": "逐户补差", "figure": None, "source": None, "trial": False}],
}  # fmt: skip
USUAL = {
    A.RECORD_SURVEY: Given(surveyors=(Surveyor("王强"), Surveyor("村干部")), words="与申报一致"),
    A.GIVE_OPINION: Given(grants=True, amount_fen=79000, words="拟同意"),
    A.CONFIRM: Given(amount_fen=79000, words="同意"),
    A.SUSPEND: Given(clause=GROUND, words="情况属实"),
    A.EXIT: Given(clause=GROUND, words="情况属实"),
}
_DONE: dict[Callable[["Clerks"], Any], tuple[bytes, datetime, int, Any]] = {}


class Clerks:
    """The people of the small county at their browsers."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app, self.clock = app, clock
        self.ids = settle(app)
        self.browsers: dict[str, FlaskClient] = {}
        self.id = 0

    def once(self, work: Callable[["Clerks"], Any]) -> Any:
        """What ``work`` gave, and the county as it was afterwards: done once for each worker, then copied."""
        file = resting(self.app)
        if work not in _DONE:
            given = work(self)
            _DONE[work] = resting(self.app).read_bytes(), self.clock.at, self.id, given
        whole, self.clock.at, self.id, given = _DONE[work]
        self.browsers = {}
        file.write_bytes(whole)
        return given

    def browser(self, who: Role | str) -> FlaskClient:
        """The browser of a role, or of a login."""
        login = str(who)
        if login not in self.browsers:
            self.browsers[login] = browser_of(self.app, self.ids[login], self.clock.at)
        return self.browsers[login]

    def apply(
        self,
        scheme: Scheme = Scheme.DIBAO,
        village: str = factories.VILLAGE,
        by: str = "township_officer",
        signed: bool = True,
        members: int = 2,
        **more: Any,
    ) -> int:
        """A family applies; returns the case's number, and makes it the one at hand."""
        with self.app.app_context(), Session(db.engine) as session:
            audit.attribute(session, SYSTEM, self.clock())
            home = factories.household(session, village, members=members)
            on = self.clock().date()
            dates = {"pledged_on": on, "authorised_on": on} if signed else {}
            officer = Actor(self.ids[by], "测试", OFFICER, village[:9])
            case = casework.open_case(
                session, home, casework.Claim(scheme, **dates, **more), A.APPLY, officer, Given(), self.clock(),
                Figures.shipped(),
            )  # fmt: skip
            session.commit()
            self.id = case.id
        return self.id

    def page(self, who: Role | str, **args: Any) -> str:
        """The case page as somebody sees it."""
        return self.browser(who).get(f"/case/{self.id}/", query_string=args).get_data(as_text=True)

    def url(self, action: Action) -> str:
        return f"/case/{self.id}/{action.value}/"

    def opened(self, who: Role | str, action: Action) -> dict[str, str]:
        """The hidden values of the dialog as it opens."""
        answer = self.browser(who).get(self.url(action))
        assert answer.status_code == 200, answer.status
        return {name: html.unescape(value) for name, value in HIDDEN.findall(answer.get_data(as_text=True))}

    def good(self, action: Action) -> dict[str, Any]:
        """What a clerk would type for this action today."""
        typed = dict(GOOD.get(action, WORDS))
        today = self.clock().date().isoformat()
        if action in (A.RECORD_SURVEY, A.COUNTY_VISIT):
            typed = {**GOOD[A.RECORD_SURVEY], "day": today}
        if action in (A.TELL_REFUSAL, A.RECORD_PAYMENT):
            typed["day"] = today
        if action is A.FILE_PAPER:
            typed["filed"] = [str(id) for id in self.owed()]
        return {name: today if value == "today" else value for name, value in typed.items()}

    def press(self, who: Role | str, action: Action, **typed: Any) -> TestResponse:
        """Open a dialog, fill it in well except for what is typed, and press its button."""
        self.calculated(action)
        return self.send(who, action, {**self.opened(who, action), **self.good(action), **typed})

    def calculated(self, *before: Action, fen: int = 79_000, outcome: Outcome = Outcome.ELIGIBLE) -> "Clerks":
        """Store a finding of so much a month (分); ``before`` some steps: where one needs it and none is there yet."""
        with self.app.app_context(), Session(db.engine) as session:
            case = session.get_one(Benefit, self.id)
            there = facts_of(session, case, Figures.shipped(), self.clock().date()).finding is not None
            if not before or (not there and CALCULATED & set(before)):
                audit.attribute(session, SYSTEM, self.clock())
                result = {**FOUND, "outcome": outcome.value, "monthly": f"{fen / 100:.2f}"}
                at = self.clock()
                session.add(Finding(benefit_id=case.id, at=at, facts={}, result=result, monthly_fen=fen))
                session.commit()
        return self

    def send(self, who: Role | str, action: Action, form: dict[str, Any]) -> TestResponse:
        return self.browser(who).post(self.url(action), data=form)

    def do(self, *steps: tuple[Action, Role | str]) -> "Clerks":
        """Press button after button; each must be taken."""
        for action, who in steps:
            answer = self.press(who, action)
            assert answer.status_code == 303, (action, answer.status, reasons(answer))
        return self

    def wait(self, days: int) -> "Clerks":
        """Let days pass, and time do what it alone does."""
        self.clock.move(days=days)
        self.browsers.clear()  # nobody stays logged in that long
        with self.app.app_context(), Session(db.engine) as session:
            tick(session, self.clock(), Figures.shipped())
            audit.attribute(session, SYSTEM, self.clock())
            for user in session.scalars(select(User)):
                user.password_changed_at = self.clock()  # or everybody is sent to change an old one
            session.commit()
        return self

    def row(self) -> Benefit:
        """The case as it stands in the database."""
        with self.app.app_context(), Session(db.engine) as session:
            return session.get_one(Benefit, self.id)

    @property
    def stage(self) -> Stage:
        return self.row().stage

    def events(self) -> list[Action]:
        with self.app.app_context(), Session(db.engine) as session:
            return list(session.scalars(select(Event.action).where(Event.benefit_id == self.id).order_by(Event.id)))

    def owed(self) -> list[int]:
        with self.app.app_context(), Session(db.engine) as session:
            unfiled = select(OwedPaper.id).where(OwedPaper.benefit_id == self.id, OwedPaper.filed_on.is_(None))
            return list(session.scalars(unfiled))

    def walk(self, *steps: tuple[Action, Role | str], **given: Any) -> "Clerks":
        """Take steps past the browser, for tests that begin later; ``given`` goes before what is usual."""
        with self.app.app_context(), Session(db.engine) as session:
            case = session.get_one(Benefit, self.id)
            for action, who in steps:
                actor = Actor(self.ids[str(who)], f"{who}", Role(who), case.village_code)
                if action in CALCULATED:
                    session.commit()
                    self.calculated(action)
                usual = USUAL.get(action, Given(words="情况属实"))
                usual = replace(usual, **{**SINGLE, **_today(action, self), **given})
                casework.take(session, case, action, actor, usual, self.clock(), Figures.shipped())
            session.commit()
        return self

    def to_review(self) -> "Clerks":
        self.apply()
        return self.walk((A.ACCEPT, OFFICER), (A.START_REVIEW, OFFICER))

    def to_opinion(self, grants: bool = True) -> "Clerks":
        self.to_review().walk((A.RECORD_SURVEY, OFFICER), (A.RECORD_CROSSCHECK, OFFICER))
        return self.walk((A.GIVE_OPINION, OFFICER), grants=grants)

    def to_notice(self) -> "Clerks":
        return self.to_opinion().walk((A.POST_NOTICE, OFFICER))

    def to_approval(self) -> "Clerks":
        return self.to_notice().wait(8)

    def to_active(self) -> "Clerks":
        return self.to_approval().walk((A.CONFIRM, APPROVER))

    def to_recheck(self, grants: bool = True) -> "Clerks":
        """A recheck that has been visited and has its opinion."""
        self.to_active().wait(30).walk((A.START_RECHECK, VILLAGE), (A.RECORD_SURVEY, VILLAGE))
        return self.walk((A.GIVE_OPINION, OFFICER), grants=grants)


def _today(action: Action, clerks: Clerks) -> dict[str, Any]:
    """What is usually given of the present day."""
    answered = action is A.RECORD_CROSSCHECK
    return {"answers": (Answer(Source.BANK, clerks.clock().date()),)} if answered else {}


def reasons(answer: TestResponse) -> list[str]:
    """What a refused page says, without markup."""
    text = answer.get_data(as_text=True)
    found = re.search(r'role="alert".*?<ul[^>]*>(.*?)</ul>', text, re.DOTALL)
    items = re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL) if found else []
    return [html.unescape(re.sub(r"<[^>]+>", "", item)).strip() for item in items]
