"""Every paper as Chromium prints it: A4, one sheet or two, with what it must say and nothing of the screen."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Event, Finding, Household, NearRelative
from policy.vocabulary import Action, Illness, Paper, Relation, Role, Scheme, SelfCare
from tests import factories
from tests.views.clerks import APPROVER, OFFICER, Clerks
from views.db import db
from views.papers_kinds import KINDS
from views.papers_lists import ROLLS
from workflows import audit
from workflows.actor import SYSTEM
from workflows.facts import Missing

pytestmark = pytest.mark.browser

A = Action
ISSUER = Role.COUNTY_APPROVER  # may give the numbers of the county and of its townships
A4, LANDSCAPE = (595, 842), (842, 595)
BOX = re.compile(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]")
SHEETS = re.compile(rb"/Type /Page\b(?!s)")
REFUSED = {"clause": "民发〔2021〕57号 第十三条", "words": "家庭人均月收入高于当地最低生活保障标准，经核实无误"}


def _confirmed(clerks: Clerks) -> Clerks:
    return clerks.to_active()


def _missing(clerks: Clerks) -> Clerks:
    clerks.apply()
    papers = (Missing(Paper.ID_CARD, "配偶的"), Missing(Paper.DIAGNOSIS), Missing(Paper.INCOME_PROOF, "儿子的"))
    return clerks.walk((A.TELL_MISSING, OFFICER), missing=papers)


def _objected(clerks: Clerks) -> Clerks:
    return clerks.to_notice().walk((A.OBJECT, OFFICER), by_name="村民", words="他家去年买了汽车")


def _refused(clerks: Clerks) -> Clerks:
    clerks.to_opinion(grants=False).walk((A.SUBMIT_REFUSAL, OFFICER))
    return clerks.walk((A.REFUSE, APPROVER), **REFUSED)


def _rechecked(action: Action, **given: object) -> Callable[[Clerks], Clerks]:
    def walk(clerks: Clerks) -> Clerks:
        return clerks.to_recheck().walk((action, APPROVER), words="儿子外出务工，家庭收入有变化", **given)

    return walk


def _resumed(clerks: Clerks) -> Clerks:
    return _rechecked(A.SUSPEND)(clerks).walk((A.RESUME, APPROVER), words="经核实收入恢复原状")


def _urgent(clerks: Clerks) -> Clerks:
    clerks.apply(Scheme.TEMPORARY, urgent=True)
    return clerks.walk((A.PAY_FIRST, APPROVER), amount_fen=200_000, words="住房失火，生活陷入困境")


def _stated(
    scheme: Scheme, action: Action, clause: str, calculated: bool = False, **data: object
) -> Callable[[Clerks], Clerks]:
    """A case in which a step is told, perhaps with its calculation; how it came there is another test's business."""

    def walk(clerks: Clerks) -> Clerks:
        clerks.apply(scheme, members=1)
        if calculated:
            clerks.calculated()
        with clerks.app.app_context(), Session(db.engine) as session:
            audit.attribute(session, SYSTEM, clerks.clock())
            case = session.get_one(Benefit, clerks.id)
            found = select(Finding.id).where(Finding.benefit_id == case.id)
            session.add(Event(
                benefit_id=case.id, finding_id=session.scalar(found), action=action, from_stage=case.stage,
                to_stage=case.stage, at=clerks.clock(), actor_name="周", actor_role=Role.TOWNSHIP_APPROVER,
                monthly_before_fen=0, monthly_after_fen=83_200, opinion="情况属实", clause=clause,
                data={"person": 1, "name": "张三", **data}, village_code=case.village_code,
                township_code=case.township_code,
            ))  # fmt: skip
            session.commit()
        return clerks

    return walk


LAW43, LAW23 = "民发〔2021〕43号 第二十条", "民发〔2018〕23号 一次审批、分阶段救助"
ITEMS = dict.fromkeys((item.value for item in SelfCare), True)
_supported = _stated(Scheme.TEKUN, A.CONFIRM, LAW43, amount_fen=83_200)


@dataclass(frozen=True)
class Expected:
    """How a case gets the paper, on how many sheets it goes, and what it must say."""

    walk: Callable[[Clerks], Clerks]
    sheets: tuple[int, ...]
    says: tuple[str, ...]


