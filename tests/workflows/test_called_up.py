"""One benefit beside another: nobody is supported twice, and what a decision touches falls due to be looked at."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Benefit, Event, Member
from policy.vocabulary import Action, DisabilityKind, EndReason, Happening, LeaveReason, Role, Scheme, Stage, Unit
from tests import factories
from tests.workflows.aiding import Aided
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.happening import family, happen, tasks
from workflows import casework
from workflows.assessing import families
from workflows.calculating import calculate
from workflows.called_up import call_up, changed_beside, rests_on
from workflows.step import Step

S = Scheme
APPROVER, COUNTY = Role.TOWNSHIP_APPROVER, Role.COUNTY_APPROVER


@pytest.fixture
def d(session: Session) -> Driver:
    return family(session)


def of(d: Driver, scheme: Scheme, member: Member | None = None, **more: object) -> Benefit:
    """A benefit in force, of one member or of the family, whose next look is a year away."""
    who = {"member": member, "unit": Unit.SINGLE, "persons": 1} if member else {"persons": len(d.home.members)}
    told = {"monthly_fen": 10_000, "review_due_on": d.day() + timedelta(days=365), **who, **more}
    return factories.benefit(d.session, d.home, scheme=scheme, **told)


def counted(d: Driver, benefit: Benefit) -> list[str]:
    """The refs of who counts in a calculation of today; read alone and among many, which must be the same."""
    found = calculate(d.session, benefit, d.actor(Role.TOWNSHIP_OFFICER), d.now, FIGURES)
    ((_, alike),) = families(d.session, [benefit.id], d.day())
    assert {held.ref for held in alike.held} == {row.get("ref") for row in found.facts.get("held", ())}
    return [row["ref"] for row in found.result["members"] if row["counted"]]


@pytest.mark.parametrize("scheme", [S.DIBAO, S.EDGE])
def test_who_is_supported_as_tekun_does_not_count_for_dibao_or_its_edge(d: Driver, scheme: Scheme) -> None:
    head, spouse, son = (f"m{member.id}" for member in d.home.members)
    case = of(d, scheme, stage=Stage.RECHECK)
    assert counted(d, case) == [head, spouse, son]
    of(d, S.TEKUN, d.home.members[1])
    assert counted(d, case) == [head, son]


def test_who_is_supported_as_tekun_may_not_enter_dibao_alone(d: Driver) -> None:
    son = d.home.members[2]
    son.disability_kind, son.disability_level = DisabilityKind.LIMB, 1
    of(d, S.TEKUN, son)
    case = of(d, S.DIBAO, son, stage=Stage.RECHECK)
    found = calculate(d.session, case, d.actor(Role.TOWNSHIP_OFFICER), d.now, FIGURES)
    assert found.result["outcome"] == "not_eligible"


@pytest.mark.parametrize(("persons", "left"), [(3, 0), (2, 3)])
def test_tekun_of_a_whole_family_is_of_everybody_in_it_and_else_of_nobody_known(
    d: Driver, persons: int, left: int
) -> None:
    case = of(d, S.DIBAO, stage=Stage.RECHECK)
    of(d, S.TEKUN, persons=persons)
    assert len(counted(d, case)) == left


def test_tekun_that_is_not_in_force_takes_nobody_out_of_dibao(d: Driver) -> None:
    case = of(d, S.DIBAO, stage=Stage.RECHECK)
    of(d, S.TEKUN, d.home.members[1], stage=Stage.EXITED)
    of(d, S.TEKUN, d.home.members[2], stage=Stage.REVIEW)
    assert len(counted(d, case)) == 3


def due(*cases: Benefit) -> list[bool]:
    """Which of these fall due the day the family was made, or before."""
    return [case.review_due_on is not None and case.review_due_on <= case.applied_on for case in cases]


def called(*cases: Benefit) -> list[bool]:
    """Of which of these a step says that they must be looked at, on the day on which they then fall due."""
    planned = [[one for one in case.events if one.action is Action.PLAN_REVIEW] for case in cases]
    assert all(case.review_due_on == found[0].at.date() for case, found in zip(cases, planned, strict=True) if found)
    return [bool(found) for found in planned]


def test_a_confirmed_case_calls_up_what_rests_on_it_and_touches_no_amount(d: Driver) -> None:
    head, _, son = d.home.members
    resting = of(d, S.LIVING_SUBSIDY, son), of(d, S.UNSUPPORTED_CHILD, head)
    other = of(d, S.CARE_SUBSIDY, son)
    d.to_active()
    assert called(*resting, other) == [True, True, False]
    assert {(case.monthly_fen, case.stage) for case in (*resting, other)} == {(10_000, Stage.ACTIVE)}
    said = resting[0].events[-1].opinion
    assert said == f"本户最低生活保障（案号{d.case.case_no}）已确认，须重新核查。"


def test_the_end_of_dibao_calls_up_the_living_subsidy_of_everybody_in_the_family(d: Driver) -> None:
    d.to_active()
    head, _, son = d.home.members
    subsidies = of(d, S.LIVING_SUBSIDY, son), of(d, S.LIVING_SUBSIDY, head)
    d.wait(180).do(Action.START_RECHECK).do(Action.RECORD_SURVEY, Role.VILLAGE_WORKER)
    assert called(*subsidies) == [False, False]
    d.do(Action.GIVE_OPINION, grants=False, amount_fen=None).do(Action.EXIT, APPROVER)
    assert called(*subsidies) == [True, True]
    assert subsidies[0].events[-1].opinion.endswith("已终止，须重新核查。")


@pytest.mark.parametrize(("decision", "looked_at"), [(Action.KEEP, False), (Action.RAISE, True), (Action.CUT, True)])
def test_another_amount_of_dibao_calls_up_a_child_s_money_that_tops_it_up_alone_and_the_same_does_not(
    d: Driver, decision: Action, looked_at: bool
) -> None:
    d.to_active()
    son = d.home.members[2]
    child, living = of(d, S.UNSUPPORTED_CHILD, son), of(d, S.LIVING_SUBSIDY, son)
    d.wait(180).do(Action.START_RECHECK).do(Action.RECORD_SURVEY, Role.VILLAGE_WORKER).do(Action.GIVE_OPINION)
    d.do(decision, APPROVER)
    assert called(child, living) == [looked_at, False]


def test_a_renewal_calls_up_nothing_as_the_ground_goes_on_and_its_end_does(session: Session) -> None:
    edge = Aided(session)
    before = edge.recognised().case
    subsidy = of(edge, S.LIVING_SUBSIDY, edge.home.members[0])
    edge.wait(320).recognised(follows=before)
    assert before.stage is Stage.EXITED and called(subsidy) == [False]
    edge.do(Action.LEAVE)
    assert called(subsidy) == [True]


def test_tekun_of_one_calls_up_the_family_s_dibao_and_that_person_s_subsidies_alone(d: Driver) -> None:
    head, _, son = d.home.members
    family_s, own = (of(d, S.DIBAO), of(d, S.EDGE)), (of(d, S.LIVING_SUBSIDY, son), of(d, S.CARE_SUBSIDY, son))
    another = of(d, S.CARE_SUBSIDY, head)
    d.case = of(d, S.TEKUN, son, review_due_on=None)
    d.do(Action.POST_END_NOTICE, end_reason=EndReason.OWN_WISH).wait(8).do(Action.CLOSE_END_NOTICE)
    assert called(*family_s, *own, another) == [False] * 5
    d.do(Action.EXIT, COUNTY)
    assert called(*family_s, *own, another) == [True, True, True, True, False]


def test_what_falls_due_already_is_not_called_up_again(d: Driver) -> None:
    subsidy = of(d, S.LIVING_SUBSIDY, d.home.members[2], review_due_on=d.day())
    d.to_active()
    assert called(subsidy) == [False]


def meanwhile(monkeypatch: pytest.MonkeyPatch, case: Benefit, **values: object) -> None:
    """Let somebody else move a case between the look at what is called up and its lock."""
    table = Benefit.__table__

    def then(step: Step, before: Stage | None, fen: int) -> None:
        call_up(step, before, fen)
        step.session.connection().execute(update(table).where(table.c.id == case.id).values(values))

    monkeypatch.setattr(casework, "call_up", then)


@pytest.mark.parametrize("stage", [Stage.RECHECK, Stage.ACTIVE])
def test_what_went_on_meanwhile_is_passed_over_and_the_decision_stands(
    d: Driver, monkeypatch: pytest.MonkeyPatch, stage: Stage
) -> None:
    subsidy = of(d, S.LIVING_SUBSIDY, d.home.members[2])
    d.to_approval()
    meanwhile(monkeypatch, subsidy, stage=stage, review_due_on=d.day())
    d.do(Action.CONFIRM, APPROVER)
    assert d.stage is Stage.ACTIVE and called(subsidy) == [False]


def test_a_case_that_ends_with_a_death_does_not_wait_because_another_went_on_meanwhile(
    d: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    d.to_active()
    head, *others = d.home.members
    for member in others:
        happen(d, Happening.LEFT, member=member.id, reason=LeaveReason.MOVE)
    child = of(d, S.UNSUPPORTED_CHILD, head)
    meanwhile(monkeypatch, child, stage=Stage.RECHECK)
    done = happen(d, Happening.DEATH, member=head.id)
    assert [effect.what for effect in done.effects if effect.benefit is d.case] == ["ends"]
    assert tasks(d) == []


@pytest.mark.parametrize(("turned", "stage", "fen"), [
    (True, Stage.APPROVAL, 0), (True, None, 0), (False, Stage.SUSPENDED, 5_000),
])  # fmt: skip
def test_the_database_knows_as_the_rules_do_which_case_rests_on_which(
    session_any: Session, turned: bool, stage: Stage | None, fen: int
) -> None:
    d = family(session_any)
    whose = (None, *d.home.members[:2])
    cases = [of(d, scheme, member, stage=Stage.EXITED) for scheme in Scheme for member in whose]
    for decided in cases:
        step = Event(benefit=decided, action=Action.KEEP, from_stage=stage, to_stage=Stage.ACTIVE, at=d.now,
                     actor_name="测试", monthly_before_fen=fen, monthly_after_fen=0, data={},
                     township_code=d.home.township_code, village_code=d.home.village_code)  # fmt: skip
        factories.keep(session_any, step)
        found = session_any.scalars(select(Benefit.id).where(changed_beside(Event.id == step.id)))
        assert set(found) == {case.id for case in cases if rests_on(case, decided, turned)}
