"""Families part, become one, or live elsewhere: split, merge, another address, out of the county."""

from models import Household
from policy.division_codes import township_of
from policy.vocabulary import Happening, LeaveReason, Relation, Scheme
from workflows.actor import within
from workflows.household_event_people import copy_stay, depart, succeed, succession
from workflows.household_scene import Act, Scene, recount
from workflows.household_scope import open_cases, relocate
from workflows.reason import Reason
from workflows.registry import Home, no_village, write_home
from workflows.whose import own


def _check_split(s: Scene) -> list[Reason]:
    going = [m for m in s.present if m.id in s.happened.along]
    found = [] if going and len(going) == len(s.happened.along) else [Reason("nobody_chosen")]
    found += [Reason("split_of_everybody")] if going and len(going) == len(s.present) else []
    heads = sum(relation is Relation.HEAD for relation in s.happened.along.values())
    found += [Reason("one_head", have=heads)] if going and heads != 1 else []
    late = [m.joined_on for m in going if m.joined_on > s.on]
    found += [Reason("leaves_before_joining", joined=max(late))] if late else []
    found += _place(s, s.happened.village_code, s.happened.address)
    return found + (succession(s.household, going, s.happened) if going else [])


def _place(s: Scene, village_code: str, address: str) -> list[Reason]:
    found = [*no_village(s.session, village_code)]
    if not found and not within(s.actor, village_code):
        found.append(Reason("not_in_your_division"))
    return found if address.strip() else [*found, Reason("address_missing")]


def _split(s: Scene) -> None:
    going = [m for m in s.present if m.id in s.happened.along]
    going.sort(key=lambda m: (s.happened.along[m.id] is not Relation.HEAD, m.id))
    for member in going:
        depart(s.session, member, s.on, LeaveReason.SPLIT)
    succeed(s.session, s.household, s.happened)
    home = _new_household(s, going[0].name)
    for member in going:
        s.tell(copy_stay(s.session, member, home, s.happened.along[member.id], s.on))
    s.households.append(home)
    recount(s)


def _new_household(s: Scene, head_name: str) -> Household:
    old, code = s.household, s.happened.village_code
    home = Household(
        village_code=code, township_code=township_of(code), head_name=head_name, registered_on=s.on, created_at=s.now,
    )  # fmt: skip
    s.session.add(home)
    tags = tuple(row.tag for row in old.tags)
    causes = tuple(row.cause for row in old.causes)
    write_home(home, Home(code, s.happened.address.strip(), old.area, causes, tags=tags))
    s.session.flush()
    return home


def _check_merge(s: Scene) -> list[Reason]:
    other = s.other
    if other is None or other.id == s.household.id:
        return [Reason("merge_family_missing")]
    if other.dissolved_on is not None:
        return [Reason("household_dissolved", on=other.dissolved_on)]
    coming = [member for member in other.members if member.present]
    found = _cases_in_the_way(s, other)
    unsaid = tuple(m.name for m in coming if s.happened.along.get(m.id) in (None, Relation.HEAD))
    found += [Reason("merge_relations_missing", names=unsaid)] if unsaid else []
    late = [m.joined_on for m in coming if m.joined_on > s.on]
    return found + ([Reason("leaves_before_joining", joined=max(late))] if late else [])


def _cases_in_the_way(s: Scene, other: Household) -> list[Reason]:
    """Two open cases of one scheme: one must end first; else the family with the open case is the one that stays.

    A case of one person goes along and stands in nobody's way, but for 低保 where the whole family here receives it.
    """
    ours = {case.scheme: case for case in open_cases(s.session, s.household.id) if not own(case)}
    found = []
    for case in open_cases(s.session, other.id):
        if own(case) and not (case.scheme is Scheme.DIBAO and case.scheme in ours):
            continue
        if case.scheme in ours:
            both = {"scheme": case.scheme, "ours": ours[case.scheme].case_no, "theirs": case.case_no}
            found.append(Reason("merge_two_cases", **both))
        elif ours:
            found.append(Reason("merge_case_open", case_no=case.case_no))
        else:
            found.append(Reason("merge_other_way", case_no=case.case_no, head=other.head_name))
    return found


def _merge(s: Scene) -> None:
    other = s.other
    assert other is not None
    for member in [m for m in other.members if m.present]:
        depart(s.session, member, s.on, LeaveReason.MERGE)
        s.tell(copy_stay(s.session, member, s.household, s.happened.along[member.id], s.on))
    s.about = None
    recount(s)


def _check_moved(s: Scene) -> list[Reason]:
    code = s.happened.village_code
    found = _place(s, code, s.happened.address)
    if code and township_of(code) != s.household.township_code:
        found.append(Reason("moves_to_other_township"))
    same = code == s.household.village_code and s.happened.address.strip() == s.household.address
    return found + ([Reason("same_address")] if same else [])


def _moved(s: Scene) -> None:
    relocate(s.session, s.household, s.happened.village_code, s.happened.address.strip())


def _check_moved_away(s: Scene) -> list[Reason]:
    late = [m.joined_on for m in s.present if m.joined_on > s.on]
    found = [Reason("leaves_before_joining", joined=max(late))] if late else []
    return found if s.present else [*found, Reason("nobody_there")]


def _moved_away(s: Scene) -> None:
    for member in s.present:
        s.tell(member)
        depart(s.session, member, s.on, LeaveReason.MOVE)
    s.about = None
    recount(s)


ACTS: dict[Happening, Act] = {
    Happening.SPLIT: Act(_check_split, _split),
    Happening.MERGE: Act(_check_merge, _merge),
    Happening.MOVED: Act(_check_moved, _moved),
    Happening.MOVED_AWAY: Act(_check_moved_away, _moved_away),
}
