"""A whole roster: every row cleaned, then what only the file as a whole can show."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Any

from policy.identity import clean_number
from policy.vocabulary import Relation
from workflows.exchange.beforehand import Beforehand
from workflows.exchange.identifying import Identified
from workflows.exchange.list_rows import TekunRow
from workflows.exchange.lots import STARRED, Lot
from workflows.exchange.reading import Sheet, Unreadable
from workflows.exchange.rows import HouseholdRow, MemberRow, Problem
from workflows.exchange.values import BadCell, word
from workflows.exchange.words import RELATION

CleanRow = HouseholdRow | MemberRow
Problems = dict[int, tuple[Problem, ...]]


@dataclass
class Cleaned:
    """The rows of a sheet in its order, None where one is not good; and what is wrong with those, by row number."""

    numbers: list[int]
    rows: list[Any]
    problems: Problems


def clean_rows(
    sheet: Sheet,
    on: date,
    tell: Callable[[int], None] = lambda done: None,
    identify: Callable[[Lot], Mapping[int, Identified]] = lambda lot: {},
) -> Cleaned:
    """Every data row cleaned, with what only the file as a whole shows.

    ``identify`` says who rows without an ID number are.
    """
    found, beforehand = Cleaned([], [], {}), sheet.beforehand or Beforehand(sheet.head, on)
    if beforehand.on != on:
        beforehand = Beforehand(sheet.head, on)
    for at, count in sheet.rows.by_lot():
        made = beforehand.made(at, count)
        if made is None and count:
            lot = sheet.rows.lot(at)
            identified = identify(lot)
            made = lot.numbers, beforehand.clean(lot, {n: one.numbers for n, one in identified.items()})
            for number in identified.keys() & set(lot.numbers) if identified else ():
                place = lot.numbers.index(number)
                made[1][place] = _noted(made[1][place], identified[number])
        if made is not None:
            _take(found, *made)
            tell(len(found.rows))
    rosters = roster_rows(found.rows)
    whole = check_file(rosters, sheet.header_by_field)
    if whole:
        found.rows = [None if row is not None and row.number in whole else row for row in found.rows]
        found.problems |= whole
    return found


def _take(found: Cleaned, numbers: Sequence[int], made: Sequence[Any]) -> None:
    found.numbers += numbers
    if tuple in set(map(type, made)):
        found.problems |= {number: row for number, row in zip(numbers, made, strict=True) if type(row) is tuple}
        made = [None if type(row) is tuple else row for row in made]
    found.rows += made


def _noted(row: Any, known: Identified) -> Any:
    """A row with how its person was found, or the problems of finding them alone."""
    if known.problems:
        return tuple(known.problems)
    told: Any = roster_row(row)
    if told is None:
        return row
    told = told._replace(warnings=told.warnings + tuple(known.notes))
    return replace(row, member=told) if isinstance(row, TekunRow) else told


def roster_row(row: Any) -> HouseholdRow | MemberRow | None:
    """The family or person that a row of a roster stands for; None for rows of other lists."""
    if isinstance(row, TekunRow):
        return row.member
    return row if isinstance(row, (HouseholdRow, MemberRow)) else None


def roster_rows(rows: Sequence[Any]) -> list[HouseholdRow | MemberRow]:
    """The families or people that rows stand for."""
    if set(map(type, rows)) == {MemberRow}:
        return list(rows)
    return [told for row in rows if (told := roster_row(row)) is not None]


def people_of(rows: Sequence[CleanRow]) -> list[MemberRow]:
    """Those of them that are people."""
    return [row for row in rows if type(row) is MemberRow]


def refuse_masked(sheet: Sheet) -> None:
    """Raise Unreadable("masked") when most ID numbers of a sheet are starred out: it is a copy for reading."""
    columns = [sheet.match.mapping[key] for key in ("id_no", "head_id_no") if key in sheet.match.mapping]
    starred = {
        number for _, lot in sheet.rows.holding(STARRED, columns) for at in columns for number in _starred(lot, at)
    }
    if starred and len(starred) * 2 >= len(sheet.rows):
        raise Unreadable("masked", row=min(starred), column=sheet.headers[columns[0]])


def _starred(lot: Lot, at: int) -> list[int]:
    if at >= len(lot.columns):
        return []
    return [number for number, cell in zip(lot.numbers, lot.columns[at], strict=True) if "*" in cell]


def spoiled_heads(sheet: Sheet, bad: Container[int]) -> frozenset[str]:
    """ID numbers of heads among these rows, which are refused for what stands in them."""
    columns = [sheet.match.mapping.get(field_) for field_ in ("relation", "id_no")]
    found: set[str] = set()
    for lot in sheet.rows.lots() if bad and None not in columns else ():
        relations, numbers = (lot.columns[at] if at < len(lot.columns) else () for at in columns if at is not None)
        told = zip(lot.numbers, relations, numbers, strict=False)
        found |= {clean_number(own) for row, relation, own in told if row in bad and _head(relation)}
    return frozenset(found)


def _head(relation: str) -> bool:
    try:
        return word(relation, RELATION) is Relation.HEAD
    except BadCell:
        return False


def check_file(
    rows: Sequence[CleanRow], headers: dict[str, str] | None = None, is_head: Callable[[str], bool] | None = None
) -> Problems:
    """Problems by row number that need all rows: a person twice, two heads, heads nobody knows, rounded numbers."""
    found: defaultdict[int, list[Problem]] = defaultdict(list)
    headers = headers or {}

    def add(row: CleanRow, field: str, code: str, value: str, **args: object) -> None:
        found[row.number].append(Problem(field, headers.get(field, ""), code, value, args))

    _rounded(rows, add)
    _twice(rows, add)
    members = people_of(rows)
    _heads(members, add)
    if is_head is not None:
        _unknown_heads(members, is_head, add)
    return {number: tuple(problems) for number, problems in found.items()}


Add = Callable[..., None]


def _people(row: CleanRow) -> Iterable[tuple[str, str]]:
    """(field, ID number) of every person a row stands for."""
    if isinstance(row, MemberRow):
        return [("id_no", row.id_no)]
    return [("head_id_no", row.head_id_no)] + [("member_id_nos", n) for _, n in row.members if n != row.head_id_no]


def _twice(rows: Sequence[CleanRow], add: Add) -> None:
    """Who stands in two rows: a mere copy is refused once, contradicting rows are all refused."""
    if len(set(map(attrgetter("id_no"), people_of(rows)))) == len(rows):
        return
    first: dict[str, CleanRow] = {}
    again = set()
    for row in rows:
        for number in (row.id_no,) if isinstance(row, MemberRow) else [number for _, number in _people(row)]:
            if first.setdefault(number, row) is not row:
                again.add(number)
    seen: defaultdict[str, list[tuple[CleanRow, str]]] = defaultdict(list)
    for row in rows if again else ():
        for field, number in _people(row):
            if number in again:
                seen[number].append((row, field))
    for number, places in seen.items():
        first_row = places[0][0]
        copies = all(row._replace(number=first_row.number) == first_row for row, _ in places[1:])
        for row, field in places[1:] if copies else places:
            others = [other.number for other, _ in places if other.number != row.number]
            add(row, field, "copy_in_file" if copies else "twice_in_file", number, rows=others)


def _heads(members: Sequence[MemberRow], add: Add) -> None:
    """Who is called head of a household that another number heads."""
    found = [row for row in members if row.relation is Relation.HEAD]
    doubtful = {row.head_id_no for row in found if row.id_no != row.head_id_no}
    heads: defaultdict[str, list[MemberRow]] = defaultdict(list)
    for row in found if doubtful else ():
        if row.head_id_no in doubtful:
            heads[row.head_id_no].append(row)
    for head_id_no, rows in heads.items():
        for row in rows:
            if row.id_no != head_id_no:
                others = [other.number for other in rows if other is not row]
                add(row, "relation", "two_heads" if others else "not_the_head", "", rows=others)


def _unknown_heads(members: Sequence[MemberRow], is_head: Callable[[str], bool], add: Add) -> None:
    """Members whose household is neither in the file nor on the roster."""
    here = {row.id_no for row in members if row.relation == Relation.HEAD}
    known = {head: head in here or is_head(head) for head in {row.head_id_no for row in members}}
    for row in members:
        if not known[row.head_id_no]:
            add(row, "head_id_no", "unknown_head", row.head_id_no)


def _rounded(rows: Sequence[CleanRow], add: Add) -> None:
    """Numbers a spreadsheet cut to 15 digits and wrote out again: 000 ends one true number in 1,100, not in 100."""
    ending: list[CleanRow] = [row for row in people_of(rows) if row.id_no.endswith("000")]
    ending += [row for row in rows if type(row) is HouseholdRow and _ends_rounded(row)]
    if len(ending) >= 2 and len(ending) * 100 > len(rows):
        for row in ending:
            for field, number in _people(row):
                if number.endswith("000"):
                    add(row, field, "excel_float", number)


def _ends_rounded(row: HouseholdRow) -> bool:
    return any(number.endswith("000") for _, number in _people(row))
