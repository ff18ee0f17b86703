"""特困 from application to end as the county's people see it: care by six items, the lot, a changed tier, the ending.

With ``DOUDI_TEST_PICTURES`` naming a folder, case pages (PNG) and papers (PDF) are kept there.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from policy.vocabulary import Action, Role, SelfCare, Sex, Stage
from tests import factories
from tests.browser.counties import GONGXIAN
from tests.browser.test_journey import cross_check, opinion, survey, words
from tests.browser.test_stories import Place, keep
from tests.clock import Clock

OFFICER, VILLAGE = Role.TOWNSHIP_OFFICER, Role.VILLAGE_WORKER
COUNTY, APPROVER = Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER
HEAD = factories.id_number(date(1950, 3, 2), Sex.MALE)
HERE = replace(GONGXIAN, day=date(2026, 3, 2))


@pytest.fixture
def place(
    make_app: Callable[..., Flask], serve: Callable[..., str], open_page: Callable[..., Page], clock: Clock
) -> Place:
    app = make_app(WTF_CSRF_ENABLED=True)
    return Place(app, serve(app), open_page, clock, HERE)


def test_an_old_man_without_anybody_is_supported_at_home_assessed_anew_and_leaves_by_own_wish(place: Place) -> None:
    desks = place.desks
    apply(place)
    desks.step(OFFICER, "受理")
    desks.step(OFFICER, "安排入户调查")
    desks.step(OFFICER, "登记调查结果", survey("王强"))
    desks.step(OFFICER, "登记核对结果", cross_check)
    assert "自理能力" in desks.why_not(OFFICER, "提交公示")
    desks.step(OFFICER, "评估自理能力", self_care("bath"))
    desks.step(VILLAGE, "登记供养意愿", wish("home"))
    shown(place, OFFICER, "assessed", "未达到：自主洗澡", "分散供养", "本人表达")
    first = desks.calculate(OFFICER, "符合条件")
    desks.step(OFFICER, "提出初审意见", opinion)
    desks.step(OFFICER, "提交公示")

    desks.step(OFFICER, "登记异议", objection)
    assert desks.stage() is Stage.REVIEW
    desks.step(OFFICER, "登记调查结果", survey("王强"))
    desks.step(OFFICER, "提出初审意见", opinion)
    desks.step(OFFICER, "提交公示")
    desks.wait(8)
    assert desks.stage() is Stage.APPROVAL

    shown(place, COUNTY, "drawn", "已列入县级随机抽查")
    assert "县级" in desks.by_address(COUNTY, Action.COUNTY_OPINION)
    desks.step(COUNTY, "登记县级入户核查", survey("谭勇"))
    desks.step(COUNTY, "提出县级意见", words("抽查属实，同意"))
    checks(place)
    desks.step(APPROVER, "确认", words("符合特困人员认定条件，同意"))
    assert desks.stage() is Stage.ACTIVE
    shown(place, OFFICER, "confirmed", "缺监护协议", first)
    lacking(place)
    desks.step(VILLAGE, "登记监护协议", agreement)
    expect(desks.open_case(OFFICER).locator("#support")).to_contain_text("村民 孙某")

    desks.wait(40)
    desks.step(VILLAGE, "报告自理变化", reported)
    desks.step(OFFICER, "评估自理能力", self_care("bath", "walk", "toilet", "bed", "dress"))
    second = desks.calculate(OFFICER, "符合条件")
    assert float(second.replace(",", "")) > float(first)
    desks.step(APPROVER, "变更供养", words("完全丧失生活自理能力，调整护理档次"))
    shown(place, OFFICER, "changed", second)

    desks.step(OFFICER, "提交终止公示", own_wish)
    assert "公示" in desks.by_address(APPROVER, Action.EXIT)
    desks.wait(8)
    desks.step(APPROVER, "办理退出", words("本人自愿退出，公示无异议"))
    assert desks.stage() is Stage.EXITED
    shown(place, OFFICER, "ended", "最低生活保障、临时救助", "申请低保", "申请临时救助")
    papers(place, first, second)


def apply(place: Place) -> None:
    """The village worker registers the application of one person under 特困."""
    page = place.desks.at(VILLAGE)
    page.goto(f"{place.desks.base}/apply/")
    page.locator("[name=scheme][value=tekun]").check(force=True)
    page.locator("[name=village]").select_option(HERE.village.code)
    page.locator("[name=address]").fill("2组17号")
    page.locator("[name='members-0-name']").fill("孙样")
    page.locator("[name='members-0-id_no']").fill(HEAD)
    for name in ("pledged_on", "authorised_on"):
        page.locator(f"[name={name}]").fill(place.clock().date().isoformat())
    keep(page, "tekun-apply")
    page.get_by_role("button", name="登记申请", exact=True).click()
    page.wait_for_url("**/case/**")
    place.case_id = place.desks.case().id


def shown(place: Place, role: Role, name: str, *texts: str) -> None:
    page = place.desks.open_case(role)
    for text in texts:
        expect(page.locator("main")).to_contain_text(text)
    keep(page, f"tekun-{name}")


def self_care(*unmet: str) -> Callable[[Locator], None]:
    def fill(form: Locator) -> None:
        for item in SelfCare:
            answer = "no" if item.value in unmet else "yes"
            form.locator(f"[name=care-{item.value}][value={answer}]").check()
        form.locator("[name=words]").fill("入户评估")

    return fill


def wish(mode: str) -> Callable[[Locator], None]:
    def fill(form: Locator) -> None:
        form.locator(f"[name=mode][value={mode}]").check()
        form.locator("[name=wish_by]").fill("本人")

    return fill


def objection(form: Locator) -> None:
    form.locator("[name=by_name]").fill("村民 刘某")
    form.locator("[name=words]").fill("反映其侄子长期给钱")


def agreement(form: Locator) -> None:
    form.locator("[name=guardian]").fill("村民 孙某")


def reported(form: Locator) -> None:
    form.locator("[name=reporter]").fill("村委会")
    form.locator("[name=words]").fill("摔伤后卧床")


def own_wish(form: Locator) -> None:
    form.locator("[name=end_reason][value=own_wish]").check()
    form.locator("[name=leave_signed]").check()
    form.locator("[name=words]").fill("随侄子外出生活，自愿退出")


def checks(place: Place) -> None:
    """The page of the county's draws tells township, share and visits."""
    page = place.desks.at(COUNTY)
    page.goto(f"{place.desks.base}/county-checks/")
    row = page.locator("tbody tr").first
    for text in ("巡场镇", "100%", "1"):
        expect(row).to_contain_text(text)
    keep(page, "tekun-checks")


