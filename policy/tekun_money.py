"""特困 money: the basic living standard and the care standard of one person, 分 a month."""

from datetime import date
from fractions import Fraction

from policy.family import Person
from policy.figures import Figure
from policy.finding import Part
from policy.sheet import Sheet, fen, shown
from policy.vocabulary import Mode

MODES = {Mode.HOME: "分散供养", Mode.CENTRAL: "集中供养"}
TIERS = {"none": "全自理", "partial": "半护理", "full": "全护理"}
"""Tiers of care, named by the care that is needed."""
_NEEDED = {"full": "none", "partial": "partial", "none": "full"}
"""The tier of care by how far somebody can look after themselves."""


def parts_of(sheet: Sheet, person: Person, self_care: str) -> list[Part]:
    """Basic living and care of one person, by mode (at home where no wish is known) and self-care; lines."""
    mode = person.mode or Mode.HOME
    basic, care = _basic(sheet, person.ref, mode), _care(sheet, person.ref, mode, _NEEDED[self_care])
    return [Part("basic", basic, person.ref), Part("care", care, person.ref)]


def _basic(sheet: Sheet, ref: str, mode: Mode) -> int:
    """The place's amount, never below its multiple of the 低保 standard; parts of a 分 go up, as it is a least."""
    label = f"基本生活标准（{MODES[mode]}，{ref}）"
    key = f"tekun.basic.{mode.value}"
    amount, multiple = sheet.find(key), sheet.find("tekun.base_multiple")
    least = None
    if multiple:
        standard = _standard(sheet)
        least = -int(-multiple.multiple * standard.whole // 1)
        formula = f"{standard.text} × {multiple.text}"
    if multiple and least is not None and (amount is None or amount.whole < least):
        formula += f"，不低于此数（本地{amount.text}）" if amount else ""
        sheet.line(label, formula, shown(least), multiple.cite, multiple)
        return least
    amount = amount or sheet.figure(key)
    sheet.line(label, amount.text, amount.text, amount.cite, amount)
    return amount.whole


def _care(sheet: Sheet, ref: str, mode: Mode, tier: str) -> int:
    """An amount, or a percentage of the minimum wage: what the nearer place says; half up to the 分."""
    label = f"照料护理标准（{MODES[mode]}、{TIERS[tier]}，{ref}）"
    percent_key = f"tekun.care_percent.{mode.value}.{tier}"
    amount, percent = sheet.find(f"tekun.care.{mode.value}.{tier}"), sheet.find(percent_key)
    if amount and not (percent and sheet.book.nearness(percent) > sheet.book.nearness(amount)):
        sheet.line(label, amount.text, amount.text, amount.cite, amount)
        return amount.whole
    percent, wage = percent or sheet.figure(percent_key), _wage(sheet)
    care = fen(Fraction(wage.whole * percent.share))
    sheet.line(label, f"{wage.text} × {percent.text}%", shown(care), percent.cite, percent)
    return care


def _standard(sheet: Sheet) -> Figure:
    """低保标准 of this year or, where the place says so, the one that held as last year ended."""
    if not sheet.says("tekun.base_year", "prior"):
        return sheet.standard()
    return _of_last_year(sheet, sheet.book.by_area("dibao.standard", sheet.family.area, _last_year(sheet)))


def _wage(sheet: Sheet) -> Figure:
    """最低工资 a month of this year or, where the place says so, the one that held as last year ended."""
    if not sheet.says("tekun.care_year", "prior"):
        return sheet.figure("wage.minimum")
    return _of_last_year(sheet, sheet.book.get("wage.minimum", _last_year(sheet)))


def _last_year(sheet: Sheet) -> date:
    return date(sheet.on.year - 1, 12, 31)


def _of_last_year(sheet: Sheet, figure: Figure) -> Figure:
    """Note a figure of last year: beside today's, where that one was used too."""
    row = dict(sheet.book.used(figure))
    kept = sheet.figures_used.setdefault(figure.key, row)
    if kept["from"] != row["from"]:
        kept["last_year"] = row
    return figure
