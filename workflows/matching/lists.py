"""A department's list as read: who stands on it, and what it says of them; the file itself is read in the child.

A list needs a name and a number or a date of birth; all other columns are what it tells (its payload).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from policy.identity import BadIdNumber, disability_certificate
from workflows.exchange import values
from workflows.exchange.columns import header_key
from workflows.exchange.headers import combined, one_line
from workflows.exchange.lots import Row
from workflows.exchange.no_data import is_no_data
from workflows.exchange.reading import LIMITS, Limits, Unreadable, sheets_of
from workflows.exchange.values import BadCell
from workflows.matching import kinds

HEADER_WITHIN = 20
LONGEST_CELL = 200
NAMES = (
    "姓名", "人员姓名", "所有人", "机动车所有人", "车主", "车主姓名", "所有人姓名", "权利人", "权利人姓名", "产权人",
    "产权人姓名", "法定代表人", "法定代表人姓名", "经营者", "经营者姓名", "投资人", "股东姓名", "死者姓名", "逝者姓名",
    "死亡人员姓名", "亡者姓名", "残疾人姓名", "参保人姓名", "领取人", "领取人姓名", "老人姓名", "儿童姓名",
    "监测对象姓名", "成员姓名", "户主姓名",
)  # fmt: skip
NUMBERS = (
    "身份证号", "身份证号码", "公民身份号码", "公民身份证号码", "身份证", "身份证件号码", "身份证明号码", "证件号码",
    "证件号", "身份号码", "有效证件号码", "所有人证件号码", "权利人证件号", "权利人证件号码", "死者身份证号",
    "逝者身份证号", "法定代表人证件号码", "经营者身份证号", "法定代表人身份证号", "户主身份证号", "户主身份证号码",
)  # fmt: skip
CERTIFICATES = ("残疾证号", "残疾人证号", "残疾人证号码", "残疾证")
BIRTHS = ("出生日期", "出生年月日", "出生年月", "生日")
TOWNS = ("乡镇", "所属街", "所属乡镇", "所在乡镇", "所属镇", "乡镇街道", "乡镇(街道)", "镇", "街道")
VILLAGES = (
    "村", "所属社", "所属村", "所在村", "所在村(居)", "所在村(社区)", "所属村(居)", "行政村", "村(社区)", "村居",
    "村(居)", "社区",
)  # fmt: skip
ADDRESSES = (
    "地址", "住址", "家庭住址", "家庭地址", "户籍地址", "户口所在地", "现住址", "户籍地", "详细地址", "居住地址",
)  # fmt: skip
SEVERAL = re.compile("[、，,；;]")
MONTH_ONLY = re.compile(r"\d{4}[-/.年]?\d{1,2}月?")
NUMBERING = ("序号", "编号", "行号")
COLUMNS = {
    "name": NAMES, "id_no": NUMBERS, "certificate": CERTIFICATES, "birth": BIRTHS, "township": TOWNS,
    "village": VILLAGES, "address": ADDRESSES,
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Listed:
    """Somebody on the list: row as the spreadsheet shows it, cleaned name, number (or none), birth, and the rest."""

    number: int
    name: str
    id_no: str
    birth: date | None
    township: str
    village: str
    address: str
    payload: dict[str, str] = field(default_factory=dict)


class PeopleList(NamedTuple):
    """A list as read; ``refused`` are rows that name nobody who could be looked up, with the code of why."""

    kind: str
    charset: str
    header_row: int
    people: tuple[Listed, ...]
    refused: tuple[tuple[int, str], ...]

    @property
    def rows(self) -> int:
        """How many data rows it has."""
        return len(self.people) + len(self.refused)


class _Table(NamedTuple):
    headers: tuple[str, ...]
    places: dict[str, int]
    header_row: int
    rows: Sequence[Row]


def read_list(data: bytes, file_name: str, on: date, kind: str = "", limits: Limits = LIMITS) -> PeopleList:
    """The one list in a CSV or .xlsx file; raises Unreadable with a code. ``kind`` as chosen, or by its headers."""
    sheets = sheets_of(data, file_name, limits)
    found = [(charset, table) for _, charset, rows in sheets if (table := _table(rows))]
    if len(found) > 1:
        raise Unreadable("several_lists", n=len(found))
    if not found:
        raise Unreadable("no_list_header", within=HEADER_WITHIN)
    charset, table = found[0]
    kind = kind or kinds.recognise(table.headers)
    if kind not in kinds.KINDS:
        raise Unreadable("list_kind_unknown")
    people, refused = _people(table, on)
    if not people and not refused:
        raise Unreadable("no_rows", row=table.header_row)
    return PeopleList(kind, charset, table.header_row, tuple(people), tuple(refused))


def _table(rows: Sequence[Row]) -> _Table | None:
    """Headers and the rows below them; None for a sheet whose first rows name no people."""
    for at, row in enumerate(rows):
        if row.number > HEADER_WITHIN:
            return None
        headers = one_line(row.cells)
        places = _places(headers)
        if "name" in places and {"id_no", "certificate", "birth"} & places.keys():
            below = rows[at + 1] if at + 1 < len(rows) else None
            if below is None or not _goes_on(headers, places, below):
                return _Table(headers, places, row.number, rows[at + 1 :])
            headers = combined(headers, below.cells)
            return _Table(headers, _places(headers), row.number, rows[at + 2 :])
    return None


def _goes_on(headers: Sequence[str], places: dict[str, int], below: Row) -> bool:
    """Whether the row below is a second one of headers: it names columns left open above, and nobody."""
    if below.number > HEADER_WITHIN or any(_cell(below, at).strip() for at in places.values()):
        return False
    return any(cell.strip() and not "".join(headers[at : at + 1]) for at, cell in enumerate(below.cells))


def _places(headers: Iterable[str]) -> dict[str, int]:
    """Where each field stands; a header earlier in our list of names wins, so 姓名 goes before 户主姓名."""
    at: dict[str, int] = {}
    for index, header in enumerate(headers):
        at.setdefault(header_key(header), index)
    found = {field: [at[name] for name in names if name in at] for field, names in COLUMNS.items()}
    return {field: columns[0] for field, columns in found.items() if columns}


def _people(table: _Table, on: date) -> tuple[list[Listed], list[tuple[int, str]]]:
    people: list[Listed] = []
    refused: list[tuple[int, str]] = []
    for row in table.rows:
        if is_no_data(row):
            continue
        cells = {field: _cell(row, index) for field, index in table.places.items()}
        try:
            people.append(_person(row, cells, table, on))
        except BadCell as bad:
            refused.append((row.number, bad.code))
    return people, refused


def _cell(row: Row, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""


def _person(row: Row, cells: dict[str, str], table: _Table, on: date) -> Listed:
    """Raises BadCell when there is no name, or neither a sound number nor a birth; an old number tells the birth."""
    if SEVERAL.search(cells["name"]):
        raise BadCell("several_people")
    name = values.name(cells["name"])
    if not name:
        raise BadCell("name_missing")
    told = cells.get("birth", "")
    number, birth = "", _birth(told, on)
    fault = BadCell("month_only" if MONTH_ONLY.fullmatch("".join(told.split())) else "number_missing")
    try:
        number, born = _number(cells, on)
        birth = born or birth
    except BadCell as bad:
        fault = bad
        birth = birth or (_birth(f"19{cells['id_no'].strip()[6:12]}", on) if bad.code == "old_15" else None)
    if not number and birth is None:
        raise fault
    town, village, address = (_text(cells.get(part, "")) for part in ("township", "village", "address"))
    return Listed(row.number, name, number, birth, town, village, address, _payload(row, table))


def _number(cells: dict[str, str], on: date) -> tuple[str, date | None]:
    """The ID number, or the one that a disability certificate begins with."""
    if text := cells.get("id_no", "").strip():
        person = values.person(text, on)
        return person.number, person.birth
    if certificate := cells.get("certificate", "").strip():
        try:
            owner = disability_certificate(values.digits(certificate)).id_number
        except BadIdNumber as bad:
            raise BadCell(bad.code) from None
        return owner, values.person(owner, on).birth
    return "", None


def _birth(text: str, on: date) -> date | None:
    try:
        return values.day(text, on) if text else None
    except BadCell:
        return None


def _payload(row: Row, table: _Table) -> dict[str, str]:
    """What the list says besides name and number, header by header."""
    known = {table.places[field] for field in ("name", "id_no") if field in table.places}
    told = {}
    for index, header in enumerate(table.headers):
        if header and header_key(header) not in NUMBERING and index not in known and (text := _text(_cell(row, index))):
            told[header] = text
    return told


def _text(cell: str) -> str:
    try:
        return values.line(cell, LONGEST_CELL)
    except BadCell:
        return ""
