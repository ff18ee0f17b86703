"""A family's whole way through the office, as five people see it in their browsers, with a clock that moves."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import DateTime, bindparam, select, text

from models import Benefit, Event, Household, IncomeLine
from policy.figures import Figures
from policy.vocabulary import Action, IncomeKind, Role, Sex, Stage
from tests import factories
from tests.clock import Clock
from tests.workflows.exchange import sheets
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM
from workflows.tick import tick

HEAD = factories.id_number(date(1958, 3, 2), Sex.FEMALE)
DONE = re.compile(r"/case/\d+/\?done=\d")


class Office:
    """The county's people at their desks; ``at(role)`` is the browser of one of them, logged in."""

    def __init__(self, app: Flask, base: str, open_page: Callable[..., Page], clock: Clock) -> None:
        self.app, self.base, self.open_page, self.clock = app, base, open_page, clock
        self.pages: dict[Role, Page] = {}

    def at(self, role: Role) -> Page:
        if role not in self.pages:
            page = self.pages[role] = self.open_page(expected=("status of 422", "status of 409"))
            self.log_in(page, role)
        return self.pages[role]

    def log_in(self, page: Page, role: Role) -> None:
        page.goto(f"{self.base}/login")
        page.locator("input[name=login]").fill(role.value)
        page.locator("input[name=password]").fill(factories.PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("heading", name="工作台", level=1)).to_be_visible()

    def wait(self, days: int) -> None:
        """Move the clock, work time through as the hourly run does, and let everybody log in on the new morning.

        Passwords are kept fresh: that they expire is another test's business.
        """
        self.clock.move(days=days)
        with self.app.app_context():
            tick(db.session, self.clock(), Figures.shipped())
            fresh = text("UPDATE user SET password_changed_at = :now").bindparams(
                bindparam("now", self.clock(), DateTime)
            )
            db.session.execute(fresh)
            db.session.commit()
        for role, page in self.pages.items():
            self.log_in(page, role)

    def case(self) -> Benefit:
        with self.app.app_context():
            query = select(Benefit).where(Benefit.taken_over.is_(False)).order_by(Benefit.id.desc())
            return db.session.scalars(query.limit(1)).one()

    def open_case(self, role: Role) -> Page:
        page = self.at(role)
        page.goto(f"{self.base}/case/{self.case().id}/")
        return page

    def step(self, role: Role, name: str, fill: Callable[[Locator], None] = lambda form: None) -> Page:
        """Open the case, press the button of a step, fill its dialog in and send it."""
        page = self.open_case(role)
        page.locator("main").get_by_role("link", name=name, exact=True).first.click()
        form = page.locator("form[data-step-form]")
        expect(form).to_be_visible()
        fill(form)
        form.locator(".ends button").click()
        expect(page).to_have_url(DONE)
        expect(page.get_by_role("status").first).to_be_visible()
        return page

    def calculate(self, role: Role, outcome: str, **told: str) -> str:
        """Press 核算 on the case page; the amount a month that the page then shows."""
        page = self.open_case(role)
        card = page.locator("#calculation")
        for name, value in told.items():
            card.locator(f"[name={name}]").select_option(value)
        card.get_by_role("button", name="核算").click()
        expect(page.get_by_role("status").first).to_contain_text("已核算")
        expect(card.locator(".verdict")).to_contain_text(outcome)
        return card.locator(".verdict strong").first.inner_text().split()[1]

    def why_not(self, role: Role, name: str) -> str:
        """The reasons that stand beside a step's button on the case page."""
        page = self.open_case(role)
        for more in page.locator("main details").all():
            more.evaluate("more => more.open = true")
        return page.locator(".no", has_text=name).first.inner_text()

    def by_address(self, role: Role, action: Action) -> str:
        """Go to a step past the buttons; returns what the page says."""
        page = self.at(role)
        page.goto(f"{self.base}/case/{self.case().id}/{action.value}/")
        return page.locator("main").inner_text()

    def stage(self) -> Stage:
        return self.case().stage


@pytest.fixture
def desks(
    make_app: Callable[..., Flask], serve: Callable[..., str], open_page: Callable[..., Page], clock: Clock
) -> Office:
    app = make_app(WTF_CSRF_ENABLED=True)
    with app.app_context():
        audit.attribute(db.session, SYSTEM, clock())
        factories.office(db.session)
        db.session.commit()
    return Office(app, serve(app), open_page, clock)


OFFICER, APPROVER, VILLAGE = Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.VILLAGE_WORKER


def words(text: str) -> Callable[[Locator], None]:
    return lambda form: form.locator("[name=words]").fill(text)


def survey(*others: str) -> Callable[[Locator], None]:
    def fill(form: Locator) -> None:
        for place, name in enumerate(others):
            form.locator("[name=surveyor_name]").nth(place).fill(name)
        form.locator("[name=words]").fill("砖房两间，无车，与申报一致")

    return fill


def opinion(form: Locator) -> None:
    """In favour, with the amount that was calculated."""
    form.locator("[name=grants]").first.check()
    form.locator("[name=words]").fill("家庭人均收入低于标准")