ONE, TWO, ONE_OR_TWO = (1,), (2,), (1, 2)
REMEDIES = ("申请行政复议", "提起行政诉讼")
# A letter that rests on a calculation has it as an attachment on a second sheet.
PAPERS = {
    "application": Expected(_confirmed, ONE, ("申请书", "家庭成员", "申请理由", "申请人（签字、捺印）")),
    "pledge": Expected(_confirmed, ONE, ("诚信承诺书", "承诺人（签字、捺印）", "一倍以上三倍以下")),
    "authorisation": Expected(_confirmed, ONE, ("授权书", "授权期限", "签字、捺印")),
    "missing": Expected(_missing, ONE, ("存根", "身份证（配偶的）", "补正", "签收人（签字）")),
    "receipt": Expected(_confirmed, ONE, ("存根", "现予受理", "不少于两人", "签收人（签字）")),
    "survey": Expected(_confirmed, ONE_OR_TWO, ("入户调查表", "在场人（签字）", "调查人（签字）", "邻里访问")),
    "neighbours": Expected(_confirmed, ONE, ("邻里访问记录", "受访人三", "调查人（签字）")),
    "crosscheck": Expected(_confirmed, ONE, ("核对报告", "核对结论", "未发现异常")),
    "meeting": Expected(_objected, ONE, ("民主评议记录", "他家去年买了汽车", "表决结果", "评议结论")),
    "sheet": Expected(_confirmed, ONE_OR_TWO, ("审核确认表", "以下空白", "乡镇审核意见", "确认意见", "捺印")),
    "review_sheet": Expected(_rechecked(A.RAISE, amount_fen=90_000), ONE_OR_TWO,
                             ("定期复核审批表", "☑增发", "确认意见")),
    "aid_sheet": Expected(_urgent, ONE_OR_TWO,
                          ("临时救助审批表", "☑急难型", "审批意见", "2,000.00元（人民币贰仟元整）")),
    "minutes": Expected(_rechecked(A.RAISE, amount_fen=90_000), ONE, ("一事一议", "集体研究决定", "参会人员签字")),
    "notice": Expected(_confirmed, ONE, ("公示期", "户主姓名", "如有异议")),
    "decision": Expected(_confirmed, TWO, ("确认通知书", "人民币柒佰玖拾元整", "核算情况", *REMEDIES)),
    "guardianship": Expected(_supported, ONE, ("协议", "丙　　方", "村（居）民委员会（盖章）")),
    "refusal": Expected(_refused, ONE, ("不予确认", "查明的事实", "理由和依据", "决定", *REMEDIES)),
    "change": Expected(_rechecked(A.CUT, amount_fen=50_000), TWO, ("变更告知书", "减发", *REMEDIES)),
    "grace_sheet": Expected(_rechecked(A.START_GRACE, months=6), ONE_OR_TWO, ("渐退期审批表", "6个月", "确认意见")),
    "grace": Expected(_rechecked(A.START_GRACE, months=6), TWO, ("渐退期告知书", "6个月渐退期", *REMEDIES)),
    "suspension": Expected(_rechecked(A.SUSPEND), ONE, ("停发告知书", *REMEDIES)),
    "resumption": Expected(_resumed, ONE, ("恢复发放", *REMEDIES)),
    "self_care": Expected(
        _stated(Scheme.TEKUN, A.ASSESS_SELF_CARE, LAW43, items=ITEMS, unmet=0, assessed_on="2026-03-01"),
        ONE, ("评估表", "评估结论", "评估人（签字）"),
    ),
    "end_notice": Expected(
        _stated(Scheme.TEKUN, A.POST_END_NOTICE, LAW43, end_reason="death", until="2026-03-09"), ONE,
        ("公示期", "如有异议"),
    ),
    "stages_stop": Expected(
        _stated(Scheme.TEMPORARY, A.STOP_INSTALMENTS, LAW23, approved_fen=300_000, stopped=2, stopped_fen=200_000), ONE,
        REMEDIES,
    ),
    "government_minutes": Expected(
        _stated(Scheme.TEMPORARY, A.RECORD_MINUTES, LAW23, reference="珙府纪〔2026〕3号", day="2026-03-01",
                attended="县长", grants=True, amount_fen=3_000_000), ONE, ("会议纪要", "珙府纪〔2026〕3号"),
    ),
    "referral": Expected(
        _stated(Scheme.DIBAO, A.REFER, "《社会救助暂行办法》（国务院令第649号）第五章至第八章",
                to_office="珙县教育局", consented=True),
        ONE, ("社会救助转介单", "珙县教育局", "正在申请最低生活保障", "经其同意", "转介回执", "第五章至第八章"),
    ),
    "home_notice": Expected(
        _stated(Scheme.TEMPORARY, A.NOTIFY_HOME, "国发〔2014〕47号 三（一）",
                to_office="高县民政局", home_place="高县"),
        ONE, ("高县民政局", "避免重复救助"),
    ),
    "exit": Expected(_rechecked(A.EXIT), ONE, ("退出", *REMEDIES)),
}  # fmt: skip
OF_PLACES = {
    "notice": ((9, 1), ("公示期", "如有异议")),
    "publish": ((12, 1), ("公布", "合计", "有异议的")),
    "movements": ((9, 1), ("增员减员表", "新增（1户", "停保退出", "制表人")),
    "near_relatives": ((6, 1), ("近亲属备案表", "以下空白", "填表人")),
}


