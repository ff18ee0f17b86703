"""A family put on file: one head, a village that exists, nobody twice; refused with every reason."""

from datetime import date, timedelta

import pytest

from models import Household
from policy.vocabulary import LeaveReason, Relation, Role
from tests import factories
from tests.clock import START
from tests.workflows.refusals import codes
from workflows import registry
from workflows.actor import FIELD, Actor
from workflows.people import Person
from workflows.reason import Refused
from workflows.registry import Home

TODAY = START.date()
OFFICER = Actor(None, "李", Role.TOWNSHIP_OFFICER, factories.XUNCHANG)
WORKER = Actor(None, "王", Role.VILLAGE_WORKER, factories.VILLAGE)
NEIGHBOUR = "511526100202"


@pytest.fixture
def home(session):
    factories.places(session)
    return factories.household(session, members=3)


def people(*relations: Relation) -> list[Person]:
    born = date(1980, 1, 1)
    return [Person(f"人{n}", factories.id_number(born), relation) for n, relation in enumerate(relations)]


def found(session, who, actor=OFFICER, village=factories.VILLAGE, **more):
    return registry.found_household(session, actor, START, Home(village, "1组"), who, **more)


def test_a_family_is_founded_with_its_head_and_people(session, home):
    made = found(session, people(Relation.HEAD, Relation.SPOUSE), WORKER)
    session.commit()
    assert (made.head_name, made.persons, made.township_code) == ("人0", 2, factories.XUNCHANG)
    assert {m.joined_on for m in made.members} == {TODAY}


@pytest.mark.parametrize("relations", [(), (Relation.SON,), (Relation.HEAD, Relation.HEAD)])
def test_a_family_is_not_founded_without_exactly_one_head(session, home, relations):
    before = session.query(Household).count()
    with pytest.raises(Refused, match="one_head"):
        found(session, people(*relations))
    assert session.query(Household).count() == before


def test_a_number_in_another_family_of_ours_and_elsewhere_are_two_answers(session, home):
    neighbours = factories.household(session, NEIGHBOUR, head_name="邻居")
    strangers = factories.household(session, factories.OTHER_VILLAGE, head_name="外乡人")
    for family, code in ((neighbours, "id_in_other_household"), (strangers, "id_elsewhere")):
        with pytest.raises(Refused) as refusal:
            found(session, [Person("某人", family.members[0].id_no, Relation.HEAD)])
        assert codes(refusal) == [code]
    assert refusal.value.reasons[0].args == {}  # nothing of a family elsewhere but that there is one


@pytest.mark.parametrize(("days", "lawful"), [(11, False), (10, True), (9, True)])
def test_who_left_one_family_heads_another_from_that_day_on(session, home, days, lawful):
    mover = home.members[2]
    mover.left_on, mover.leave_reason = TODAY - timedelta(days=10), LeaveReason.MOVE
    factories.keep(session, mover)
    who = [Person(mover.name, mover.id_no, Relation.HEAD)]
    if lawful:
        assert found(session, who, on=TODAY - timedelta(days=days))
    else:
        with pytest.raises(Refused, match="id_stay_until"):
            found(session, who, on=TODAY - timedelta(days=days))


@pytest.mark.parametrize(("born", "lawful"), [(1, False), (0, True)])
def test_nobody_joins_before_birth(session, home, born, lawful):
    child = Person("小满", factories.id_number(TODAY + timedelta(days=born - 1)), Relation.HEAD)
    if lawful:
        assert found(session, [child], on=TODAY - timedelta(days=1))
    else:
        with pytest.raises(Refused, match="joins_before_birth"):
            found(session, [child], on=TODAY - timedelta(days=1))


@pytest.mark.parametrize("role", sorted(set(Role) - set(FIELD)))
def test_only_the_field_keeps_families(session, home, role):
    with pytest.raises(Refused, match="not_your_role"):
        found(session, people(Relation.HEAD), Actor(None, "某", role, factories.COUNTY))


def test_every_reason_is_told_at_once(session, home):
    elsewhere = Actor(None, "赵", Role.TOWNSHIP_APPROVER, factories.XIAOER)
    with pytest.raises(Refused) as refusal:
        found(session, people(Relation.SON), elsewhere, on=TODAY + timedelta(days=1))
    assert set(codes(refusal)) == {"not_in_your_division", "not_your_role", "one_head", "day_in_future"}
    with pytest.raises(Refused, match="village_missing"):
        found(session, people(Relation.HEAD), village="511526100999")
