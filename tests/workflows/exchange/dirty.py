"""A roster as a township hands it in: titles above, a total below, and damage of every usual kind."""

from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook

from tests.workflows.exchange import rosters, sheets
from workflows.exchange.layouts import MEMBERS

FAMILIES = 20
HEADER_ROW = 3


@dataclass(frozen=True)
class Damage:
    """What is wrong with one row, and how it is put right; no ``mended``: it is taken as it is."""

    row: int
    column: str
    cell: Any
    mended: str = ""
    code: str = ""


def family(number: int) -> list[dict[str, Any]]:
    """A head and a wife of their own."""
    head = rosters.person(2 * number + 1)
    wife_no = sheets.id_no("19650809", 2 * number)
    wife = {"姓名": f"妻{number}", "身份证号": wife_no, "与户主关系": "配偶", "性别": "女", "出生日期": "1965-08-09"}
    return [head, head | wife | {"户主身份证号": head["身份证号"]}]


def _whole() -> list[dict[str, Any]]:
    return [row for number in range(FAMILIES) for row in family(number)]


def damages() -> list[Damage]:
    """Eight rows that must be refused (a head among them, whose wife waits for him) and three that are cleaned."""
    number = [row["身份证号"] for row in _whole()]
    wrong = number[7][:-1] + ("0" if number[7][-1] != "0" else "1")
    wide = "".join(chr(ord(mark) + 0xFEE0) for mark in number[21])
    return [
        Damage(3, "出生日期", "1965-08-10", "1965-08-09", "birth_mismatch"),
        Damage(5, "性别", "男", "女", "sex_mismatch"),
        Damage(7, "身份证号", wrong, number[7], "check_digit"),
        Damage(9, "年收入(元)", "-500", "500", "negative"),
        Damage(11, "身份证号", float(number[11].replace("X", "0")), number[11], "excel_float"),
        Damage(13, "出生日期", "1965-02-31", "1965-08-09", "impossible_date"),
        Damage(14, "户月保障金额", "一千", "760", "not_money"),
        Damage(17, "户主身份证号", sheets.id_no("19500101", 9), number[16], "unknown_head"),
        Damage(19, "姓名", "  妻 九 "),
        Damage(21, "身份证号", wide),
        Damage(23, "备注", '=HYPERLINK("x")'),
    ]


def people() -> list[dict[str, Any]]:
    """The rows of everybody, damaged."""
    rows = _whole()
    for damage in damages():
        rows[damage.row][damage.column] = damage.cell
    return rows


def workbook() -> bytes:
    """The roster as .xlsx: a merged title, a note, the headers in row 3, a total below."""
    book = Workbook()
    sheet = book.active
    headers = [column.header for column in MEMBERS.columns]
    sheet.append(["珙县农村最低生活保障人员名册"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headers))
    sheet.append(["填报单位：巡场镇　填报日期：2026年3月2日　单位：元"])
    sheet.append(headers)
    for row in people():
        sheet.append([row.get(header) or None for header in headers])
    sheet.append(["合计", None, None, f"{2 * FAMILIES}人"])
    return sheets.saved(book)
