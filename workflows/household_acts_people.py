"""Somebody comes into a family or goes from it: birth, marriage, joining, death, leaving."""

from models import Household, Member
from policy.identity import BadIdNumber, parse_id_number
from policy.vocabulary import Happening, LeaveReason, Marital, Relation
from workflows.arrivals import last_stay
from workflows.household_event_people import arrive, depart, newborn, succeed, succession
from workflows.household_scene import Act, Scene, recount
from workflows.matching.settling import settle_deaths
from workflows.people import Person
from workflows.reason import Reason
from workflows.registry import id_taken, stayed_until

LEAVES = (LeaveReason.MARRIAGE, LeaveReason.MOVE, LeaveReason.CORRECTION)
"""Why somebody alone leaves a family, or never belonged to it; a death and a split are events of their own."""
NEWBORNS = (Relation.SON, Relation.DAUGHTER, Relation.GRANDCHILD, Relation.SIBLING, Relation.OTHER)
"""What a child that was just born can be to the head of its family."""


def _check_birth(s: Scene) -> list[Reason]:
    child = s.happened.newborn
    if child is None or not child.name.strip():
        return [Reason("newborn_missing")]
    found = [] if child.relation in NEWBORNS else [Reason("newborn_relation")]
    if not child.id_no:
        return found
    try:
        told = parse_id_number(child.id_no)
    except BadIdNumber as bad:
        return [*found, Reason(f"id_{bad.code}", **bad.args_by_name)]
    found += [Reason("birth_differs", birth=told.birth)] if told.birth != s.on else []
    found += [Reason("id_says_sex", sex=told.sex)] if told.sex != child.sex else []
    taken = id_taken(s.session, s.actor, told.number, s.household.id, s.on)
    return [*found, taken] if taken else found


def _birth(s: Scene) -> None:
    assert s.happened.newborn is not None
    s.tell(newborn(s.session, s.household, s.happened.newborn, s.on))
    recount(s)


def _check_joined(s: Scene) -> list[Reason]:
    if not s.happened.people:
        return [Reason("nobody_joins")]
    found: list[Reason] = []
    for person in s.happened.people:
        found += [Reason("second_head", head=s.household.head_name)] if person.relation is Relation.HEAD else []
        found += _comes(s, person)
    return found


def _comes(s: Scene, person: Person) -> list[Reason]:
    if s.on < parse_id_number(person.id_no).birth:
        return [Reason("joins_before_birth", name=person.name)]
    stay = s.stay_elsewhere(person)
    if stay is None:
        taken = id_taken(s.session, s.actor, person.id_no, s.household.id, s.on)
        if taken is not None and taken.code == "id_elsewhere":
            return [Reason("comes_from_elsewhere", day=s.on)]
        return [taken] if taken else []
    found = _too_early(s, stay)
    others = sum(member.present for member in stay.household.members) - len(_from(s, stay.household))
    if stay.relation is Relation.HEAD and others:
        found.append(Reason("head_leaves_elsewhere", name=stay.name))
    return found


def _from(s: Scene, household: Household) -> list[Member]:
    stays = [s.stay_elsewhere(person) for person in s.happened.people]
    return [stay for stay in stays if stay is not None and stay.household_id == household.id]


def _joined(s: Scene, why: LeaveReason = LeaveReason.MOVE) -> None:
    for person in s.happened.people:
        stay = s.stay_elsewhere(person)
        if stay is not None:
            depart(s.session, stay, s.on, why)
        known = stay or last_stay(s.session, person.id_no, s.household)
        member = arrive(s.session, s.household, person, known, s.on)
        if why is LeaveReason.MARRIAGE and person is s.happened.people[0]:
            member.marital = Marital.MARRIED
        s.tell(member)
    recount(s)


def _marriage(s: Scene) -> None:
    _joined(s, LeaveReason.MARRIAGE)


def _goes(s: Scene) -> list[Reason]:
    member = s.member
    if member is None:
        return [Reason("event_member_missing")]
    if not member.present:
        return [Reason("left_before", on=member.left_on)]
    return _too_early(s, member) + succession(s.household, [member], s.happened)


def _too_early(s: Scene, stay: Member) -> list[Reason]:
    """Why nobody can have gone that day.

    A sheet tells who is there and not since when: for it birth counts, and the end of another stay of the same person.
    """
    known = stay.joined_on if stay.batch_id is None else min(stay.birth, stay.joined_on)
    if s.on < known:
        return [Reason("leaves_before_joining", joined=stay.joined_on)]
    until = stayed_until(s.session, stay)
    return [Reason("id_stay_until", until=until)] if until is not None and s.on < until else []


def _check_left(s: Scene) -> list[Reason]:
    return [*_goes(s), *([] if s.happened.reason in LEAVES else [Reason("leave_reason_missing")])]


def _death(s: Scene) -> None:
    assert s.member is not None
    member = s.member
    s.tell(member)
    depart(s.session, member, s.on, LeaveReason.DEATH)
    for other in s.household.members:
        if other.present and {other.relation, member.relation} == {Relation.HEAD, Relation.SPOUSE}:
            other.marital = Marital.WIDOWED
    succeed(s.session, s.household, s.happened)
    recount(s)
    settle_deaths(s.session, s.actor, member, s.now)


def _left(s: Scene) -> None:
    assert s.member is not None and s.happened.reason is not None
    s.tell(s.member)
    depart(s.session, s.member, s.on, s.happened.reason)
    succeed(s.session, s.household, s.happened)
    recount(s)


ACTS: dict[Happening, Act] = {
    Happening.BIRTH: Act(_check_birth, _birth),
    Happening.DEATH: Act(_goes, _death),
    Happening.MARRIAGE: Act(_check_joined, _marriage),
    Happening.JOINED: Act(_check_joined, _joined),
    Happening.LEFT: Act(_check_left, _left),
}
