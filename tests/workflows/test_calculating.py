"""核算 of a case: stored whole, never changed, linked to its decision; another amount says why (一事一议)."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Event, Finding, IncomeLine
from policy.assess import assess
from policy.facts_json import read_family
from policy.figures import Figures
from policy.vocabulary import Action, EventKind, IncomeKind, Outcome, RiseCause, Role, Scheme, Stage
from tests.workflows.driver import FIGURES, START, Driver
from tests.workflows.refusals import codes
from workflows.actor import Actor
from workflows.calculating import Told, calculate, receives, since
from workflows.facts import Given
from workflows.reason import Refused

OFFICER, APPROVER = Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER
OTHER_STANDARD = Figures.shipped().with_rows([
    {"key": "dibao.standard.rural", "unit": "yuan", "value": "999.00", "place": "511526", "from": START.date(),
     "cite": "珙县文件"},
])  # fmt: skip


@pytest.fixture
def case(session: Session) -> Driver:
    return Driver(session).to_review()


def reckon(case: Driver, role: Role = OFFICER, figures: Figures = FIGURES, told: Told | None = None) -> Finding:
    return calculate(case.session, case.case, case.actor(role), case.now, figures, told)


def test_a_finding_is_stored_with_its_facts_names_and_amount(case: Driver) -> None:
    found = reckon(case)
    case.session.commit()
    assert found.result["outcome"] == Outcome.ELIGIBLE and found.monthly_fen
    assert found.result["lines"] and found.result["figures_used"]
    assert f"{found.monthly_fen / 100:.2f}" == found.result["monthly"]
    assert found.names == {**{f"m{m.id}": m.name for m in case.home.members}, "obligors": []}
    assert (found.actor_id, found.at) == (case.actor(OFFICER).id, START)
    told = case.session.scalars(select(AuditEntry).where(AuditEntry.table_name == "finding")).one()
    assert told.after is not None and told.after["monthly_fen"] == found.monthly_fen


def test_a_finding_recomputes_from_its_own_facts(case: Driver) -> None:
    case.session.add(IncomeLine(member_id=case.home.members[0].id, kind=IncomeKind.WAGE, year_fen=123_457))
    found = reckon(case)
    case.session.commit()
    again = assess(read_family(found.facts), FIGURES).as_json()
    assert json.loads(json.dumps(again)) == found.result


def test_a_finding_reads_the_same_when_facts_and_figures_have_changed(case: Driver) -> None:
    found = reckon(case)
    case.session.commit()
    before = json.dumps(found.result, sort_keys=True)
    case.now += timedelta(days=1)
    second = reckon(case, figures=OTHER_STANDARD)
    case.session.add(IncomeLine(member_id=case.home.members[0].id, kind=IncomeKind.WAGE, year_fen=9_000_000))
    case.session.commit()
    third = reckon(case, figures=OTHER_STANDARD)
    case.session.commit()
    case.session.expire_all()
    assert json.dumps(found.result, sort_keys=True) == before
    assert len({one.result["monthly"] for one in (found, second, third)}) == 3


@pytest.mark.parametrize("role", [Role.VILLAGE_WORKER, Role.SUPERVISOR, Role.AUDITOR])
def test_some_roles_do_not_calculate(case: Driver, role: Role) -> None:
    with pytest.raises(Refused) as refused:
        reckon(case, role)
    assert "not_your_role" in codes(refused)


def test_nobody_calculates_elsewhere_or_after_the_end(case: Driver) -> None:
    user = case.office.elsewhere[OFFICER]
    with pytest.raises(Refused) as refused:
        calculate(case.session, case.case, Actor(user.id, "", user.role, user.division_code), case.now, FIGURES)
    assert codes(refused) == ["not_in_your_division"]
    case.do(Action.WITHDRAW)
    with pytest.raises(Refused) as refused:
        reckon(case)
    assert codes(refused) == ["case_ended"]


def test_a_missing_figure_is_named(case: Driver) -> None:
    with pytest.raises(Refused) as refused:
        reckon(case, figures=Figures.of([]))
    [reason] = refused.value.reasons
    assert reason.code == "figure_missing" and reason.args["key"]
    assert case.session.scalars(select(Finding)).all() == []


def test_what_the_case_alone_knows_is_kept_with_it(case: Driver) -> None:
    found = reckon(case, told=Told(tier="B", rise_cause=RiseCause.WORK))
    assert (case.case.tier, case.case.rise_cause, found.facts["tier"]) == ("B", RiseCause.WORK, "B")
    reckon(case, told=Told())
    assert case.case.tier == "B"


def test_no_opinion_before_it_is_calculated(case: Driver) -> None:
    case.do(Action.RECORD_SURVEY).do(Action.RECORD_CROSSCHECK)
    with pytest.raises(Refused) as refused:
        case.take(Action.GIVE_OPINION, OFFICER, case.good(Action.GIVE_OPINION))
    assert codes(refused) == ["not_calculated"]
    found = reckon(case)
    case.take(Action.GIVE_OPINION, OFFICER, Given(words="属实", grants=True, amount_fen=found.monthly_fen))
    event = case.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert event.finding_id == found.id and "special_decision" not in event.data


@pytest.mark.parametrize(
    ("off_by", "special", "clause", "lawful"),
    [
        (0, "", "", True),
        (1, "", "", False),
        (1, "集体研究", "", False),
        (1, "", "纪要", False),
        (-1, "集体研究", "纪要", True),
    ],
)
def test_another_amount_than_the_calculated_one_needs_a_decision_on_the_single_case(
    case: Driver, off_by: int, special: str, clause: str, lawful: bool
) -> None:
    case.do(Action.RECORD_SURVEY).do(Action.RECORD_CROSSCHECK)
    found = reckon(case)
    assert found.monthly_fen is not None
    given = Given(words="属实", grants=True, amount_fen=found.monthly_fen + off_by, special=special,
                  special_clause=clause)  # fmt: skip
    if not lawful:
        with pytest.raises(Refused) as refused:
            case.take(Action.GIVE_OPINION, OFFICER, given)
        assert codes(refused) == ["special_missing"]
        return
    event = case.take(Action.GIVE_OPINION, OFFICER, given)
    told = {"reason": special, "clause": clause, "calculated_fen": found.monthly_fen}
    assert event.data.get("special_decision") == (told if off_by else None)


def test_a_refusal_rests_on_the_finding_and_needs_no_special_decision(case: Driver) -> None:
    case.do(Action.RECORD_SURVEY).do(Action.RECORD_CROSSCHECK)
    found = reckon(case)
    case.take(Action.GIVE_OPINION, OFFICER, Given(words="不符合", grants=False))
    case.do(Action.SUBMIT_REFUSAL)
    event = case.take(Action.REFUSE, APPROVER, case.good(Action.REFUSE))
    assert event.finding_id == found.id and event.data.get("special_decision") is None


def test_a_recheck_asks_for_a_calculation_of_its_own(session: Session) -> None:
    case = Driver(session).to_active().wait(30)
    case.do(Action.START_RECHECK).do(Action.RECORD_SURVEY)
    assert case.facts().finding is None
    found = reckon(case)
    seen = case.facts().finding
    assert seen is not None and seen.id == found.id


@pytest.mark.parametrize(("monthly", "lawful"), [(39_999, False), (40_000, True), (40_001, False)])
def test_what_is_kept_is_what_the_calculation_comes_to(session: Session, monthly: int, lawful: bool) -> None:
    case = Driver(session).to_recheck().calculated(monthly)
    keep = case.take if lawful else lambda *step: _refused(case, *step)
    keep(Action.KEEP, APPROVER, Given(words="无变化"))
    if not lawful:
        event = case.take(Action.KEEP, APPROVER, Given(words="无变化", special="集体研究", special_clause="纪要"))
        assert event.data["special_decision"]["calculated_fen"] == monthly


def test_what_only_grace_would_carry_is_not_simply_kept(session: Session) -> None:
    case = Driver(session).to_recheck().calculated(40_000, Outcome.GRACE)
    assert case.facts().monthly_fen == 40_000
    _refused(case, Action.KEEP, APPROVER, Given(words="无变化"))


def _refused(case: Driver, *step: object) -> None:
    with pytest.raises(Refused) as refused:
        case.take(*step)  # type: ignore[arg-type]
    assert codes(refused) == ["special_missing"]


@pytest.mark.parametrize(("outcome", "lawful"), [(Outcome.GRACE, True), (Outcome.NOT_ELIGIBLE, False)])
def test_grace_follows_the_calculation(session: Session, outcome: Outcome, lawful: bool) -> None:
    case = Driver(session).to_recheck().calculated(40_000, outcome)
    start = case.take if lawful else lambda *step: _refused(case, *step)
    start(Action.START_GRACE, APPROVER, Given(words="就业", months=6))


def test_a_refused_finding_pays_nothing(session: Session) -> None:
    case = Driver(session).to_review().calculated(50_000, Outcome.NOT_ELIGIBLE)
    seen = case.facts().finding
    assert seen is not None and seen.payable_fen == 0


def test_time_alone_makes_no_calculation_stale_but_facts_and_figures_do(case: Driver) -> None:
    found = reckon(case)
    later = START.date() + timedelta(days=2)
    assert not since(found, case.case, None, later, FIGURES).stale
    other = since(found, case.case, None, later, OTHER_STANDARD)
    assert (other.facts, other.figures) == (False, ("dibao.standard.rural",))
    case.home.members[0].income.append(IncomeLine(kind=IncomeKind.WAGE, year_fen=100))
    case.session.flush()
    changed = since(found, case.case, None, later, FIGURES)
    assert (changed.facts, changed.figures) == (True, ())


def urgent_case(session: Session, figures: Figures) -> tuple[Driver, Finding]:
    """2,500 元 of temporary aid, calculated on the first day."""
    case = Driver(session)
    case.apply(Scheme.TEMPORARY, urgent=True, requested_fen=250_000)
    told = Told(event_kind=EventKind.ILLNESS)
    return case, calculate(session, case.case, case.actor(OFFICER), case.now, figures, told)


def ceiling(limit: int, first: date) -> dict[str, object]:
    return {"key": "temporary.ceiling", "unit": "yuan", "value": f"{limit}.00", "place": "511526", "from": first,
            "cite": "珙县文件"}  # fmt: skip


def test_a_figure_that_came_since_makes_a_calculation_stale_where_it_comes_to_something_else(session: Session) -> None:
    case, found = urgent_case(session, FIGURES)
    for limit, named in ((2_499, ("temporary.ceiling",)), (2_500, ()), (2_501, ())):
        what = since(found, case.case, None, case.day(), FIGURES.with_rows([ceiling(limit, START.date())]))
        assert (what.facts, what.figures) == (False, named), limit


def test_a_first_figure_makes_a_calculation_stale_from_the_day_on_which_it_begins(session: Session) -> None:
    case, found = urgent_case(session, FIGURES)
    figures = FIGURES.with_rows([ceiling(2_499, START.date() + timedelta(2))])
    for named in ((), (), ("temporary.ceiling",), ("temporary.ceiling",)):
        assert since(found, case.case, None, case.day(), figures).figures == named, case.day()
        case.wait(1)


@pytest.mark.parametrize(("limit", "named"), [(2_499, ("temporary.ceiling",)), (2_500, ())])
def test_a_figure_that_was_withdrawn_makes_a_calculation_stale_where_it_counted(
    session: Session, limit: int, named: tuple[str, ...]
) -> None:
    case, found = urgent_case(session, FIGURES.with_rows([ceiling(limit, START.date())]))
    assert since(found, case.case, None, case.day(), FIGURES).figures == named


def test_a_decided_case_is_not_called_stale(session: Session) -> None:
    case = Driver(session).to_active()
    found = reckon(case, APPROVER)
    case.home.members[0].income.append(IncomeLine(kind=IncomeKind.WAGE, year_fen=100))
    case.session.flush()
    assert not since(found, case.case, None, case.day(), OTHER_STANDARD).stale


def test_temporary_aid_knows_what_the_family_receives_already(session: Session) -> None:
    case = Driver(session).to_active()
    steady = case.case
    case.apply(Scheme.TEMPORARY, urgent=True, requested_fen=100_000)
    assert receives(session, case.case) is steady
    assert receives(session, steady) is steady and case.stage is Stage.APPLIED
