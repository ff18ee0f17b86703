"""A whole roster: every row cleaned, then what only the file as a whole can show."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from policy.identity import clean_number
from policy.vocabulary import Relation
from workflows.exchange.cleaning import clean_household, clean_member
from workflows.exchange.list_rows import CLEAN, TekunRow, clean_tekun
from workflows.exchange.reading import Sheet, Unreadable
from workflows.exchange.rows import HouseholdRow, MemberRow, Problem, RosterRow

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


def clean_sheet(sheet: Sheet, on: date, is_head: Callable[[str], bool] | None = None) -> tuple[Checked, ...]:
    """Every data row of a sheet with its verdict, in file order; raises Unreadable("masked") for a masked export.

    ``is_head`` says whether a number is already a household head's on the roster; without it no head is unknown.
    """
    refuse_masked(sheet)
    clean = _cleaner(sheet)
    checked = []
    for source in sheet.roster_rows():
        found = clean(source, on)
        checked.append(Checked(source, None, found) if isinstance(found, tuple) else Checked(source, found))
    rosters = [row for c in checked if (row := roster_row(c.row)) is not None]
    problems = check_file(rosters, sheet.header_by_field, is_head)
    return tuple(replace(c, row=None, problems=problems[c.number]) if c.number in problems else c for c in checked)


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
    starred = [row.number for row in sheet.rows if any("*" in "".join(row.cells[i : i + 1]) for i in columns)]
    if starred and len(starred) * 2 >= len(sheet.rows):
        raise Unreadable("masked", row=starred[0], column=sheet.headers[columns[0]])


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
    seen: defaultdict[str, list[tuple[CleanRow, str]]] = defaultdict(list)
    for row in rows:
        for field, number in _people(row):
            seen[number].append((row, field))
    for number, places in seen.items():
        if len(places) < 2:
            continue
        first = places[0][0]
        copies = all(replace(row, number=first.number) == first for row, _ in places[1:])
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
    ending = [row for row in rows if any(clean_number(number).endswith("000") for _, number in _people(row))]
    if len(ending) >= 2 and len(ending) * 100 > len(rows):
        for row in ending:
            for field, number in _people(row):
                if number.endswith("000"):
                    add(row, field, "excel_float", number)
