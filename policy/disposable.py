"""Income compared with last year's disposable income a person of the place, where such a figure is known."""

from fractions import Fraction

from policy.figures import Figure, MissingFigure
from policy.sheet import Sheet, shown
from policy.support import Exact

KEY = "income.disposable"
CODE = "enter_disposable"


def disposable(sheet: Sheet) -> Figure | None:
    """上年度人均可支配收入 of town or country, 分 a year; where nobody entered one, None and advice to do so."""
    try:
        return sheet.by_area(KEY)
    except MissingFigure:
        if all(row["code"] != CODE for row in sheet.advice):
            which = "" if sheet.family.area else "（或未填城乡）"
            sheet.advise(CODE, f"本地上年度人均可支配收入未录入{which}，未作比较，请核实")
        return None


def is_below(sheet: Sheet, each_year: Exact, label: str, clause: str) -> bool | None:
    """Whether income a person (分 a year) is below the figure; exactly as much is not. None: not known. A line."""
    figure = disposable(sheet)
    if figure is None:
        sheet.line(label, "本地数未录入", "未比较", clause)
        return None
    below = each_year < figure.whole
    month = Fraction(each_year, 12)
    formula = f"{shown(month)} {'<' if below else '≥'} {figure.text} ÷ 12"
    sheet.line(label, formula, "低于上年人均可支配收入" if below else "不低于上年人均可支配收入", clause, figure)
    return below
