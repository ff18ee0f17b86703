"""What happens in families, in the browser: a head dies, a son founds a household, a family goes elsewhere."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models import Benefit, Household
from policy.vocabulary import Relation, Role, Stage
from tests import factories
from tests.browser.test_journey import Office
from tests.clock import Clock
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

OFFICER, VILLAGE = Role.TOWNSHIP_OFFICER, Role.VILLAGE_WORKER
NAMES = ("张大山", "李秀英", "张小军")


class Families(Office):
    """The office, a family on 低保, and the officer of the other township."""

    def settle(self) -> None:
        with self.app.app_context():
            audit.attribute(db.session, SYSTEM, self.clock())
            factories.office(db.session)
            home = factories.household(db.session, members=3, head_name=NAMES[0], address="一组12号")
            relations = (Relation.HEAD, Relation.SPOUSE, Relation.SON)
            for member, name, relation in zip(home.members, NAMES, relations, strict=True):
                member.name, member.relation = name, relation
            factories.benefit(db.session, home, Stage.ACTIVE, monthly_fen=51_000)
            self.home, self.people = home.id, [member.id for member in home.members]
            db.session.commit()

    def elsewhere(self) -> Page:
        page = self.open_page()
        page.goto(f"{self.base}/login")
        page.locator("input[name=login]").fill("township_officer_2")
        page.locator("input[name=password]").fill(factories.PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("heading", name="工作台", level=1)).to_be_visible()
        return page

    def record(self, role: Role, event: str) -> Page:
        """From the family's page to the form of an event."""
        page = self.at(role)
        page.goto(f"{self.base}/household/{self.home}/")
        page.get_by_role("link", name="登记家庭变动", exact=True).click()
        page.get_by_role("link", name=event, exact=True).click()
        return page

    def case_now(self) -> tuple[Stage, int, str]:
        with self.app.app_context():
            case = db.session.scalars(select(Benefit)).one()
            return case.stage, case.monthly_fen, case.township_code

    def homes(self) -> list[tuple[str, int, str]]:
        with self.app.app_context():
            rows = db.session.scalars(select(Household).order_by(Household.id)).all()
            return [(row.head_name, row.persons, row.village_code) for row in rows]


@pytest.fixture
def office(
    make_app: Callable[..., Flask], serve: Callable[..., str], open_page: Callable[..., Page], clock: Clock
) -> Families:
    app = make_app(WTF_CSRF_ENABLED=True)
    families = Families(app, serve(app), open_page, clock)
    families.settle()
    return families


def day(office: Families) -> str:
    today: date = office.clock().date()
    return today.isoformat()


def test_the_village_reports_a_death_and_the_township_names_the_new_head(office: Families) -> None:
    worker = office.record(VILLAGE, "死亡")
    worker.get_by_role("radio", name="张大山").check()
    worker.locator("[name=on]").fill(day(office))
    worker.locator("[name=words]").fill("昨夜在家去世")
    worker.get_by_role("button", name="报告乡镇").click()
    expect(worker.get_by_role("status").first).to_contain_text("报告已送到乡镇的待办")

    page = office.at(OFFICER)
    page.goto(f"{office.base}/desk/")
    page.locator("main").get_by_role("link", name="家庭变动").first.click()
    page.get_by_role("link", name="查看报告").click()
    page.get_by_role("link", name="办理", exact=True).click()
    expect(page.get_by_role("radio", name="张大山")).to_be_checked()
    page.get_by_role("button", name="下一步：看影响").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择新户主")
    page.locator("[name=head]").select_option(label="李秀英")
    page.locator("[name=evidence]").fill("死亡医学证明 2026-12")
    page.get_by_role("button", name="下一步：看影响").click()
    expect(page.locator(".effects")).to_contain_text("发起复核")
    expect(page.locator("main")).to_contain_text("也不改变任何金额")
    assert office.case_now()[0] is Stage.ACTIVE
    page.get_by_role("button", name="登记死亡").click()
    expect(page.locator(".effects")).to_contain_text("继续复核")
    assert office.homes()[0][:2] == ("李秀英", 2) and office.case_now()[:2] == (Stage.RECHECK, 51_000)
    page.get_by_role("link", name="继续复核").click()
    expect(page.locator("main")).to_contain_text("家庭变动：死亡（张大山")


def test_a_son_founds_a_household_of_his_own(office: Families) -> None:
    page = office.record(OFFICER, "分户")
    page.locator("[name=on]").fill(day(office))
    page.locator(f"[name=along-{office.people[2]}]").select_option("head")
    page.locator("[name=village]").select_option(label="红星村")
    page.locator("[name=address]").fill("三组2号")
    page.locator("[name=words]").fill("儿子成家，单独生活")
    page.get_by_role("button", name="下一步：看影响").click()
    expect(page.locator("main")).to_contain_text("张小军（户主）")
    page.get_by_role("button", name="返回").click()
    expect(page.locator("[name=words]")).to_have_value("儿子成家，单独生活")
    page.get_by_role("button", name="下一步：看影响").click()
    page.get_by_role("button", name="办理分户").click()
    expect(page.get_by_role("link", name="查看对方家庭")).to_be_visible()
    assert [home[:2] for home in office.homes()] == [("张大山", 2), ("张小军", 1)]
    page.get_by_role("link", name="撤销这条登记").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=words]").fill("填错了人")
    dialog.get_by_role("button", name="撤销这条登记").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("撤销误登")
    assert office.homes()[0][:2] == ("张大山", 3)


def test_a_family_goes_over_when_the_other_township_accepts_it(office: Families) -> None:
    page = office.record(OFFICER, "迁往本县其他乡镇")
    page.locator("[name=on]").fill(day(office))
    page.locator("[name=village]").select_option(value=factories.OTHER_VILLAGE)
    page.locator("[name=address]").fill("五组8号")
    page.locator("[name=words]").fill("随女儿居住")
    page.get_by_role("button", name="提交对方乡镇").click()
    expect(page.locator("main")).to_contain_text("一切不变")
    assert office.case_now()[2] == factories.XUNCHANG

    there = office.elsewhere()
    there.locator("main").get_by_role("link", name="家庭变动").first.click()
    there.get_by_role("link", name="去答复").click()
    there.get_by_role("link", name="接收该家庭").click()
    there.get_by_role("dialog").get_by_role("button", name="接收该家庭").click()
    expect(there.locator(".effects")).to_contain_text("发起复核")
    assert office.case_now() == (Stage.RECHECK, 51_000, factories.XIAOER)
    there.get_by_role("link", name="继续复核").click()
    expect(there.get_by_role("heading", level=1)).to_be_visible()
    page.reload()
    expect(page.locator("main")).to_contain_text("已执行")


def test_back_after_a_recorded_event_opens_its_form_and_does_not_send_the_preview_again(office: Families) -> None:
    page = office.record(OFFICER, "死亡")
    page.get_by_role("radio", name="张小军").check()
    page.locator("[name=on]").fill(day(office))
    page.locator("[name=words]").fill("昨夜在家去世")
    page.locator("[name=evidence]").fill("死亡医学证明 2026-12")
    page.get_by_role("button", name="下一步：看影响").click()
    page.get_by_role("button", name="登记死亡").click()
    expect(page.locator(".effects")).to_contain_text("复核")
    page.go_back()
    expect(page.get_by_role("button", name="下一步：看影响")).to_be_visible()
    assert len(office.homes()) == 1 and office.homes()[0][1] == 2
