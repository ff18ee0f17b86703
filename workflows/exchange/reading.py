"""Reading a sheet somebody hands in: a limited child process unpacks it, known headers vouch for its text."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import Any

from workflows.exchange.above import Above
from workflows.exchange.asked import AS_IT_LOOKS, Asked
from workflows.exchange.beforehand import Beforehand, Begun, Head
from workflows.exchange.headers import HEADER_WITHIN
from workflows.exchange.layouts import Layout, Match
from workflows.exchange.lot_lines import BEGIN, LINE, parts_of, widen
from workflows.exchange.lots import Later, Row, Rows
from workflows.exchange.no_data import no_data_in
from workflows.exchange.rows import RosterRow
from workflows.loading import seldom_swept

ROOT = Path(__file__).parents[2]
CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from workflows.exchange.reader_child import main; main()"
ENDINGS = {"csv": "csv", "txt": "csv", "xlsx": "xlsx", "xls": "xls", "et": "xls", "ods": "ods"}
KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "LANG", "LC_ALL")
Answer = bytes | tuple[str, str]
"""A lot of rows as it came, or name and charset of the sheet that begins."""
_at_once = BoundedSemaphore(2)  # each child may take half a gigabyte


class Unreadable(Exception):
    """A file that cannot be taken at all; ``code`` says why, ``args_by_name`` fills the sentence."""

    def __init__(self, code: str, **args: Any) -> None:
        super().__init__(code)
        self.code, self.args_by_name = code, args


@dataclass(frozen=True)
class Limits:
    """What a file may be: bytes, rows with content, columns, characters a cell, and what a workbook may unpack to.

    ``peek`` reads only so many rows of each sheet; 0 reads all.
    """

    bytes: int = 64_000_000
    rows: int = 200_000
    columns: int = 200
    cell: int = 2_000
    entries: int = 200
    unpacked: int = 400_000_000
    ratio: int = 100
    text: int = 128_000_000
    memory: int = 768_000_000
    cpu_seconds: int = 60
    seconds: int = 120
    peek: int = 0


LIMITS = Limits()
BY_COMMAND = Limits(
    bytes=512_000_000, rows=2_000_000, unpacked=4_000_000_000, text=1_000_000_000, memory=4_000_000_000,
    cpu_seconds=900, seconds=1_800,
)  # fmt: skip
"""On the command line, where nobody waits at a window and whoever runs it has the machine."""


@dataclass(frozen=True)
class Sheet:
    """A roster as read: headers, data rows, where they were found, and rows left out (totals, notes below)."""

    headers: tuple[str, ...]
    rows: Rows
    charset: str
    kind: str
    header_row: int
    sheet_name: str
    match: Match
    left_out: tuple[int, ...] = ()
    hidden: int = 0
    asked: Asked = AS_IT_LOOKS
    beforehand: Beforehand | None = field(default=None, repr=False, compare=False)
    """Rows that were cleaned as they came."""

    @property
    def layout(self) -> Layout:
        """The roster form the headers were recognised as."""
        return self.match.layout

    @cached_property
    def header_by_field(self) -> dict[str, str]:
        """What each field is called in this file; as the form calls it where the file has no such column."""
        return self.head.by_field

    @property
    def head(self) -> Head:
        """What stands above the rows."""
        return Head(self.headers, self.match, self.kind)

    def roster_rows(self) -> Iterator[RosterRow]:
        """Data rows by field; a CSV row with more cells than headers has lost its place and says so."""
        return map(self.roster_row, self.rows)

    def roster_row(self, row: Row | Later) -> RosterRow:
        """One data row by field."""
        cells = row.cells
        taken = {field: cells[i] if i < len(cells) else "" for field, i in self.match.mapping.items()}
        surplus = max(len(cells) - len(self.headers), 0) if self.kind == "csv" else 0
        return RosterRow(row.number, taken, self.header_by_field, surplus)


def read_sheet(
    source: Path | str | bytes,
    filename: str,
    *,
    limits: Limits = LIMITS,
    asked: Asked = AS_IT_LOOKS,
    on: date | None = None,
) -> Sheet:
    """The one roster in a CSV or a workbook; raises Unreadable with a code for everything that is not one.

    ``filename`` is what its owner calls it: only the ending counts, and the content must agree with it. ``asked`` is
    what somebody decided about charset, sheet, headers and columns. Told the day ``on`` which rows will be judged,
    they are cleaned as they come, beside the child.
    """
    with seldom_swept() if on else nullcontext():
        return _read(source, filename, limits, asked, on)


def _read(source: Path | str | bytes, filename: str, limits: Limits, asked: Asked, on: date | None) -> Sheet:
    found: list[Sheet] = []
    closest: Unreadable | None = None
    names: list[str] = []
    kind = extension_of(filename)
    above = Above(asked)
    begun = Begun(partial(_shown, kind, above), on, asked.skip_hidden) if on else None
    for name, charset, rows in sheets_of(source, filename, limits, asked.charset, begun):
        names.append(name)
        if asked.sheet and name != asked.sheet:
            continue
        try:
            sheet = _sheet(rows, kind, charset, name, above)
            found.append(replace(sheet, beforehand=begun.of(name, sheet.head)) if begun else sheet)
        except Unreadable as bad:
            closest = closest if closest and closest.code != "no_header" else bad
    if len(found) > 1:
        raise Unreadable("several_sheets", names=[sheet.sheet_name for sheet in found])
    if asked.sheet and asked.sheet not in names:
        raise Unreadable("no_such_sheet", sheet=asked.sheet[:100], names=names)
    if not found:
        raise closest or Unreadable("empty_file")
    return found[0]


def sheets_of(
    source: Path | str | bytes, filename: str, limits: Limits, charset: str = "", begun: Begun | None = None
) -> Iterator[tuple[str, str, Rows]]:
    """(name, charset, rows) of each visible sheet of a file; raises Unreadable for what cannot be read at all."""
    extension = extension_of(filename)
    return _by_sheet(_lines(_bytes(source, limits), extension, limits, charset), begun)


def extension_of(filename: str) -> str:
    """csv, xlsx, xls or ods; raises Unreadable for other endings."""
    ending = filename.rpartition(".")[2].strip().lower() if "." in filename else ""
    if ending in ("xlsm", "xlsb", "xltm"):
        raise Unreadable("macros")
    if ending not in ENDINGS:
        raise Unreadable("file_kind", ending="." + ending[:10] if ending else filename[:40])
    return ENDINGS[ending]


def _bytes(source: Path | str | bytes, limits: Limits) -> bytes:
    """The content, never more of it than allowed."""
    if isinstance(source, bytes):
        data = source[: limits.bytes + 1]
    else:
        with open(source, "rb") as file:
            data = file.read(limits.bytes + 1)
    if len(data) > limits.bytes:
        raise Unreadable("too_large", limit_mb=limits.bytes // 1_000_000)
    if not data.strip():
        raise Unreadable("empty_file")
    return data


def _lines(data: bytes, extension: str, limits: Limits, charset: str = "") -> Iterator[Answer]:
    """What the child answers for a file."""
    settings = [extension, charset, *(f"{name}={most}" for name, most in asdict(limits).items())]
    environment = {key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ}  # no secrets of ours
    alone = ["-I", "-S"] if extension == "csv" else ["-I"]  # a text needs no library, and so no search for any
    command = [sys.executable, *alone, "-c", CHILD, str(ROOT), *settings]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with _at_once, subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, env=environment) as child:
        clock = Timer(limits.seconds, child.kill)
        clock.start()
        try:
            yield from _talk(child, data)
        finally:
            clock.cancel()
            child.kill()


def _talk(child: "subprocess.Popen[bytes]", data: bytes) -> Iterator[Answer]:
    """Hand the file over, then pass on the child's answers up to its last."""
    assert child.stdin and child.stdout
    widen(child.stdin, child.stdout)
    with suppress(OSError), child.stdin as file:
        file.write(data)
    yield from understood(child.stdout)


