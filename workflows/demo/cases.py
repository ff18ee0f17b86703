"""Which stories the county's families live: each a short plan of working days, ending in one stage of the machine."""

from collections.abc import Callable
from datetime import date, timedelta

from policy.calendar import add_months
from policy.vocabulary import Action, LeaveReason, ReviewClass, Role, Scheme
from workflows.demo.dice import Weighted
from workflows.demo.families import Family
from workflows.demo.moves import CLAUSE_REFUSED, World
from workflows.demo.people import Person
from workflows.demo.story import Case

A = Action
Story = Callable[[World, Family], list[Case]]

# Gaps in working days from application to acceptance, start, survey, opinion and notice.
TO_ACCEPT, TO_START, TO_SURVEY, TO_OPINION, TO_NOTICE = (0, 4), (0, 3), (0, 2), (0, 3), (0, 1)
TO_END = (TO_ACCEPT, TO_START, TO_SURVEY, TO_OPINION, TO_NOTICE)


def _member(world: World, family: Family) -> Person | None:
    """Now and then one gravely disabled or ill person is supported alone (单人户)."""
    if len(family.present) < 2 or not world.dice.chance(0.5):
        return None
    return next((who for who in family.present[1:] if who.gravely_disabled and who.age > 17), None)


def advised(world: World, family: Family, last: date, grants: bool = True) -> Case:
    """As far as an opinion, which was given on ``last``."""
    days = world.back(last, *TO_END[:-1])
    case = world.accepted(family, days, _member(world, family))
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
    case, first = waited(world, family, ago)
    return world.confirmed(case, world.terms.shift(first, world.dice.between(0, 3)))


# --- applications -----------------------------------------------------------------------------------------------------


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
    case = world.accepted(family, days, _member(world, family))
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


# --- in payment -------------------------------------------------------------------------------------------------------


def active(world: World, family: Family) -> list[Case]:
    """Decided here, and rechecked since as it fell due."""
    return [_kept(world, granted(world, family, world.dice.between(14, 300)))]


def taken_over(world: World, family: Family) -> list[Case]:
    """From the roster of before, and rechecked since as it fell due."""
    return [_kept(world, _taken_over(world, family, world.dice.between(2, 280)))]


def taken_over_overdue(world: World, family: Family) -> list[Case]:
    """Its review fell due and nobody began it."""
    return [_taken_over(world, family, 268 if family.steady else 138)]


def _taken_over(world: World, family: Family, ago: int) -> Case:
    dice, day = world.dice, world.terms.ago(ago)
    first = add_months(day.replace(day=1), -dice.between(4, 120))
    kind = ReviewClass.STABLE if family.steady else ReviewClass.CHANGING
    case = Case(world.terms, family, member=_member(world, family))
    who = world.county(Role.COUNTY_REVIEWER)
    return case.step(A.TAKE_OVER, day, who, fen=world.amount(case), first_month=first, review_class=kind)


def _kept(world: World, case: Case) -> Case:
    """Recheck a case as often as its review fell due, as long as that was over before the county's day."""
    while case.row.review_due_on < world.terms.on:
        start = world.terms.shift(case.row.review_due_on, world.dice.between(-18, 5))
        days = _through(world, start)
        if start <= case.latest.date() or days[-1] >= world.terms.on:
            break
        world.recheck(case, start)
        world.rechecked(case, days[1:3])
        _end_recheck(world, case, days[3])
    return case


def _through(world: World, start: date) -> list[date]:
    """Working days of start, visit, opinion and decision of a recheck."""
    days = [start]
    for least, most in ((1, 5), (0, 3), (1, 5)):
        days.append(world.terms.shift(days[-1], world.dice.between(least, most)))
    return days


def _end_recheck(world: World, case: Case, day: date) -> None:
    who, luck, fen = world.confirmer(case, day), world.dice.random(), case.row.monthly_fen
    if luck < 0.12:
        case.step(A.RAISE, day, who, "家庭收入减少，按差额增发。", fen=fen + world.dice.between(1, 12) * 1_000)
    elif luck < 0.24 and fen > 20_000:
        case.step(A.CUT, day, who, "家庭收入增加，按差额减发。", fen=fen - world.dice.between(1, 10) * 1_000)
    else:
        case.step(A.KEEP, day, who, "家庭情况无变化，继续享受。")


