"""From the rows of a family to the facts of a calculation; the same for one family and for a hundred thousand.

Rows come as plain tuples in the order of ``MEMBER``, ``OBLIGOR`` and ``ASSET``: words as their codes, days and yes
or no as the driver gives them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from policy.family import Disability, Estate, Income, Kin, Person, Spending, Study, Vehicle
from policy.identity import age_on
from policy.vocabulary import (
    Absence,
    AssetKind,
    CareNeed,
    DisabilityKind,
    Employment,
    Illness,
    IncomeKind,
    KinRelation,
    Labour,
    Mode,
    Relation,
    Schooling,
    SpendingKind,
    StudyLevel,
    Subject,
    Tag,
    Work,
)

MEMBER = (
    "household_id", "id", "name", "relation", "birth", "sex", "cohabiting", "employment", "schooling", "study",
    "study_full_time", "disability_kind", "disability_level", "illness", "labour", "refused_work", "cares_for_id",
    "needs_care", "self_care_unmet", "absence", "clergy_years_away", "support_mode", "registered_poor",
)  # fmt: skip
OBLIGOR = (
    "household_id", "name", "relation", "household_size", "income_month_fen", "pays_month_fen", "agreed_month_fen",
    "supports", "birth", "receives", "disability_kind", "disability_level", "property_ok", "able",
)  # fmt: skip
ASSET = ("household_id", "kind", "quantity", "area_m2", "value_fen", "business")

_RELATION: dict[str, KinRelation] = {relation.value: relation for relation in KinRelation} | {
    Relation.SON.value: KinRelation.CHILD, Relation.DAUGHTER.value: KinRelation.CHILD,
}  # fmt: skip
# What the register says by age alone (无: under 18 or 60 and more; 有 of the healthy) is found again on the day.
_WORK: dict[str, Work] = {Labour.PARTIAL: Work.PARTIAL, Labour.LOST: Work.NONE}
_EMPLOYED = {
    Employment.UNEMPLOYED: False, Employment.FARMING: True, Employment.EMPLOYED: True, Employment.FLEXIBLE: True,
    Employment.SELF_EMPLOYED: True,
}  # fmt: skip
# What a student is on file as having "reached" is what the student attends, where nothing better is known.
_ATTENDS: dict[str, str] = {
    Schooling.PRIMARY: StudyLevel.COMPULSORY, Schooling.JUNIOR: StudyLevel.COMPULSORY,
    Schooling.SENIOR: StudyLevel.HIGH, Schooling.VOCATIONAL: StudyLevel.VOCATIONAL,
    Schooling.COLLEGE: StudyLevel.BACHELOR, Schooling.BACHELOR: StudyLevel.BACHELOR,
    Schooling.POSTGRADUATE: StudyLevel.POSTGRADUATE,
}  # fmt: skip
_ILLNESS = {word.value: word for word in Illness}
_CARE = {word.value: word for word in CareNeed}
_MODE = {word.value: word for word in Mode}
_SUBJECT = {word.value: word for word in Subject}
_STUDY = {(level.value, full): Study(level, full) for level in StudyLevel for full in (True, False)}
_DISABILITY = {(kind.value, level): Disability(kind, level) for kind in DisabilityKind for level in range(1, 5)}
_INCOME = {word.value: word for word in IncomeKind}
_SPENDING = {word.value: word for word in SpendingKind}
_SECURITIES = frozenset({AssetKind.SECURITY, AssetKind.INSURANCE})
_STUDENT, _PRISON, _MISSING, _REHAB = Employment.STUDENT, Absence.PRISON, Absence.MISSING, Absence.REHAB
_VEHICLES = {AssetKind.VEHICLE: "car", AssetKind.MACHINE: "machine"}


def income_of(member_id: int, kind: str, year_fen: int) -> Income:
    """A line of income from whose it is, its code and 分 a year."""
    return Income(_INCOME[kind], year_fen)


def spending_of(member_id: int, kind: str, year_fen: int) -> Spending:
    """A line of spending from whose it is, its code and 分 a year."""
    return Spending(_SPENDING[kind], year_fen)


def person_of(row: Sequence[Any], income: tuple[Income, ...] = (), spending: tuple[Spending, ...] = ()) -> Person:
    """A member from a row in the order of ``MEMBER``."""
    (_, id, _, relation, birth, sex, cohabiting, employment, schooling, study, full_time, kind, level, illness, labour,
     refused, cares_for, needs_care, unmet, absence, clergy, mode, _) = row  # fmt: skip
    return Person(
        f"m{id}", _RELATION[relation], day_of(birth), str(sex), bool(cohabiting),
        _study(study, full_time, schooling) if study or employment == _STUDENT else None,
        _DISABILITY[kind, level] if kind else None,
        _ILLNESS[illness] if illness else None, _work(labour, kind or illness), _EMPLOYED.get(employment),
        refused or 0, f"m{cares_for}" if cares_for else None, _CARE[needs_care] if needs_care else None, unmet or 0,
        absence == _PRISON, absence == _MISSING, clergy or 0, absence == _REHAB,
        _MODE[mode] if mode else None, income, spending,
    )  # fmt: skip


def _work(labour: str | None, impaired: Any) -> Work | None:
    """Labour ability on file where it says more than age and health do: lost, partial, or able in spite of them."""
    return Work.ABLE if labour == Labour.ABLE and impaired else _WORK.get(labour or "")


def day_of(value: Any) -> date | None:
    """A day of a row: SQLite keeps it as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _study(study: str | None, full_time: Any, schooling: str | None) -> Study | None:
    level = study or _ATTENDS.get(schooling or "")
    return _STUDY[level, full_time in (None, True)] if level else None


