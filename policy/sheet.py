"""核算单: the sheet a calculation is written on, line by line, with the figures it looked up on the way."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from policy.book import Book
from policy.family import Family
from policy.figures import Figure
from policy.finding import Row
from policy.money import yuan
from policy.vocabulary import Area


@dataclass(slots=True)
class Sheet:
    """One family's calculation under way: rules ask it for figures and write what they found on it."""

    family: Family
    book: Book
    members: list[Row] = field(default_factory=list)
    income: list[Row] = field(default_factory=list)
    obligors: list[Row] = field(default_factory=list)
    estate: list[Row] = field(default_factory=list)
    reasons: list[Row] = field(default_factory=list)
    advice: list[Row] = field(default_factory=list)
    dates: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    figures_used: dict[str, Row] = field(default_factory=dict)

    def aside(self) -> "Sheet":
        """A sheet to try something on: the same family and figures, what is written there is not kept."""
        return Sheet(self.family, self.book, figures_used=self.figures_used)

    @property
    def on(self) -> date:
        """The day whose rules hold."""
        return self.family.on

    def figure(self, key: str) -> Figure:
        """The figure in force, noted as used; raises MissingFigure."""
        return self._use(self.book.get(key))

    def find(self, key: str) -> Figure | None:
        """As ``figure``, or None where no rule is a lawful answer."""
        figure = self.book.find(key)
        return None if figure is None else self._use(figure)

    def no_higher(self, key: str) -> Figure | None:
        """As ``find``, but never above the nation's figure."""
        figure = self.book.no_higher(key)
        return None if figure is None else self._use(figure)

    def by_area(self, key: str, area: Area | None = None, on: date | None = None) -> Figure:
        """The figure for town or country (the family's own area if none is given); raises MissingFigure."""
        return self._use(self.book.by_area(key, area or self.family.area, on))

    def standard(self) -> Figure:
        """低保标准, 分 a person a month."""
        return self.by_area("dibao.standard")

    def says(self, key: str, word: str) -> bool:
        """Whether the figure in force is that word; False where there is none."""
        figure = self.find(key)
        return figure is not None and figure.word == word

    def line(self, label: str, formula: str, value: str, clause: str, figure: Figure | None = None) -> None:
        """Write a line: what, how, how much, by which clause, from which figure."""
        self.lines.append({
            "label": label, "formula": formula, "value": value, "clause": clause,
            "figure": figure.key if figure else None, "source": figure.cite if figure else None,
            "trial": figure is not None and figure.key in self.book.trial,
        })  # fmt: skip

    def reason(self, code: str, text: str, clause: str) -> None:
        """Write a reason against; all of them are told at once."""
        self.reasons.append({"code": code, "text": text, "clause": clause})

    def advise(self, code: str, text: str, clause: str = "") -> None:
        """Write advice: another scheme that fits, special aid to refer to, the watch list."""
        self.advice.append({"code": code, "text": text, "clause": clause})

    def date(self, day: date, code: str, text: str, clause: str = "") -> None:
        """Write a day on which something changes by itself: a birthday, the end of school."""
        self.dates.append({"on": day.isoformat(), "code": code, "text": text, "clause": clause})

    def _use(self, figure: Figure) -> Figure:
        if figure.key not in self.figures_used:
            self.figures_used[figure.key] = dict(self.book.used(figure))
        return figure


def fen(amount: Fraction) -> int:
    """Whole 分 of an exact amount, half up: for showing, never for going on with."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def exact(above: Fraction | int, below: int) -> Fraction | int:
    """``above`` divided by ``below`` exactly: whole where it comes out even, as that is quicker to go on with."""
    whole, rest = divmod(above, below)
    return Fraction(above, below) if rest else whole


def shown(amount: Fraction | int) -> str:
    """元 with two decimals of an exact amount in 分, for a line."""
    return yuan(amount if isinstance(amount, int) else fen(amount))