def _older(world: World, family: Family) -> Case:
    """A case in payment since some months, not yet due for review."""
    return _taken_over(world, family, world.dice.between(60, 110))


def recheck_begun(world: World, family: Family) -> list[Case]:
    return [world.recheck(_older(world, family), world.terms.ago(world.dice.between(1, 12)), "村里反映家庭人口有变化")]


def recheck_visited(world: World, family: Family) -> list[Case]:
    days = world.back(world.terms.ago(world.dice.between(1, 4)), (1, 4))
    case = world.recheck(_older(world, family), days[0], "动态复核")
    return [world.survey(case, days[1], words="长子已就业，月工资约三千元，家庭收入有变化。")]


def recheck_judged(world: World, family: Family) -> list[Case]:
    days = world.back(world.terms.ago(world.dice.between(1, 5)), (1, 4), (0, 2))
    return [world.rechecked(world.recheck(_older(world, family), days[0]), days[1:])]


def recheck_overdue(world: World, family: Family) -> list[Case]:
    days = world.back(world.terms.ago(world.dice.between(8, 16)), (24, 28))
    case = world.recheck(_taken_over(world, family, world.dice.between(60, 110)), days[0])
    return [world.survey(case, days[1], 1, "户主外出务工未归，电话联系后补访。")]


def _judged(world: World, case: Case, ago: int, words: str) -> date:
    """Through a recheck as far as the day of its decision, so many working days ago."""
    days = world.back(world.terms.ago(ago), (1, 4), (0, 2), (1, 4))
    world.recheck(case, days[0])
    world.rechecked(case, days[1:3], words)
    return days[3]


def in_grace(world: World, family: Family) -> list[Case]:
    limits = world.terms.grace(world.terms.ago(60))
    if limits is None:
        return suspended(world, family)
    case, least = _taken_over(world, family, world.dice.between(80, 110)), limits[0]
    day = _judged(world, case, world.dice.between(2, 50), "收入超过标准，建议给予渐退期。")
    months = world.dice.between(max(least, 3), max(min(limits[1], 6), 3))
    words = "家庭人均收入超过低保标准、低于2倍，给予渐退期。"
    return [case.step(A.START_GRACE, day, world.confirmer(case, day), words, months=months)]


def resumed(world: World, family: Family) -> list[Case]:
    case = in_grace(world, family)[0]
    day = world.terms.ago(1)
    return [case.step(A.RESUME, day, world.confirmer(case, day), "家庭收入又有下降，恢复发放。")]


def suspended(world: World, family: Family) -> list[Case]:
    case = _older(world, family)
    day = _judged(world, case, world.dice.between(1, 30), "两次入户均未见人，建议停发待查。")
    return [case.step(A.SUSPEND, day, world.confirmer(case, day), "无法核实家庭情况，暂停发放。")]


def ended(world: World, family: Family) -> list[Case]:
    case = _older(world, family)
    day = _judged(world, case, world.dice.between(1, 35), "收入明显好转，建议退出。")
    return [case.step(A.EXIT, day, world.confirmer(case, day), "家庭人均收入超过低保标准，退出低保。")]


def grace_ended(world: World, family: Family) -> list[Case]:
    if world.terms.grace(world.terms.ago(230)) is None:
        return ended(world, family)
    case = _taken_over(world, family, world.dice.between(250, 280))
    day = _judged(world, case, world.dice.between(130, 200), "收入超过标准，建议给予渐退期。")
    case.step(A.START_GRACE, day, world.confirmer(case, day), "人均收入低于标准2倍，给予渐退期。", months=3)
    over = case.row.grace_until + timedelta(days=1)
    return [case.step(A.END_GRACE, over, words="渐退期满")]


def left(world: World, family: Family) -> list[Case]:
    case, day = _older(world, family), world.terms.ago(world.dice.between(1, 30))
    return [case.step(A.LEAVE, day, world.officer(family), "本人自愿申请退出低保。")]


def died(world: World, family: Family) -> list[Case]:
    """The last of the family died; the case ended with them."""
    del family.people[1:]
    family.income = [line for line in family.income if line[0] == 0]
    family.spending = [line for line in family.spending if line[0] == 0]
    case, day = _older(world, family), world.terms.ago(world.dice.between(1, 30))
    family.head.left, family.dissolved_on = (day, LeaveReason.DEATH), day
    return [case.step(A.END_ON_DEATH, day + timedelta(days=1), words="保障对象均已死亡或离开家庭")]


