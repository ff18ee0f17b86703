"""Families in sudden need: temporary assistance that is paid first, its papers, its debts."""

from datetime import date, timedelta

from policy.vocabulary import Action, Scheme
from workflows.demo.case import Case
from workflows.demo.families import Family
from workflows.demo.moves import World

A = Action


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
