"""Support that age ends, as the office sees it: 特困 of a minor at eighteen, and of a pupil when the school year ends.

With ``DOUDI_TEST_PICTURES`` naming a folder, pages (PNG) and papers (PDF) are kept there.
"""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from models import Benefit, Member
from policy.figures import Figures
from policy.vocabulary import Action, Relation, Role, Scheme, Sex, Stage, StudyLevel
from tests import factories
from tests.browser.test_journey import Office, survey, words
from tests.browser.test_stories import keep
from tests.browser.test_tekun import self_care, wish
from tests.clock import Clock
from views.db import db
from workflows import audit, casework
from workflows.actor import SYSTEM, Actor
from workflows.facts import Given

OFFICER, VILLAGE, APPROVER = Role.TOWNSHIP_OFFICER, Role.VILLAGE_WORKER, Role.COUNTY_APPROVER
EIGHTEEN, SCHOOL_ENDS = date(2026, 6, 1), date(2026, 9, 1)


class Desks(Office):
    """The people of a county around one case."""

    id: int

    def case(self) -> Benefit:
        with self.app.app_context():
            found: Benefit = db.session.get_one(Benefit, self.id)
            return found

    def until(self, day: date) -> None:
        self.wait((day - self.clock().date()).days)

    def desk(self, role: Role, name: str) -> str:
        page = self.at(role)
        page.goto(f"{self.base}/desk/")
        keep(page, name)
        return page.locator("main").inner_text()


@pytest.fixture
def minor(
    make_app: Callable[..., Flask], serve: Callable[..., str], open_page: Callable[..., Page], clock: Clock
) -> Callable[..., Desks]:
    """A girl of seventeen on 特困 that was taken over in March; she is eighteen on the first of June."""

    def begin(**facts: object) -> Desks:
        app = make_app(WTF_CSRF_ENABLED=True)
        with app.app_context():
            audit.attribute(db.session, SYSTEM, clock())
            office = factories.office(db.session)
            home = factories.household(db.session, members=0)
            told = {"relation": Relation.HEAD, "sex": Sex.FEMALE, "birth": date(2008, 6, 1), "name": "罗小雨", **facts}
            factories.member(db.session(), home, **told)
            home.head_name, home.persons = "罗小雨", 1
            db.session.flush()
            user, given = office[OFFICER], Given(amount_fen=69_450)
            who = Actor(user.id, user.name, user.role, user.division_code)
            claim, figures = casework.Claim(Scheme.TEKUN), Figures.shipped()
            case = casework.open_case(db.session(), home, claim, Action.TAKE_OVER, who, given, clock(), figures)
            db.session.commit()
            id = case.id
        desks = Desks(app, serve(app), open_page, clock)
        desks.id = id
        return desks

    return begin


def not_on(form: Locator) -> None:
    form.locator("[name=grants]").last.check()
    form.locator("[name=words]").fill("已满18周岁，不再就学，有劳动能力")


def on(form: Locator) -> None:
    form.locator("[name=grants]").first.check()
    form.locator("[name=words]").fill("高中在读，继续供养")


def grown(form: Locator) -> None:
    form.locator("[name=end_reason][value=capacity]").check()
    form.locator("[name=words]").fill("年满18周岁，不再就学，具备劳动能力")


def looked_at(desks: Desks, name: str) -> None:
    """The recheck up to its calculation."""
    desks.step(OFFICER, "发起复核", words("年满18周岁"))
    keep(desks.open_case(OFFICER), f"{name}-recheck")
    desks.step(OFFICER, "登记调查结果", survey("王强"))
    desks.step(OFFICER, "评估自理能力", self_care())
    desks.step(VILLAGE, "登记供养意愿", wish("home"))


def refused(desks: Desks) -> None:
    """The calculation of who supports nobody any more."""
    card = desks.open_case(OFFICER).locator("#calculation")
    card.get_by_role("button", name="核算").click()
    expect(card.locator(".verdict")).to_contain_text("不符合条件")
    expect(card).to_contain_text("按政策核算应：提交终止公示")


def test_a_minor_who_left_school_is_announced_beforehand_and_support_ends_after_its_notice(
    minor: Callable[..., Desks],
) -> None:
    desks = minor()
    desks.until(date(2026, 5, 28))
    assert "复核到期\n1\n7 天内" in desks.desk(OFFICER, "minor-may")
    desks.until(EIGHTEEN)
    assert "1 件今天到期" in desks.desk(OFFICER, "minor-desk")
    looked_at(desks, "minor")
    refused(desks)
    assert "公示" in desks.by_address(APPROVER, Action.EXIT)
    desks.step(OFFICER, "提出初审意见", not_on)
    desks.step(OFFICER, "提交终止公示", grown)
    desks.wait(8)
    desks.step(APPROVER, "办理退出", words("公示期满无异议"))
    assert desks.stage() is Stage.EXITED
    page = desks.open_case(OFFICER)
    expect(page.locator("main")).to_contain_text("最低生活保障、临时救助")
    expect(page.locator("main")).not_to_contain_text("57号")
    keep(page, "minor-ended")
    told = {"end_notice": "第二十四条第（二）项", "exit": "自2026年7月起退出特困人员救助供养"}
    for kind, text in told.items():
        page.goto(f"{desks.base}/case/{desks.id}/paper/{kind}/")
        expect(page.locator("main")).to_contain_text(text)
        keep(page, f"minor-{kind}", paper=True)


def test_a_pupil_of_eighteen_is_kept_until_the_school_year_ends_and_then_leaves(minor: Callable[..., Desks]) -> None:
    desks = minor(study=StudyLevel.HIGH)
    desks.until(EIGHTEEN)
    looked_at(desks, "pupil")
    desks.calculate(OFFICER, "符合条件")
    expect(desks.open_case(OFFICER).locator("#calculation")).to_contain_text("学年结束时核查是否仍在就读")
    desks.step(OFFICER, "提出初审意见", on)
    desks.step(APPROVER, "维持", words("高中在读，继续供养"))
    assert desks.case().review_due_on == SCHOOL_ENDS
    desks.until(date(2026, 8, 28))
    assert "复核到期\n1\n7 天内" in desks.desk(OFFICER, "pupil-august")
    desks.until(SCHOOL_ENDS)
    looked_at(desks, "pupil-september")
    out_of_school(desks)
    refused(desks)
    desks.step(OFFICER, "提出初审意见", not_on)
    desks.step(OFFICER, "提交终止公示", grown)
    desks.wait(8)
    desks.step(APPROVER, "办理退出", words("公示期满无异议"))
    assert desks.stage() is Stage.EXITED


def out_of_school(desks: Desks) -> None:
    """What the visit found out is entered on the page of the person."""
    with desks.app.app_context():
        who = db.session.scalars(select(Member)).one().id
    page = desks.at(OFFICER)
    page.goto(f"{desks.base}/member_facts/{who}/edit/")
    page.locator("[name=study]").select_option("")
    keep(page, "pupil-person")
    page.locator("[name=reason]").fill("学年结束，已毕业")
    page.locator("form[data-guard] button.btn-primary").first.click()
    expect(page.get_by_role("status").first).to_be_visible()
