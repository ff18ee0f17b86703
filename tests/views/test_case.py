"""The case page tells where a case stands, what is missing and who acts, in few statements and without full numbers."""

import html
import re

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from models import Asset, AuditEntry, Benefit, IncomeLine, Member, Obligor, SpendingLine
from policy.vocabulary import Action, AssetKind, IncomeKind, Relation, Role, Scheme, SpendingKind, Stage
from tests.views.clerks import APPROVER, OFFICER, VILLAGE
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

A, S = Action, Stage
MOST_STATEMENTS = 13


@pytest.fixture
def change(app, clerks, clock):
    """Change the case's rows directly: `change(lambda session, case: …)`."""

    def do(work):
        with app.app_context(), Session(db.engine) as session:
            audit.attribute(session, SYSTEM, clock(), "试")
            work(session, session.get_one(Benefit, clerks.id))
            session.commit()

    return do


def plain(markup: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup)))


def part(page: str, id: str) -> str:
    """The text of one card."""
    return plain(page.split(f'id="{id}"', 1)[1].split("</section>", 1)[0])


def steps(page: str) -> list[tuple[str, str, str]]:
    """(state, stage, note) of the stepper."""
    found = re.findall(
        r'<li class="(\w*)"[^>]*>(.*?)</li>', page.split('<ol class="steps"')[1].split("</ol>", maxsplit=1)[0]
    )
    made = []
    for state, inside in found:
        note = re.search(r"<small>(.*?)</small>", inside)
        made.append((state, re.split(r"<", inside)[0].strip(), note[1] if note else ""))
    return made


# --- where it stands --------------------------------------------------------------------------------------------------


def test_the_stepper_shows_dates_and_people_behind_and_what_is_to_come(clerks):
    clerks.to_review()
    found = steps(clerks.page(OFFICER))
    assert [(state, stage) for state, stage, _ in found] == [
        ("done", "已申请"), ("done", "已受理"), ("here", "审核中"), ("", "公示中"), ("", "待确认"), ("", "在享"),
        ("", "复核中"), ("", "已退出"),
    ]  # fmt: skip
    notes = [note for *_, note in found]
    assert notes[1].startswith("3月2日 ") and notes[3:6] == ["7 天", "乡镇（已授权）", "次月起"]


def test_a_branch_stands_in_the_stepper_only_when_it_was_taken(clerks):
    clerks.to_recheck(grants=False)
    assert "渐退期" not in [stage for _, stage, _ in steps(clerks.page(APPROVER))]
    clerks.do((A.START_GRACE, APPROVER))
    assert ("here", "渐退期") in [(state, stage) for state, stage, _ in steps(clerks.page(APPROVER))]


def test_a_refused_case_ends_there(clerks):
    clerks.to_opinion(grants=False).walk((A.SUBMIT_REFUSAL, OFFICER)).do((A.REFUSE, APPROVER))
    assert [stage for _, stage, _ in steps(clerks.page(APPROVER))] == [
        "已申请",
        "已受理",
        "审核中",
        "待确认",
        "不予确认",
    ]


def test_days_left_carry_date_unit_and_clause(clerks):
    clerks.to_review()
    tip = re.search(r'<span class="tip">(.*?)</span>', clerks.page(OFFICER))[1]
    assert "个工作日，不含节假日" in tip and "月" in tip and "57号 第二十二条" in tip


def test_a_notice_is_counted_in_days_of_the_calendar(clerks):
    clerks.to_notice()
    assert "3月9日前（7 天，含节假日）" in clerks.page(OFFICER)


def test_what_is_late_is_said_in_words(clerks):
    clerks.to_review().wait(60)
    assert re.search(r"已超期 \d+ 个工作日", clerks.page(OFFICER))


# --- what is known ----------------------------------------------------------------------------------------------------


