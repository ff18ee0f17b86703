"""Rows of a sheet that are no data: totals, notes below the table, examples, headers and titles that stand again."""

import re

from workflows.exchange.layouts import ENOUGH_HEADERS, is_known
from workflows.exchange.lots import HINT, TO_LOOK_AT, Row, Rows

TOTAL = re.compile(r"[\u4e00-\u9fff]{0,12}(合计|总计|小计|共计|累计)[:：]?[共\d户人元.,，、()（）]*")
FOOTNOTE = re.compile(
    r"(制表|填表|填报|审核|复核|经办|负责|分管|领导|统计|签字|盖章|日期|单位|打印|导出|备注|说明|注)[^:：]{0,8}[:：]"
)
EXAMPLE = re.compile(r"\s*[(（\[【]?(示例|样例|例[:：])")
TITLE = re.compile(r"(.*[名表清]册|.{4,}册)([（(].*[）)])?")
"""A register's name; 李册 is somebody's."""
LONG_NUMBER = re.compile(r"[0-9]{15}")


def no_data_in(rows: Rows, at: int, skip_hidden: bool) -> dict[int, int]:
    """The numbers of rows that are no data, by their place from ``at`` on; most show at once to be some."""
    found: dict[int, int] = {}
    for start, lot in rows.holding("" if skip_hidden else TO_LOOK_AT, range(3)):
        told = enumerate(lot.rows(), at + start)
        found |= {place: row.number for place, row in told if is_no_data(row, skip_hidden)}
    return found


def is_no_data(row: Row, skip_hidden: bool = False) -> bool:
    """Totals, notes, examples, headers and titles over a further part, and hidden rows where they are left out."""
    if skip_hidden and row.hidden:
        return True
    if not HINT.search("".join(row.cells[:3])):
        return False
    return _is_total(row) or _is_note(row) or _is_example(row) or _is_headers(row) or _is_title(row)


def _first(row: Row) -> str:
    """The first text among a row's first three cells."""
    return next((text for cell in row.cells[:3] if (text := "".join(cell.split()))), "")


def _is_total(row: Row) -> bool:
    """合计 and the like in front, also of a township or village, and nobody's number in the row."""
    return any(TOTAL.fullmatch("".join(cell.split())) for cell in row.cells[:3]) and not _has_number(row)


def _is_note(row: Row) -> bool:
    """制表人:… and the like below the table."""
    return bool(FOOTNOTE.match(_first(row))) and not _has_number(row)


def _is_example(row: Row) -> bool:
    """The row that shows in a template how it is filled in."""
    return any(EXAMPLE.match(cell) for cell in row.cells[:3])


def _is_headers(row: Row) -> bool:
    """The headers once more, over the next village or page."""
    if not any("".join(cell.split()).endswith("姓名") for cell in row.cells[:3]) or _has_number(row):
        return False
    return sum(map(is_known, filter(str.strip, row.cells))) >= ENOUGH_HEADERS


def _is_title(row: Row) -> bool:
    """What the next part is called, alone in its row."""
    told = [cell for cell in row.cells if cell.strip()]
    return len(told) == 1 and bool(TITLE.fullmatch("".join(told[0].split()))) and not _has_number(row)


def _has_number(row: Row) -> bool:
    return any(LONG_NUMBER.search(cell) for cell in row.cells)
