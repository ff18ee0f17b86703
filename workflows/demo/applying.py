"""Families that apply for 低保, up to the decision: each a short plan of working days that ends in one stage.

Working days are counted back from the county's day; every step lies before it.
"""

from datetime import date, timedelta

from policy.vocabulary import Action, Role
from workflows.demo.case import Case
from workflows.demo.families import Family
from workflows.demo.moves import CLAUSE_REFUSED, World
from workflows.demo.people import Person

A = Action

# Gaps in working days from application to acceptance, start, survey, opinion and notice.
TO_ACCEPT, TO_START, TO_SURVEY, TO_OPINION, TO_NOTICE = (0, 4), (0, 3), (0, 2), (0, 3), (0, 1)
TO_END = (TO_ACCEPT, TO_START, TO_SURVEY, TO_OPINION, TO_NOTICE)


SECOND_NOTICE = 8
"""Working days that the county's own notice takes, where the rule of the day asks for one."""


def supported_alone(world: World, family: Family) -> Person | None:
    """Now and then one gravely disabled or ill person is supported alone (单人户)."""
    if len(family.present) < 2 or not world.dice.chance(0.5):
        return None
    return next((who for who in family.present[1:] if who.gravely_disabled and who.age > 17), None)


def advised(world: World, family: Family, last: date, grants: bool = True) -> Case:
    """As far as an opinion, which was given on ``last``."""
    days = world.back(last, *TO_END[:-1])
    case = world.accepted(family, days, supported_alone(world, family))
    case.step(A.START_REVIEW, days[2], world.officer(family))
    world.survey(case, days[3])
    world.crosscheck(case, days[2], days[4])
    return world.opinion(case, days[4], grants)


def posted(world: World, family: Family, day: date) -> Case:
    """As far as a notice put up on a day."""
    return world.noticed(advised(world, family, world.back(day, TO_NOTICE)[0]), day)


def waited(world: World, family: Family, ago: int) -> tuple[Case, date]:
    """As far as the end of a notice put up so many working days ago; with the first working day after it."""
    case = posted(world, family, world.terms.ago(ago))
    return case, world.terms.shift(world.closed(case), 0)


def granted(world: World, family: Family, ago: int) -> Case:
    """As far as a confirmation; the notice went up so many working days ago."""
    former = world.terms.has("notice.county_days", world.terms.ago(ago + SECOND_NOTICE))
    case, first = waited(world, family, ago + (SECOND_NOTICE if former else 0))
    return world.confirmed(case, world.terms.shift(first, world.dice.between(0, 3)))


def applied(world: World, family: Family) -> list[Case]:
    return [world.apply(family, world.terms.ago(world.dice.between(1, 6)))]


def told_missing(world: World, family: Family) -> list[Case]:
    days = world.back(world.terms.ago(world.dice.between(1, 14)), (0, 2))
    return [world.missing(world.apply(family, days[0], unsigned=world.dice.chance(0.4)), days[1])]


def partly_filed(world: World, family: Family) -> list[Case]:
    days = world.back(world.terms.ago(world.dice.between(1, 5)), (0, 1), (1, 4))
    case = world.missing(world.apply(family, days[0], unsigned=True), days[1])
    return [case.step(A.FILE_PAPER, days[2], world.field(family), n=1)]


def accepted(world: World, family: Family) -> list[Case]:
    return [world.accepted(family, world.back(world.terms.ago(world.dice.between(1, 3)), TO_ACCEPT))]


def accepted_long_ago(world: World, family: Family) -> list[Case]:
    return [world.accepted(family, world.back(world.terms.ago(world.dice.between(5, 8)), TO_ACCEPT))]


def in_review(world: World, family: Family) -> list[Case]:
    return [_started(world, family, world.dice.between(1, 4))]


def surveyed_by_one(world: World, family: Family) -> list[Case]:
    return [world.survey(_started(world, family, 3), world.terms.ago(world.dice.between(1, 2)), n=1)]


def sources_waiting(world: World, family: Family) -> list[Case]:
    case = world.survey(_started(world, family, 8), world.terms.ago(6))
    return [world.crosscheck(case, world.terms.ago(7), world.terms.ago(3), waiting=1)]


def without_opinion(world: World, family: Family) -> list[Case]:
    case = world.survey(_started(world, family, 7), world.terms.ago(5))
    return [world.crosscheck(case, world.terms.ago(6), world.terms.ago(1))]


def review_overdue(world: World, family: Family) -> list[Case]:
    ago = world.dice.between(22, 34)
    case = world.survey(_started(world, family, ago), world.terms.ago(ago - 3))
    return [world.crosscheck(case, world.terms.ago(ago - 2), world.terms.ago(9), waiting=world.dice.between(0, 1))]