# --- temporary assistance ---------------------------------------------------------------------------------------------


def _urgent(world: World, family: Family, day: date) -> Case:
    case = Case(world.terms, family, Scheme.TEMPORARY, urgent=True, requested=world.dice.between(10, 30) * 100_00)
    return case.step(A.APPLY, day, world.field(family))


def urgent_applied(world: World, family: Family) -> list[Case]:
    return [_urgent(world, family, world.terms.ago(world.dice.between(1, 2)))]


def _paid(world: World, family: Family, ago: int) -> Case | None:
    day = world.terms.ago(ago)
    limit, approver = world.terms.limit(day), world.office.approvers[family.township]
    if limit is None:
        return None
    case = _urgent(world, family, world.back(day, (0, 1))[0])
    fen, words = min(case.row.requested_fen, limit), "突发急病住院，先行救助，手续后补。"
    return case.step(A.PAY_FIRST, day, approver, words, fen=fen)


def urgent_paid(world: World, family: Family) -> list[Case]:
    case = _paid(world, family, world.dice.between(1, 4))
    return [case] if case else urgent_applied(world, family)


def _payment(world: World, family: Family, ago: int) -> Case | None:
    case = _paid(world, family, ago)
    if case is None:
        return None
    day = world.terms.shift(case.row.decided_on, world.dice.between(1, 2))
    return case.step(A.RECORD_PAYMENT, day, world.officer(family), "已通过一卡通发放。")


def urgent_done(world: World, family: Family) -> list[Case]:
    case = _payment(world, family, world.dice.between(7, 200))
    if case is None:
        return urgent_refused(world, family)
    return [case.step(A.FILE_PAPER, world.terms.shift(case.row.paid_on, 2), world.officer(family))]


def urgent_debt(world: World, family: Family) -> list[Case]:
    """Paid, and the papers did not come in time."""
    case = _payment(world, family, world.dice.between(8, 20))
    if case is None:
        return urgent_refused(world, family)
    due = case.papers[0].due_on
    if world.dice.chance(0.5):
        case.step(A.FILE_PAPER, world.terms.shift(case.row.paid_on, 1), world.officer(family), n=2)
    return [case.step(A.PAPERS_OVERDUE, due + timedelta(days=1), words="先行救助材料逾期未补齐")]


def urgent_refused(world: World, family: Family) -> list[Case]:
    days = world.back(world.terms.ago(world.dice.between(5, 60)), (0, 2))
    case, approver = _urgent(world, family, days[0]), world.office.approvers[family.township]
    case.step(A.REFUSE, days[1], approver, "不属于急难情形。", clause="民发〔2018〕23号 三（二）")
    return [case.step(A.TELL_REFUSAL, world.terms.shift(days[1], 1), world.officer(family))]


def active_and_urgent(world: World, family: Family) -> list[Case]:
    return taken_over(world, family) + urgent_done(world, family)


def nothing(world: World, family: Family) -> list[Case]:
    """Registered, and without a case."""
    return []


STORIES: dict[Story, float] = {
    taken_over: 620, active: 130, recheck_begun: 10, recheck_visited: 8, recheck_judged: 8, recheck_overdue: 3,
    in_grace: 22, resumed: 3, suspended: 9, taken_over_overdue: 6, ended: 12, grace_ended: 10, left: 8, died: 14,
    applied: 8, told_missing: 5, partly_filed: 2, accepted: 5, accepted_long_ago: 2, in_review: 4, surveyed_by_one: 3,
    sources_waiting: 4, without_opinion: 4, review_overdue: 3, ready_for_notice: 3, to_be_refused: 2, on_notice: 10,
    objected: 2, awaiting: 6, awaiting_long: 2, complained: 1, near_relative: 1, county_visited: 1, refusal_proposed: 2,
    sent_back: 1, refused: 14, refused_untold: 3, withdrawn: 6, urgent_applied: 2, urgent_paid: 4, urgent_done: 12,
    urgent_debt: 3, urgent_refused: 2, active_and_urgent: 8, nothing: 15,
}  # fmt: skip
"""Every story with how many of a thousand families live it."""

DRAWN = Weighted(STORIES)
