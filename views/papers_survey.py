"""入户调查表: filled with what the application says, room beside it for what two surveyors find."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from models import Event, Member, SpendingLine
from policy.family import Spending
from policy.identity import age_on
from policy.masking import mask_phone, printed_id
from policy.vocabulary import (
    Action,
    Area,
    AssetKind,
    Cause,
    IncomeKind,
    Relation,
    Scheme,
    SpendingKind,
    Unit,
    VisitKind,
)
from views.case_file import CaseFile
from views.context import today
from views.formats import label, options
from views.papers_then import Then

LEAST_MEMBERS, LEAST_OBLIGORS = 6, 2
SURVEYS = (VisitKind.SURVEY, VisitKind.RECHECK)
"""A visit of the county checks a survey, and is none."""
BEGINNINGS = (Action.START_REVIEW, Action.START_RECHECK)
SEPARATE = (IncomeKind.WAGE, IncomeKind.BUSINESS, IncomeKind.PROPERTY, IncomeKind.SUPPORT)
TRANSFERS = frozenset(IncomeKind) - {*SEPARATE, IncomeKind.OTHER}


def survey(file: CaseFile, full: bool, then: Then | None = None) -> dict[str, Any]:
    """What the form shows, with ``full`` with whole numbers; of the family as it is, or as it was ``then``."""
    present = [m for m in file.members if m.present] if then is None else then.members
    relation = then.relation if then else lambda member: member.relation
    alone = file.benefit.unit is Unit.SINGLE
    own = [m for m in (present if then is None else file.members) if m.id == file.benefit.member_id]
    counted = own if alone else present  # who is counted alone may have gone along to another family since
    heads = [m for m in present if relation(m) is Relation.HEAD]
    home = file.household
    phone = home.phone or ""
    least = 3 if file.benefit.scheme is Scheme.TEKUN else LEAST_MEMBERS  # six items of self-care take their room
    return {
        "home": home, "members": [{**_member(m, full), "relation": label(relation(m))} for m in counted],
        "head": _head(heads), "asker": _head(own if alone else heads), "lived": len(present),
        "phone": phone if full else mask_phone(phone), "full": full,
        "areas": options(Area), "causes": options(Cause), "chosen": [c.cause.value for c in home.causes],
        "income": _income(counted), "assets": _assets(home.assets),
        "spending": by_kind([line for member in counted for line in member.spending]),
        "obligors": list(home.obligors),
        "fill_members": max(least - len(counted), 0),
        "fill_obligors": max(LEAST_OBLIGORS - len(home.obligors), 0),
    }  # fmt: skip


def said_of(file: CaseFile, event: Event) -> str:
    """What was written down of the visits for which the form was made: of its own round, not of one before or after."""
    begun = [one for one in file.events if one.action in BEGINNINGS]
    since = event.at.date() if begun and begun[0].id != event.id else date.min
    until = next((one.at.date() for one in begun if one.id > event.id), date.max)
    mine = (v for v in file.visits if v.kind in SURVEYS and v.benefit_id == file.benefit.id and v.found)
    return next((v.found for v in mine if v.done_on and since <= v.done_on < until), "")


def _head(members: Sequence[Member]) -> dict[str, Any] | None:
    head = next(iter(members), None)
    return {"sex": label(head.sex), "age": age_on(head.birth, today())} if head else None


def _member(member: Member, full: bool) -> dict[str, Any]:
    number = member.id_no or ""
    disability = f"{label(member.disability_kind)}{member.disability_level}" if member.disability_kind else ""
    illness = member.illness_name or (label(member.illness) if member.illness else "")
    health = "、".join(part for part in (disability, illness) if part)
    return {
        "name": member.name, "number": printed_id(number, full),
        "age": age_on(member.birth, today()), "level": member.disability_level,
        "disability": label(member.disability_kind) if member.disability_kind else "", "illness": illness,
        "health": health or (label(member.health) if member.health else ""),
        "labour": label(member.labour) if member.labour else "",
        "work": label(member.employment) if member.employment else "",
        "year_fen": sum(line.year_fen for line in member.income),
    }  # fmt: skip


def _income(members: Sequence[Member]) -> dict[str, int | None]:
    """分 a year by kind, None where nothing is declared."""
    sums: dict[str, int | None] = {}
    for line in (line for member in members for line in member.income):
        kind = "transfer" if line.kind in TRANSFERS else line.kind.value
        sums[kind] = (sums.get(kind) or 0) + line.year_fen
    total = sum(value or 0 for value in sums.values())
    people = max(len(members), 1)
    return {**sums, "total": total, "month_each": round_half_up(total, 12 * people)}


def round_half_up(total: int, parts: int) -> int:
    """分 of one part, half a 分 upwards."""
    return (2 * total + parts) // (2 * parts)


def by_kind(lines: Sequence[SpendingLine | Spending]) -> dict[str, int]:
    """Spending in 分 a year by its kind, kinds in their order; what nobody spends is left out."""
    kinds = [kind for kind in SpendingKind if any(line.kind is kind for line in lines)]
    return {kind.value: sum(line.year_fen for line in lines if line.kind is kind) for kind in kinds}


def _assets(assets: Iterable[Any]) -> dict[str, dict[str, int]]:
    """By kind: how many, ㎡ and 分 in all."""
    found: dict[str, dict[str, int]] = {}
    for asset in assets:
        kind = AssetKind.SECURITY if asset.kind is AssetKind.INSURANCE else asset.kind
        row = found.setdefault(kind.value, {"quantity": 0, "area": 0, "fen": 0})
        row["quantity"] += asset.quantity or 0
        row["area"] += asset.area_m2 or 0
        row["fen"] += asset.value_fen or 0
    return found
