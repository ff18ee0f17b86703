"""Who belongs to a family: joining, leaving, heads, moving; refused with every reason, told in the history."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models import AuditEntry, Benefit, Household, Visit
from policy.vocabulary import Action, LeaveReason, Relation, Role, Scheme, Stage, VisitKind
from tests import factories
from tests.clock import START
from workflows import registry
from workflows.actor import Actor
from workflows.people import Person
from workflows.reason import Refused, Stale
from workflows.registry import Home

TODAY = START.date()
OFFICER = Actor(None, "李", Role.TOWNSHIP_OFFICER, factories.XUNCHANG)
WORKER = Actor(None, "王", Role.VILLAGE_WORKER, factories.VILLAGE)
ELSEWHERE = Actor(None, "赵", Role.TOWNSHIP_OFFICER, factories.XIAOER)
NEIGHBOUR = "511526100202"


@pytest.fixture
def home(session):
    factories.places(session)
    return factories.household(session, members=3)


def child(**fields) -> Person:
    usual = {"name": "小满", "id_no": factories.id_number(date(2025, 12, 1)), "relation": Relation.GRANDCHILD}
    return Person(**{**usual, **fields})


def join(session, home, person, actor=OFFICER, on=TODAY, **more):
    return registry.join(session, actor, START, home, person, on, **more)


def leave(session, member, reason=LeaveReason.MOVE, on=TODAY, actor=OFFICER, **more):
    return registry.leave(session, actor, START, member, on, reason, **more)


def codes(refusal) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def test_a_child_joins_by_birth_and_is_counted_and_told_in_the_history(session, home):
    member = join(session, home, child(), why="出生")
    session.commit()
    assert (home.persons, member.joined_on, member.birth) == (4, TODAY, date(2025, 12, 1))
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.row_id == str(member.id), AuditEntry.table_name == "member")
    ).one()
    assert (entry.action, entry.reason, entry.actor_name) == ("insert", "出生", "李")


@pytest.mark.parametrize(("day", "lawful"), [(date(2025, 11, 30), False), (date(2025, 12, 1), True), (TODAY, True),
                                             (TODAY + timedelta(days=1), False)])  # fmt: skip
def test_nobody_joins_before_birth_or_tomorrow(session, home, day, lawful):
    if lawful:
        assert join(session, home, child(), on=day)
    else:
        with pytest.raises(Refused):
            join(session, home, child(), on=day)


def test_a_number_in_this_family_another_of_ours_and_elsewhere_are_three_answers(session, home):
    neighbours = factories.household(session, NEIGHBOUR, head_name="邻居")
    strangers = factories.household(session, factories.OTHER_VILLAGE, head_name="外乡人")
    expected = {home: "id_in_this_household", neighbours: "id_in_other_household", strangers: "id_elsewhere"}
    for family, code in expected.items():
        with pytest.raises(Refused) as refusal:
            join(session, home, child(id_no=family.members[0].id_no, name="某人"))
        assert codes(refusal) == [code]
    assert refusal.value.reasons[0].args == {}  # nothing of a family elsewhere but that there is one


def test_who_left_one_family_joins_another_from_that_day_on(session, home):
    mover = home.members[2]
    leave(session, mover, on=TODAY - timedelta(days=10))
    other = factories.household(session, NEIGHBOUR)
    person = child(id_no=mover.id_no, name=mover.name)
    with pytest.raises(Refused) as refusal:
        join(session, other, person, on=TODAY - timedelta(days=11))
    assert codes(refusal) == ["id_stay_until"]
    assert join(session, other, person, on=TODAY - timedelta(days=10))


def test_a_family_has_one_head_at_most(session, home):
    with pytest.raises(Refused, match="second_head"):
        join(session, home, child(relation=Relation.HEAD))


def test_every_reason_is_told_at_once(session, home):
    with pytest.raises(Refused) as refusal:
        join(session, home, child(relation=Relation.HEAD), actor=ELSEWHERE, on=TODAY + timedelta(days=1))
    assert set(codes(refusal)) == {"not_in_your_division", "second_head", "day_in_future"}


@pytest.mark.parametrize("role", sorted(set(Role) - set(registry.FIELD)))
def test_only_the_field_keeps_families(session, home, role):
    actor = Actor(None, "某", role, factories.COUNTY)
    for act in (lambda: join(session, home, child(), actor), lambda: leave(session, home.members[1], actor=actor)):
        with pytest.raises(Refused, match="not_your_role"):
            act()


def test_a_stale_form_changes_nothing(session, home):
    with pytest.raises(Stale):
        join(session, home, child(), version=home.row_version + 1)
    assert home.persons == 3


# --- leaving ----------------------------------------------------------------------------------------------------------


def test_a_leaving_from_a_family_on_aid_calls_for_a_recheck_and_changes_no_amount(session, home):
    case = factories.benefit(session, home, Stage.ACTIVE, monthly_fen=50_000)
    offers = leave(session, home.members[1], LeaveReason.MARRIAGE)
    assert [(offer.benefit, offer.action) for offer in offers] == [(case, Action.START_RECHECK)]
    assert (case.stage, case.monthly_fen, home.persons) == (Stage.ACTIVE, 50_000, 2)


def test_the_last_persons_death_calls_for_the_end_and_dissolves_the_family(session, home):
    case = factories.benefit(session, home, Stage.GRACE)
    for member in home.members[1:]:
        leave(session, member)
    offers = leave(session, home.members[0], LeaveReason.DEATH)
    assert [(offer.benefit, offer.action) for offer in offers] == [(case, Action.END_ON_DEATH)]
    assert (home.persons, home.dissolved_on, case.stage) == (0, TODAY, Stage.GRACE)
    with pytest.raises(Refused, match="household_dissolved"):
        join(session, home, child())


def test_after_the_heads_death_another_heads_the_family_at_once_or_later(session, home):
    head, son, other = home.members
    leave(session, head, LeaveReason.DEATH, new_head=son)
    session.commit()
    assert (son.relation, home.head_name) == (Relation.HEAD, son.name)
    leave(session, son, LeaveReason.DEATH)
    assert not any(m.present and m.relation is Relation.HEAD for m in home.members)
    registry.name_head(session, OFFICER, START, home, other, {})
    session.commit()
    assert (other.relation, home.head_name, home.persons) == (Relation.HEAD, other.name, 1)


@pytest.mark.parametrize(("on", "reason", "code"), [
    (factories.JOINED - timedelta(days=1), LeaveReason.MOVE, "leaves_before_joining"),
    (TODAY + timedelta(days=1), LeaveReason.MOVE, "day_in_future"),
    (TODAY, None, "leave_reason_missing"),
])  # fmt: skip
def test_a_leaving_needs_a_possible_day_and_a_reason(session, home, on, reason, code):
    with pytest.raises(Refused) as refusal:
        leave(session, home.members[1], reason, on=on)
    assert codes(refusal) == [code]
    assert leave(session, home.members[1], on=factories.JOINED) == ()


def test_nobody_leaves_twice_and_no_stranger_becomes_the_head(session, home):
    stranger = factories.household(session).members[0]
    with pytest.raises(Refused, match="head_not_there"):
        leave(session, home.members[0], LeaveReason.DEATH, new_head=stranger)
    leave(session, home.members[1])
    with pytest.raises(Refused, match="left_before"):
        leave(session, home.members[1])


# --- heads and homes --------------------------------------------------------------------------------------------------


def test_a_new_head_needs_everybodys_relation_to_them(session, home):
    head, son, other = home.members
    with pytest.raises(Refused) as refusal:
        registry.name_head(session, OFFICER, START, home, son, {head.id: Relation.PARENT})
    assert refusal.value.reasons[0].args == {"names": (other.name,)}
    registry.name_head(session, OFFICER, START, home, son, {head.id: Relation.PARENT, other.id: Relation.SIBLING})
    session.commit()
    assert [m.relation for m in (head, son, other)] == [Relation.PARENT, Relation.HEAD, Relation.SIBLING]
    with pytest.raises(Refused, match="head_already"):
        registry.name_head(session, OFFICER, START, home, son, {head.id: Relation.PARENT, other.id: Relation.SIBLING})


def test_a_family_moves_within_its_township_with_all_its_open_work(session, home):
    case = factories.benefit(session, home)
    visit = factories.keep(session, Visit(household=home, kind=VisitKind.QUARTERLY, due_on=TODAY,
                                          village_code=home.village_code, township_code=home.township_code))  # fmt: skip
    registry.move_address(session, OFFICER, START, home, " 新村 5 号 ", NEIGHBOUR)
    session.commit()
    assert home.address == "新村 5 号"
    assert {row.village_code for row in (home, case, visit, *home.members)} == {NEIGHBOUR}


@pytest.mark.parametrize(("actor", "village", "address", "expected"), [
    (OFFICER, factories.OTHER_VILLAGE, "5号", {"not_in_your_division", "move_across_townships"}),
    (WORKER, NEIGHBOUR, "5号", {"not_in_your_division"}),
    (OFFICER, "511526100999", "5号", {"village_missing"}),
    (OFFICER, factories.VILLAGE, " ", {"address_missing"}),
])  # fmt: skip
def test_a_move_beyond_ones_reach_is_refused(session, home, actor, village, address, expected):
    with pytest.raises(Refused) as refusal:
        registry.move_address(session, actor, START, home, address, village)
    assert set(codes(refusal)) >= expected


# --- founding ---------------------------------------------------------------------------------------------------------


def people(*relations: Relation) -> list[Person]:
    return [child(name=f"人{n}", id_no=factories.id_number(), relation=r) for n, r in enumerate(relations)]


def test_a_family_is_founded_with_its_head_and_people(session, home):
    made = registry.found_household(
        session, WORKER, START, Home(factories.VILLAGE, "1组"), people(Relation.HEAD, Relation.SPOUSE)
    )
    session.commit()
    assert (made.head_name, made.persons, made.township_code) == ("人0", 2, factories.XUNCHANG)
    assert {m.joined_on for m in made.members} == {TODAY}


@pytest.mark.parametrize("relations", [(), (Relation.SON,), (Relation.HEAD, Relation.HEAD)])
def test_a_family_is_not_founded_without_exactly_one_head(session, home, relations):
    before = session.query(Household).count()
    with pytest.raises(Refused, match="one_head"):
        registry.found_household(session, OFFICER, START, Home(factories.VILLAGE), people(*relations))
    assert session.query(Household).count() == before


def test_emergency_aid_calls_for_no_recheck(session, home):
    factories.benefit(session, home, Stage.ACTIVE, scheme=Scheme.TEMPORARY)
    assert leave(session, home.members[1]) == ()
    assert session.query(Benefit).one().stage is Stage.ACTIVE
