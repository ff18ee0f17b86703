"""A whole roster: every row cleaned, then what only the file as a whole can show."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from policy.vocabulary import Relation
from workflows.exchange.cleaning import clean_household, clean_member
from workflows.exchange.identifying import Identified
from workflows.exchange.list_rows import CLEAN, TekunRow, clean_tekun
from workflows.exchange.quick import Members
from workflows.exchange.reading import Sheet, Unreadable
from workflows.exchange.rows import HouseholdRow, MemberRow, Problem, RosterRow
from workflows.loading import parts

CleanRow = HouseholdRow | MemberRow
Problems = dict[int, tuple[Problem, ...]]


@dataclass(frozen=True)
class Checked:
    """A row with its verdict: ``row`` when it is good (its warnings with it), else ``problems``."""

    source: RosterRow
    row: Any
    problems: tuple[Problem, ...] = ()

    @property
    def number(self) -> int:
        """The row number the spreadsheet shows."""
        return self.source.number


@dataclass
class Cleaned:
    """The rows of a sheet in its order, None where one is not good; and what is wrong with those, by row number."""

    rows: list[Any]
    problems: Problems


def clean_rows(
    sheet: Sheet, on: date, tell: Callable[[int], None] = lambda done: None,
    identified: Mapping[int, Identified] = MappingProxyType({}),
) -> Cleaned:
    """Every data row cleaned, with what only the file as a whole shows.

    ``identified`` says who rows without an ID number are.
    """
    clean, quick = _cleaner(sheet), Members(sheet, on) if _is_members(sheet) else None
    found = Cleaned([], {})
    for some in parts(sheet.rows):
        made = quick.clean(some) if quick else [None] * len(some)
        for row, good in zip(some, made, strict=True):
            known = identified.get(row.number)
            found.rows.append(good or _closely(clean, sheet.roster_row(row), on, found.problems, known))
        tell(len(found.rows))
    rosters = [row for one in found.rows if (row := roster_row(one)) is not None]
    whole = check_file(rosters, sheet.header_by_field)
    if whole:
        found.rows = [None if row is not None and row.number in whole else row for row in found.rows]
        found.problems |= whole
    return found


def _closely(
    clean: Callable[[RosterRow, date], Any], source: RosterRow, on: date, problems: Problems,
    known: Identified | None = None,
) -> Any:
    """A row by itself, with the numbers that were found for it."""
    if known and known.problems:
        problems[source.number] = tuple(known.problems)
        return None
    row = clean(replace(source, cells={**source.cells, **known.numbers}) if known else source, on)
    if isinstance(row, tuple):
        problems[source.number] = row
        return None
    told = roster_row(row)
    if known and told is not None:
        told.warnings += tuple(known.notes)
    return row


def _is_members(sheet: Sheet) -> bool:
    return sheet.layout.kind == "members" and sheet.layout.code != "tekun_members"


def clean_sheet(sheet: Sheet, on: date, is_head: Callable[[str], bool] | None = None) -> tuple[Checked, ...]:
    """Every data row of a sheet with its verdict, in file order; raises Unreadable("masked") for a masked export.

    ``is_head`` says whether a number is already a household head's on the roster; without it no head is unknown.
    """
    refuse_masked(sheet)
    found = clean_rows(sheet, on)
    if is_head is not None:
        rosters = [row for one in found.rows if (row := roster_row(one)) is not None]
        unknown = check_file(rosters, sheet.header_by_field, is_head)
        found.rows = [None if row is not None and row.number in unknown else row for row in found.rows]
        found.problems |= unknown
    return tuple(
        Checked(source, row, found.problems.get(source.number, ()))
        for source, row in zip(sheet.roster_rows(), found.rows, strict=True)
    )


def _cleaner(sheet: Sheet) -> Callable[[RosterRow, date], Any]:
    """What cleans the rows of a sheet."""
    if sheet.layout.code == "tekun_members":
        return clean_tekun
    usual = clean_household if sheet.layout.kind == "households" else clean_member
    return CLEAN.get(sheet.layout.kind, usual)


def roster_row(row: Any) -> HouseholdRow | MemberRow | None:
    """The family or person that a row of a roster stands for; None for rows of other lists."""
    if isinstance(row, TekunRow):
        return row.member
    return row if isinstance(row, (HouseholdRow, MemberRow)) else None


def refuse_masked(sheet: Sheet) -> None:
    """Raise Unreadable("masked") when most ID numbers of a sheet are starred out: it is a copy for reading."""
    columns = [sheet.match.mapping[key] for key in ("id_no", "head_id_no") if key in sheet.match.mapping]
    starred = [row.number for row in sheet.rows if _starred(row.cells, columns)]
    if starred and len(starred) * 2 >= len(sheet.rows):
        raise Unreadable("masked", row=starred[0], column=sheet.headers[columns[0]])


def _starred(cells: Sequence[str], columns: Sequence[int]) -> bool:
    return any(at < len(cells) and "*" in cells[at] for at in columns)


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
    members = [row for row in rows if isinstance(row, MemberRow)]
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
        copies = all(replace(row, number=first_row.number) == first_row for row, _ in places[1:])
        for row, field in places[1:] if copies else places:
            others = [other.number for other, _ in places if other.number != row.number]
            add(row, field, "copy_in_file" if copies else "twice_in_file", number, rows=others)


def _heads(members: Sequence[MemberRow], add: Add) -> None:
    """Who is called head of a household that another number heads."""
    heads: defaultdict[str, list[MemberRow]] = defaultdict(list)
    for row in members:
        if row.relation == Relation.HEAD:
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
    ending = [row for row in rows if _ends_rounded(row)]
    if len(ending) >= 2 and len(ending) * 100 > len(rows):
        for row in ending:
            for field, number in _people(row):
                if number.endswith("000"):
                    add(row, field, "excel_float", number)


def _ends_rounded(row: CleanRow) -> bool:
    if isinstance(row, MemberRow):
        return row.id_no.endswith("000")
    return any(number.endswith("000") for _, number in _people(row))
