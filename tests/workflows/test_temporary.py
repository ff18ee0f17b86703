"""Temporary aid: whole procedure, who confirms by amount, minutes, stages that never pay too much, links, outsiders."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Event, Instalment, OwedPaper, Visit
from policy.authority import who_confirms
from policy.vocabulary import Action, Authority, Outcome, Paper, Scheme, Stage, VisitKind
from tests.workflows.aiding import APPROVER, CEILING, COUNTY, OFFICER, REVIEWER, WITH_CEILING, Aided
from tests.workflows.driver import FIGURES, START
from tests.workflows.refusals import codes
from workflows import links
from workflows.machine import RULES
from workflows.reason import Refused

A = Action
HERE = "511526100201"
LIMIT = 300_000
MINUTES = {"attended": "县长、民政局、财政局", "reference": "珙府常〔2026〕8号"}


@pytest.fixture
def family(session: Session) -> Aided:
    return Aided(session)


def stages(family: Aided) -> list[Instalment]:
    query = select(Instalment).where(Instalment.benefit_id == family.case.id).order_by(Instalment.nth)
    return list(family.session.scalars(query))


@pytest.mark.parametrize(
    ("fen", "who"),
    [
        (LIMIT - 1, Authority.TOWNSHIP), (LIMIT, Authority.TOWNSHIP), (LIMIT + 1, Authority.COUNTY),
        (CEILING, Authority.COUNTY), (CEILING + 1, Authority.COUNTY_GOVERNMENT),
    ],
)  # fmt: skip
def test_who_confirms_follows_the_amount(fen: int, who: Authority) -> None:
    assert who_confirms(WITH_CEILING, Scheme.TEMPORARY, HERE, START.date(), fen) is who


def test_spending_goes_through_the_whole_procedure_and_is_paid_once(family: Aided) -> None:
    family.to_decision(250_000).do(A.CONFIRM, APPROVER, amount_fen=250_000)
    assert (family.case.stage, family.case.one_off_fen, family.case.monthly_fen) == (Stage.ACTIVE, 250_000, 0)
    family.do(A.RECORD_PAYMENT)
    assert (family.case.stage, family.case.paid_on) == (Stage.EXITED, family.day())


@pytest.mark.parametrize(
    ("signed", "filed", "owed"),
    [
        (False, (), {Paper.APPLICATION, Paper.AUTHORISATION, Paper.SPENDING_PROOF, Paper.SIGNATURES}),
        (True, (), {Paper.APPLICATION, Paper.SPENDING_PROOF, Paper.SIGNATURES}),
        (True, (Paper.APPLICATION, Paper.SPENDING_PROOF), {Paper.SIGNATURES}),
        (True, (Paper.APPLICATION, Paper.SPENDING_PROOF, Paper.SIGNATURES), set()),
    ],
)
def test_after_paying_first_only_papers_that_did_not_come_are_owed(
    family: Aided, signed: bool, filed: tuple[Paper, ...], owed: set[Paper]
) -> None:
    case = family.opens(Scheme.TEMPORARY, urgent=True, requested_fen=100_000).case
    case.authorised_on = family.day() if signed else None
    places = {"township_code": case.township_code, "village_code": case.village_code}
    for paper in filed:
        family.session.add(OwedPaper(
            benefit_id=case.id, paper=paper, told_on=family.day(), filed_on=family.day(), **places
        ))  # fmt: skip
    family.do(A.PAY_FIRST, APPROVER)
    query = select(OwedPaper.paper).where(OwedPaper.benefit_id == case.id, OwedPaper.filed_on.is_(None))
    assert set(family.session.scalars(query)) == owed
    assert (family.facts().debt_due_on is None) == (not owed)


def test_an_emergency_takes_no_whole_procedure_and_spending_is_not_paid_first(family: Aided) -> None:
    family.opens(Scheme.TEMPORARY, urgent=True, requested_fen=100_000)
    with pytest.raises(Refused) as refused:
        family.do(A.ACCEPT)
    assert codes(refused) == ["is_urgent"]
    family.opens(Scheme.TEMPORARY, requested_fen=100_000)
    with pytest.raises(Refused) as refused:
        family.do(A.PAY_FIRST, APPROVER)
    assert codes(refused) == ["not_urgent"]


@pytest.mark.parametrize(("asked", "passes"), [(LIMIT, False), (LIMIT + 1, True)])
def test_an_emergency_beyond_the_township_is_passed_up_and_paid_by_the_county(
    family: Aided, asked: int, passes: bool
) -> None:
    family.opens(Scheme.TEMPORARY, urgent=True, requested_fen=asked)
    if not passes:
        with pytest.raises(Refused) as refused:
            family.do(A.PASS_UP)
        assert codes(refused) == ["township_pays_itself"]
        return
    family.do(A.PASS_UP)
    assert (family.case.stage, family.case.waiting_role) == (Stage.APPROVAL, COUNTY)
    family.do(A.CONFIRM, COUNTY, amount_fen=asked)
    owed = family.session.scalars(select(OwedPaper).where(OwedPaper.benefit_id == family.case.id)).all()
    assert (family.case.stage, len(owed)) == (Stage.ACTIVE, 3)


@pytest.mark.parametrize("receives", [Scheme.DIBAO, None])
def test_of_a_family_on_allowance_only_the_spending_is_checked(family: Aided, receives: Scheme | None) -> None:
    if receives:
        family.to_active()
    family.opens(Scheme.TEMPORARY, requested_fen=200_000).do(A.ACCEPT).do(A.START_REVIEW).do(A.RECORD_SURVEY)
    family.found(once_fen=200_000)
    with pytest.raises(Refused) as refused:
        family.do(A.GIVE_OPINION, amount_fen=200_000)
    assert codes(refused) == ["own_cost_missing" if receives else "crosscheck_missing"]
    family.case.own_cost_fen = 900_000
    if receives:
        family.do(A.GIVE_OPINION, amount_fen=200_000)
        assert family.facts().opinion is not None


@pytest.mark.parametrize(("fen", "reason"), [(250_001, "special_missing"), (249_999, "special_missing")])
def test_another_sum_than_calculated_takes_a_decision_on_the_single_case(family: Aided, fen: int, reason: str) -> None:
    family.to_decision(250_000)
    with pytest.raises(Refused) as refused:
        family.do(A.CONFIRM, APPROVER, amount_fen=fen, special="")
    assert codes(refused) == [reason]


def test_the_township_never_grants_more_than_its_limit_by_confirming_another_sum(family: Aided) -> None:
    family.to_decision(LIMIT)
    with pytest.raises(Refused) as refused:
        family.do(A.CONFIRM, APPROVER, amount_fen=LIMIT + 1)
    assert codes(refused) == ["above_township_limit"]


def above_the_ceiling(family: Aided) -> Aided:
    family.figures = WITH_CEILING
    return family.to_decision(CEILING + 1).do(A.COUNTY_OPINION, REVIEWER)


def test_above_the_county_s_ceiling_its_government_decides_with_minutes(family: Aided) -> None:
    above_the_ceiling(family)
    with pytest.raises(Refused) as refused:
        family.do(A.CONFIRM, COUNTY, amount_fen=CEILING + 1)
    assert codes(refused) == ["minutes_missing"]
    family.do(A.RECORD_MINUTES, REVIEWER, amount_fen=CEILING + 1, **MINUTES)
    with pytest.raises(Refused) as refused:
        family.do(A.CONFIRM, COUNTY, amount_fen=CEILING)
    assert codes(refused) == ["not_as_minuted"]
    family.do(A.CONFIRM, COUNTY, amount_fen=CEILING + 1)
    assert family.case.one_off_fen == CEILING + 1


def test_at_the_ceiling_the_county_decides_and_no_minutes_are_taken(family: Aided) -> None:
    family.figures = WITH_CEILING
    family.to_decision(CEILING).do(A.COUNTY_OPINION, REVIEWER)
    with pytest.raises(Refused) as refused:
        family.do(A.RECORD_MINUTES, REVIEWER, amount_fen=CEILING, **MINUTES)
    assert codes(refused) == ["minutes_not_needed"]
    family.do(A.CONFIRM, COUNTY, amount_fen=CEILING)


def test_minutes_against_lead_to_a_refusal_and_a_return_takes_them_back(family: Aided) -> None:
    above_the_ceiling(family).do(A.RECORD_MINUTES, REVIEWER, grants=False, **MINUTES)
    with pytest.raises(Refused) as refused:
        family.do(A.CONFIRM, COUNTY, amount_fen=CEILING + 1)
    assert codes(refused) == ["minutes_say_no"]
    family.do(A.RETURN, COUNTY)
    facts = family.facts()
    assert facts.temporary is not None and facts.temporary.minutes is None


# --- stages -----------------------------------------------------------------------------------------------------------


def test_stages_are_paid_in_order_and_the_last_one_ends_the_case(family: Aided) -> None:
    family.to_decision(300_000)
    family.do(A.CONFIRM, APPROVER, amount_fen=300_000, instalments=family.in_stages(100_000, 150_000, 50_000))
    assert family.case.step_due_on == family.day()
    for nth in (1, 2):
        with pytest.raises(Refused) as refused:
            family.do(A.RECORD_PAYMENT)
        assert codes(refused) == ["instalments_left"]
        family.do(A.PAY_INSTALMENT).wait(30)
        assert [bool(row.paid_on) for row in stages(family)].count(True) == nth
    with pytest.raises(Refused) as refused:
        family.do(A.PAY_INSTALMENT)
    assert codes(refused) == ["no_instalment_before_last"]
    family.do(A.RECORD_PAYMENT)
    assert family.case.stage is Stage.EXITED and all(row.paid_on for row in stages(family))


def test_what_is_left_can_be_stopped_and_what_was_granted_is_what_was_paid(family: Aided) -> None:
    family.to_decision(300_000)
    family.do(A.CONFIRM, APPROVER, amount_fen=300_000, instalments=family.in_stages(100_000, 150_000, 50_000))
    family.do(A.PAY_INSTALMENT).do(A.STOP_INSTALMENTS, APPROVER, words="患者出院")
    event = family.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert {k: event.data[k] for k in ("stopped", "stopped_fen", "approved_fen")} == {
        "stopped": 2, "stopped_fen": 200_000, "approved_fen": 300_000,
    }  # fmt: skip
    assert (family.case.stage, family.case.one_off_fen) == (Stage.EXITED, 100_000)


@settings(max_examples=25)
@given(
    amounts=st.lists(st.integers(1, 120_000), min_size=2, max_size=6),
    pays=st.integers(0, 8), stop=st.booleans(), off=st.sampled_from([-1, 0, 1]),
)  # fmt: skip
def test_a_plan_adds_up_is_paid_in_order_and_never_pays_more_than_was_approved(
    session: Session, amounts: list[int], pays: int, stop: bool, off: int
) -> None:
    with session.begin_nested() as undone:
        family = Aided(session)
        total = sum(amounts)
        family.opens(Scheme.TEMPORARY, urgent=True, requested_fen=900_000).do(A.PASS_UP)
        if off:
            with pytest.raises(Refused) as refused:
                family.do(A.CONFIRM, COUNTY, amount_fen=total + off, instalments=family.in_stages(*amounts))
            assert "stages_sum" in codes(refused) or total + off == 0
        family.do(A.CONFIRM, COUNTY, amount_fen=total, instalments=family.in_stages(*amounts))
        for _ in range(pays):
            step = A.PAY_INSTALMENT if A.PAY_INSTALMENT in family.lawful(OFFICER) else A.RECORD_PAYMENT
            if family.case.stage is Stage.ACTIVE:
                family.do(step)
        if stop and family.case.stage is Stage.ACTIVE:
            family.do(A.STOP_INSTALMENTS, COUNTY)
        rows = stages(family)
        paid = [row.amount_fen for row in rows if row.paid_on]
        assert sum(row.amount_fen for row in rows) == total
        assert [bool(row.paid_on) for row in rows] == sorted((bool(row.paid_on) for row in rows), reverse=True)
        stopped = any(row.stopped_on for row in rows)
        assert sum(paid) <= total and family.case.one_off_fen == (sum(paid) if stopped else total)
        undone.rollback()
    session.expunge_all()


# --- links and people from elsewhere ----------------------------------------------------------------------------------


def test_aid_while_an_application_is_pending_is_linked_to_it_and_followed_up(family: Aided) -> None:
    pending = family.apply().case
    found = links.followed(family.session, family.home.id, Scheme.TEMPORARY, family.day())
    assert found is pending
    family.opens(Scheme.TEMPORARY, urgent=True, requested_fen=100_000, follows=found).do(A.PAY_FIRST, APPROVER)
    visit = family.session.scalars(select(Visit).where(Visit.benefit_id == family.case.id)).one()
    assert (visit.kind, visit.due_on, visit.done_on) == (VisitKind.FOLLOW_UP, family.day() + timedelta(days=30), None)
    actor = family.actor(OFFICER)
    assert links.linked(family.session, actor, pending) == [family.case]
    assert links.linked(family.session, actor, family.case) == [pending]


def test_aid_without_such_an_application_is_not_followed_up(family: Aided) -> None:
    family.opens(Scheme.TEMPORARY, urgent=True, requested_fen=100_000).do(A.PAY_FIRST, APPROVER)
    assert family.session.scalars(select(Visit)).all() == []


def test_aid_paid_first_can_be_completed_by_further_aid(family: Aided) -> None:
    first = family.opens(Scheme.TEMPORARY, urgent=True, requested_fen=100_000).do(A.PAY_FIRST, APPROVER).case
    found = links.followed(family.session, family.home.id, Scheme.TEMPORARY, family.day(), first.id)
    assert found is first and links.may_follow_up(first)
    family.opens(Scheme.TEMPORARY, requested_fen=200_000, follows=found)
    assert family.case.follows_id == first.id


def from_elsewhere(family: Aided) -> Aided:
    family.home.home_place = "云南省昭通市镇雄县"
    family.session.flush()
    return family.opens(Scheme.TEMPORARY, urgent=True, requested_fen=100_000)


def test_people_from_elsewhere_are_helped_and_their_home_place_is_told_before_the_case_is_closed(family: Aided) -> None:
    from_elsewhere(family).do(A.PAY_FIRST, APPROVER)
    with pytest.raises(Refused) as refused:
        family.do(A.RECORD_PAYMENT)
    assert codes(refused) == ["home_not_told"]
    family.do(A.NOTIFY_HOME, to_office="镇雄县民政局")
    with pytest.raises(Refused) as refused:
        family.do(A.NOTIFY_HOME, to_office="镇雄县民政局")
    assert codes(refused) == ["home_told_before"]
    family.do(A.RECORD_PAYMENT)


def test_where_the_place_does_not_help_people_from_elsewhere_none_apply(family: Aided) -> None:
    row = {"key": "temporary.at_place", "place": "511526", "unit": "word", "from": START.date(), "value": "no",
           "cite": "测试"}  # fmt: skip
    family.figures = FIGURES.with_rows([row])
    with pytest.raises(Refused) as refused:
        from_elsewhere(family)
    assert codes(refused) == ["outsiders_not_here"]


def test_goods_are_kept_with_what_they_are_worth(family: Aided) -> None:
    family.opens(Scheme.TEMPORARY, urgent=True, requested_fen=60_000)
    event = (
        family.do(A.PAY_FIRST, APPROVER, amount_fen=60_000, goods="棉被2床、大米50公斤")
        .session.scalars(select(Event).order_by(Event.id.desc()))
        .first()
    )
    assert event is not None and event.data["goods"] == "棉被2床、大米50公斤"
    assert family.case.one_off_fen == 60_000


def test_more_than_the_ceiling_asked_for_within_the_calculated_sum_stays_with_the_county(family: Aided) -> None:
    family.figures = WITH_CEILING
    family.opens(Scheme.TEMPORARY, requested_fen=CEILING + 1).looked_into()
    family.found(Outcome.SPECIAL_DECISION, CEILING).do(A.GIVE_OPINION, amount_fen=CEILING)
    assert family.facts().authority is Authority.COUNTY


def test_steps_of_temporary_aid_rest_on_its_own_rules() -> None:
    assert [rule.clause for rule in RULES if rule.schemes == (Scheme.TEMPORARY,) and "57号" in rule.clause] == []
    shared = [rule for rule in RULES if Scheme.TEMPORARY in rule.schemes and len(rule.schemes) > 1]
    assert {rule.action for rule in shared} == {Action.FAMILY_CHANGED, Action.WATCH}