def ready_for_notice(world: World, family: Family) -> list[Case]:
    return [advised(world, family, world.terms.ago(world.dice.between(1, 2)))]


def to_be_refused(world: World, family: Family) -> list[Case]:
    return [advised(world, family, world.terms.ago(world.dice.between(1, 3)), grants=False)]


def _started(world: World, family: Family, ago: int) -> Case:
    days = world.back(world.terms.ago(ago), TO_ACCEPT, TO_START)
    case = world.accepted(family, days, supported_alone(world, family))
    return case.step(A.START_REVIEW, days[2], world.officer(family))


def on_notice(world: World, family: Family) -> list[Case]:
    """Put up so that its last day is not yet over."""
    most = world.terms.age(world.terms.shift(_earliest_notice(world), 0))
    if most < 1:  # nothing but days off since then
        return ready_for_notice(world, family)
    return [posted(world, family, world.terms.ago(world.dice.between(1, most)))]


def _earliest_notice(world: World) -> date:
    """The first day on which a notice that still hangs may have been put up."""
    return world.terms.on - timedelta(days=world.terms.figure("notice.days", world.terms.on))


def objected(world: World, family: Family) -> list[Case]:
    case = posted(world, family, world.terms.ago(5))
    day = world.terms.shift(case.row.notice_from, world.dice.between(1, 4))
    words = "反映该户有人在外务工，收入未如实申报。"
    day = day if day <= case.row.notice_until else case.row.notice_from
    return [case.step(A.OBJECT, day, world.field(family), words, by_name="村民 刘某")]


def awaiting(world: World, family: Family) -> list[Case]:
    return [waited(world, family, world.dice.between(9, 12))[0]]


def awaiting_long(world: World, family: Family) -> list[Case]:
    return [waited(world, family, world.dice.between(21, 27))[0]]


def complained(world: World, family: Family) -> list[Case]:
    case, _ = waited(world, family, 12)
    words = "来电反映该户主的儿子有小型货车。"
    return [case.step(A.RECORD_COMPLAINT, world.terms.ago(1), world.officer(family), words, by_name="匿名")]


def complaint_answered(world: World, family: Family) -> list[Case]:
    case, _ = waited(world, family, 14)
    words = "来电反映该户在县城有房。"
    case.step(A.RECORD_COMPLAINT, world.terms.ago(4), world.officer(family), words, by_name="匿名")
    world.reviewed(case, world.terms.ago(2))
    reviewer = world.county(Role.COUNTY_REVIEWER)
    return [case.step(A.ANSWER_COMPLAINT, world.terms.ago(1), reviewer, "经核查，反映情况不属实，已答复。")]


def near_relative(world: World, family: Family) -> list[Case]:
    family.near_relative = True
    return awaiting(world, family)


def county_visited(world: World, family: Family) -> list[Case]:
    family.near_relative = True
    case, _ = waited(world, family, 14)
    return [world.reviewed(case, world.terms.ago(1))]


def refusal_proposed(world: World, family: Family) -> list[Case]:
    days = world.back(world.terms.ago(world.dice.between(1, 3)), (0, 1))
    case = advised(world, family, days[0], grants=False)
    return [case.step(A.SUBMIT_REFUSAL, days[1], world.officer(family))]


def sent_back(world: World, family: Family) -> list[Case]:
    case, _ = waited(world, family, 13)
    day = world.terms.ago(world.dice.between(1, 2))
    return [case.step(A.RETURN, day, world.confirmer(case, day), "赡养费计算依据不足，请补充调查。")]


def refused(world: World, family: Family) -> list[Case]:
    return [_refused(world, family, world.terms.ago(world.dice.between(6, 120)), told=True)]


def refused_untold(world: World, family: Family) -> list[Case]:
    return [_refused(world, family, world.terms.ago(world.dice.between(1, 6)), told=False)]


def _refused(world: World, family: Family, day: date, told: bool) -> Case:
    days = world.back(day, (0, 1), (1, 3))
    case = advised(world, family, days[0], grants=False)
    case.step(A.SUBMIT_REFUSAL, days[1], world.officer(family))
    words = "家庭人均月收入超过低保标准，不予确认。"
    world.reviewed(case, day).step(A.REFUSE, day, world.confirmer(case, day), words, clause=CLAUSE_REFUSED)
    if told:
        case.step(A.TELL_REFUSAL, world.terms.shift(day, world.dice.between(1, 3)), world.officer(family))
    return case


def withdrawn(world: World, family: Family) -> list[Case]:
    case = _started(world, family, world.dice.between(6, 200))
    day = world.terms.shift(case.row.stage_since, world.dice.between(1, 4))
    return [case.step(A.WITHDRAW, day, world.officer(family), "申请人自愿撤回申请。")]
