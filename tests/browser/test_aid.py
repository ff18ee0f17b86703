"""Edge families and temporary aid from first to last step as the county's people see them, with their papers.

With ``DOUDI_TEST_PICTURES`` naming a folder, case pages (PNG) and papers (PDF) are kept there.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from models import Benefit, CountyFigure
from policy.figure_keys import Measure, Status
from policy.figures import Figures
from policy.vocabulary import Employment, Relation, Role, Scheme, Sex, SpendingKind, Stage
from tests.browser.counties import GONGXIAN
from tests.browser.test_journey import cross_check, opinion, survey, words
from tests.browser.test_stories import Place, keep
from tests.clock import Clock
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

OFFICER, APPROVER = Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER
REVIEWER, COUNTY, VILLAGE = Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER, Role.VILLAGE_WORKER
HERE = replace(GONGXIAN, day=date(2026, 3, 2))
SPENT = 9_000


@pytest.fixture
def place(
    make_app: Callable[..., Flask], serve: Callable[..., str], open_page: Callable[..., Page], clock: Clock
) -> Place:
    app = make_app(WTF_CSRF_ENABLED=True)
    return Place(app, serve(app), open_page, clock, HERE)


def a_family(place: Place, tenths: int = 12, home_place: str = "", spent: int = SPENT) -> int:
    """A couple with so many tenths of the standard a head, which has applied for allowance; the family's number."""
    with place.before() as story:
        standard = Figures.shipped().get("dibao.standard.rural", place=HERE.village.code, on=HERE.day).whole
        home = story.family("秦样", "4组9号", 2)
        home.home_place = home_place
        head = story.person("秦样", Relation.HEAD, date(1978, 3, 2), employment=Employment.EMPLOYED)
        story.earns(head, standard * 2 * 12 * tenths // 1000)
        wife = story.person("罗样", Relation.SPOUSE, date(1980, 8, 9), Sex.FEMALE, employment=Employment.FARMING)
        story.spends(wife, spent, SpendingKind.MEDICAL)
        story.session.flush()
        story.apply()
        return home.id


def apply(place: Place, role: Role, url: str, scheme: Scheme, **texts: str) -> Page:
    """Open the form by an address, check what it begins from, fill in the rest, and send it."""
    page = place.desks.at(role)
    page.goto(place.desks.base + url)
    expect(page.locator(f"[name=scheme][value={scheme.value}]")).to_be_checked()
    for name in ("pledged_on", "authorised_on"):
        page.locator(f"[name={name}]").fill(place.clock().date().isoformat())
    for name, text in texts.items():
        if name == "aid_kind":
            page.locator(f"[name=aid_kind][value={text}]").check()
        else:
            page.locator(f"[name={name}]").fill(text)
    keep(page, f"apply-{scheme.value}")
    page.get_by_role("button", name="登记申请", exact=True).click()
    page.wait_for_url("**/case/**")
    place.case_id = place.desks.case().id
    return page


def calculated(place: Place, outcome: str, **told: str) -> None:
    """Press 核算, and see what it comes to."""
    page = place.desks.open_case(OFFICER)
    card = page.locator("#calculation")
    for name, value in told.items():
        field = card.locator(f"[name={name}]")
        field.select_option(value) if name.startswith("event") else field.fill(value)
    card.get_by_role("button", name="核算").click()
    expect(page.get_by_role("status").first).to_contain_text("已核算")
    expect(card.locator(".verdict")).to_contain_text(outcome)


def investigated(place: Place) -> None:
    desks = place.desks
    desks.step(OFFICER, "受理")
    desks.step(OFFICER, "安排入户调查")
    desks.step(OFFICER, "登记调查结果", survey("王强"))
    desks.step(OFFICER, "登记核对结果", cross_check)


def announced(place: Place) -> None:
    place.desks.step(OFFICER, "提交公示")
    place.printed(OFFICER, "notice", "notice", "秦样")
    place.desks.wait(8)


def test_an_edge_family_is_refused_allowance_recognised_for_a_term_renewed_and_ends_by_time(place: Place) -> None:
    desks = place.desks
    a_family(place, spent=300)
    investigated(place)
    calculated(place, "不符合")
    desks.step(OFFICER, "提出初审意见", against)
    desks.step(OFFICER, "拟不予确认")
    desks.step(APPROVER, "不予确认", refusal)
    page = desks.open_case(OFFICER)
    expect(page.locator("#links")).to_contain_text("申请低保边缘家庭")
    desks.step(VILLAGE, "列为潜在救助对象", words("妻子常年服药，仍有困难"))
    page = desks.at(VILLAGE)
    page.goto(f"{desks.base}/watch/?state=open")
    expect(page.locator("main")).to_contain_text("妻子常年服药")
    keep(page, "watch-list")
    page.locator("main tbody a").first.click()
    keep(page, "watch")

    link = desks.open_case(OFFICER).locator("#links a", has_text="申请低保边缘家庭").get_attribute("href")
    assert link
    apply(place, OFFICER, link, Scheme.EDGE)
    page.goto(f"{desks.base}/watch/?state=settled")
    expect(page.locator("main")).to_contain_text("已重新申请")
    investigated(place)
    calculated(place, "符合条件")
    desks.step(OFFICER, "提出初审意见", in_favour)
    announced(place)
    desks.step(REVIEWER, "提出县级意见", words("同意"))
    desks.step(COUNTY, "确认", term("12"))
    assert desks.stage() is Stage.ACTIVE
    place.shown(OFFICER, "edge-confirmed", "不发放月保障金", "2027-03")
    place.printed(OFFICER, "decision", "edge", "最低生活保障边缘家庭", "有效期12个月", "当地低保标准每人每月",
                  "不发放月保障金", "国办发〔2023〕39号")  # fmt: skip
    place.printed(OFFICER, "sheet", "edge", "最低生活保障边缘家庭审核确认表")

    desks.wait(320)
    page = desks.at(OFFICER)
    page.goto(f"{desks.base}/desk/")
    expect(page.locator("main")).to_contain_text("即将期满")
    keep(page, "edge-desk")
    link = desks.open_case(OFFICER).locator("#links a", has_text="申请续认").get_attribute("href")
    assert link
    first = place.case_id
    apply(place, OFFICER, link, Scheme.EDGE)
    expect(desks.open_case(OFFICER).locator("#links")).to_contain_text("续认自")
    investigated(place)
    calculated(place, "符合条件")
    desks.step(OFFICER, "提出初审意见", in_favour)
    announced(place)
    desks.step(REVIEWER, "提出县级意见", words("同意"))
    desks.step(COUNTY, "确认", term("6"))
    assert stage_of(place, first) is Stage.EXITED and desks.stage() is Stage.ACTIVE

    desks.wait(190)
    assert desks.stage() is Stage.EXITED
    place.shown(OFFICER, "edge-ended", "不发放月保障金")
    place.printed(OFFICER, "exit", "edge", "届满", "最低生活保障边缘家庭")


def test_spending_beyond_means_is_paid_in_stages_beside_a_pending_application(place: Place) -> None:
    desks = place.desks
    family = a_family(place)
    expect(desks.open_case(OFFICER).locator("#links")).to_contain_text("先申请临时救助")
    url = f"/apply/?household={family}&scheme=temporary"
    told = {"aid_kind": "spending", "requested": "3000", "words": "妻子住院，自付医药费九千元"}
    apply(place, OFFICER, url, Scheme.TEMPORARY, **told)
    expect(desks.open_case(OFFICER).locator("#links")).to_contain_text("审核期间的临时救助")
    investigated(place)
    calculated(place, "符合条件", event_kind="illness", own_cost_fen="9000")
    desks.step(OFFICER, "提出初审意见", opinion)
    announced(place)
    desks.step(APPROVER, "确认", in_stages(place, "2000", "1000"))
    assert desks.stage() is Stage.ACTIVE
    expect(desks.open_case(OFFICER).locator("#stages")).to_contain_text("2,000.00")
    place.shown(OFFICER, "stages", "3,000.00")
    place.printed(OFFICER, "decision", "aid", "一次审批、分2期发放", "叁仟元整", "2,000.00")
    place.printed(OFFICER, "aid_sheet", "aid", "临时救助审批表", "支出型")
    desks.step(OFFICER, "登记分期发放")
    desks.wait(31)
    desks.step(OFFICER, "登记发放")
    assert desks.stage() is Stage.EXITED
    page = desks.at(VILLAGE)
    page.goto(f"{desks.base}/visit/")
    expect(page.locator("main")).to_contain_text("秦样")


def test_a_family_from_elsewhere_is_helped_above_the_ceiling_by_the_county_government(place: Place) -> None:
    desks = place.desks
    ceiling(place)
    family = a_family(place, home_place="云南省昭通市镇雄县")
    url = f"/apply/?household={family}&scheme=temporary"
    told = {"aid_kind": "urgent", "requested": "20000", "words": "途经本地发生车祸，三人重伤"}
    apply(place, VILLAGE, url, Scheme.TEMPORARY, **told)
    desks.step(OFFICER, "报县级办理", words("抢救费用超过乡镇限额"))
    assert "会议纪要" in desks.why_not(COUNTY, "确认")
    desks.step(REVIEWER, "登记会议纪要", minutes("20000"))
    place.printed(REVIEWER, "government_minutes", "aid", "珙府常〔2026〕8号", "县长", "贰万元整")
    desks.step(COUNTY, "确认", words("按县政府会议纪要，先行救助"))
    assert desks.stage() is Stage.ACTIVE
    assert "户籍地" in desks.why_not(OFFICER, "登记发放")
    desks.step(OFFICER, "通报户籍地", to_home)
    place.shown(OFFICER, "outsider", "20,000.00")
    place.printed(OFFICER, "home_notice", "aid", "镇雄县民政局", "云南省昭通市镇雄县", "贰万元整")
    place.printed(OFFICER, "decision", "outsider", "急难情形", "贰万元整")
    desks.step(OFFICER, "登记发放")
    assert desks.stage() is Stage.EXITED


def against(form: Locator) -> None:
    form.locator("[name=grants]").nth(1).check()
    form.locator("[name=words]").fill("人均收入高于低保标准")


def in_favour(form: Locator) -> None:
    expect(form.locator("[name=amount]")).to_have_count(0)
    form.locator("[name=grants]").first.check()
    form.locator("[name=words]").fill("收入、财产符合低保边缘家庭条件")


def refusal(form: Locator) -> None:
    form.locator("[name=clause]").first.check()
    form.locator("[name=words]").fill("家庭人均收入高于低保标准")


def term(months: str) -> Callable[[Locator], None]:
    def fill(form: Locator) -> None:
        form.locator("[name=months]").fill(months)
        form.locator("[name=words]").fill("符合条件，予以认定")

    return fill


def in_stages(place: Place, *amounts: str) -> Callable[[Locator], None]:
    def fill(form: Locator) -> None:
        for more in form.locator("details").all():
            more.evaluate("more => more.open = true")
        for n, amount in enumerate(amounts):
            day = place.clock().date() + timedelta(days=30 * n)
            form.locator("[name=stage_day]").nth(n).fill(day.isoformat())
            form.locator("[name=stage_amount]").nth(n).fill(amount)
        form.locator("[name=words]").fill("按程序审核，分两次发放")
        keep(form.page, "stages-dialog")

    return fill


def minutes(amount: str) -> Callable[[Locator], None]:
    def fill(form: Locator) -> None:
        form.locator("[name=attended]").fill("县长、民政局、财政局、卫健局")
        form.locator("[name=reference]").fill("珙府常〔2026〕8号")
        form.locator("[name=grants]").first.check()
        form.locator("[name=amount]").fill(amount)
        form.locator("[name=words]").fill("情况特殊，同意按抢救费用给予临时救助")
        keep(form.page, "minutes-dialog")

    return fill


def to_home(form: Locator) -> None:
    form.locator("[name=to_office]").fill("镇雄县民政局")


def stage_of(place: Place, id: int) -> Stage:
    with place.app.app_context():
        return db.session.get_one(Benefit, id).stage


def ceiling(place: Place) -> None:
    """The county's own ceiling: ten thousand yuan at one time."""
    with place.app.app_context():
        audit.attribute(db.session, SYSTEM, place.clock())
        db.session.add(CountyFigure(
            key="temporary.ceiling", place_code=HERE.here.code, measure=Measure.FEN, value="10000.00",
            valid_from=date(2020, 1, 1), document="珙府发〔2020〕1号", clause="第八条", status=Status.OFFICIAL, note="",
            added_at=place.clock(),
        ))  # fmt: skip
        db.session.commit()
