"""低保边缘家庭 and 刚性支出困难家庭: classes that open special aid and are paid no monthly money."""

from dataclasses import replace
from fractions import Fraction

from policy import clauses
from policy.clauses import law
from policy.deductions import rigid
from policy.disposable import KEY as DISPOSABLE
from policy.figures import Figure, MissingFigure
from policy.finding import Finding
from policy.income import income_before_rigid
from policy.means import LINE, Means, close, compare, means_of
from policy.sheet import Sheet, shown
from policy.support import Exact
from policy.vocabulary import Outcome, SpendingKind, Subject
from policy.watchlist import advise_watch

RIGID_RULE = f"{clauses.RIGID_RULE}第四条"
RIGID_KINDS = frozenset({
    SpendingKind.MEDICAL, SpendingKind.DISABILITY, SpendingKind.EDUCATION, SpendingKind.LIVING,
})  # fmt: skip
"""Spending of the twelve months before that the rule of 2025 counts."""


def assess_edge(sheet: Sheet) -> Finding:
    """Whether the family is 低保边缘: not below the standard, below its multiple, property in order (57号 第八条)."""
    if not sheet.family.members:
        return _nobody(sheet)
    means, figure = means_of(sheet), sheet.figure("edge.income_multiple")
    below = means.below(figure.multiple)
    formula = f"{shown(means.per_capita)} {'<' if below else '≥'} {means.standard.text} × {figure.text}"
    sheet.line("与低保边缘线比较", formula, "低于边缘线" if below else "不低于边缘线", figure.cite, figure)
    if means.fit and means.below():
        _is_dibao(sheet, means)
    elif means.persons and not below:
        sheet.reason("not_edge", means.versus(figure.multiple, figure.text), figure.cite)
    return _answer(sheet, means)


def assess_rigid(sheet: Sheet) -> Finding:
    """Whether spending of twelve months overburdens a family that is neither 低保, 特困 nor 边缘; from 2025-01-01."""
    if not sheet.family.members:
        return _nobody(sheet)
    percent, limit = sheet.figure("rigid.spending_percent"), sheet.by_area(DISPOSABLE)
    whole = means_of(sheet)
    means = _after_deduction(sheet, whole)
    after = "" if means is whole else "扣减刚性支出后"
    if means.fit and means.below():
        _is_dibao(sheet, means, after)
    elif is_edge(sheet, means):
        sheet.reason("is_edge", f"{after}{means.versus()}，属于低保边缘家庭", LINE)
        sheet.advise("try_edge", "请按低保边缘家庭认定", LINE)
    if sheet.family.current and sheet.family.current.scheme == Subject.TEKUN.value:
        sheet.reason("is_tekun", "已是特困人员", RIGID_RULE)
    _rigid_income(sheet, whole, limit)
    _rigid_ratio(sheet, whole, percent)
    found = _answer(sheet, whole)
    valid = sheet.find("rigid.valid_months")
    if valid and found.outcome is Outcome.ELIGIBLE:
        found.valid_months = valid.whole
    return found


def is_edge(sheet: Sheet, means: Means) -> bool:
    """Whether a family is one of 低保边缘; nothing is written. False where the class does not exist yet."""
    figure = sheet.find("edge.income_multiple")
    return bool(figure and means.fit and not means.below() and means.below(figure.multiple))


def is_rigid(sheet: Sheet, means: Means) -> bool:
    """Whether a family that is not 低保边缘 is a 刚性支出困难家庭; nothing is written, and False where figures lack."""
    percent = sheet.find("rigid.spending_percent")
    if percent is None or not means.fit or means.below() or is_edge(sheet, means):
        return False
    try:
        limit = sheet.by_area(DISPOSABLE)
    except MissingFigure:
        return False
    before = income_before_rigid(sheet, means.counted)
    spent = _spent(means)
    return before < limit.whole * means.persons and bool(spent) and spent >= percent.share * before


def _after_deduction(sheet: Sheet, means: Means) -> Means:
    """The means as 低保 and 边缘 see them: this scheme alone compares spending with income before it is taken off.

    The lines say how they come about, as a family may be refused for them.
    """
    taken = rigid(sheet, means.counted, means.income_year)
    if not taken:
        return means
    after = replace(means, income_year=means.income_year - taken)
    formula = f"({shown(means.income_year)} − {shown(taken)}) ÷ 12 ÷ {after.persons}"
    sheet.line("扣减后人均月收入", formula, shown(after.per_capita), LINE)
    compare(sheet, after)
    return after


def _rigid_income(sheet: Sheet, means: Means, limit: Figure) -> None:
    below = means.income_year < limit.whole * means.persons
    formula = f"{shown(means.per_capita)} {'<' if below else '≥'} {limit.text} ÷ 12"
    sheet.line("与上年人均可支配收入比较", formula, "低于" if below else "不低于", RIGID_RULE, limit)
    if means.persons and not below:
        month = shown(Fraction(limit.whole, 12))
        text = f"人均月收入{shown(means.per_capita)}元，不低于上年本地人均可支配收入（每月{month}元）"
        sheet.reason("rigid_income", text, limit.cite)


def _rigid_ratio(sheet: Sheet, means: Means, percent: Figure) -> None:
    spent = _spent(means)
    enough = bool(spent) and spent >= percent.share * means.income_year
    formula = f"{shown(spent)} {'≥' if enough else '<'} {shown(means.income_year)} × {percent.text}%"
    sheet.line("12个月刚性支出占收入", formula, _ratio(spent, means.income_year), percent.cite, percent)
    if not enough:
        text = f"12个月刚性支出{shown(spent)}元，占收入{_ratio(spent, means.income_year)}，未达到{percent.text}%"
        sheet.reason("rigid_ratio", text, percent.cite)


def _spent(means: Means) -> int:
    return sum(one.year_fen for person in means.counted for one in person.spending if one.kind in RIGID_KINDS)


def _ratio(spent: int, income: Exact) -> str:
    """A share in percent, cut to two decimals: 59.995 % must not be shown as the 60.00 % it is not."""
    if not income:
        return "100%以上" if spent else "0%"
    hundredths = int(Fraction(spent * 10000) / income)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _is_dibao(sheet: Sheet, means: Means, after: str = "") -> None:
    sheet.reason("is_dibao", f"{after}{means.versus()}，符合低保条件", LINE)
    sheet.advise("try_dibao", "请申请低保", LINE)


def _answer(sheet: Sheet, means: Means) -> Finding:
    if not means.persons:
        sheet.reason("nobody_counted", "没有计算在内的共同生活家庭成员", law(sheet.on, "第七条"))
    if sheet.reasons:
        advise_watch(sheet, means.counted)
    return close(sheet, Outcome.NOT_ELIGIBLE if sheet.reasons else Outcome.ELIGIBLE, means)


def _nobody(sheet: Sheet) -> Finding:
    sheet.reason("members_missing", "没有填写家庭成员", law(sheet.on, "第七条"))
    return close(sheet, Outcome.INCOMPLETE)
