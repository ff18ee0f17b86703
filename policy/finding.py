"""What a calculation comes to: outcome, amounts, and every line, clause, reason and figure that led there.

Rows are kept as the plain mappings that are stored, shown, printed and sent; a stored finding reads the same for ever.
Amounts are integer 分 here and 元 with two decimals as text in ``as_json``.
"""

from dataclasses import dataclass, field
from datetime import date

from policy.money import yuan
from policy.vocabulary import Authority, Outcome, Subject, Unit

Row = dict[str, object]


@dataclass(slots=True)
class Part:
    """One part of a monthly amount: gap, tier, uplift, basic, care or single, in 分; ``ref``: whose."""

    kind: str
    fen: int
    ref: str | None = None


@dataclass(slots=True)
class Finding:
    """A finished calculation. ``one_off_range``: least and most 分 where the rule gives a range."""

    outcome: Outcome
    scheme: Subject
    unit: Unit = Unit.HOUSEHOLD
    persons: int = 0
    income_month_fen: int | None = None
    per_capita_fen: int | None = None
    standard_fen: int | None = None
    parts: list[Part] = field(default_factory=list)
    one_off_fen: int = 0
    one_off_range: tuple[int, int] | None = None
    grace: tuple[int, int, date] | None = None
    exit_money: tuple[int, int] | None = None
    review_months: int | None = None
    valid_months: int | None = None
    authority: Authority | None = None
    deadlines: dict[str, int] = field(default_factory=dict)
    members: list[Row] = field(default_factory=list)
    income: list[Row] = field(default_factory=list)
    obligors: list[Row] = field(default_factory=list)
    estate: list[Row] = field(default_factory=list)
    reasons: list[Row] = field(default_factory=list)
    advice: list[Row] = field(default_factory=list)
    dates: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    figures_used: dict[str, Row] = field(default_factory=dict)

    @property
    def monthly_fen(self) -> int:
        """What is paid each month, parts together (分)."""
        return sum(part.fen for part in self.parts)

    def as_json(self) -> Row:
        """The finding as it is stored and sent: amounts in 元 as text."""
        return {
            "outcome": self.outcome.value, "scheme": self.scheme.value, "unit": self.unit.value,
            "persons": self.persons, "income_month": _yuan(self.income_month_fen),
            "per_capita": _yuan(self.per_capita_fen), "standard": _yuan(self.standard_fen),
            "monthly": yuan(self.monthly_fen),
            "parts": [
                {"kind": part.kind, **({"ref": part.ref} if part.ref else {}), "amount": yuan(part.fen)}
                for part in self.parts
            ],
            "one_off": yuan(self.one_off_fen),
            "range": [yuan(fen) for fen in self.one_off_range] if self.one_off_range else None,
            "grace": {"months_min": self.grace[0], "months_max": self.grace[1],
                      "until_latest": self.grace[2].isoformat()} if self.grace else None,
            "exit_money": {"months_min": self.exit_money[0], "months_max": self.exit_money[1]}
                          if self.exit_money else None,
            "review_months": self.review_months, "valid_months": self.valid_months,
            "authority": self.authority.value if self.authority else None, "deadlines": self.deadlines,
            "members": self.members, "income": self.income, "obligors": self.obligors, "property": self.estate,
            "reasons": self.reasons, "advice": self.advice, "dates": self.dates, "lines": self.lines,
            "figures_used": self.figures_used,
        }  # fmt: skip


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)
