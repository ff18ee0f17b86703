"""Tables as files that a spreadsheet opens without harm: .xlsx, and CSV with a byte order mark.

A cell that a spreadsheet would take for a formula is plain text in .xlsx; in CSV it gets an apostrophe before it,
which the import takes away again. A text that begins with an apostrophe of its own gets a second one in both.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from workflows.exchange.xlsx import APOSTROPHE, LONGEST, MOST_ROWS, Look, xlsx_file

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDTH = 16
FIRST, THEN = 200, 1_000
"""Lines of CSV that are sent at once: few at first, so that a download begins."""
SUSPECT = re.compile("[\ufeff,\n\"][=+\\-@\t'＝＋－＠]|[\ufeff,\n]\"\r")
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
        text = _csv(mark, part)
        if _suspect("\n" + text):
            text = _csv(mark, ([harmless(cell) for cell in line] for line in part))
        yield text.encode(charset, "replace")
        size, mark = THEN, ""


def _suspect(text: str) -> bool:
    return any(mark in text for mark in MARKS) and SUSPECT.search(text) is not None


def _csv(mark: str, lines: Lines) -> str:
    out = io.StringIO(newline="")
    out.write(mark)
    csv.writer(out).writerows(lines)
    return out.getvalue()


__all__ = ["APOSTROPHE", "LONGEST", "MOST_ROWS", "PLAIN", "WIDTH", "Look", "csv_stream", "harmless", "xlsx_file"]
