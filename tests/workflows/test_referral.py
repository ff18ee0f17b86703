"""转介: a family is referred to another department or a charity, in whatever stage its case is, with its consent."""

import pytest
from sqlalchemy import select

from models import Event
from policy.vocabulary import Action, Role, Scheme, Stage
from tests.workflows.driver import Driver
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


@pytest.mark.parametrize("wrong, code", [
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