def test_people_money_property_and_obligors_are_shown(clerks, change):
    clerks.apply()

    def add(session, case):
        head = case.household.members[0]
        session.add_all([
            IncomeLine(member_id=head.id, kind=IncomeKind.BUSINESS, year_fen=381600, note="玉米"),
            SpendingLine(member_id=head.id, kind=SpendingKind.MEDICAL, year_fen=72000),
            Asset(household_id=case.household_id, kind=AssetKind.HOUSE, quantity=1, area_m2=86),
            Obligor(household_id=case.household_id, name="刘军", relation=Relation.SON, pays_month_fen=9250),
        ])  # fmt: skip

    change(add)
    page = clerks.page(OFFICER)
    assert "3,816.00" in part(page, "income") and "720.00" in part(page, "income") and "86 ㎡" in part(page, "income")
    assert "刘军" in part(page, "people") and "92.50" in part(page, "people")


def test_no_more_of_an_id_number_than_its_last_four_stands_on_the_page(clerks, app):
    clerks.apply()
    with app.app_context(), Session(db.engine) as session:
        numbers = [m.id_no for m in session.scalars(select(Member))]
    assert numbers
    for who in (VILLAGE, OFFICER, APPROVER, Role.AUDITOR):
        page = clerks.page(who)
        assert all(n not in page and n[:6] not in page and n[6:14] not in page and n[-4:] in page for n in numbers)


def test_without_a_calculation_the_page_says_so_and_offers_it_to_who_may(clerks):
    clerks.apply()
    mine, readers = (clerks.page(who) for who in (OFFICER, Role.AUDITOR))
    assert "尚未核算" in part(mine, "calculation") and "尚未核算" in part(readers, "calculation")
    button = f'action="/case/{clerks.id}/calculate/"'
    assert button in mine and button not in readers


def test_the_latest_calculation_stands_line_by_line(clerks):
    clerks.apply()
    clerks.calculated(fen=10_000).calculated()
    found = part(clerks.page(OFFICER), "calculation")
    assert "建议月保障金" in found and "790.00" in found and "380.00 × 3 − 350.50" in found and "尚未核算" not in found


def test_the_amount_keeps_its_history(clerks):
    clerks.to_recheck().do((A.RAISE, APPROVER))
    found = part(clerks.page(APPROVER), "calculation")
    assert "0.00 → 790.00" in found and "790.00 → 900.00" in found and "收入减少" in found


def test_survey_crosscheck_papers_and_objections_stand_on_the_page(clerks):
    clerks.apply()
    clerks.do(
        (A.TELL_MISSING, OFFICER),
        (A.FILE_PAPER, VILLAGE),
        (A.ACCEPT, OFFICER),
        (A.START_REVIEW, OFFICER),
        (A.RECORD_SURVEY, VILLAGE),
    )
    clerks.press(OFFICER, A.RECORD_CROSSCHECK, **{"doubtful-bank": "y", "note-bank": "存款 9 万"})
    clerks.walk((A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER)).do((A.OBJECT, VILLAGE))
    page = clerks.page(OFFICER)
    assert "王强、村干部" in part(page, "visits") and "与申报一致" in part(page, "visits")
    checks, papers = part(page, "checks"), part(page, "papers")
    assert "疑似不符" in checks and "存款 9 万" in checks and "已回 2 / 2 项" in checks
    assert "身份证（配偶的）" in papers and "1 / 1" in papers
    assert "他家有车" in part(page, "objections") and "待答复" in part(page, "objections")


# --- what may be done -------------------------------------------------------------------------------------------------


def test_lawful_steps_are_links_and_the_unlawful_ones_say_why_with_the_way_there(clerks):
    clerks.to_review()
    acts = clerks.page(OFFICER).split('id="acts"')[1].split("</section>")[0]
    assert f'href="{clerks.url(A.RECORD_SURVEY)}">登记调查结果</a>' in acts
    held = re.search(r'<button([^>]*aria-describedby="why-post_notice")>提交公示</button>', acts)[1]
    assert 'aria-disabled="true"' in held and " disabled" not in held.replace("aria-disabled", "")
    why = plain(acts.split('id="why-post_notice"')[1].split("</ul>")[0])
    assert "现有 0 人 → 登记调查结果" in why and "→ 登记核对结果" in why and "→ 提出初审意见" in why