def look(clerks: Clerks, page: Page, base: str, where: str, who: Role = ISSUER) -> Page:
    """Open an address in Chromium as somebody who is logged in."""
    cookie = clerks.browser(who).get_cookie("doudi")
    page.context.add_cookies([{"name": "doudi", "value": cookie.value, "url": base}])
    page.goto(f"{base}{where}")
    return page


def printed(page: Page, to: Path) -> tuple[int, tuple[int, int], str]:
    """How many sheets of which size (points) Chromium prints, and what stands on them."""
    page.emulate_media(media="print")
    text = page.locator("body").inner_text()
    content = page.pdf(path=to, prefer_css_page_size=True)
    width, height = map(float, BOX.search(content).groups())
    return len(SHEETS.findall(content)), (round(width), round(height)), text


def burden(clerks: Clerks) -> None:
    """A family like those an office meets: a long address, an illness, a phone."""
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        home = session.get_one(Household, session.get_one(Benefit, clerks.id).household_id)
        home.address, home.phone = "新胜村红星组12号（老粮站后面）", "13800001234"
        home.members[0].illness, home.members[0].illness_name = Illness.MAJOR, "尿毒症"
        session.commit()


def test_every_kind_of_paper_is_printed_here():
    assert set(PAPERS) == set(KINDS)
    assert set(OF_PLACES) == set(ROLLS)


@pytest.mark.parametrize("kind", PAPERS)
def test_a_paper_is_printed_on_a4_with_what_it_must_say(kind, clerks, serve, page, tmp_path):
    expected = PAPERS[kind]
    expected.walk(clerks)
    burden(clerks)
    answer = clerks.browser(ISSUER).post(f"/case/{clerks.id}/paper/{kind}/issue/")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    base = serve(clerks.app)
    sheets, size, text = printed(look(clerks, page, base, f"/case/{clerks.id}/paper/{kind}/"), tmp_path / f"{kind}.pdf")
    assert (size, sheets in expected.sheets) == (A4, True), sheets
    squeezed = re.sub(r"[ \n\t]", "", text)
    assert [word for word in expected.says if re.sub(r"[ \n\t]", "", word) not in squeezed] == []
    assert "返回" not in text and "草稿" not in text
    assert page.locator("html").get_attribute("data-case").startswith("案号 ")
    if KINDS[kind].numbered:
        assert "〔2026〕1号" in text


@pytest.mark.parametrize("kind", OF_PLACES)
def test_a_paper_of_a_place_is_printed_with_what_it_must_say(kind, clerks, serve, page, tmp_path):
    (level, most), says = OF_PLACES[kind]
    (clerks.to_notice if kind == "notice" else clerks.to_active)()
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        session.add(NearRelative(
            name="张大", id_no=factories.id_number(), relation=Relation.SIBLING, staff_name="王强", staff_post="经办人",
            division_code=factories.XUNCHANG, valid_from=clerks.clock().date(),
        ))  # fmt: skip
        session.commit()
    where = f"/papers/list/{kind}/issue/?place={factories.VILLAGE[:level]}"
    assert clerks.browser(ISSUER).post(where).status_code == 303
    base = serve(clerks.app)
    page = look(clerks, page, base, where.replace("/issue", ""))
    sheets, size, text = printed(page, tmp_path / f"list-{kind}.pdf")
    assert (size, sheets) == (A4 if ROLLS[kind].family == "letter" else LANDSCAPE, most)
    assert [word for word in says if word not in text.replace("\n", "")] == []