def lacking(place: Place) -> None:
    """The desk counts the case without an agreement, and its link opens as many."""
    page = place.desks.at(OFFICER)
    page.goto(f"{place.desks.base}/desk/")
    warning = page.locator("main").get_by_text("1 件分散供养缺监护协议")
    expect(warning).to_be_visible()
    keep(page, "tekun-desk")
    page.goto(f"{place.desks.base}/benefit/?mark=agreement_missing")
    expect(page.locator("tbody tr")).to_have_count(1)


def papers(place: Place, first: str, second: str) -> None:
    """Every paper of the case opens and says what it must."""
    law = "民发〔2021〕43号"
    told: dict[str, tuple[str, ...]] = {
        "receipt": ("特困人员救助供养申请受理通知书", law, "15个工作日"),
        "survey": ("孙样", "自主吃饭", "自主洗澡"),
        "self_care": ("特困人员生活自理能力评估表", "全护理"),
        "sheet": ("特困人员救助供养审核确认表", "半护理", "分散供养"),
        "notice": ("《特困人员认定办法》", first),
        "decision": ("特困人员救助供养确认通知书", first),
        "guardianship": ("监护", "村民 孙某"),
        "change": ("增发", second, "全护理"),
        "end_notice": ("终止特困人员救助供养公示", "第二十四条第（六）项"),
        "exit": ("退出特困人员救助供养", "自愿申请退出", "最低生活保障、临时救助"),
    }
    for kind, texts in told.items():
        place.printed(OFFICER, kind, "tekun", *texts)
