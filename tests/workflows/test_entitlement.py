"""The lists of who goes without and who receives without ground: who stands on them, under whom, page by page."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models import Benefit, ChildParent, Household, Member
from policy.vocabulary import (
    DisabilityKind,
    LeaveReason,
    ParentKind,
    ParentState,
    Relation,
    Role,
    Scheme,
    Stage,
    Unit,
)
from tests import factories
from tests.workflows.driver import FIGURES
from workflows import audit, case_guard, entitlement
from workflows.actor import SYSTEM, Actor
from workflows.entitlement import Why

ON = date(2026, 3, 2)
COUNTY = Actor(1, "县", Role.COUNTY_REVIEWER, "511526")
TOWNSHIP = Actor(2, "乡", Role.TOWNSHIP_OFFICER, factories.XUNCHANG)


@pytest.fixture
def home(session: Session) -> Household:
    audit.attribute(session, SYSTEM, factories.START)
    factories.office(session)
    return factories.household(session, members=3)


def on_list(session: Session, which: str, actor: Actor = COUNTY, **more: Any) -> list[tuple[int, Why]]:
    return [(row.member.id, row.why) for row in entitlement.page(session, actor, FIGURES, ON, which, **more).rows]


def disable(member: Member, level: int = 2, kind: DisabilityKind = DisabilityKind.LIMB) -> Member:
    member.disability_kind, member.disability_level = kind, level
    return member


def aid(session: Session, member: Member, scheme: Scheme, stage: Stage = Stage.ACTIVE, **fields: Any) -> Benefit:
    more = {"scheme": scheme, "unit": Unit.SINGLE, "member_id": member.id, "persons": 1, "monthly_fen": 10_000}
    return factories.benefit(session, member.household, stage, **{**more, **fields})


def test_the_disabled_of_a_dibao_family_without_the_subsidy_are_listed(session: Session, home: Household) -> None:
    one = disable(home.members[1])
    assert on_list(session, "living") == []
    factories.benefit(session, home)
    assert on_list(session, "living") == [(one.id, Why.DIBAO_WITHOUT_LIVING)]


@pytest.mark.parametrize("which", entitlement.LISTS)
@pytest.mark.parametrize(
    "after", ["limb~" + "9" * 30, "5~" + "9" * 30, "2020-01-01~" + "9" * 30, "2020-01-01~5", "limb~5", "5~5", "x~5",
              "٣~٣", "~", "~~", "limb~-1", "limb~1e3"],
)  # fmt: skip
def test_a_page_that_no_list_of_ours_names_is_the_first_or_a_later_one_and_no_fault(
    session_any: Session, which: str, after: str
) -> None:
    assert on_list(session_any, which, after=after) == []


@pytest.mark.parametrize("stage", [Stage.APPLIED, Stage.ACTIVE, Stage.SUSPENDED])
def test_whoever_has_an_open_case_is_not(session: Session, home: Household, stage: Stage) -> None:
    factories.benefit(session, home)
    aid(session, disable(home.members[1]), Scheme.LIVING_SUBSIDY, stage)
    assert on_list(session, "living") == []


@pytest.mark.parametrize("stage", [Stage.REFUSED, Stage.WITHDRAWN, Stage.EXITED])
def test_whose_case_has_ended_stands_there_again(session: Session, home: Household, stage: Stage) -> None:
    factories.benefit(session, home)
    one = disable(home.members[1])
    aid(session, one, Scheme.LIVING_SUBSIDY, stage)
    assert on_list(session, "living") == [(one.id, Why.DIBAO_WITHOUT_LIVING)]


def test_nobody_who_is_supported_as_tekun_or_has_left(session: Session, home: Household) -> None:
    factories.benefit(session, home)
    aid(session, disable(home.members[1]), Scheme.TEKUN)
    factories.leave(session, disable(home.members[2]), ON, LeaveReason.MOVE)
    assert on_list(session, "living") == on_list(session, "care") == []


@pytest.mark.parametrize(("level", "listed"), [(1, True), (2, True), (3, False)])
def test_the_severely_disabled_without_the_care_subsidy(
    session: Session, home: Household, level: int, listed: bool
) -> None:
    disable(home.members[1], level)
    assert bool(on_list(session, "care")) is listed


@pytest.mark.parametrize(("born", "listed"), [(date(2008, 3, 2), False), (date(2008, 3, 3), True)])
def test_children_under_eighteen_with_their_grandparents(
    session: Session, home: Household, born: date, listed: bool
) -> None:
    child = home.members[1]
    child.relation, child.birth = Relation.GRANDCHILD, born
    home.members[2].relation = Relation.SPOUSE
    home.members[2].left_on, home.members[2].leave_reason = ON - timedelta(days=3), LeaveReason.DEATH
    assert bool(on_list(session, "children")) is listed


def test_not_where_a_parent_lives_in_the_home(session: Session, home: Household) -> None:
    home.members[1].relation, home.members[1].birth = Relation.GRANDCHILD, date(2015, 1, 1)
    home.members[2].relation, home.members[2].birth = Relation.SON, date(1985, 1, 1)
    assert on_list(session, "children") == []


def test_who_receives_though_the_ground_is_gone(session: Session, home: Household) -> None:
    dibao = factories.benefit(session, home)
    one, two = disable(home.members[1]), disable(home.members[2])
    living, care = aid(session, one, Scheme.LIVING_SUBSIDY), aid(session, two, Scheme.CARE_SUBSIDY)
    assert on_list(session, "lost") == []
    two.disability_level = 3
    assert on_list(session, "lost") == [(two.id, Why.NO_CARD)]

    with case_guard.taking(session, dibao):
        dibao.stage = Stage.SUSPENDED
        session.flush()
    assert on_list(session, "lost") == [(two.id, Why.NO_CARD)]
    session.info.pop("moved", None)
    factories.leave(session, one, ON, LeaveReason.DEATH)
    assert on_list(session, "lost") == [(one.id, Why.GONE), (two.id, Why.NO_CARD)]
    assert {living.id, care.id} == {
        row.benefit_id for row in entitlement.page(session, COUNTY, FIGURES, ON, "lost").rows
    }


def test_a_child_of_age_or_whose_parent_is_able(session: Session, home: Household) -> None:
    grown, small = home.members[1], home.members[2]
    grown.birth, small.birth = date(2008, 3, 2), date(2015, 1, 1)
    for child in (grown, small):
        aid(session, child, Scheme.UNSUPPORTED_CHILD)
    small.parents.append(ChildParent(kind=ParentKind.MOTHER, state=ParentState.ABLE))
    session.flush()
    assert on_list(session, "lost") == [(grown.id, Why.OF_AGE), (small.id, Why.PARENT_ABLE)]


@pytest.mark.parametrize(("until", "listed"), [(ON - timedelta(days=1), True), (ON, False), (None, False)])
def test_a_child_whose_parent_has_served_the_sentence(
    session: Session, home: Household, until: date | None, listed: bool
) -> None:
    small = home.members[2]
    small.birth = date(2015, 1, 1)
    aid(session, small, Scheme.UNSUPPORTED_CHILD)
    told = ChildParent(kind=ParentKind.MOTHER, state=ParentState.PRISON, since=date(2020, 1, 1), until=until)
    small.parents.append(told)
    session.flush()
    assert on_list(session, "lost") == ([(small.id, Why.PARENT_ABLE)] if listed else [])


def test_each_sees_their_own_division_and_a_filter_narrows_it(session: Session, home: Household) -> None:
    far = factories.household(session, "511526101201", members=2)
    mine, theirs = disable(home.members[1]), disable(far.members[1])
    assert {id for id, _ in on_list(session, "care")} == {mine.id, theirs.id}
    assert [id for id, _ in on_list(session, "care", TOWNSHIP)] == [mine.id]
    assert [id for id, _ in on_list(session, "care", place=far.village_code)] == [theirs.id]


@pytest.mark.parametrize("which", ["care", "children"])
def test_pages_follow_each_other_without_gap_or_double(session: Session, home: Household, which: str) -> None:
    for n in range(5):
        one = factories.household(session, members=2).members[1]
        disable(one)
        one.relation, one.birth = Relation.OTHER, date(2012, 1, 1 + n % 2)
    whole = on_list(session, which)
    read, after = [], ""
    while True:
        part = entitlement.page(session, COUNTY, FIGURES, ON, which, after=after, size=2)
        read += [(row.member.id, row.why) for row in part.rows]
        after = part.after
        if not after:
            break
    assert read == whole
    everybody = entitlement.everybody(session, COUNTY, FIGURES, ON, which)
    assert [(row.member.id, row.why) for row in everybody] == whole


@pytest.mark.parametrize("after", ["", "x", "limb", "~", "limb~x~3", "9" * 60])
def test_a_page_address_that_is_none_of_ours_begins_at_the_beginning(
    session: Session, home: Household, after: str
) -> None:
    disable(home.members[1])
    assert len(on_list(session, "care", after=after)) == 1
