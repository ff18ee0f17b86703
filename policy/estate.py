"""Property beyond the rules bars a family: only rules the place has set (民发〔2021〕57号 第十四条)."""

from typing import NamedTuple

from policy.clauses import law, law_tekun
from policy.family import Person
from policy.figure_rows import Figure
from policy.people import is_severe
from policy.sheet import Sheet, exact, shown
from policy.support import Exact
from policy.vocabulary import Illness, Subject


class Bar(NamedTuple):
    """One rule looked at: what there is, the most that is allowed (which still passes) and how that is found."""

    rule: str
    label: str
    has: int
    most: Exact
    how: str
    figure: Figure
    money: bool = True

    @property
    def ok(self) -> bool:
        """Whether the property stays within the rule."""
        return self.has <= self.most

    def say(self, amount: Exact) -> str:
        """An amount of this rule in words: 元, or a plain number."""
        return f"{shown(amount)}元" if self.money else str(amount)


def property_ok(sheet: Sheet, counted: list[Person]) -> bool:
    """Whether no property rule in force bars; writes a row and a line each, and a reason for each that bars."""
    fine = True
    for bar in _bars(sheet, counted):
        why = f"{bar.label}{bar.say(bar.has)}，{'未超过' if bar.ok else '超过'}{bar.say(bar.most)}"
        sheet.estate.append({"rule": bar.rule, "ok": bar.ok, "why": why, "clause": bar.figure.cite})
        sheet.line(f"{bar.label}上限", bar.how, bar.say(bar.most).removesuffix("元"), bar.figure.cite, bar.figure)
        if not bar.ok:
            fine = False
            sheet.reason(f"property_{bar.rule}", why, bar.figure.cite)
    if not sheet.estate:
        clause = law_tekun(sheet.on, "第七条") if sheet.family.scheme is Subject.TEKUN else law(sheet.on, "第十四条")
        sheet.estate.append({"rule": "none", "ok": True, "why": "本地未设家庭财产限额", "clause": clause})
    return fine


def _bars(sheet: Sheet, counted: list[Person]) -> list[Bar]:
    persons = max(1, len(counted))
    found = (_financial(sheet, counted, persons), _vehicle(sheet), _houses(sheet), _area(sheet, persons),
             _companies(sheet))  # fmt: skip
    return [bar for bar in found if bar]


def _financial(sheet: Sheet, counted: list[Person], persons: int) -> Bar | None:
    """Deposits and securities a person against monthly standards; more is allowed in grave illness or disability."""
    ill = any(person.illness is Illness.MAJOR for person in counted)
    hard = ill or any(is_severe(person) for person in counted)
    figure = (sheet.find("property.financial_months_hardship") if hard else None) or sheet.find(
        "property.financial_months"
    )
    if figure is None:
        return None
    standard = sheet.standard().whole
    most = _times(standard * persons, figure)
    how = f"{shown(standard)} × {figure.text} × {persons}"
    aside = sheet.find("property.financial_exempt_illness") if ill else None
    if aside:
        most, how = most + aside.whole, f"{how} + {aside.text}"
    estate = sheet.family.property
    return Bar("financial", "金融资产", estate.deposits_fen + estate.securities_fen, most, how, figure)


def _times(fen: int, figure: Figure) -> Exact:
    """An amount as often as a figure in multiples says, exactly."""
    return exact(fen * figure.multiple.numerator, figure.multiple.denominator)


def _vehicle(sheet: Sheet) -> Bar | None:
    """The dearest vehicle that earns nothing against the lowest limit in force."""
    options: list[tuple[Exact, str, Figure]] = []
    if value := sheet.find("property.vehicle_value"):
        options.append((value.whole, value.text, value))
    if months := sheet.find("property.vehicle_months"):
        standard = sheet.standard().whole
        options.append((_times(standard, months), f"{shown(standard)} × {months.text}", months))
    if not options:
        return None
    most, how, figure = min(options, key=lambda option: option[0])
    dearest = max((one.value_fen for one in sheet.family.property.vehicles if not one.business), default=0)
    return Bar("vehicle", "非经营性车辆价值", dearest, most, how, figure)


def _houses(sheet: Sheet) -> Bar | None:
    return _number(sheet, "houses", "住房套数", sheet.family.property.houses)


def _area(sheet: Sheet, persons: int) -> Bar | None:
    return _number(sheet, "house_area", "住房面积（平方米）", sheet.family.property.house_area, persons)


def _companies(sheet: Sheet) -> Bar | None:
    return _number(sheet, "companies", "企业户数", sheet.family.property.companies)


def _number(sheet: Sheet, rule: str, label: str, has: int | None, persons: int = 1) -> Bar | None:
    """A plain count against its figure; a count that is not known is told, and held against nobody."""
    figure = sheet.find(f"property.{rule}")
    if figure is None:
        return None
    if has is None:
        sheet.estate.append({"rule": rule, "ok": True, "why": f"{label}未填，请核实", "clause": figure.cite})
        return None
    how = f"{figure.text} × {persons}" if persons > 1 else figure.text
    return Bar(rule, label, has, figure.whole * persons, how, figure, money=False)
