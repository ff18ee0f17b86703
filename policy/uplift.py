"""分类施保: more for the old, minors, the severely disabled and gravely ill of a family admitted as a whole."""

from policy.family import Person
from policy.figures import Figure
from policy.finding import Part
from policy.gap import arrow, percent_of, rounded
from policy.means import Means
from policy.money import yuan
from policy.people import belongs
from policy.sheet import Sheet

CLASSES = {
    "elderly": "老年人", "minor": "未成年人", "severe_disability": "重度残疾人", "major_illness": "重病患者",
}  # fmt: skip
"""Classes an uplift may be given for, in the words of the rules (国务院令第649号 第十二条)."""


def uplifts(sheet: Sheet, means: Means) -> list[Part]:
    """分 a month for each member of an uplifted class: the highest, or all together, as the place has it; lines."""
    in_force = [(name, figure) for name in CLASSES if (figure := _figure(sheet, name))]
    if not in_force:
        return []
    stacked = sheet.says("dibao.uplift.stack", "sum")
    parts = []
    for person in means.counted:
        found = [
            (_amount(sheet, means, figure), name, figure) for name, figure in in_force if belongs(person, name, sheet)
        ]
        if not found:
            continue
        if not stacked:
            found = [max(found, key=lambda one: one[0])]
        for amount, name, figure in found:
            _line(sheet, means, person, amount, name, figure)
        parts.append(Part("uplift", sum(amount for amount, _, _ in found), person.ref))
    return parts


def _figure(sheet: Sheet, name: str) -> Figure | None:
    return sheet.find(f"dibao.uplift.{name}.percent") or sheet.find(f"dibao.uplift.{name}.amount")


def _amount(sheet: Sheet, means: Means, figure: Figure) -> int:
    """A share of one standard, rounded as the allowance is, or the amount itself."""
    if figure.key.endswith(".amount"):
        return figure.whole
    return rounded(sheet, percent_of(figure, means.standard.whole))


def _line(sheet: Sheet, means: Means, person: Person, amount: int, name: str, figure: Figure) -> None:
    label = f"分类施保（{person.ref}，{CLASSES[name]}）"
    if figure.key.endswith(".amount"):
        sheet.line(label, figure.text, yuan(amount), figure.cite, figure)
        return
    formula = f"{means.standard.text} × {figure.text}%"
    share = percent_of(figure, means.standard.whole)
    sheet.line(label, formula, arrow(share, amount), figure.cite, figure)
