"""Papers owed that the office will not issue: set aside with a reason, one or many, and taken back."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Event, SetAsidePaper
from policy.vocabulary import Action, Role, Scheme, Stage
from tests import factories
from tests.clock import START
from tests.views.case_papers import paper, papers_of, plain
from tests.views.clerks import APPROVER, GROUND, OFFICER, VILLAGE, Clerks
from views.db import db
from workflows import setting_aside
from workflows.actor import Actor
from workflows.issuing import LONGEST_WHY, Sheet
from workflows.keys import new_key
from workflows.reason import Refused

A = Action
WHY = "系统启用前已手工送达"
NO_REVIEW = "期限不起算"


def get(clerks: Clerks, address: str, who=OFFICER) -> str:
    answer = clerks.browser(who).get(address)
    assert answer.status_code == 200, (address, answer.status)
    return answer.get_data(as_text=True)


def accepted(clerks: Clerks, cases: int = 1) -> list[str]:
    """Applications that were accepted; the keys of the letters that say so."""
    for _ in range(cases):
        clerks.apply()
        clerks.walk((A.ACCEPT, OFFICER))
    return re.findall(r'name="paper" value="(receipt:\d+)"', get(clerks, "/papers/many/"))


def key_of(clerks: Clerks, kind: str, action: Action) -> str:
    with clerks.app.app_context(), Session(db.engine) as session:
        query = select(Event.id).where(Event.action == action, Event.benefit_id == clerks.id)
        return f"{kind}:{session.scalars(query).one()}"


def leave(clerks: Clerks, keys: list[str], why: str = WHY, who=OFFICER):
    return clerks.browser(who).post("/papers/aside/", data={"paper": keys, "why": why, "key": new_key()})


def again(clerks: Clerks, keys: list[str], who=OFFICER, **form):
    return clerks.browser(who).post("/papers/aside/back/", data={"paper": keys, "key": new_key(), **form})


def left(clerks: Clerks) -> list[SetAsidePaper]:
    with clerks.app.app_context(), Session(db.engine) as session:
        return list(session.scalars(select(SetAsidePaper)))


def test_what_is_ticked_is_previewed_set_aside_and_taken_back_and_the_desk_counts_along(clerks):
    keys = accepted(clerks, 3)
    browser = clerks.browser(OFFICER)
    answer = browser.post("/papers/many/", data={"paper": keys[:2], "aside": "1"})
    assert answer.status_code == 303 and papers_of(clerks) == [] and left(clerks) == []
    preview = plain(get(clerks, answer.location))
    assert "可办理2+不可办理0=2" in preview.replace(" ", "") and NO_REVIEW not in preview
    answer = leave(clerks, keys[:2])
    assert answer.status_code == 303
    told = plain(get(clerks, answer.location))
    assert told.count(WHY) == 2 and "已将 2 份文书列为不再出具" in told
    assert re.findall(r'name="paper" value="(receipt:\d+)"', get(clerks, "/papers/many/")) == keys[2:]
    assert "待出具文书1" in plain(get(clerks, "/desk/")).replace(" ", "")
    answer = again(clerks, keys[:2])
    assert answer.status_code == 303
    assert "已将 2 份文书恢复为待出具" in plain(get(clerks, answer.location))
    assert "待出具文书3" in plain(get(clerks, "/desk/")).replace(" ", "") and left(clerks) == []


def test_a_paper_set_aside_says_so_with_its_case_and_on_its_draft_and_is_in_the_history(clerks):
    [key] = accepted(clerks)
    draft = paper(clerks, "receipt")
    assert f"/papers/aside/?paper={key.replace(':', '%3A')}" in draft or f"/papers/aside/?paper={key}" in draft
    leave(clerks, [key])
    case = plain(clerks.page(OFFICER))
    assert f"不再出具 {WHY} · " in case
    draft = paper(clerks, "receipt")
    assert WHY in draft and "恢复为待出具" in draft and "出具并打印" not in draft
    again(clerks, [key])
    with clerks.app.app_context(), Session(db.engine) as session:
        query = select(AuditEntry).where(AuditEntry.table_name == "set_aside_paper").order_by(AuditEntry.id)
        first, second = session.scalars(query)
        assert (first.action, first.reason, first.benefit_id) == ("insert", WHY, clerks.id)
        assert (second.action, second.before["why"], second.benefit_id) == ("delete", WHY, clerks.id)


def test_what_is_set_aside_is_not_issued_and_what_is_issued_is_not_set_aside(clerks):
    keys = accepted(clerks, 2)
    leave(clerks, keys[:1])
    browser = clerks.browser(OFFICER)
    assert browser.post("/papers/many/", data={"paper": keys[:1]}).status_code == 422 and papers_of(clerks) == []
    assert browser.post("/papers/many/", data={"paper": keys[1:]}).status_code == 303
    answer = leave(clerks, keys[1:])
    assert answer.status_code == 422 and "已经出具" in answer.get_data(as_text=True)
    assert leave(clerks, keys[:1]).status_code == 422 and len(left(clerks)) == 1
    assert "可办理0+不可办理2=2" in plain(
        get(clerks, f"/papers/aside/?paper={keys[0]}&paper={keys[1]}")
    ).replace(" ", "")  # fmt: skip


@pytest.mark.parametrize(("why", "status"), [("", 422), (" 无 ", 422), ("已送", 303)])
def test_a_reason_is_asked_for(why, status, clerks):
    answer = leave(clerks, accepted(clerks), why)
    assert (answer.status_code, len(left(clerks))) == (status, int(status == 303))


def test_of_several_papers_all_are_set_aside_or_none(clerks):
    keys = accepted(clerks, 2)
    clerks.browser(OFFICER).post("/papers/many/", data={"paper": keys[:1]})
    assert leave(clerks, keys).status_code == 422 and left(clerks) == []


def test_sending_the_form_twice_sets_aside_once(clerks):
    [key] = accepted(clerks)
    sent = {"paper": key, "why": WHY, "key": new_key()}
    answers = [clerks.browser(OFFICER).post("/papers/aside/", data=sent).status_code for _ in range(2)]
    assert answers == [303, 303] and len(left(clerks)) == 1


def test_taking_back_twice_is_done_once_and_no_fault(clerks):
    keys = accepted(clerks, 2)
    leave(clerks, keys)
    page = get(clerks, "/papers/many/?state=aside")
    sent = {"paper": keys, "key": re.search(r'name="key" value="([^"]+)"', page)[1]}
    answers = [clerks.browser(OFFICER).post("/papers/aside/back/", data=sent).status_code for _ in range(2)]
    assert answers == [303, 303] and left(clerks) == []
    form = re.search(r'<form[^>]*action="/papers/aside/back/"[^>]*>', page)[0]
    assert "data-repeatable" not in form and "data-repeatable" in get(clerks, "/papers/many/")


def test_who_takes_a_paper_back_on_its_draft_is_told_so_on_the_page_of_its_case(clerks):
    [key] = accepted(clerks)
    leave(clerks, [key])
    form = re.search(r'action="/papers/aside/back/">(.*?)</form>', paper(clerks, "receipt"))[1]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert sent["paper"] == key
    answer = clerks.browser(OFFICER).post("/papers/aside/back/", data=sent)
    assert answer.location == f"/case/{clerks.id}/"
    assert "已将 1 份文书恢复为待出具" in plain(get(clerks, answer.location)) and left(clerks) == []


def test_the_field_of_the_reason_takes_no_more_than_is_kept_and_says_how_little_is_enough(clerks):
    [key] = accepted(clerks)
    page = get(clerks, f"/papers/aside/?paper={key}")
    assert f'maxlength="{LONGEST_WHY}"' in re.search(r'<textarea[^>]*name="why"[^>]*>', page)[0]
    assert "至少 2 个字" in plain(page)


def test_who_may_not_issue_a_paper_may_neither_set_it_aside_nor_take_that_back(clerks):
    [key] = accepted(clerks)
    assert leave(clerks, [key], who=VILLAGE).status_code == 422 and left(clerks) == []
    leave(clerks, [key])
    assert again(clerks, [key], VILLAGE).status_code == 422
    for post in ("/papers/aside/", "/papers/aside/back/"):
        answer = clerks.browser("township_officer_2").post(post, data={"paper": key, "why": WHY, "key": new_key()})
        assert answer.status_code == 404
    assert clerks.browser("township_officer_2").get(f"/papers/aside/?paper={key}").status_code == 404
    assert len(left(clerks)) == 1 and "不再出具" not in paper(clerks, "receipt", VILLAGE).partition("<span>")[0]


def test_a_refusal_warns_that_the_term_to_contest_it_does_not_begin(clerks):
    clerks.to_opinion(grants=False).walk((A.SUBMIT_REFUSAL, OFFICER), (A.REFUSE, APPROVER), clause=GROUND)
    preview = plain(get(clerks, f"/papers/aside/?paper={key_of(clerks, 'refusal', A.REFUSE)}"))
    assert NO_REVIEW in preview and "依法须送达" in preview


@pytest.mark.parametrize(("after", "less"), [(59_999, True), (60_000, False), (60_001, False)])
def test_a_change_of_the_support_warns_of_the_same_where_less_is_paid(clerks, after, less):
    with clerks.app.app_context(), Session(db.engine) as session:
        home = factories.household(session)
        case = factories.benefit(session, home, Stage.ACTIVE, scheme=Scheme.TEKUN, monthly_fen=after)
        factories.keep(session, Event(
            benefit=case, action=A.CHANGE_SUPPORT, from_stage=Stage.ACTIVE, to_stage=Stage.ACTIVE, at=START,
            actor_name="王", monthly_before_fen=60_000, monthly_after_fen=after, township_code=case.township_code,
            village_code=case.village_code,
        ))  # fmt: skip
        session.commit()
        clerks.id = case.id
    key = key_of(clerks, "change", A.CHANGE_SUPPORT)
    preview = plain(get(clerks, f"/papers/aside/?paper={key}", Role.COUNTY_REVIEWER))
    assert "可办理1+不可办理0=1" in preview.replace(" ", "")
    assert (NO_REVIEW in preview) is less and ("依法须送达" in preview) is less


def test_a_form_that_is_handed_to_nobody_is_not_set_aside(clerks):
    clerks.to_review()
    answer = leave(clerks, [key_of(clerks, "survey", A.START_REVIEW)])
    assert answer.status_code == 422 and left(clerks) == []


def test_a_letter_issued_or_taken_back_meanwhile_is_refused_by_the_verbs_themselves(clerks):
    [key] = accepted(clerks)
    with clerks.app.app_context(), Session(db.engine) as session:
        officer = Actor(clerks.ids["township_officer"], "测试", OFFICER, "511526100")
        sheet = Sheet(
            key, "receipt", "letter", "受理通知书", "511526100", "511526100", "511526100201", benefit_id=clerks.id
        )
        with pytest.raises(Refused, match="paper_not_set_aside"):
            setting_aside.take_back(session, officer, clerks.clock(), sheet)