def test_the_step_that_leads_onwards_comes_first(clerks):
    clerks.to_review()
    first = re.search(r'class="btn btn-primary" href="([^"]*)"', clerks.page(OFFICER))[1]
    assert first == clerks.url(A.RECORD_SURVEY)
    clerks.walk((A.RECORD_SURVEY, OFFICER), (A.RECORD_CROSSCHECK, OFFICER), (A.GIVE_OPINION, OFFICER))
    assert re.search(r'class="btn btn-primary" href="([^"]*)"', clerks.page(OFFICER))[1] == clerks.url(A.POST_NOTICE)


def test_what_is_next_but_lacks_the_calculation_is_not_folded_away(clerks):
    clerks.to_review().walk((A.RECORD_SURVEY, OFFICER), (A.RECORD_CROSSCHECK, OFFICER))
    acts = clerks.page(OFFICER).split('id="acts"')[1].split("</section>")[0]
    seen, folded = acts.split('class="more"')
    assert "尚未核算" in plain(seen.split('id="why-give_opinion"')[1].split("</ul>")[0])
    assert seen.index("why-give_opinion") < seen.index("why-post_notice") and "why-give_opinion" not in folded


def test_what_others_do_is_told_with_their_role(clerks):
    clerks.to_approval()
    acts = clerks.page(OFFICER).split('id="acts"')[1].split("</section>")[0]
    assert clerks.url(A.CONFIRM) not in acts
    others = plain(acts.split('class="others"')[1])
    assert "确认 乡镇审核确认人" in others


def test_a_step_of_ones_own_role_that_is_left_to_others_says_why(clerks):
    clerks.to_approval()
    acts = clerks.page(Role.COUNTY_REVIEWER).split('id="acts"')[1].split("</section>")[0]
    others = plain(acts.split('class="others"')[1])
    assert "提出县级意见 县级经办人 本件已授权乡镇确认，不需要县级意见" in others
    theirs = plain(clerks.page(OFFICER).split('id="acts"')[1].split("</section>")[0])
    assert "提出县级意见" not in theirs or "不需要县级意见" not in theirs


def test_a_reason_that_another_role_clears_says_who(clerks):
    clerks.to_review().walk(
        (A.RECORD_SURVEY, OFFICER), (A.RECORD_CROSSCHECK, OFFICER), (A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER)
    )
    clerks.wait(8).do((A.RECORD_COMPLAINT, OFFICER))
    acts = plain(clerks.page(APPROVER).split('id="acts"')[1].split("</section>")[0])
    assert "县级须先入户核查（有未答复的投诉）" in acts and "可由县级经办人办理“登记县级入户核查”" in acts


def test_every_reader_of_a_case_gets_a_page_in_every_stage(clerks):
    readers = (VILLAGE, OFFICER, APPROVER, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER, Role.SUPERVISOR, Role.AUDITOR)
    for way in (clerks.apply, clerks.to_opinion, clerks.to_approval, clerks.to_recheck):
        way()
        assert all(clerks.browser(who).get(f"/case/{clerks.id}/").status_code == 200 for who in readers)


def test_an_emergency_shows_its_short_way(clerks):
    clerks.apply(Scheme.TEMPORARY, urgent=True, requested_fen=200000)
    page = clerks.page(APPROVER)
    assert [stage for _, stage, _ in steps(page)] == ["已申请", "待发放", "已办结"] and "手续限期补齐" in page


def test_aid_that_is_granted_but_unpaid_is_called_so_wherever_it_is_shown(clerks):
    """临时救助: 待发放 until it is paid, 已办结 afterwards; never 在享 or 已退出."""
    clerks.apply(Scheme.TEMPORARY, urgent=True, requested_fen=200000)
    home, officer = clerks.row().household_id, clerks.browser(OFFICER)
    places = (f"/case/{clerks.id}/", f"/household/{home}/", "/benefit/", "/household/", "/desk/queue")
    clerks.walk((A.PAY_FIRST, APPROVER), amount_fen=200000)
    for word, others, shown in (("待发放", ("在享", "已办结"), places), ("已办结", ("待发放", "已退出"), places[:3])):
        for url in shown:
            tags = re.findall(r'<span class="tag[^"]*">([^<]*)</span>', officer.get(url).get_data(as_text=True))
            said = " ".join(tags)
            assert word in said, (url, said)
            assert not [other for other in others if other in said], (url, said)
        if word == "待发放":
            page = clerks.send(OFFICER, A.RECORD_PAYMENT, {
                **clerks.opened(OFFICER, A.RECORD_PAYMENT), **clerks.good(A.RECORD_PAYMENT),
            })  # fmt: skip
            assert "已办结" in officer.get(page.location).get_data(as_text=True)


