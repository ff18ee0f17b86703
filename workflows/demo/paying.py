"""Families that receive 低保: taken over or decided, rechecked, in grace, suspended, ended."""

from datetime import date, timedelta

from policy.calendar import add_months
from policy.clauses import Clause
from policy.vocabulary import Action, LeaveReason, Outcome, ReviewClass, Role
from workflows.demo.applying import granted, supported_alone
from workflows.demo.case import Case
from workflows.demo.families import Family
from workflows.demo.moves import World
from workflows.demo.reckoning import SPECIAL, in_need

A = Action


def active(world: World, family: Family) -> list[Case]:
    """Decided here, and rechecked since as it fell due."""
    return [_kept(world, granted(world, family, world.dice.between(14, 300)))]


def taken_over(world: World, family: Family) -> list[Case]:
    """From the roster of before, and rechecked since as it fell due."""
    return [_kept(world, _taken_over(world, family, world.dice.between(2, 280)))]


def taken_over_overdue(world: World, family: Family) -> list[Case]:
    """Its review fell due and nobody began it."""
    return [_taken_over(world, family, 138, 268)]


def _taken_over(world: World, family: Family, ago: int, ago_if_yearly: int | None = None) -> Case:
    """Taken over so many working days ago; longer ago, where it is to be overdue though looked at once a year."""
    day, months = world.terms.ago(ago), world.dice.between(4, 120)
    case = Case(world.terms, family, member=supported_alone(world, family))
    if ago_if_yearly is not None:
        in_need(case, day)
        day = world.terms.ago(ago_if_yearly) if case.review_class is ReviewClass.STABLE else day
    first, fen = add_months(day.replace(day=1), -months), _rostered(world, case, day)
    who, kind = world.county(Role.COUNTY_REVIEWER), case.review_class
    return case.step(A.TAKE_OVER, day, who, fen=fen, first_month=first, review_class=kind)


def _rostered(world: World, case: Case, day: date) -> int:
    """What the roster says: mostly what the rules come to, now and then what somebody wrote there years ago."""
    found = in_need(case, day) if world.dice.chance(0.88) else None
    admitted = found is not None and found.outcome is Outcome.ELIGIBLE
    return (found.monthly_fen if found is not None and admitted else 0) or world.amount(case)


def _kept(world: World, case: Case) -> Case:
    """Recheck a case as often as its review fell due, as long as that was over before the county's day."""
    while case.row.review_due_on < world.terms.on:
        start = world.terms.shift(case.row.review_due_on, world.dice.between(-18, 5))
        days = _through(world, start)
        if start <= case.latest.date() or days[-1] >= world.terms.on:
            break
        _recheck(world, case, days)
    return case


def _through(world: World, start: date) -> list[date]:
    """Working days of start, visit, opinion and decision of a recheck."""
    days = [start]
    for least, most in ((1, 5), (0, 3), (1, 5)):
        days.append(world.terms.shift(days[-1], world.dice.between(least, most)))
    return days


OPINIONS = {A.KEEP: "建议保持。", A.RAISE: "建议按差额增发。", A.CUT: "建议按差额减发。"}
DECISIONS = {A.KEEP: "继续享受。", A.RAISE: "按差额增发。", A.CUT: "按差额减发。"}


def _recheck(world: World, case: Case, days: list[date]) -> None:
    """A whole recheck on these four days: mostly nothing has changed."""
    luck, fen, action, words = world.dice.random(), case.row.monthly_fen, A.KEEP, "家庭情况无变化"
    if luck < 0.12:
        fen, action, words = fen + world.dice.between(2, 24) * 500, A.RAISE, "家庭收入减少"
    elif luck < 0.24 and fen > 20_000:
        fen, action, words = fen - world.dice.between(2, 20) * 500, A.CUT, "家庭收入增加"
    world.recheck(case, days[0])
    world.rechecked(case, days[1:3], f"{words}，{OPINIONS[action]}", fen)
    case.step(action, days[3], world.confirmer(case, days[3]), f"{words}，{DECISIONS[action]}", fen=fen)


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
    case = world.recheck(_older(world, family), days[0])
    found = in_need(case, days[2])
    if found is None or found.outcome is not Outcome.ELIGIBLE:  # one person alone: what was paid so far is proposed
        return [world.rechecked(case, days[1:], "家庭情况无变化，建议保持。", case.row.monthly_fen, SPECIAL)]
    fen, before = found.monthly_fen, case.row.monthly_fen
    action = A.KEEP if fen == before else A.RAISE if fen > before else A.CUT
    return [world.rechecked(case, days[1:], f"经重新核算，{OPINIONS[action]}", fen, {})]


def recheck_overdue(world: World, family: Family) -> list[Case]:
    days = world.back(world.terms.ago(world.dice.between(8, 16)), (24, 28))
    case = world.recheck(_taken_over(world, family, world.dice.between(60, 110)), days[0])
    return [world.survey(case, days[1], 1, "户主外出务工未归，电话联系后补访。")]


def _judged(world: World, case: Case, ago: int, words: str) -> date:
    """Through a recheck as far as the day of its decision, so many working days ago."""
    days = world.back(world.terms.ago(ago), (1, 4), (0, 2), (1, 4))
    world.recheck(case, days[0])
    world.rechecked(case, days[1:3], words, None)
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
    why = "无法核实家庭情况，暂停发放。"
    return [case.step(A.SUSPEND, day, world.confirmer(case, day), why, clause=Clause.NO_LONGER.value)]


def ended(world: World, family: Family) -> list[Case]:
    case = _older(world, family)
    day = _judged(world, case, world.dice.between(1, 35), "收入明显好转，建议退出。")
    why = "家庭人均收入超过低保标准，退出低保。"
    return [case.step(A.EXIT, day, world.confirmer(case, day), why, clause=Clause.NO_LONGER.value)]


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