def kin_of(row: Sequence[Any], on: date) -> Kin:
    """An obligor from a row in the order of ``OBLIGOR``, aged as on that day."""
    _, _, relation, size, income, pays, agreed, supports, birth, receives, kind, level, property_ok, able = row
    born = day_of(birth)
    return Kin(
        _RELATION[relation], None if income is None else income * 12, size or 1, supports or 1,
        _SUBJECT[receives] if receives else None, None if born is None or born > on else age_on(born, on),
        _DISABILITY[kind, level] if kind else None, property_ok in (None, True), agreed, pays,
        None if able is None else bool(able),
    )  # fmt: skip


def estate_of(rows: Iterable[Sequence[Any]]) -> Estate:
    """Property from rows in the order of ``ASSET``; a row without a number is one thing."""
    deposits = securities = companies = 0
    houses: int | None = None
    area: int | None = None
    vehicles = []
    for _, kind, quantity, area_m2, value, business in rows:
        count = 1 if quantity is None else quantity
        if kind == AssetKind.DEPOSIT:
            deposits += value or 0
        elif kind in _SECURITIES:
            securities += value or 0
        elif kind == AssetKind.HOUSE:
            houses = (houses or 0) + count
            area = area if area_m2 is None else (area or 0) + area_m2
        elif kind == AssetKind.COMPANY:
            companies += count
        elif kind in _VEHICLES and count:
            vehicles.append(Vehicle(_VEHICLES[kind], value or 0, bool(business)))
    return Estate(deposits, securities, houses, area, tuple(vehicles), companies)


def tags_of(tags: Iterable[str], members: Iterable[Sequence[Any]]) -> frozenset[Tag]:
    """The marks of a family; 建档立卡 is also told by a registered member, unless the family is marked as out of it.

    Who was registered stays so on a roster for ever: 脱贫 is told of the family alone.
    """
    found = {Tag(tag) for tag in tags}
    if Tag.FUPIN_OUT not in found and any(row[-1] for row in members):
        found.add(Tag.FUPIN)
    return frozenset(found)


def names_of(members: Iterable[Sequence[Any]], obligors: Iterable[Sequence[Any]]) -> Mapping[str, Any]:
    """Who is who in a finding: names by ``ref``, and those of the obligors in order."""
    return {**{f"m{row[1]}": row[2] for row in members}, "obligors": [row[1] for row in obligors]}
