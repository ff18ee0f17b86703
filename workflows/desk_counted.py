"""What the desk counts: one table of rules, read row by row when something changes and set-based when counted anew."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import String, func, literal, select, type_coerce

from models import Base, Benefit, Household, HouseholdTask, Member, OwedPaper, Visit, Watch
from models.desk import NO_DATE
from policy.vocabulary import Stage


class Counted(NamedTuple):
    """Rows of ``model`` count under ``kind`` (and the words in ``by``) while ``empty`` is, and ``stage`` holds.

    ``filled`` must be known as well. They fall due on ``due``; ``persons`` and ``amount`` name what is added up.
    """

    model: type[Base]
    kind: str
    by: tuple[str, ...] = ()
    empty: str = ""
    filled: str = ""
    stage: Stage | None = None
    due: str = ""
    persons: str = ""
    amount: str = ""


COUNTED = (
    Counted(Household, "household", empty="dissolved_on", persons="persons"),
    Counted(Member, "member", empty="left_on"),
    Counted(Benefit, "stage", by=("scheme", "stage"), persons="persons", amount="monthly_fen"),
    Counted(Benefit, "waiting", by=("waiting_role",), filled="waiting_role", due="step_due_on"),
    Counted(Benefit, "review", stage=Stage.ACTIVE, filled="review_due_on", due="review_due_on"),
    Counted(Benefit, "notice", stage=Stage.NOTICE, filled="notice_until", due="notice_until"),
    Counted(Benefit, "grace", stage=Stage.GRACE, filled="grace_until", due="grace_until"),
    Counted(Benefit, "term", stage=Stage.ACTIVE, empty="renewing_since", filled="renew_from", due="renew_from"),
    Counted(Benefit, "agreement", filled="agreement_lacking_since"),
    Counted(Visit, "visit", empty="done_on", filled="due_on", due="due_on"),
    Counted(Visit, "changed_visit", filled="open_since"),
    Counted(HouseholdTask, "family_task", empty="done_on", due="due_on"),
    Counted(OwedPaper, "paper", empty="filed_on", due="due_on"),
    Counted(Watch, "watch", empty="settled_on", due="next_on"),
)


class Contribution(NamedTuple):
    """What one row adds to the desk: under which kind, due when (NO_DATE: undated), how many, and their 分."""

    kind: str
    due_on: date
    n: int
    persons: int
    amount_fen: int


def contributions(row: Any, model: type[Base] | None = None) -> list[Contribution]:
    """What a row (or a likeness of one of ``model``) adds to the desk."""
    of = model or type(row)
    return [_contribution(row, rule) for rule in COUNTED if rule.model is of and _holds(row, rule)]


def _holds(row: Any, rule: Counted) -> bool:
    return (
        (not rule.empty or getattr(row, rule.empty) is None)
        and (not rule.filled or getattr(row, rule.filled) is not None)
        and (rule.stage is None or row.stage == rule.stage)
    )


def _contribution(row: Any, rule: Counted) -> Contribution:
    persons, amount = (getattr(row, name) or 0 if name else 0 for name in (rule.persons, rule.amount))
    kind = ":".join([rule.kind, *(str(getattr(row, name)) for name in rule.by)])
    return Contribution(kind, (getattr(row, rule.due) if rule.due else None) or NO_DATE, 1, persons, amount)


def grouped(rule: Counted) -> Any:
    """The sums of a rule by village: both codes, kind, day, how many, persons, amount."""
    column: Any = rule.model.__table__.columns
    kind: Any = literal(rule.kind, String)
    for name in rule.by:
        kind = kind + ":" + type_coerce(column[name], String)
    due = func.coalesce(column[rule.due], NO_DATE) if rule.due else literal(NO_DATE)
    sums = [func.sum(column[name]) if name else literal(0) for name in (rule.persons, rule.amount)]
    groups = [column.township_code, column.village_code, *(column[name] for name in rule.by)]
    groups += [column[rule.due]] if rule.due else []
    holds = [column[rule.empty].is_(None)] if rule.empty else []
    holds += [column[rule.filled].is_not(None)] if rule.filled else []
    holds += [column.stage == rule.stage] if rule.stage else []
    query = select(column.township_code, column.village_code, kind, due, func.count(), *sums)
    return query.where(*holds).group_by(*groups)


COLUMNS: dict[type[Base], tuple[str, ...]] = {}
"""Which columns of a table decide what its rows add to the desk."""

for _rule in COUNTED:
    _codes, _stage = ("township_code", "village_code"), "stage" if _rule.stage else ""
    _named = (_rule.empty, _rule.filled, _rule.due, _rule.persons, _rule.amount, *_rule.by, _stage)
    COLUMNS[_rule.model] = tuple(dict.fromkeys((*COLUMNS.get(_rule.model, _codes), *filter(None, _named))))
