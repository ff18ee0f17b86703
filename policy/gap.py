"""补差 or 分档: what a family is paid a month, found exactly on the year's income and rounded once, at the end."""

from dataclasses import dataclass

from policy.clauses import law
from policy.figure_keys import KNOWN_KEYS
from policy.figures import Figure
from policy.means import Means, whole
from policy.money import yuan
from policy.sheet import Sheet, exact, shown
from policy.support import Exact

GAP = "国务院令第649号 第十一条"


@dataclass(slots=True)
class Step:
    """A line of the way to an amount: exact 分 after it."""

    label: str
    formula: str
    exact: Exact
    clause: str
    figure: Figure | None


def pays_by_tier(sheet: Sheet) -> bool:
    """Whether the place pays by tier (分档) and not by the gap."""
    return sheet.says("dibao.amount_rule", "tier")


def gap(sheet: Sheet, means: Means, refusers: int, label: str = "家庭补差") -> int:
    """分 a month: standard × persons − month income, at least the floor, less refusers' shares, rounded once.

    Never above standard × persons, never below zero. 国务院令第649号 第十一条.
    """
    standard, persons = means.standard, means.persons
    most = standard.whole * persons
    formula = f"{standard.text} × {persons} − {means.month}"
    steps = [Step(label, formula, exact(12 * most - means.income_year, 12), GAP, standard)]
    if (floor := sheet.find("dibao.gap_floor_percent")) and steps[0].exact < percent_of(floor, standard.whole):
        least = percent_of(floor, standard.whole)
        steps.append(Step("补差保底", f"{standard.text} × {floor.text}%", least, floor.cite, floor))
    if refusers:
        steps.append(_without(sheet, steps[-1].exact, persons, refusers))
    amount = max(0, min(rounded(sheet, steps[-1].exact), most))
    _write(sheet, steps, amount)
    return amount


def tier(sheet: Sheet, means: Means, refusers: int) -> int | None:
    """分 a month: the rate of the family's tier × persons, at most the standard each; None, with a reason, without."""
    name = f"dibao.tier.{sheet.family.tier}"
    rate = sheet.find(name) if name in KNOWN_KEYS else None
    if rate is None:
        clause = law(sheet.on, "第二十三条")
        text = f"本地没有 {sheet.family.tier} 档的标准" if sheet.family.tier else "本地按档发放，该户的档次未定"
        sheet.reason("tier_missing", text, clause)
        return None
    paid = means.persons - refusers
    amount = min(rate.whole, means.standard.whole) * paid
    sheet.line(f"分档（{sheet.family.tier} 档）", f"{rate.text} × {paid}", yuan(amount), rate.cite, rate)
    return amount


def _without(sheet: Sheet, left: Exact, persons: int, refusers: int) -> Step:
    """The gap without the shares of those who refused work (57号 第三十四条)."""
    formula = f"{shown(left)} × {persons - refusers} ÷ {persons}"
    figure = sheet.figure("work.refusals")
    return Step("停发拒绝就业者本人份额", formula, exact(left * (persons - refusers), persons), figure.cite, figure)


def _write(sheet: Sheet, steps: list[Step], amount: int) -> None:
    for step in steps:
        value = arrow(step.exact, amount) if step is steps[-1] else shown(step.exact)
        sheet.line(step.label, step.formula, value, step.clause, step.figure)


def percent_of(figure: Figure, fen: int) -> Exact:
    """A percentage of 分, exactly."""
    percent = figure.multiple
    return exact(fen * percent.numerator, 100 * percent.denominator)


def arrow(before_rounding: Exact, amount: int) -> str:
    """An exact amount and what rounding made of it: "860.01 → 860.00", or one of them where they look the same."""
    before, after = shown(before_rounding), yuan(amount)
    return after if before == after else f"{before} → {after}"


def rounded(sheet: Sheet, amount: Exact) -> int:
    """Whole 分 by the place's rule: up to the yuan, half up to the yuan or the 分, or parts of a 分 dropped."""
    figure = sheet.find("dibao.rounding")
    match figure.word if figure else "half_up_fen":
        case "up_yuan":
            return -int(-amount // 100) * 100
        case "half_up_yuan":
            return int((amount + 50) // 100) * 100
        case "none":
            return int(amount)
    return whole(amount)
