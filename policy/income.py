"""Net income of a family a year: what counts, what is taken off, what is imputed (民发〔2021〕57号 第十三条).

Amounts are 分 a year, exact; nothing is rounded here.
"""

from dataclasses import dataclass

from policy.clauses import NEW_RULES, law, law_tekun
from policy.deductions import rigid, work_cost
from policy.family import Income, Person
from policy.figure_keys import KNOWN_KEYS
from policy.imputed import top_up
from policy.money import yuan
from policy.sheet import Sheet, shown
from policy.support import Exact, support_month
from policy.vocabulary import IncomeKind, Subject

EARNED = frozenset({IncomeKind.WAGE, IncomeKind.BUSINESS})
_EXEMPT_KEYS = {kind: f"exempt.{kind}" for kind in IncomeKind if f"exempt.{kind}" in KNOWN_KEYS}
_NEVER_FOR_TEKUN = frozenset({IncomeKind.PENSION_BASIC, IncomeKind.VETERAN_BENEFIT})
_COUNTS, _LEFT_OUT = "计入收入", "不计入收入"


@dataclass(slots=True)
class Purse:
    """Income of one or more people, 分 a year: as received (support apart), support, work cost, imputed."""

    received: int = 0
    support: Exact = 0
    cost: Exact = 0
    imputed: Exact = 0

    def add(self, other: "Purse") -> None:
        """Put another's income to this one."""
        self.received += other.received
        self.support += other.support
        self.cost += other.cost
        self.imputed += other.imputed

    @property
    def net(self) -> Exact:
        """What is left after work cost, imputed wage and support counted."""
        return self.received + self.support - self.cost + self.imputed


def household_income(sheet: Sheet, counted: list[Person]) -> Exact:
    """Net 分 a year of the household with imputed wage, deductions and obligors' support; writes rows and lines."""
    purse = _gather(sheet, counted)
    before = purse.net
    # Who asks by their rigid spending itself has it compared with income: it is not taken off first.
    taken = 0 if sheet.family.scheme is Subject.RIGID else rigid(sheet, counted, before)
    _sum_up(sheet, purse, taken)
    return before - taken


def income_before_rigid(sheet: Sheet, counted: list[Person]) -> Exact:
    """As ``household_income``, but nothing taken off for rigid spending and nothing written: 分 a year."""
    return _gather(sheet.aside(), counted).net


def person_income(sheet: Sheet, person: Person, *, written: bool = False) -> Exact:
    """Net 分 a year of one member alone, support received counted; nothing is written unless asked for."""
    return _purse(sheet if written else sheet.aside(), person, "").net


def _gather(sheet: Sheet, counted: list[Person]) -> Purse:
    """Everybody's income; support that members list and what obligors owe are the same money: the larger counts."""
    owed = 12 * support_month(sheet)
    listed = sum(one.year_fen for person in counted for one in person.income if one.kind is IncomeKind.SUPPORT)
    instead = "与义务人应付的赡养费重复，按较高的计" if owed > listed else ""
    total, refs = Purse(), {person.ref for person in counted}
    for person in sheet.family.members:
        if person.ref in refs:
            total.add(_purse(sheet, person, instead))
        else:
            _not_counted(sheet, person)
    total.support = max(owed, listed)
    if owed and listed:
        how = f"申报 {shown(listed)}，义务人应付 {shown(owed)}，取较高的"
        sheet.line("赡养费（年）", how, shown(total.support), _law(sheet))
    return total


def _purse(sheet: Sheet, person: Person, instead: str) -> Purse:
    """One member's income; a row for each kind. ``instead``: why support the member lists does not count."""
    earned = received = support = 0
    for income in person.income:
        if not _counts(sheet, person, income, instead):
            continue
        if income.kind is IncomeKind.SUPPORT:
            support += income.year_fen
        else:
            received += income.year_fen
            earned += income.year_fen if income.kind in EARNED else 0
    cost = work_cost(sheet, person, earned) if earned else 0
    return Purse(received, support, cost, top_up(sheet, person, earned - cost))


def _counts(sheet: Sheet, person: Person, income: Income, instead: str) -> bool:
    """Whether one income counts; writes its row."""
    kind = income.kind
    if sheet.family.scheme is Subject.TEKUN and kind in _NEVER_FOR_TEKUN and sheet.on >= NEW_RULES:
        return _row(sheet, person, income, False, _LEFT_OUT, law_tekun(sheet.on, "第六条"))
    if kind is IncomeKind.SUPPORT and instead:
        return _row(sheet, person, income, False, instead, _law(sheet))
    key = _EXEMPT_KEYS.get(kind)
    figure = sheet.find(key) if key else None
    if figure is None:
        return _row(sheet, person, income, True, _COUNTS, _law(sheet))
    counts = figure.word != "exempt"
    return _row(sheet, person, income, counts, _COUNTS if counts else _LEFT_OUT, figure.cite)


def _row(sheet: Sheet, person: Person, income: Income, counts: bool, why: str, clause: str) -> bool:
    sheet.income.append({
        "ref": person.ref, "kind": income.kind.value, "month": yuan((income.year_fen + 6) // 12),
        "counted": counts, "why": why, "clause": clause,
    })  # fmt: skip
    return counts


def _not_counted(sheet: Sheet, person: Person) -> None:
    for income in person.income:
        _row(sheet, person, income, False, "本人不计入共同生活的家庭成员", law(sheet.on, "第七条"))


def _law(sheet: Sheet) -> str:
    tekun = sheet.family.scheme is Subject.TEKUN
    return law_tekun(sheet.on, "第六条") if tekun else law(sheet.on, "第十三条")


def _sum_up(sheet: Sheet, purse: Purse, taken: Exact) -> None:
    """The line that adds up to the family's income a year."""
    plus = [shown(amount) for amount in (purse.received, purse.support, purse.imputed) if amount] or [shown(0)]
    minus = [shown(amount) for amount in (purse.cost, taken) if amount]
    formula = " − ".join([" + ".join(plus), *minus])
    sheet.line("家庭年净收入", formula, shown(purse.net - taken), _law(sheet))
