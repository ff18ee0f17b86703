"""One person's entitlement as the office sees it: from the list of who goes without to the letter, and to its end."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from models import Household
from policy.vocabulary import DisabilityKind, Relation, Role, Sex, Stage
from tests import factories
from tests.browser.test_journey import DONE, Office
from tests.clock import Clock
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

OFFICER, REVIEWER, APPROVER = Role.TOWNSHIP_OFFICER, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER


@pytest.fixture
def desks(
    make_app: Callable[..., Flask], serve: Callable[..., str], open_page: Callable[..., Page], clock: Clock
) -> Office:
    """A family on 低保 with a disabled member, and grandparents with a child of ten."""
    app = make_app(WTF_CSRF_ENABLED=True)
    with app.app_context():
        audit.attribute(db.session, SYSTEM, clock())
        factories.office(db.session)
        _poor_family()
        _grandparents()
        db.session.commit()
    return Office(app, serve(app), open_page, clock)


def _poor_family() -> Household:
    home = factories.household(db.session, members=3)
    home.members[1].disability_kind, home.members[1].disability_level = DisabilityKind.LIMB, 2
    home.address, home.members[1].name = "白果村3组", "周春生"
    factories.benefit(db.session, home, monthly_fen=90_000, persons=3)
    return home


def _grandparents() -> Household:
    home = factories.household(db.session, members=2)
    home.address, child = "白果村5组", home.members[1]
    child.name, child.relation = "罗小雨", Relation.GRANDCHILD
    child.id_no = factories.id_number(date(2016, 5, 20), Sex.FEMALE)
    child.birth, child.sex = date(2016, 5, 20), Sex.FEMALE
    return home


def says(words: str) -> Callable[[Locator], None]:
    def fill(form: Locator) -> None:
        form.locator("[name=words]").fill(words)

    return fill


def _apply_from_list(desks: Office, tab: str, name: str) -> Page:
    page = desks.at(OFFICER)
    page.goto(f"{desks.base}/entitlement/")
    page.get_by_role("link", name=tab).click()
    row = page.get_by_role("row").filter(has_text=name)
    row.get_by_role("link", name="申请", exact=True).click()
    expect(page.locator("select[name=single]")).to_be_visible()
    page.get_by_role("button", name="登记申请").click()
    expect(page).to_have_url(DONE)
    expect(page.get_by_role("status").first).to_be_visible()
    return page


def _judged(desks: Office, words: str) -> None:
    amount = desks.calculate(OFFICER, "符合")

    def fill(form: Locator) -> None:
        form.get_by_label("同意").first.check()
        expect(form.locator("[name=amount]")).to_have_value(amount)
        form.locator("[name=words]").fill(words)

    desks.step(OFFICER, "提出初审意见", fill)


def _letter(desks: Office, page: Page, scheme: str) -> None:
    """Open the letter of confirmation from the case page."""
    address = page.locator('main a[href*="/decision/"]').first.get_attribute("href")
    page.goto(f"{desks.base}{address}")
    expect(page.locator("body")).to_contain_text(scheme)


def test_a_disabled_person_from_the_list_to_the_monthly_subsidy(desks: Office) -> None:
    page = _apply_from_list(desks, "未享受生活补贴", "周春生")
    expect(page.locator("h1")).to_contain_text("周")
    desks.step(OFFICER, "受理")
    _judged(desks, "残疾人证有效，家庭为低保家庭，符合条件。")
    assert "公示" not in desks.open_case(OFFICER).locator(".stepper, .stages, ol").first.inner_text()
    desks.step(OFFICER, "报县级办理", says("初审同意，报县级。"))

    def answered(form: Locator) -> None:
        form.locator("[name=by_name]").fill("县残联 周敏")
        form.locator("[name=words]").fill("残疾人证核对一致。")

    desks.step(REVIEWER, "提出县级意见", answered)

    def confirmed(form: Locator) -> None:
        form.locator("[name=words]").fill("符合规定，予以确认。")

    desks.step(APPROVER, "确认", confirmed)
    assert desks.stage() is Stage.ACTIVE
    page = desks.open_case(OFFICER)
    expect(page.locator("main")).to_contain_text("100.00")
    _letter(desks, page, "困难残疾人生活补贴")
    page.goto(f"{desks.base}/entitlement/")
    expect(page.locator("main")).not_to_contain_text("周春生")


def test_a_child_with_grandparents_gets_the_orphans_rate_without_any_notice(desks: Office) -> None:
    _apply_from_list(desks, "无父母在家的儿童", "罗小雨")
    desks.step(OFFICER, "受理")
    assert "父" in desks.why_not(OFFICER, "提出初审意见")

    def found_out(form: Locator) -> None:
        form.locator("[name=surveyor_name]").first.fill("村干部")
        form.locator("[name=state-father]").select_option("dead")
        form.locator("[name=about-father]").fill("死亡证明")
        form.locator("[name=state-mother]").select_option("lost_contact")
        form.locator("[name=since-mother]").fill("2020-01-01")
        form.locator("[name=about-mother]").fill("公安机关协查，失联")
        form.locator("[name=words]").fill("儿童随祖父母生活，父亡母失联。")

    desks.step(OFFICER, "登记调查结果", found_out)
    _judged(desks, "父亲死亡、母亲失联，符合条件。")
    desks.step(OFFICER, "报县级办理", says("查验完毕。"))
    desks.step(REVIEWER, "提出县级意见", says("公安、法院比对一致。"))
    desks.step(APPROVER, "确认", says("予以确认。"))
    assert desks.stage() is Stage.ACTIVE
    page = desks.open_case(OFFICER)
    assert desks.case().monthly_fen == 60_000
    _letter(desks, page, "事实无人抚养儿童")
    desks.step(OFFICER, "登记投诉", lambda form: form.locator("[name=words]").fill("反映母亲已回家。"))
    page = desks.at(REVIEWER)
    page.goto(f"{desks.base}/")
    expect(page.locator("main")).to_contain_text("罗")
    assert desks.case().waiting_role is REVIEWER
    _comes_of_age(desks)


def _comes_of_age(desks: Office) -> None:
    """On the eighteenth birthday the money ends by itself; the case says why, and its letter is there."""
    birthday = date(2034, 5, 20)
    desks.wait((birthday - desks.clock().date()).days - 1)
    assert desks.stage() is Stage.ACTIVE
    desks.wait(1)
    assert desks.stage() is Stage.EXITED
    page = desks.open_case(OFFICER)
    expect(page.locator("main")).to_contain_text("18周岁")
    page.goto(f"{desks.base}/case/{desks.case().id}/paper/exit/")
    expect(page.locator("main")).to_contain_text("自2034年6月起")
