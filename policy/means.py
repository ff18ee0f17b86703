"""What a family has and what stands in its way: found once in a calculation, read by every rule after it."""

from dataclasses import dataclass

from policy.clauses import law
from policy.conduct import conduct_ok
from policy.deductions import rigid
from policy.estate import property_ok
from policy.family import Person
from policy.figures import Figure
from policy.finding import Finding
from policy.income import household_income, person_income
from policy.people import counted
from policy.sheet import Sheet, exact, fen, shown
from policy.support import Exact
from policy.vocabulary import Outcome

LINE = "国务院令第649号 第九条"
"""Income a person below the standard, and property within the rules."""


@dataclass(frozen=True, slots=True)
class Means:
    """Who counts, their exact net income in 分 a year, the standard, and whether property and conduct are in order."""

    counted: list[Person]
    income_year: Exact
    standard: Figure
    fit: bool

    @property
    def persons(self) -> int:
        """How many people count."""
        return len(self.counted)

    @property
    def per_capita(self) -> Exact:
        """Exact income a person a month, in 分; nobody counting, that of the whole."""
        return exact(self.income_year, 12 * max(1, len(self.counted)))

    @property
    def month(self) -> str:
        """Income a month as it is shown."""
        return shown(exact(self.income_year, 12))

    def below(self, multiple: Exact = 1) -> bool:
        """Whether income a person is below so many standards; exactly at the line is not below. On the annual basis."""
        return self.income_year < multiple * self.standard.whole * 12 * self.persons

    def within(self, multiple: Exact) -> bool:
        """As ``below``, but exactly at the line still is within."""
        return self.income_year <= multiple * self.standard.whole * 12 * self.persons

    def versus(self, multiple: Exact = 1, times: str = "") -> str:
        """Income a person against the line, in words: 不低于 or 低于."""
        line = f"低保标准{self.standard.text}元" + (f"的{times}倍" if times else "")
        return f"人均月收入{shown(self.per_capita)}元{'低于' if self.below(multiple) else '不低于'}{line}"


def means_of(sheet: Sheet) -> Means:
    """Assess a family's people, income, property and conduct; writes their rows, lines and reasons."""
    people = counted(sheet)
    standard = sheet.standard()
    refs = "、".join(person.ref for person in people) or "无"
    sheet.line("计算在内的家庭成员", refs, str(len(people)), law(sheet.on, "第七条"))
    year = household_income(sheet, people)
    decent = conduct_ok(sheet)
    fit = property_ok(sheet, people) and decent
    means = Means(people, year, standard, fit)
    month = means.month
    sheet.line("家庭月收入", f"{shown(year)} ÷ 12", month, law(sheet.on, "第十三条"))
    if people:
        sheet.line("人均月收入", f"{month} ÷ {means.persons}", shown(means.per_capita), LINE)
        compare(sheet, means)
    return means


def compare(sheet: Sheet, means: Means) -> None:
    """Write the line that holds income against the standard."""
    below = means.below()
    formula = f"{shown(means.income_year)} {'<' if below else '≥'} {means.standard.text} × 12 × {means.persons}"
    sheet.line("与低保标准比较", formula, "低于标准" if below else "不低于标准", LINE, means.standard)


def own_means(sheet: Sheet, means: Means, person: Person) -> Means:
    """One member's own means, as if living alone: for a single person's application. Writes no rows."""
    own = person_income(sheet, person)
    aside = sheet.aside()
    return Means([person], own - rigid(aside, [person], own), means.standard, means.fit)


def close(sheet: Sheet, outcome: Outcome, means: Means | None = None) -> Finding:
    """A finding with everything written on the sheet; amounts and terms are added by who calls."""
    found = Finding(
        outcome, sheet.family.scheme, members=sheet.members, income=sheet.income, obligors=sheet.obligors,
        estate=sheet.estate, reasons=sheet.reasons, advice=sheet.advice, dates=sheet.dates, lines=sheet.lines,
        figures_used=sheet.figures_used,
    )  # fmt: skip
    if means:
        found.persons, found.standard_fen = means.persons, means.standard.whole
        found.income_month_fen = whole(exact(means.income_year, 12))
        found.per_capita_fen = whole(means.per_capita) if means.persons else None
    return found


def whole(amount: Exact) -> int:
    """Whole 分 of an exact amount, half up."""
    return amount if isinstance(amount, int) else fen(amount)