# --- what happened ----------------------------------------------------------------------------------------------------


def test_the_story_goes_day_by_day_with_who_what_and_opinion(clerks):
    clerks.to_approval()
    story = part(clerks.page(OFFICER), "timeline")
    assert story.index("2026年3月10日") < story.index("2026年3月2日")
    assert "公示期满" in story and "系统" in story and "提出初审意见：同意" in story and "拟同意" in story


def test_papers_open_from_the_step_that_they_state(clerks):
    clerks.apply()
    clerks.do((A.ACCEPT, OFFICER))
    story = clerks.page(OFFICER).split('id="timeline"')[1]
    paper = re.search(r'受理.*?<a href="([^"]*)">受理通知书</a>', story, re.DOTALL)
    assert clerks.browser(OFFICER).get(html.unescape(paper[1])).status_code == 200


def test_corrections_and_looks_have_their_own_view(clerks, change, app, clock):
    clerks.apply()
    change(lambda s, c: setattr(c, "special", True))
    with app.app_context(), Session(db.engine) as session:
        member = session.scalars(select(Member)).first()
        audit.record(session, SYSTEM, clock(), "reveal", member, reason="verify", after={"field": "id_no"})
        session.commit()
    assert "否 → 是" in part(clerks.page(OFFICER, show="changes"), "timeline")
    looks = part(clerks.page(OFFICER, show="looks"), "timeline")
    assert "查看完整号码" in looks or "Full number" in looks
    assert part(clerks.page(OFFICER, show="strange"), "timeline") == part(clerks.page(OFFICER), "timeline")


def test_after_a_step_the_page_says_what_happened_and_offers_the_next_one(clerks):
    _, second, third = clerks.apply(), clerks.apply(), clerks.apply()
    clerks.id = second
    answer = clerks.press(OFFICER, A.ACCEPT)
    page = clerks.browser(OFFICER).get(answer.location).get_data(as_text=True)
    said = plain(page.split('class="say ok"')[1].split("</div>")[0])
    assert "已办理：受理。" in said and "现在环节：已受理" in said and "之后：" in said and "下一件 (2/2)" in said
    assert f'href="/case/{third}/"' in page.split('class="say ok"')[1].split("</div>")[0]


def test_nobody_is_told_of_a_step_that_is_not_theirs(clerks):
    clerks.apply()
    answer = clerks.press(OFFICER, A.ACCEPT)
    assert 'class="say ok"' not in clerks.browser(APPROVER).get(answer.location).get_data(as_text=True)
    clerks.apply()
    assert 'class="say ok"' not in clerks.page(OFFICER, done="1")


# --- how it is read ---------------------------------------------------------------------------------------------------


def test_a_case_page_takes_few_statements_however_much_happened(clerks, app):
    clerks.to_recheck().do((A.RAISE, APPROVER))
    clerks.page(OFFICER)
    said = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    clerks.page(OFFICER)
    said = [statement for statement in said if statement != "BEGIN"]
    assert len(said) <= MOST_STATEMENTS, "\n".join(said)


@pytest.mark.parametrize("id", ["0", "-1", "x", "9" * 30, "1,2", "99"])
def test_a_number_that_is_no_case_is_not_there(clerks, id):
    clerks.apply()
    assert clerks.browser(OFFICER).get(f"/case/{id}/").status_code == 404


def test_looking_at_a_case_changes_nothing(clerks, app):
    clerks.apply()

    def entries():
        with app.app_context(), Session(db.engine) as session:
            return len(session.scalars(select(AuditEntry.id)).all())

    before = entries()
    clerks.page(OFFICER)
    clerks.browser(OFFICER).get(clerks.url(A.ACCEPT))
    assert entries() == before
