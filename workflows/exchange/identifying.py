"""Rows without an ID number: told by a certificate's number, else by the case's, where that means one person alone.

A number that is there and wrong is refused and never replaced; only an empty cell is looked up. Nobody outside the
importer's division is found.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Household, Member
from models.sealing import blind, unseal
from policy.identity import BadIdNumber, clean_number, disability_certificate
from policy.vocabulary import Relation
from workflows.actor import Actor, scoped
from workflows.exchange.existing import chunks
from workflows.exchange.lots import Lot, Row
from workflows.exchange.reading import Sheet
from workflows.exchange.rows import Problem
from workflows.exchange.values import BadCell, name

KEYS = ("certificate_no", "case_no")
BY = {"certificate_no": "matched_by_certificate", "case_no": "matched_by_case",
      "disability_certificate": "matched_by_certificate"}  # fmt: skip


@dataclass
class Identified:
    """What was found for a row: numbers for its empty cells and how, or why it means nobody in particular."""

    numbers: dict[str, str] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Known:
    """Families by their numbers, and their present people."""

    by_key: dict[tuple[str, str], set[int]]
    people: dict[int, list[Any]]
    present: dict[str, str]


def identify(session: Session, sheet: Sheet, actor: Actor, lot: Lot) -> dict[int, Identified]:
    """What stands in for missing numbers of a lot, by row number; rows that name nothing else are not there."""
    places = sheet.match.mapping
    fields = ("id_no",) if sheet.layout.code == "tekun_members" else ("head_id_no", "id_no")  # alone: their own head
    asked = [field_ for field_ in fields if field_ in places]
    if not asked or sheet.layout.kind not in ("members", "households") or not _KEYED & places.keys():
        return {}
    if not any(_has_blank(lot, places[field_]) for field_ in asked):
        return {}
    rows = [row for row in lot.rows() if any(not _cell(row, places[field_]) for field_ in asked)]
    cells = {row.number: _cells(sheet, row) for row in rows}
    known = _known(session, actor, list(cells.values()))
    problem = _problem(sheet)
    found = {number: _found(told, asked, known, problem) for number, told in cells.items()}
    return {number: one for number, one in found.items() if one.numbers or one.problems}


_KEYED = {*KEYS, "disability_certificate"}


def _has_blank(lot: Lot, at: int) -> bool:
    return at >= len(lot.columns) or not all(map(str.strip, lot.columns[at]))


def _cell(row: Row, at: int) -> str:
    return row.cells[at].strip() if at < len(row.cells) else ""


def _cells(sheet: Sheet, row: Row) -> dict[str, str]:
    told = {field_: text.strip() for field_, text in sheet.roster_row(row).cells.items()}
    return told | {key: clean_number(told[key]) for key in _KEYED & told.keys()}


def _problem(sheet: Sheet) -> Callable[..., Problem]:
    headers = sheet.header_by_field

    def make(field_: str, code: str, **args: Any) -> Problem:
        return Problem(field_, headers.get(field_, ""), code, args=args)

    return make


def _known(session: Session, actor: Actor, rows: Sequence[dict[str, str]]) -> _Known:
    by_key: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for key in KEYS:
        for part in chunks(sorted({row[key] for row in rows if row.get(key)})):
            for number, home in session.execute(_homes(key, part, actor)):
                by_key[key, number].add(home)
    people: defaultdict[int, list[Any]] = defaultdict(list)
    for ids in chunks(sorted({home for homes in by_key.values() for home in homes})):
        for one in session.scalars(select(Member).where(Member.household_id.in_(ids), Member.left_on.is_(None))):
            people[one.household_id].append(one)
    owners = {owner for row in rows if (owner := _owner(row.get("disability_certificate", "")))}
    return _Known(by_key, people, _present(session, actor, owners))


def _homes(key: str, numbers: Sequence[str], actor: Actor) -> Any:
    home = Household.dissolved_on.is_(None)
    if key == "certificate_no":
        query: Any = select(Household.certificate_no, Household.id).where(Household.certificate_no.in_(numbers), home)
        return scoped(query, Household, actor)
    query = select(Benefit.case_no, Benefit.household_id).join(Household, Household.id == Benefit.household_id)
    return scoped(query.where(Benefit.case_no.in_(numbers), home), Household, actor)


def _owner(certificate: str) -> str:
    """Whose disability certificate this is: it begins with the ID number."""
    try:
        return disability_certificate(certificate).id_number
    except BadIdNumber:
        return ""


def _present(session: Session, actor: Actor, numbers: Iterable[str]) -> dict[str, str]:
    """Of these people those who are present here, by ID number, with their names."""
    hashes = {blind("id_no", number): number for number in numbers}
    found: dict[str, str] = {}
    for part in chunks(sorted(hashes)):
        query: Any = select(Member.id_no_hash, Member.name).where(Member.id_no_hash.in_(part), Member.left_on.is_(None))
        found.update((hashes[mark], name_) for mark, name_ in session.execute(scoped(query, Member, actor)))
    return found


def _found(cells: dict[str, str], asked: Sequence[str], known: _Known, problem: Callable[..., Problem]) -> Identified:
    found = Identified()
    for field_ in asked:
        if not cells.get(field_):
            _look_up(field_, cells, known, found, problem)
    return found


def _look_up(
    field_: str, cells: dict[str, str], known: _Known, found: Identified, problem: Callable[..., Problem]
) -> None:
    """Try one key after the other; the first that is known here decides."""
    owner = _owner(cells.get("disability_certificate", "")) if field_ == "id_no" else ""
    if owner in known.present:
        return _take(field_, "disability_certificate", [(owner, known.present[owner])], cells, found, problem)
    for key in KEYS:
        homes = known.by_key.get((key, cells.get(key, "")), set())
        if len(homes) > 1:
            found.problems.append(problem(field_, "match_ambiguous", count=len(homes)))
            return None
        if homes:
            people = known.people.get(next(iter(homes)), [])
            meant = [(_number(one), one.name) for one in _meant(field_, people)]
            return _take(field_, key, meant, cells, found, problem)
    return None


def _meant(field_: str, people: Sequence[Any]) -> Sequence[Any]:
    heads = [one for one in people if one.relation is Relation.HEAD]
    return heads if field_ == "head_id_no" else people


def _number(one: Any) -> str:
    return unseal("member.id_no", one.row_key, one.id_no_sealed)


def _take(
    field_: str,
    key: str,
    people: Sequence[tuple[str, str]],
    cells: dict[str, str],
    found: Identified,
    problem: Callable[..., Problem],
) -> None:
    """The one of these people whom the row names; where it names somebody else, or two bear the name, nobody."""
    named = cells.get("name" if field_ == "id_no" else "head_name", "")
    alike = [number for number, ours in people if not named or _same(named, ours)]
    if len(alike) == 1:
        found.numbers[field_] = alike[0]
        found.notes.append(problem(field_, BY[key]))
    else:
        found.problems.append(problem(field_, "match_ambiguous" if alike else "match_other_name", count=len(alike)))


def _same(told: str, ours: str) -> bool:
    try:
        return name(told) == name(ours)
    except BadCell:
        return False
