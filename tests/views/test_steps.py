"""Every step pressed in the browser: lawful ones taken once, unlawful ones refused with reasons and nothing changed."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Benefit, User
from policy.vocabulary import Action, Role, Scheme, Stage, Unit
from tests import databases, factories
from tests.views.clerks import APPROVER, OFFICER, VILLAGE, Clerks, reasons
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

A, S = Action, Stage
COUNTY, COUNTY_APPROVER = Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


# --- the lawful way ---------------------------------------------------------------------------------------------------


def test_a_family_goes_from_application_to_exit_by_five_people(clerks):
    clerks.apply(by="township_officer")
    clerks.do((A.ACCEPT, OFFICER), (A.START_REVIEW, OFFICER), (A.RECORD_SURVEY, VILLAGE), (A.RECORD_CROSSCHECK, COUNTY))
    clerks.do((A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER)).wait(8).do((A.CONFIRM, APPROVER))
    clerks.wait(30).do(
        (A.START_RECHECK, VILLAGE), (A.RECORD_SURVEY, VILLAGE), (A.GIVE_OPINION, OFFICER), (A.START_GRACE, APPROVER)
    )
    assert clerks.stage is S.GRACE
    clerks.wait(400)
    assert clerks.stage is S.EXITED
    assert clerks.events() == [
        A.APPLY, A.ACCEPT, A.START_REVIEW, A.RECORD_SURVEY, A.RECORD_CROSSCHECK, A.GIVE_OPINION, A.POST_NOTICE,
        A.CLOSE_NOTICE, A.CONFIRM, A.START_RECHECK, A.RECORD_SURVEY, A.GIVE_OPINION, A.START_GRACE, A.END_GRACE,
    ]  # fmt: skip


def test_the_same_way_is_taken_on_postgresql(instance, migrated_postgres_url, clock):
    from app import create_app

    (instance / "secrets.json").write_text(databases.SECRETS)
    usual = {"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False, "CLOCK": clock}
    clerks = Clerks(create_app({"INSTANCE": instance, "DATABASE_URL": migrated_postgres_url, **usual}), clock)
    clerks.apply()
    clerks.apply()
    clerks.do((A.ACCEPT, OFFICER), (A.START_REVIEW, OFFICER), (A.RECORD_SURVEY, VILLAGE))
    clerks.do((A.RECORD_CROSSCHECK, COUNTY), (A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER)).wait(8)
    form = {**clerks.opened(APPROVER, A.CONFIRM), **clerks.good(A.CONFIRM)}
    assert [clerks.send(APPROVER, A.CONFIRM, form).status_code for _ in range(2)] == [303, 303]
    assert clerks.stage is S.ACTIVE and clerks.events().count(A.CONFIRM) == 1
    for address in ("/desk/", "/desk/queue", f"/case/{clerks.id}/", f"/case/{clerks.id}/?show=changes"):
        assert clerks.browser(OFFICER).get(address).status_code == 200


def test_missing_papers_are_told_once_and_filed_before_acceptance(clerks):
    clerks.apply()
    clerks.do((A.TELL_MISSING, OFFICER))
    refused = clerks.press(OFFICER, A.ACCEPT)
    assert refused.status_code == 422 and "还有 1 份材料待补" in reasons(refused)[0]
    clerks.do((A.FILE_PAPER, VILLAGE), (A.ACCEPT, OFFICER))
    assert clerks.stage is S.ACCEPTED and clerks.owed() == []


def test_a_paper_that_was_only_described_is_asked_for_like_one_that_was_ticked(clerks):
    clerks.apply()
    clerks.press(OFFICER, A.TELL_MISSING, **{"missing": ["id_card"], "missing-household_book": "长子的"})
    page = clerks.page(OFFICER)
    assert "身份证（配偶的）" in page and "户口簿（长子的）" in page


def test_a_doubt_about_a_source_counts_though_its_row_was_not_ticked(clerks):
    clerks.to_review().walk((A.RECORD_SURVEY, OFFICER))
    typed = {"answers": ["bank"], "doubtful-vehicles": "y", "note-vehicles": "名下轿车一辆"}
    assert clerks.press(OFFICER, A.RECORD_CROSSCHECK, **typed).status_code == 303
    page = clerks.page(OFFICER)
    assert "名下轿车一辆" in page and "疑似不符" in page and "已回 2 / 2 项" in page


def test_an_objection_takes_the_case_back_to_review(clerks):
    clerks.to_notice().do((A.OBJECT, VILLAGE))
    assert clerks.stage is S.REVIEW
    assert "他家有车" in clerks.page(OFFICER)


def test_a_refusal_is_proposed_decided_with_its_clause_and_told(clerks):
    clerks.to_review().walk((A.RECORD_SURVEY, OFFICER), (A.RECORD_CROSSCHECK, OFFICER))
    assert clerks.press(OFFICER, A.GIVE_OPINION, grants="no", amount="").status_code == 303
    clerks.do((A.SUBMIT_REFUSAL, OFFICER))
    page = text_of(clerks.browser(APPROVER).get(clerks.url(A.REFUSE)))
    assert "60 日内申请行政复议" in page and "6 个月内向人民法院" in page
    clerks.do((A.REFUSE, APPROVER))
    assert "3 个工作日内书面告知" in clerks.page(OFFICER)
    clerks.do((A.TELL_REFUSAL, OFFICER))
    assert clerks.stage is S.REFUSED and "第十三条" in clerks.page(OFFICER) and "本件已办结" in clerks.page(OFFICER)


def test_a_typed_clause_goes_before_a_chosen_one(clerks):
    clerks.to_opinion(grants=False).walk((A.SUBMIT_REFUSAL, OFFICER))
    clerks.press(APPROVER, A.REFUSE, clause_other="本县办法 第三条")
    assert "本县办法 第三条" in clerks.page(APPROVER)


@pytest.mark.parametrize(
    ("action", "stage", "fen"),
    [(A.KEEP, S.ACTIVE, 79000), (A.RAISE, S.ACTIVE, 90000), (A.CUT, S.ACTIVE, 50000), (A.SUSPEND, S.SUSPENDED, 79000),
     (A.EXIT, S.EXITED, 79000), (A.START_GRACE, S.GRACE, 79000)],
)  # fmt: skip
def test_a_recheck_ends_in_each_lawful_way(clerks, action, stage, fen):
    clerks.to_recheck().do((action, APPROVER))
    assert (clerks.stage, clerks.row().monthly_fen) == (stage, fen)


def test_a_suspended_benefit_is_resumed(clerks):
    clerks.to_recheck().do((A.SUSPEND, APPROVER), (A.RESUME, APPROVER))
    assert clerks.stage is S.ACTIVE


def test_a_family_leaves_by_its_signed_wish(clerks):
    clerks.to_active().do((A.LEAVE, OFFICER))
    assert clerks.stage is S.EXITED


def test_an_application_is_withdrawn(clerks):
    clerks.apply()
    clerks.do((A.WITHDRAW, OFFICER))
    assert clerks.stage is S.WITHDRAWN


def test_what_the_confirmer_sends_back_is_reviewed_again(clerks):
    clerks.to_approval().do((A.RETURN, APPROVER))
    assert clerks.stage is S.REVIEW


def test_a_complaint_brings_the_county_to_the_door_before_the_township_confirms(clerks):
    clerks.to_approval().do((A.RECORD_COMPLAINT, OFFICER))
    refused = clerks.press(APPROVER, A.CONFIRM)
    assert "有未答复的投诉" in reasons(refused)[0]
    assert "登记县级入户核查" in reasons(refused)[0]
    clerks.do((A.COUNTY_VISIT, COUNTY), (A.ANSWER_COMPLAINT, COUNTY), (A.CONFIRM, APPROVER))
    assert clerks.stage is S.ACTIVE


def test_emergency_aid_is_paid_first_and_its_papers_stay_a_debt(clerks):
    clerks.apply(Scheme.TEMPORARY, urgent=True, requested_fen=200000)
    clerks.do((A.PAY_FIRST, APPROVER), (A.RECORD_PAYMENT, OFFICER))
    assert clerks.stage is S.EXITED and len(clerks.owed()) == 3
    clerks.do((A.FILE_PAPER, OFFICER))
    assert clerks.owed() == []


def test_the_dialog_of_a_case_of_one_person_names_the_person_beside_the_family(clerks, app):
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        home = factories.household(session, members=2, head_name="沈样")
        home.members[1].name, one = "沈小样", {"member": home.members[1], "unit": Unit.SINGLE, "persons": 1}
        clerks.id = factories.benefit(session, home, S.APPLIED, scheme=Scheme.CARE_SUBSIDY, **one).id
        session.commit()
    page = clerks.browser(OFFICER).get(f"/case/{clerks.id}/accept/").get_data(as_text=True)
    dialog = re.sub(r"<[^>]+>|\s", "", page.split("data-step-form", 1)[1].split("</form>", 1)[0])
    assert "人员沈小样" in dialog and "家庭沈样" in dialog


# --- the unlawful shortcuts -------------------------------------------------------------------------------------------

SHORTCUTS = [
    ("to_review", OFFICER, A.POST_NOTICE, ["现有 0 人", "还没有登记核对结果", "还没有乡镇初审意见"]),
    ("to_review", OFFICER, A.GIVE_OPINION, ["现有 0 人", "还没有登记核对结果"]),
    ("to_opinion", OFFICER, A.SUBMIT_REFUSAL, ["初审意见为同意"]),
    ("to_approval", OFFICER, A.CONFIRM, ["由乡镇审核确认人、县级确认人办理", "由乡镇审核确认人确认", "须由另一人确认"]),
    ("to_approval", COUNTY_APPROVER, A.CONFIRM, ["由乡镇审核确认人确认"]),
    ("to_active", APPROVER, A.CONFIRM, ["“在享”环节不能办理“确认”"]),
    ("apply", VILLAGE, A.ACCEPT, ["由乡镇经办人办理"]),
    ("to_active", OFFICER, A.END_ON_DEATH, ["家庭中还有 2 人"]),
]


@pytest.mark.parametrize(("way", "who", "action", "told"), SHORTCUTS)
def test_a_shortcut_is_refused_with_every_reason_and_changes_nothing(clerks, way, who, action, told):
    getattr(clerks, way)()
    before, stage = clerks.events(), clerks.stage
    answer = clerks.press(who, action)
    assert answer.status_code == 422
    found = reasons(answer)
    assert len(found) == len(told) and all(words in found[n] for n, words in enumerate(told)), found
    assert (clerks.events(), clerks.stage) == (before, stage)


def test_an_early_close_of_the_notice_names_the_day_it_becomes_possible(clerks):
    clerks.to_notice()
    assert reasons(clerks.press(OFFICER, A.CLOSE_NOTICE)) == ["公示未满，3月9日期满后可办理 → 查看"]


def test_one_surveyor_is_not_enough(clerks):
    clerks.to_review().walk((A.RECORD_CROSSCHECK, OFFICER))
    assert clerks.press(OFFICER, A.RECORD_SURVEY, surveyor_name=["王强", ""]).status_code == 303
    assert "现有 1 人" in reasons(clerks.press(OFFICER, A.GIVE_OPINION))[0]


@pytest.mark.parametrize("ticked", [True, False])
def test_a_person_of_two_hats_cannot_confirm_what_they_surveyed_ticked_or_typed(clerks, app, ticked):
    clerks.to_review()
    with app.app_context(), Session(db.engine) as session:
        who = session.get_one(User, clerks.ids["township_approver"])
        named = {"surveyors": [str(who.id)]} if ticked else {"surveyor_name": ["王强", who.name]}
    clerks.press(OFFICER, A.RECORD_SURVEY, **named)
    clerks.walk((A.RECORD_CROSSCHECK, OFFICER), (A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER)).wait(8)
    found = reasons(clerks.press(APPROVER, A.CONFIRM))
    assert "本人参与了本件的调查或审核" in found[0] and "可由另一位乡镇审核确认人办理" in found[0]


def test_of_two_namesakes_who_both_went_neither_confirms_what_they_surveyed(clerks, app):
    clerks.to_review()
    with app.app_context(), Session(db.engine) as session:
        who = session.get_one(User, clerks.ids["township_approver"])
        namesake = factories.user(session, Role.TOWNSHIP_OFFICER, who.division_code, name=who.name)
        session.commit()
        went = [str(who.id), str(namesake.id)]
    clerks.press(OFFICER, A.RECORD_SURVEY, surveyors=went, surveyor_name=["王强"])
    clerks.walk((A.RECORD_CROSSCHECK, OFFICER), (A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER)).wait(8)
    assert "本人参与了本件的调查或审核" in reasons(clerks.press(APPROVER, A.CONFIRM))[0]


def test_the_form_comes_back_with_what_was_typed_and_every_problem_at_once(clerks):
    clerks.to_approval()
    answer = clerks.press(APPROVER, A.CONFIRM, amount="七百", words="")
    page = text_of(answer)
    assert answer.status_code == 422 and 'value="七百"' in page
    assert reasons(answer) == ["月保障金：“七百”不是以元计的金额。", "请写明意见或理由，至少 2 个字"]
    assert 'href="#amount"' in page and 'href="#words"' in page and "data-focus" in page
    assert clerks.stage is S.APPROVAL


def test_ticks_notes_and_rows_come_back_as_they_were(clerks):
    clerks.to_review()
    page = text_of(clerks.press(OFFICER, A.RECORD_SURVEY, words="", surveyor_name=["王强", "村干部"]))
    assert 'value="王强"' in page and 'value="村干部"' in page
    page = text_of(clerks.press(OFFICER, A.RECORD_CROSSCHECK, **{"back-bank": "2999-01-01", "note-bank": "存款"}))
    assert 'value="2999-01-01"' in page and 'value="存款"' in page and "2999年1月1日还没有到" in page


@pytest.mark.parametrize(("months", "taken"), [("2", False), ("3", True), ("12", True), ("13", False), ("x", False)])
def test_a_grace_period_lies_within_the_months_of_the_place(clerks, months, taken):
    clerks.to_recheck()
    assert (clerks.press(APPROVER, A.START_GRACE, months=months).status_code == 303) is taken


@pytest.mark.parametrize(("yuan", "taken"), [("3000", True), ("3000.01", False), ("0", False), ("-5", False)])
def test_the_township_pays_first_up_to_its_limit(clerks, yuan, taken):
    clerks.apply(Scheme.TEMPORARY, urgent=True, requested_fen=300000)
    assert (clerks.press(APPROVER, A.PAY_FIRST, amount=yuan).status_code == 303) is taken


@pytest.mark.parametrize(("days", "taken"), [(-1, True), (0, True), (1, False)])
def test_a_survey_is_not_dated_in_the_future(clerks, clock, days, taken):
    clerks.to_review()
    day = clock().date().fromordinal(clock().date().toordinal() + days).isoformat()
    assert (clerks.press(OFFICER, A.RECORD_SURVEY, day=day).status_code == 303) is taken


@pytest.mark.parametrize("action", ["apply", "take_over", "papers_overdue", "nonsense", "confirm'", "CONFIRM"])
def test_what_has_no_dialog_has_no_page(clerks, action):
    clerks.apply()
    assert clerks.browser(OFFICER).get(f"/case/{clerks.id}/{action}/").status_code == 404
    assert clerks.browser(OFFICER).post(f"/case/{clerks.id}/{action}/", data={}).status_code == 404


# --- once, and on what was seen ---------------------------------------------------------------------------------------


def test_a_double_click_makes_one_event_and_says_so(clerks):
    clerks.apply()
    form = {**clerks.opened(OFFICER, A.ACCEPT), "words": "材料齐全"}
    first, second = clerks.send(OFFICER, A.ACCEPT, form), clerks.send(OFFICER, A.ACCEPT, form)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert "已办理，未重复提交" in text_of(clerks.browser(OFFICER).get(second.location))
    assert clerks.events() == [A.APPLY, A.ACCEPT]


def test_going_back_and_sending_something_else_with_the_same_form_is_refused(clerks):
    clerks.to_review()
    form = {**clerks.opened(OFFICER, A.RECORD_SURVEY), **clerks.good(A.RECORD_SURVEY)}
    clerks.send(OFFICER, A.RECORD_SURVEY, form)
    answer = clerks.send(OFFICER, A.RECORD_SURVEY, {**form, "words": "改写"})
    assert answer.status_code == 422 and "已用其他内容提交过" in reasons(answer)[0] and "改写" in text_of(answer)
    assert clerks.events().count(A.RECORD_SURVEY) == 1


def test_a_refused_post_does_not_use_up_its_key(clerks):
    clerks.to_approval()
    form = {**clerks.opened(APPROVER, A.CONFIRM), **clerks.good(A.CONFIRM)}
    assert clerks.send(APPROVER, A.CONFIRM, {**form, "words": ""}).status_code == 422
    assert clerks.send(APPROVER, A.CONFIRM, form).status_code == 303


def test_a_post_without_a_key_of_ours_keeps_what_was_typed(clerks):
    clerks.apply()
    answer = clerks.send(OFFICER, A.ACCEPT, {"words": "材料齐全", "row_version": "1", "key": "x"})
    assert answer.status_code == 422 and "材料齐全" in text_of(answer)
    assert clerks.events() == [A.APPLY]


def test_a_stale_form_shows_what_the_other_person_did_and_keeps_what_was_typed(clerks):
    clerks.to_review().walk((A.RECORD_SURVEY, OFFICER), (A.RECORD_CROSSCHECK, OFFICER)).calculated()
    form = {**clerks.opened(OFFICER, A.GIVE_OPINION), **clerks.good(A.GIVE_OPINION), "words": "我写的意见"}
    clerks.press(VILLAGE, A.RECORD_SURVEY, words="另一次入户")
    answer = clerks.send(OFFICER, A.GIVE_OPINION, form)
    page = text_of(answer)
    assert answer.status_code == 409 and "另一次入户" in page and "我写的意见" in page
    assert A.GIVE_OPINION not in clerks.events()
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert clerks.send(OFFICER, A.GIVE_OPINION, {**form, **again}).status_code == 303


def test_a_stale_form_shows_a_correction_of_the_case_too(clerks, app, clock):
    clerks.apply()
    form = {**clerks.opened(OFFICER, A.ACCEPT), "words": ""}
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clock(), "更正")
        session.get_one(Benefit, clerks.id).special = True
        session.commit()
    answer = clerks.send(OFFICER, A.ACCEPT, form)
    assert answer.status_code == 409 and "打开页面后的变化" in text_of(answer)
    assert "否 → 是" in text_of(answer)


def test_a_step_leaves_who_did_it_in_the_history(clerks, app):
    clerks.apply()
    clerks.do((A.ACCEPT, OFFICER))
    with app.app_context(), Session(db.engine) as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.benefit_id == clerks.id, AuditEntry.table_name == "benefit")
            .order_by(AuditEntry.id.desc())
        ).first()  # fmt: skip
        assert entry.actor_id == clerks.ids["township_officer"] and entry.after["stage"] == "accepted"


# --- elsewhere --------------------------------------------------------------------------------------------------------


def test_a_case_of_another_township_is_not_there(clerks):
    clerks.apply()
    stranger = clerks.browser("township_officer_2")
    assert stranger.get(f"/case/{clerks.id}/").status_code == 404
    assert stranger.get(clerks.url(A.ACCEPT)).status_code == 404
    assert clerks.send("township_officer_2", A.ACCEPT, {"key": "a" * 43}).status_code == 404
    assert clerks.events() == [A.APPLY]


def test_an_auditor_reads_a_case_and_takes_no_step(clerks):
    clerks.apply()
    assert clerks.browser(Role.AUDITOR).get(f"/case/{clerks.id}/").status_code == 200
    assert clerks.browser(Role.AUDITOR).get(clerks.url(A.ACCEPT)).status_code == 403


def test_a_survey_is_made_by_people_of_the_place_and_a_county_visit_by_people_of_the_county(clerks, app):
    def offered(action):
        page = text_of(clerks.browser(COUNTY if action is A.COUNTY_VISIT else OFFICER).get(clerks.url(action)))
        return set(map(int, re.findall(r'name="surveyors" value="(\d+)"', page)))

    clerks.to_review()
    local = {clerks.ids[login] for login in ("village_worker", "township_officer", "township_approver")}
    assert offered(A.RECORD_SURVEY) == local
    clerks.to_approval()
    county = {clerks.ids[login] for login in ("county_reviewer", "county_approver", "supervisor")}
    assert offered(A.COUNTY_VISIT) == county  # neither who keeps the panel nor who reads its records


@pytest.mark.parametrize(
    ("action", "starred"),
    [(A.RECORD_SURVEY, {"入户人员", "走访情况"}), (A.GIVE_OPINION, {"是否同意", "意见"}), (A.POST_NOTICE, set())],
)
def test_what_the_machine_cannot_do_without_is_marked(clerks, action, starred):
    clerks.to_review().walk((A.RECORD_SURVEY, OFFICER), (A.RECORD_CROSSCHECK, OFFICER), (A.GIVE_OPINION, OFFICER))
    page = text_of(clerks.browser(OFFICER).get(clerks.url(action)))
    assert set(re.findall(r'>([^<>]+)<span class="must"', page)) == starred


def test_the_button_repeats_verb_and_amount(clerks):
    clerks.to_approval()
    assert ">确认，每月 790.00 元</button>" in text_of(clerks.browser(APPROVER).get(clerks.url(A.CONFIRM)))


def test_a_dialog_restates_family_scheme_amount_and_month(clerks):
    clerks.to_approval()
    page = text_of(clerks.browser(APPROVER).get(clerks.url(A.CONFIRM)))
    name = clerks.row().case_no
    assert name in page and "农村低保" in page and "790.00 元" in page and "2026-04" in page


def test_a_step_that_is_not_possible_yet_says_why_instead_of_asking(clerks):
    clerks.to_review()
    page = text_of(clerks.browser(OFFICER).get(clerks.url(A.POST_NOTICE)))
    assert "暂不能办理" in page and "入户调查须 2 人" in page and 'aria-disabled="true"' in page