def understood(answers: Iterable[bytes]) -> Iterator[Answer]:
    """The child's answers up to its last, rows as they came; raises Unreadable when it complains or stops early."""
    for raw in answers:
        if raw.isspace():
            continue
        if raw.startswith(BEGIN):
            yield raw
            continue
        what, *told = parts_of(raw)
        if what == "error" and len(told) == 2:
            with suppress(ValueError):
                raise Unreadable(told[0], **json.loads(told[1]))
        if what == "end" and not told:
            return
        if what != "sheet" or len(told) != 2:
            break
        yield told[0].replace(LINE, "\n"), told[1]
    raise Unreadable("gave_up")  # killed by the clock, the processor limit or its own parser


def _by_sheet(answers: Iterator[Answer], begun: Begun | None) -> Iterator[tuple[str, str, Rows]]:
    """(name, charset, rows) of each sheet."""
    sheet: tuple[str, str, Rows] | None = None
    for answer in answers:
        if isinstance(answer, tuple):
            if sheet:
                yield sheet
            sheet = (*answer, Rows())
        elif sheet:
            _take(sheet[2], answer)
            if begun:
                begun.take(*sheet)
    if sheet:
        yield sheet


def _take(rows: Rows, answer: bytes) -> None:
    """Add a lot of rows; what is none means that the child broke down while it wrote."""
    try:
        whole = rows.take(answer)
    except (ValueError, TypeError):
        whole = False
    if not whole:
        raise Unreadable("gave_up")


def _sheet(rows: Rows, kind: str, charset: str, name: str, above: Above) -> Sheet:
    """Headers found below titles and notes, data below them; raises Unreadable naming what is missing or double."""
    found, asked = above.find(rows), above.asked
    if found is None:
        raise Unreadable("no_header", within=HEADER_WITHIN, charset=charset)
    header, match = found
    if match.duplicate:
        raise Unreadable("duplicate_header", headers=list(match.duplicate), row=header.number)
    if match.missing:
        raise Unreadable("missing_header", headers=list(match.missing), row=header.number)
    first = header.last + 1
    no_data = no_data_in(rows.below(first), first, asked.skip_hidden)
    data, left_out = rows.below(first, no_data.keys() | _others(rows.below(first), first, asked.only)), no_data.values()
    if not data:
        raise Unreadable("no_rows", row=header.number)
    return Sheet(
        header.headers, data, charset, kind, header.number, name, match, left_out=tuple(left_out),
        hidden=data.hidden(), asked=asked,
    )  # fmt: skip


def _shown(kind: str, above: Above, name: str, charset: str, rows: Rows) -> tuple[int, Head] | None:
    """From which place on the data of a sheet stand, and what stands above, where its first rows show it."""
    if above.asked.sheet and name != above.asked.sheet:
        return None
    found = above.find(rows)
    if found is None:
        return None
    header, match = found
    return None if match.missing or match.duplicate else (header.last + 1, Head(header.headers, match, kind))


def _others(rows: Rows, at: int, only: Sequence[int]) -> set[int]:
    """The places, from ``at`` on, of rows that somebody left aside by naming the numbers that matter."""
    wanted = set(only)
    return {place for place, row in enumerate(rows, at) if row.number not in wanted} if wanted else set()