def test_the_notice_of_a_village_goes_on_to_a_second_sheet_with_its_heads_repeated(clerks, serve, page, tmp_path):
    for _ in range(24):
        clerks.apply()
        clerks.walk(*((step, OFFICER) for step in (A.ACCEPT, A.START_REVIEW, A.RECORD_SURVEY, A.RECORD_CROSSCHECK,
                                                   A.GIVE_OPINION, A.POST_NOTICE)))  # fmt: skip
    base = serve(clerks.app)
    look(clerks, page, base, f"/papers/list/notice/?place={factories.VILLAGE}", OFFICER)
    sheets, size, _text = printed(page, tmp_path / "long-notice.pdf")
    assert (sheets, size) == (2, A4)
    assert page.locator("thead").evaluate("e => getComputedStyle(e).display") == "table-header-group"


def test_a_draft_says_so_on_paper(clerks, serve, page, tmp_path):
    clerks.to_active()
    look(clerks, page, serve(clerks.app), f"/case/{clerks.id}/paper/decision/")
    sheets, _, _ = printed(page, tmp_path / "draft.pdf")
    mark = page.locator(".draftmark")
    drawn = mark.evaluate("e => getComputedStyle(e, '::before').content + getComputedStyle(e).position")
    assert (drawn, sheets) == ('"草稿"fixed', 2)


def test_the_proof_of_delivery_is_one_sheet(clerks, serve, page, tmp_path):
    clerks.to_active()
    look(clerks, page, serve(clerks.app), f"/case/{clerks.id}/paper/decision/delivery/")
    sheets, size, text = printed(page, tmp_path / "delivery.pdf")
    assert (sheets, size) == (1, A4) and "送达回证" in text


def test_many_papers_are_one_document_with_a_sheet_for_each(clerks, serve, page, tmp_path):
    for _ in range(3):
        clerks.apply()
        clerks.walk((A.ACCEPT, OFFICER))
    base = serve(clerks.app)
    look(clerks, page, base, "/papers/many/", OFFICER)
    page.get_by_label("全选").check()
    page.get_by_role("button", name="出具并打印所选").click()
    expect(page).to_have_url(re.compile("/papers/together/"))
    sheets, size, text = printed(page, tmp_path / "together.pdf")
    assert (sheets, size) == (3, A4)
    assert [n for n in (1, 2, 3) if f"〔2026〕{n}号" not in text] == [] and text.count("存根") == 3
    assert text.count("案号") == 3


def test_letters_to_families_on_the_edge_take_as_many_sheets_together_as_singly(clerks, serve, page, tmp_path):
    letters = []
    for calculated in (True, False, True):
        _stated(Scheme.EDGE, A.CONFIRM, "民发〔2021〕57号 第八条", calculated, months=12)(clerks)
        burden(clerks)
        letters.append(f"/case/{clerks.id}/paper/decision/")
    base = serve(clerks.app)
    look(clerks, page, base, "/papers/many/?kind=decision")
    page.get_by_label("全选").check()
    page.get_by_role("button", name="出具并打印所选").click()
    expect(page).to_have_url(re.compile("/papers/together/"))
    together, size, text = printed(page, tmp_path / "edge.pdf")
    singly = [printed(look(clerks, page, base, one), tmp_path / "one.pdf")[0] for one in letters]
    assert (together, singly, size) == (5, [2, 1, 2], A4)
    assert text.count("最低生活保障边缘家庭") >= 3
    assert [n for n in (1, 2, 3) if f"〔2026〕{n}号" not in text] == []


def test_issuing_opens_the_dialog_of_the_printer_once(clerks, serve, page, tmp_path):
    clerks.to_active()
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    look(clerks, page, serve(clerks.app), f"/case/{clerks.id}/paper/decision/")
    page.get_by_role("button", name="出具并打印").click()
    expect(page.get_by_role("button", name="打印", exact=True)).to_be_visible()
    expect(page).not_to_have_url(re.compile("#print"))
    page.wait_for_load_state("load")
    assert page.evaluate("() => window.printed") == 1
    assert "草稿" not in page.locator("body").inner_text()
