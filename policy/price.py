"""价格临时补贴: when prices rise past the line of the day, those in need have a share of the standard once."""

from fractions import Fraction

from policy.family import Current, Prices
from policy.figures import Figure
from policy.finding import Finding
from policy.means import close
from policy.money import yuan
from policy.people import counted
from policy.sheet import Sheet, fen
from policy.vocabulary import Outcome, Subject, Unit

CLAUSE = "发改价格〔2021〕1553号"


def assess_price_subsidy(sheet: Sheet) -> Finding:
    """Once, in 分: persons × standard × rise, where either index reaches its line (发改价格〔2021〕1553号)."""
    prices = sheet.family.prices
    if prices is None or (prices.cpi is None and prices.food_cpi is None):
        sheet.reason("prices_missing", "没有填写居民消费价格和食品价格同比涨幅", CLAUSE)
        return close(sheet, Outcome.INCOMPLETE)
    persons = 1 if sheet.family.unit is Unit.SINGLE else len(counted(sheet))
    if not persons:
        sheet.reason("members_missing", "没有填写享受补贴的人员", CLAUSE)
        return close(sheet, Outcome.INCOMPLETE)
    receives, started = _receives(sheet, sheet.family.current), _started(sheet, prices)
    rise = _rise(sheet, prices, started) if receives and started else None
    if receives and started and rise is None:
        sheet.reason("prices_missing", "没有填写计算补贴所用的居民消费价格同比涨幅", CLAUSE)
        return close(sheet, Outcome.INCOMPLETE)
    found = close(sheet, Outcome.NOT_ELIGIBLE if rise is None else Outcome.ELIGIBLE)
    found.persons = persons
    if rise is not None:
        found.standard_fen, found.one_off_fen = sheet.standard().whole, _amount(sheet, persons, rise)
    return found


def _receives(sheet: Sheet, current: Current | None) -> bool:
    """Whether what the family receives is one of the schemes that have the subsidy; nothing told counts as one."""
    if current is None or current.scheme == Subject.PRICE_SUBSIDY:
        return True
    schemes = sheet.find("price.schemes")
    if schemes is None or current.scheme in schemes.words:
        return True
    sheet.reason("price_scheme", "所享受的救助不在价格临时补贴发放范围内", schemes.cite)
    return False


def _started(sheet: Sheet, prices: Prices) -> Figure | None:
    """The line that a rise has reached: reaching it exactly is enough. None, with the reasons, if neither was."""
    missed = []
    for name, key, rise in (
        ("居民消费价格", "price.cpi_trigger", prices.cpi), ("食品价格", "price.food_trigger", prices.food_cpi),
    ):  # fmt: skip
        line = sheet.no_higher(key)  # 各地可以低于、不得高于国家规定
        if line is None or rise is None:
            continue
        reached = Fraction(rise, 100) >= line.multiple
        sheet.line(f"{name}同比涨幅", f"{_percent(rise)} {'≥' if reached else '<'} {line.text}%",
                   "达到启动条件" if reached else "未达到启动条件", line.cite, line)  # fmt: skip
        if reached:
            return line
        missed.append((f"{name}同比涨幅{_percent(rise)}，低于启动线{line.text}%", line.cite))
    if not missed:
        missed.append(("没有可以比较的启动线和涨幅", sheet.figure("price.cpi_trigger").cite))
    for text, clause in missed:
        sheet.reason("cpi_below", text, clause)
    return None


def _rise(sheet: Sheet, prices: Prices, started: Figure) -> int | None:
    """Hundredths of a percent the subsidy is found by: of the consumer index, or of the one that started it."""
    if sheet.says("price.amount_rule", "trigger") and started.key == "price.food_trigger":
        return prices.food_cpi
    return prices.cpi


def _amount(sheet: Sheet, persons: int, rise: int) -> int:
    """分, half up; prices that fell give nothing."""
    standard, rule = sheet.standard(), sheet.find("price.amount_rule")
    amount = fen(Fraction(standard.whole * persons * max(0, rise), 10_000))
    formula = f"{standard.text} × {persons} × {_percent(rise)}"
    clause = rule.cite if rule else CLAUSE
    sheet.line("价格临时补贴", formula, yuan(amount), clause, rule)
    return amount


def _percent(rise: int) -> str:
    return f"{yuan(rise)}%"
