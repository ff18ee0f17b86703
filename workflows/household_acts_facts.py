"""Who somebody is changes: a new head, a sentence and the return from it, the end of school, a number issued."""

from policy.identity import BadIdNumber, parse_id_number
from policy.vocabulary import Absence, Employment, Happening, LeaveReason, Relation
from workflows.household_event_people import copy_stay, free, succeed, succession
from workflows.household_scene import Act, Scene, recount
from workflows.reason import Reason
from workflows.registry import id_taken

AWAY = (Absence.PRISON, Absence.REHAB, Absence.MISSING)
"""Who is away by law and not counted among those who live together (民发〔2021〕57号 第七条)."""


def _check_away(s: Scene) -> list[Reason]:
    member = s.member
    found = [] if s.happened.absence in AWAY else [Reason("absence_missing")]
    if member is None or not member.present:
        return [*found, Reason("event_member_missing")]
    found += [Reason("away_before", name=member.name)] if member.absence is not None else []
    return found + ([Reason("leaves_before_joining", joined=member.joined_on)] if s.on < member.joined_on else [])


def _away(s: Scene) -> None:
    assert s.member is not None
    s.member.absence = s.happened.absence
    free(s.household, s.member)
    s.tell(s.member)


def _check_returned(s: Scene) -> list[Reason]:
    member = s.member
    if member is None:
        return [Reason("event_member_missing")]
    if member.present:
        return [] if member.absence is not None else [Reason("not_away", name=member.name)]
    if member.leave_reason in (LeaveReason.DEATH, LeaveReason.CORRECTION):
        return [Reason("cannot_return", name=member.name)]
    found = [] if member.left_on is None or s.on >= member.left_on else [Reason("left_before", on=member.left_on)]
    taken = id_taken(s.session, s.actor, member.id_no, s.household.id, s.on)
    found += [taken] if taken else []
    return found + ([Reason("relation_missing")] if s.happened.relation in (None, Relation.HEAD) else [])


def _returned(s: Scene) -> None:
    assert s.member is not None
    member = s.member
    if member.present:
        member.absence = None
    else:
        assert s.happened.relation is not None
        member = copy_stay(s.session, member, s.household, s.happened.relation, s.on)
        member.absence = None
    s.tell(member)
    recount(s)


def _check_new_head(s: Scene) -> list[Reason]:
    head = next((m for m in s.present if m.id == s.happened.head), None)
    if head is None:
        return [Reason("new_head_missing")]
    if head.relation is Relation.HEAD:
        return [Reason("head_already", name=head.name)]
    return succession(s.household, [], s.happened)


def _new_head(s: Scene) -> None:
    succeed(s.session, s.household, s.happened)
    s.tell(next(m for m in s.present if m.relation is Relation.HEAD))


def _check_school_end(s: Scene) -> list[Reason]:
    member = s.member
    if member is None or not member.present:
        return [Reason("event_member_missing")]
    found = [] if s.happened.employment not in (None, Employment.STUDENT) else [Reason("employment_missing")]
    at_school = member.study is not None or member.employment is Employment.STUDENT or member.school
    return found if at_school else [*found, Reason("not_at_school", name=member.name)]


def _school_end(s: Scene) -> None:
    member = s.member
    assert member is not None
    member.study, member.study_full_time, member.school = None, None, None
    member.employment = s.happened.employment
    member.schooling = s.happened.schooling or member.schooling
    s.tell(member)


def _check_id_number(s: Scene) -> list[Reason]:
    member = s.member
    if member is None or not member.present:
        return [Reason("event_member_missing")]
    if not member.id_no_pending:
        return [Reason("id_number_known", name=member.name)]
    try:
        told = parse_id_number(s.happened.id_no)
    except BadIdNumber as bad:
        return [Reason(f"id_{bad.code}", **bad.args_by_name)]
    found = [Reason("birth_differs", birth=told.birth)] if told.birth != member.birth else []
    found += [Reason("id_says_sex", sex=told.sex)] if told.sex != member.sex else []
    taken = id_taken(s.session, s.actor, told.number, s.household.id, member.joined_on)
    return [*found, taken] if taken else found


def _id_number(s: Scene) -> None:
    assert s.member is not None
    s.member.id_no = parse_id_number(s.happened.id_no).number
    s.member.id_no_pending = False
    s.tell(s.member)


ACTS: dict[Happening, Act] = {
    Happening.NEW_HEAD: Act(_check_new_head, _new_head),
    Happening.AWAY: Act(_check_away, _away),
    Happening.RETURNED: Act(_check_returned, _returned),
    Happening.SCHOOL_END: Act(_check_school_end, _school_end),
    Happening.ID_NUMBER: Act(_check_id_number, _id_number),
}
