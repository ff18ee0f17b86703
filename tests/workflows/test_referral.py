"""转介: a family is referred to another department or a charity, in whatever stage its case is, with its consent."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Event, HouseholdTask
from policy.vocabulary import Action, Need, Reply, Role, Scheme, Stage
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.refusals import refused


def told(case: Driver) -> Event:
    """The latest step of the case."""
    query = select(Event).where(Event.benefit_id == case.case.id).order_by(Event.id.desc())
    return case.session.scalars(query).first()  # type: ignore[return-value]


def test_a_referral_names_the_body_and_the_need_and_leaves_the_stage(session) -> None:
    case = Driver(session).to_active()
    case.do(Action.REFER, to_office="珙县教育局", words="女儿在读高中，学费无着", clause="")
    last = told(case)
    assert (last.data["to_office"], last.opinion) == ("珙县教育局", "女儿在读高中，学费无着")
    assert (case.stage, last.clause) == (Stage.ACTIVE, "《社会救助暂行办法》（国务院令第649号）第五章至第八章")


@pytest.mark.parametrize(("wrong", "code"), [
    ({"to_office": " "}, "referred_where_missing"), ({"form_signed": False}, "referral_consent_missing"),
    ({"words": ""}, "words_missing"),
])  # fmt: skip
def test_nobody_is_referred_nowhere_without_consent_or_without_a_need(session, wrong, code) -> None:
    case = Driver(session).to_active()
    assert refused(lambda: case.do(Action.REFER, **{"to_office": "珙县教育局", **wrong})) == [code]


def test_whoever_is_refused_may_be_referred_and_it_waits_on_no_desk(session) -> None:
    case = Driver(session).to_opinion(grants=False).do(Action.SUBMIT_REFUSAL)
    case.do(Action.REFUSE, Role.TOWNSHIP_APPROVER).do(Action.TELL_REFUSAL)
    case.do(Action.REFER, to_office="珙县慈善会")
    assert (case.stage, case.case.waiting_role) == (Stage.REFUSED, None)


def test_aid_in_an_emergency_is_followed_by_a_referral_under_its_own_clause(session) -> None:
    case = Driver(session).apply(Scheme.TEMPORARY, urgent=True)
    case.do(Action.REFER, to_office="珙县医疗保障局", clause="")
    assert told(case).clause == "国发〔2014〕47号 三（四）"


def tasks(case: Driver) -> list[HouseholdTask]:
    query = select(HouseholdTask).where(HouseholdTask.need == Need.REPLY, HouseholdTask.done_on.is_(None))
    return list(case.session.scalars(query.order_by(HouseholdTask.id)))


def refer(case: Driver, *offices: str) -> Driver:
    for office in offices:
        case.do(Action.REFER, to_office=office)
    return case


def test_a_referral_waits_on_the_desk_until_its_reply_is_recorded(session) -> None:
    case = refer(Driver(session).to_active(), "珙县教育局")
    (task,) = tasks(case)
    days = FIGURES.get("referral.reply_days", place=case.case.village_code, on=case.day()).whole
    assert (task.benefit_id, task.due_on) == (case.case.id, case.day() + timedelta(days=days))
    case.wait(5).do(Action.RECORD_REPLY, day=case.day() - timedelta(days=2), reply=Reply.HELPED, words="已减免学费")
    said = told(case)
    assert (said.data["to_office"], said.data["reply"], said.opinion) == ("珙县教育局", "helped", "已减免学费")
    assert (tasks(case), case.stage, case.facts().referrals) == ([], Stage.ACTIVE, ())
    assert refused(lambda: case.do(Action.RECORD_REPLY, day=case.day(), reply=Reply.HELPED))[0] == "no_referral_open"


def test_each_of_several_referrals_has_its_own_reply(session) -> None:
    case = refer(Driver(session).to_active(), "珙县教育局").wait(1)
    first, second = refer(case, "珙县慈善会").facts().referrals
    assert [one.office for one in (first, second)] == ["珙县教育局", "珙县慈善会"]
    given = {"day": case.day(), "reply": Reply.DECLINED, "referral": None}
    assert refused(lambda: case.do(Action.RECORD_REPLY, **given)) == ["referral_not_chosen"]
    given["referral"] = second.id
    case.do(Action.RECORD_REPLY, **given)
    assert case.facts().referrals == (first,)
    assert [task.since for task in tasks(case)] == [first.on]
    assert refused(lambda: case.do(Action.RECORD_REPLY, **given)) == ["referral_not_chosen"]


def test_a_recheck_and_an_ending_leave_the_referral_to_be_asked_after(session) -> None:
    case = refer(Driver(session).to_active(), "珙县教育局").do(Action.START_RECHECK)
    assert [one.office for one in case.facts().referrals] == ["珙县教育局"]
    case.do(Action.LEAVE, form_signed=True)
    assert (case.stage, len(tasks(case))) == (Stage.EXITED, 1)
    case.do(Action.RECORD_REPLY, day=case.day(), reply=Reply.PASSED_ON, words="已转县妇联")
    assert tasks(case) == []
