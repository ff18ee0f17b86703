"""Calculations of the sample county's cases: by the engine itself, from the families as they are invented."""

from datetime import date, datetime, time, timedelta
from typing import Any

from policy import family as facts
from policy.assess import assess
from policy.figures import MissingFigure
from policy.finding import Finding
from policy.vocabulary import IN_FORCE, IncomeKind, Outcome, Subject, Unit
from workflows.demo.dossier import Dossier
from workflows.demo.families import LEAST_FEN, Family
from workflows.family_facts import MEMBER, estate_of, income_of, kin_of, names_of, person_of, spending_of, tags_of

EARNED = (IncomeKind.WAGE, IncomeKind.BUSINESS, IncomeKind.SUPPORT)
TRIES = 10
SPECIAL = {"reason": "家庭人均收入略高于规定，但重病支出大，经集体研究一事一议。", "clause": "乡镇会议纪要"}


def reckon(case: Dossier, day: date) -> Finding | None:
    """What the rules come to for a case on a day; None on one that the figures do not reach back to."""
    try:
        case.reckoned = assess(facts_of(case, day, paid(case)), case.terms.figures)
    except MissingFigure:
        case.reckoned = None
    return case.reckoned


def paid(case: Dossier) -> facts.Current | None:
    """What the family is paid by this case so far."""
    row = case.row
    if row.stage not in IN_FORCE:
        return None
    return facts.Current(row.scheme.value, row.monthly_fen, row.first_month or row.pays_from)


def facts_of(case: Dossier, day: date, current: facts.Current | None, numbered: bool = False) -> facts.Family:
    """The facts of a case; ``numbered``: under the members' own numbers, which they have once they are written."""
    home, row = case.family, case.row
    rows = members_of(home, numbered)
    return facts.Family(
        home.village, day, Subject(row.scheme), row.area, Unit(row.unit), tags=tags_of((), rows),
        members=tuple(
            person_of(
                member,
                tuple(income_of(0, kind, fen) for place, kind, fen in home.income if home.people[place] is who),
                tuple(spending_of(0, kind, fen) for place, kind, fen in home.spending if home.people[place] is who),
            )
            for who, member in zip(home.present, rows, strict=True)
        ),
        obligors=tuple(kin_of(kin, day) for kin in kin_rows(home)),
        property=estate_of((0, kind, count, area, fen, None) for kind, count, area, fen, _ in home.assets),
        current=current, alone=_alone(case, rows),
    )  # fmt: skip


def _alone(case: Dossier, rows: list[tuple[Any, ...]]) -> str | None:
    """The ref of the one member whose case it is."""
    if case.member is None:
        return None
    return next(f"m{row[1]}" for who, row in zip(case.family.present, rows, strict=True) if who is case.member)


def members_of(home: Family, numbered: bool) -> list[tuple[Any, ...]]:
    """Rows of who is there, in the order of ``MEMBER``."""
    found = []
    for place, who in enumerate(home.present):
        known: dict[str, Any] = {
            "id": who.id if numbered else place, "cohabiting": True, "disability_kind": who.kind,
            "disability_level": who.level, "registered_poor": home.registered_poor,
        }  # fmt: skip
        found.append(tuple(known[name] if name in known else getattr(who, name, None) for name in MEMBER))
    return found


def kin_rows(home: Family) -> list[tuple[Any, ...]]:
    """Rows of the obligors, in the order of ``OBLIGOR``."""
    return [
        (0, kin.name, kin.relation, kin.size, kin.income_fen, kin.pays_fen, *[None] * 7, kin.able) for kin in home.kin
    ]  # fmt: skip


def names(home: Family) -> dict[str, Any]:
    """Who is who in a stored calculation."""
    return dict(names_of(members_of(home, True), kin_rows(home)))


def in_need(case: Dossier, day: date) -> Finding | None:
    """The calculation of a family that is to be granted aid: it earns less until the rules admit it, if that helps."""
    found, home = reckon(case, day), case.family
    if found is None or _admits(found):
        return found
    for _ in range(TRIES):
        earned = [line for line in home.income if line[1] in EARNED]
        if earned and case.member is None:
            home.income.remove(max(earned, key=lambda line: line[2]))
        elif home.kin:
            home.kin.clear()
        elif case.member is not None:
            _just_above(home, found)
        found = reckon(case, day)
        if found is None or _admits(found):
            break
    return found


def _just_above(home: Family, found: Finding) -> None:
    """A little over the line: too much for the whole family, little enough for one of it alone."""
    home.income = [line for line in home.income if line[1] not in EARNED]
    home.income.append((0, IncomeKind.WAGE, (found.standard_fen or 50_000) * found.persons * 12 * 125 // 100))


def _admits(found: Finding) -> bool:
    return found.outcome is Outcome.ELIGIBLE and found.monthly_fen >= LEAST_FEN


def well_off(case: Dossier, day: date) -> None:
    """Let a family that is to be refused earn more, until the rules refuse it."""
    home = case.family
    for _ in range(TRIES):
        found = reckon(case, day)
        if found is None or found.outcome is Outcome.NOT_ELIGIBLE:
            return
        more = (found.standard_fen or 50_000) * 15 * max(found.persons, 1)
        home.income.append((0, IncomeKind.WAGE, more // 100_00 * 100_00))


def before(case: Dossier, day: date) -> datetime:
    """When somebody calculated: in the office on that day, after the latest step."""
    return max(datetime.combine(day, time(8, 55)), case.latest + timedelta(minutes=6))
