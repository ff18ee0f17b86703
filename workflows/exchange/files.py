"""Tables as files that a spreadsheet opens without harm: .xlsx, and CSV with a byte order mark.

A cell that a spreadsheet would take for a formula is plain text in .xlsx; in CSV it gets an apostrophe before it,
which the import takes away again. A text that begins with an apostrophe of its own gets a second one in both.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from workflows.exchange.xlsx import APOSTROPHE, LONGEST, MOST_ROWS, Look, book_file, xlsx_file

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
END = "\r\n"
FIRST, THEN = 200, 1_000
"""Lines of CSV that are sent at once: few at first, so that a download begins."""
SUSPECT = re.compile('[\ufeff,\n"][=+\\-@\t\'＝＋－＠]|[\ufeff,\n]"\r')
"""What CSV looks like when a cell in it might not be harmless; quoted text may look so without being it."""
MARKS = ("=", "+", "@", "\t", "'", "＝", "＋", "－", "＠", ",-", "\n-", '"-', "\ufeff-", '"\r')
"""Without any of these nothing looks so; they are found ten times as fast."""

Lines = Iterable[Sequence[str]]


def harmless(text: str) -> str:
    """A cell as CSV holds it."""
    return APOSTROPHE + text if text.startswith((*FORMULA, APOSTROPHE)) else text


def csv_stream(lines: Lines, charset: str = "utf-8") -> Iterator[bytes]:
    """The lines as CSV, some hundred at a time; UTF-8 begins with a byte order mark."""
    rest, size, mark = iter(lines), FIRST, "\ufeff" if charset == "utf-8" else ""
    while part := list(islice(rest, size)):
        text = _csv(part)
        if _suspect(f"\n{mark}{text}"):
            text = _csv([[harmless(cell) for cell in line] for line in part])
        yield f"{mark}{text}".encode(charset, "replace")
        size, mark = THEN, ""


def _suspect(text: str) -> bool:
    return any(mark in text for mark in MARKS) and SUSPECT.search(text) is not None


def _csv(lines: Sequence[Sequence[str]]) -> str:
    """The lines as a csv writer writes them; put together at once where no cell has a mark that must be quoted."""
    joined = f"{END.join(map(','.join, lines))}{END}"
    if _plain(joined, lines):
        return joined
    return "".join(one if _plain(one := f"{','.join(line)}{END}", [line]) else _quoted(line) for line in lines)


def _plain(joined: str, lines: Sequence[Sequence[str]]) -> bool:
    widths = list(map(len, lines))
    ends = joined.count("\r") == joined.count("\n") == len(lines)
    return ends and '"' not in joined and min(widths) > 1 and joined.count(",") == sum(widths) - len(lines)


def _quoted(line: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(line)
    return out.getvalue()


class _Sent(io.RawIOBase):
    """What a zip has written and nobody has taken yet."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(self.pieces[-1])

    def taken(self) -> bytes:
        found, self.pieces = b"".join(self.pieces), []
        return found


def zip_stream(parts: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """Files by name as one zip, sent while they are made."""
    out = _Sent()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, pieces in parts:
            info = ZipInfo(name)
            info.compress_type = ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
                    yield out.taken()
    yield out.taken()


__all__ = [
    "APOSTROPHE", "LONGEST", "MOST_ROWS", "PLAIN", "Look", "book_file", "csv_stream", "harmless", "xlsx_file",
    "zip_stream",
]  # fmt: skip