def test_a_family_goes_from_application_to_exit_with_five_people_taking_part(desks: Office) -> None:
    import_the_roster(desks)
    apply_in_the_village(desks)
    assert "已申请" in desks.open_case(OFFICER).locator("main").inner_text()
    desks.step(OFFICER, "受理")
    desks.step(OFFICER, "安排入户调查")

    assert "尚未核算" in desks.by_address(OFFICER, Action.GIVE_OPINION)
    reasons = desks.why_not(OFFICER, "提交公示")
    assert "入户调查须 2 人，现有 0 人" in reasons and "核对" in reasons and "初审意见" in reasons
    desks.step(OFFICER, "登记调查结果", survey("王强"))
    desks.step(OFFICER, "登记核对结果", cross_check)
    monthly = desks.calculate(OFFICER, "符合条件")
    desks.step(OFFICER, "提出初审意见", opinion)
    desks.step(OFFICER, "提交公示")
    assert desks.stage() is Stage.NOTICE

    desks.wait(7)
    assert "期满" in desks.why_not(OFFICER, "公示期满")
    desks.wait(1)
    assert desks.stage() is Stage.APPROVAL
    assert "乡镇审核确认人" in desks.by_address(OFFICER, Action.CONFIRM)
    page = desks.step(APPROVER, "确认", words("按程序审核，同意"))
    assert desks.stage() is Stage.ACTIVE and monthly in page.locator("main").inner_text()

    desks.wait(190)
    desks.step(OFFICER, "发起复核", words("半年复核到期"))
    desks.step(VILLAGE, "登记调查结果", survey())
    found_work(desks)
    assert desks.calculate(OFFICER, "渐退", rise_cause="work") == monthly
    desks.step(OFFICER, "提出初审意见", opinion)
    desks.step(APPROVER, "转入渐退期", grace)
    assert desks.stage() is Stage.GRACE

    desks.wait(31 * 8)
    assert desks.stage() is Stage.EXITED
    timeline = desks.open_case(Role.AUDITOR).locator("main").inner_text()
    assert "渐退期满" in timeline
    assert len(desks.pages) == 5
    assert who_took_part(desks) >= 3


PLACE = {"所属区": "珙县", "所属街": "巡场镇", "所属社": "新胜村"}


def import_the_roster(desks: Office) -> None:
    """The county reviewer brings in a roster with a title above it; one of its two rows is ruined."""
    ruined = {**sheets.HOUSEHOLD, **PLACE, "户主身份证号": "5.13E+17", "户主姓名": "李样"}
    table = sheets.households({**sheets.HOUSEHOLD, **PLACE}, ruined)
    title = [["珙县低保家庭名册"], ["单位：元"]]
    page = desks.at(Role.COUNTY_REVIEWER)
    page.get_by_role("link", name="导入").first.click()
    name, kind = "名册.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheet = {"name": name, "mimeType": kind, "buffer": sheets.xlsx_bytes(title + table)}
    page.locator("input[type=file]").set_input_files(sheet)
    page.get_by_role("button", name="读取并预览").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    expect(page.locator("main nav.tabs")).to_contain_text(re.compile(r"新增\s*1"))
    page.get_by_role("link", name="拒绝 1").click()
    expect(page.locator("main")).to_contain_text("户主身份证号")
    page.get_by_role("button", name="导入 1 行").click()
    expect(page.locator("main")).to_contain_text("已导入")
    assert on_roster(desks) == [("张样", 76_000)]


def on_roster(desks: Office) -> list[tuple[str, int]]:
    """The families taken over and what they are paid a month (分)."""
    with desks.app.app_context():
        query = select(Household.head_name, Benefit.monthly_fen).join(Benefit, Benefit.household_id == Household.id)
        return [(name, fen) for name, fen in db.session.execute(query.where(Benefit.taken_over))]


def cross_check(form: Locator) -> None:
    form.locator("input[type=checkbox]").first.check()
    expect(form.locator("input[type=date]").first).not_to_have_value("")


def found_work(desks: Office) -> None:
    """The family's business brings half as much again as the standard."""
    id = desks.case().id
    with desks.app.app_context():
        audit.attribute(db.session, SYSTEM, desks.clock())
        case = db.session.get_one(Benefit, id)
        [head] = case.household.members
        standard = Figures.shipped().get("dibao.standard.rural", place=case.village_code, on=desks.clock().date())
        db.session.add(IncomeLine(member_id=head.id, kind=IncomeKind.BUSINESS, year_fen=standard.whole * 18))
        db.session.commit()


def grace(form: Locator) -> None:
    form.locator("[name=months]").fill("6")
    form.locator("[name=words]").fill("已稳定就业，给予渐退期")


def apply_in_the_village(desks: Office) -> None:
    page = desks.at(VILLAGE)
    page.get_by_role("link", name="登记申请").first.click()
    page.locator("[name=village]").select_option(factories.VILLAGE)
    page.locator("[name=address]").fill("3组21号")
    page.locator("[name='members-0-name']").fill("陈样")
    page.locator("[name='members-0-id_no']").fill(HEAD)
    for name in ("pledged_on", "authorised_on"):
        page.locator(f"[name={name}]").fill(desks.clock().date().isoformat())
    page.get_by_role("button", name="登记申请", exact=True).click()
    page.wait_for_url("**/case/**")


def who_took_part(desks: Office) -> int:
    with desks.app.app_context():
        query = select(Event.actor_id).where(Event.benefit_id == desks.case().id, Event.actor_id.is_not(None))
        return len(set(db.session.scalars(query)))
