"""How much temporary assistance: what is asked for, or so many standards, within the place's range and ceiling."""

from fractions import Fraction
from typing import NamedTuple

from policy.family import Hardship
from policy.figures import Figure
from policy.sheet import Sheet, fen, shown
from policy.support import Exact

RULE = "民发〔2018〕23号 救助标准"


class Amount(NamedTuple):
    """分 once; ``range``: least and most where the place has them; ``special``: more was asked than the ceiling."""

    fen: int
    range: tuple[int, int] | None
    asked_fen: int
    special: bool


def amount_of(sheet: Sheet, event: Hardship, persons: int) -> Amount | None:
    """The amount by the place's rule, rounded once; None where nothing tells how much is needed. Lines."""
    rule = sheet.find("temporary.amount_rule")
    word = rule.word if rule else "requested"
    persons = persons if word == "multiple_per_person" else 1
    exact = _asked(sheet, event) if word == "requested" else _multiple(sheet, event, persons)
    if exact is None:
        return None
    least, most = _bounds(sheet, persons)
    amount = fen(Fraction(exact))
    if least is not None and amount < least[0]:
        amount = _bounded(sheet, "临时救助下限", *least)
    if most is not None and amount > most[0]:
        amount = _bounded(sheet, "临时救助上限", *most)
    return _within_ceiling(sheet, event, amount, least[0] if least else 0, most[0] if most else None)


def _asked(sheet: Sheet, event: Hardship) -> Exact | None:
    """What was asked for, else the family's own cost, else its loss; None where none of them is known."""
    for label, fen_asked in (
        ("申请金额", event.requested_fen), ("自付费用", event.own_cost_fen), ("损失", event.loss_fen)
    ):  # fmt: skip
        if fen_asked:
            sheet.line("临时救助", label, shown(fen_asked), RULE, sheet.find("temporary.amount_rule"))
            return fen_asked
    return None


def _multiple(sheet: Sheet, event: Hardship, persons: int) -> Exact:
    """So many 低保 standards by the kind of the event, a person where the place counts people."""
    times, standard = sheet.figure(f"temporary.standard_multiples.{event.kind.value}"), sheet.standard()
    exact = times.multiple * standard.whole * persons
    sheet.line("临时救助", _formula(standard, times, persons), shown(exact), times.cite, times)
    return exact


def _bounds(sheet: Sheet, persons: int) -> tuple[tuple[int, str, Figure] | None, tuple[int, str, Figure] | None]:
    """Least and most in 分, with formula and figure; None where the place has none."""
    found: list[tuple[int, str, Figure] | None] = []
    for key in ("temporary.multiple_min", "temporary.multiple_max"):
        times = sheet.find(key)
        if times is None:
            found.append(None)
            continue
        standard = sheet.standard()
        found.append((fen(times.multiple * standard.whole * persons), _formula(standard, times, persons), times))
    return found[0], found[1]


def _bounded(sheet: Sheet, label: str, amount: int, formula: str, figure: Figure) -> int:
    sheet.line(label, formula, shown(amount), figure.cite, figure)
    return amount


def _within_ceiling(sheet: Sheet, event: Hardship, amount: int, least: int, most: int | None) -> Amount:
    """Never above the ceiling; whoever asked for more than it needs a decision on the single case."""
    ceiling, asked = sheet.find("temporary.ceiling"), event.requested_fen or 0
    if ceiling is None:
        return Amount(amount, None if most is None else (least, most), asked, False)
    special = asked > ceiling.whole
    if amount > ceiling.whole:
        amount = _bounded(sheet, "临时救助最高限额", ceiling.whole, f"{shown(amount)} → {ceiling.text}", ceiling)
    least, most = min(least, ceiling.whole), None if most is None else min(most, ceiling.whole)
    return Amount(amount, None if most is None else (least, most), asked, special)


def _formula(standard: Figure, times: Figure, persons: int) -> str:
    return f"{standard.text} × {times.text}" + (f" × {persons}" if persons > 1 else "")
