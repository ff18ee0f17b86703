"""Honest but awkward files, and files spoiled cell by cell: each with the rows that are refused and why.

Together with ``test_hostile_files.REFUSED`` (files refused as a whole) they are the corpus of strange files.
"""

from collections.abc import Mapping
from typing import Any

from tests.workflows.exchange import rosters, sheets
from tests.workflows.exchange.rosters import HEAD_ROW, WIFE_ROW
from tests.workflows.exchange.sheets import csv_bytes, id_no, table, xlsx_bytes
from workflows.exchange.layouts import MEMBERS

Expected = Mapping[int, str]
WIFE, HEAD = rosters.WIFE, rosters.HEAD
X_WIFE = next(number for n in range(2, 900, 2) if (number := id_no("19450806", n)).endswith("X"))
PERMIT = id_no("19450806", 248, "810000")
TRADITIONAL = {"身份证号": "身份證號", "户主身份证号": "戶主身份證號", "与户主关系": "與戶主關係", "备注": "備註"}
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def _wife(**cells: Any) -> list[list[object]]:
    return table(MEMBERS, HEAD_ROW, WIFE_ROW | cells)


def _csv(*expected: str, **cells: Any) -> tuple[bytes, str, Expected]:
    """The head and a wife with these cells, as CSV; her row is 3."""
    return csv_bytes(_wife(**cells)), "低保人员.csv", dict.fromkeys([3], expected[0]) if expected else {}


def _xlsx(*expected: str, **cells: Any) -> tuple[bytes, str, Expected]:
    return xlsx_bytes(_wife(**cells)), "低保人员.xlsx", dict.fromkeys([3], expected[0]) if expected else {}


def _rows(expected: Expected, *rows: dict[str, Any]) -> tuple[bytes, str, Expected]:
    return csv_bytes(table(MEMBERS, *rows)), "低保人员.csv", expected


AWKWARD: dict[str, tuple[bytes, str, Expected]] = {
    # numbers
    "id number as a number": _xlsx("excel_float", 身份证号=float(WIFE)),
    "id number in scientific text": _csv("excel_float", 身份证号="5.13E+17"),
    "id number after an apostrophe": _csv(身份证号=f"'{WIFE}"),
    "id number made a text by a formula": _csv(身份证号=f'="{WIFE}"'),
    "id number after a tab": _csv(身份证号=f"\t{WIFE}"),
    "id number in full width": _csv(身份证号=WIFE.translate(WIDE)),
    "id number with blanks and zero width": _csv(身份证号=f" {WIFE[:6]} {WIFE[6:]}\u200b"),
    "id number with a small x": _csv(身份证号=X_WIFE.lower()),
    "id number with a wide X": _csv(身份证号=X_WIFE[:-1] + "Ｘ"),
    "bad check digit": _csv("check_digit", 身份证号=WIFE[:-1] + str((int(WIFE[-1].replace("X", "0")) + 1) % 10)),
    "old number of 15 digits": _csv("old_15", 身份证号="990001450806248"),
    "a residence permit": _csv(身份证号=PERMIT),
    "number too short": _csv("length", 身份证号=WIFE[:-1]),
    "letters in the number": _csv("characters", 身份证号="99OOO1194508062480"),
    "a masked number among others": _rows(
        {3: "masked"}, HEAD_ROW, WIFE_ROW | {"身份证号": WIFE[:6] + "********" + WIFE[14:]}, rosters.SON_ROW
    ),
    "no number": _csv("empty", 身份证号=""),
    "a bank account as a number": _xlsx("excel_float", 银行帐号=6.2284800102030405e18),
    "a bank account of letters": _csv("bad_account", 银行帐号="见存折"),
    # dates
    "a date that never was": _csv("impossible_date", 出生日期="1945/6/31"),
    "a date with points": _csv(出生日期="1945.8.6"),
    "a date with strokes": _csv(出生日期="1945/08/06"),
    "a date in words": _csv(出生日期="1945年8月6日"),
    "a date of digits": _csv(出生日期="19450806"),
    "a day's serial number as text": _csv("bad_date", 出生日期="44012"),
    "a date before anybody": _csv("impossible_date", 出生日期="0044-01-01"),
    "a birth to come": _csv("future_date", 出生日期="2099-01-01"),
    "a birth that contradicts the number": _csv("birth_mismatch", 出生日期="1945-08-07"),
    # words and money
    "a sex that contradicts the number": _csv("sex_mismatch", 性别="男"),
    "a sex nobody knows": _csv("unknown_word", 性别="不明"),
    "a relation nobody knows": _csv("unknown_word", 与户主关系="邻居家的"),
    "income below nothing": _csv("negative", **{"年收入(元)": "-1"}),
    "income beyond sense": _csv("absurd", **{"年收入(元)": "99999999999"}),
    "income in words": _csv("bad_money", **{"年收入(元)": "不详"}),
    "income in ten thousands": _csv(**{"年收入(元)": "1.2万"}),
    "income with separators": _csv(**{"年收入(元)": "12,000.00元"}),
    "income of a tenth of a fen": _csv("too_precise", **{"年收入(元)": "1.001"}),
    "a relation in traditional signs": _rows({}, HEAD_ROW | {"与户主关系": "戶主"}, WIFE_ROW),
    "a schooling as people say it": _csv(文化程度="小学文化"),
    "income in traditional signs": _csv(**{"年收入(元)": "0.5萬元"}),
    # texts
    "a name that is a formula": _csv(姓名="=cmd|' /C calc'!A0"),
    "a name that begins with plus": _csv(姓名="+1"),
    "a name that is markup": _csv(姓名="<script>alert(1)</script>"),
    "a name with a sign beyond sixteen bits": _csv(姓名="李𠮷"),
    "a name with a bell in it": _csv("control", 姓名="李\x07样"),
    "a name without end": _csv("long", 姓名="李" * 51),
    "a masked name": _csv("masked", 姓名="李*"),
    "an error of the spreadsheet": _csv("excel_error", 备注="#REF!"),
    "a note over two lines": (csv_bytes(_wife(备注="一\n二")), "a.csv", {}),
    # who belongs to whom
    "a head nobody knows": _csv("unknown_head", 户主身份证号=id_no("19300101", 111)),
    "the same row twice": _rows({4: "copy_in_file"}, HEAD_ROW, WIFE_ROW, WIFE_ROW),
    "one person in two rows": _rows(
        {3: "twice_in_file", 4: "twice_in_file"}, HEAD_ROW, WIFE_ROW, WIFE_ROW | {"备注": "不同"}
    ),
    "a wife who is her own head": _csv("own_head", 户主身份证号=WIFE),
    "a village nobody knows": _rows({2: "unknown_village"}, HEAD_ROW | {"所属社": "无名村"}),
    "another county": _rows({2: "other_county"}, HEAD_ROW | {"所属区": "长宁县"}),
    # the file
    "gb18030": (csv_bytes(_wife(姓名="李㐂"), "gb18030"), "a.csv", {}),
    "utf-16 with its mark": (csv_bytes(_wife(), "utf-16"), "a.csv", {}),
    "utf-8 with its mark": (csv_bytes(_wife(), "utf-8-sig"), "a.csv", {}),
    "tabs": (csv_bytes(_wife(), delimiter="\t"), "a.txt", {}),
    "a title and a total": (
        csv_bytes([["巡场镇低保花名册"], ["填报单位：巡场镇"], *_wife(), ["合计", "2"], ["制表人：王"]]), "a.csv", {}
    ),
    "strokes": (csv_bytes(_wife(), delimiter="|"), "a.txt", {}),
    "the end of an old program's file": (csv_bytes(_wife()) + b"\x1a", "a.txt", {}),
    "traditional headers": (
        csv_bytes([[TRADITIONAL.get(header, header) for header in _wife()[0]], *_wife()[1:]]), "a.csv", {}
    ),
    "headers, title and signatures again in the middle": (
        csv_bytes([*_wife()[:2], ["孝儿镇低保花名册(续)"], _wife()[0], _wife()[2], ["分管领导：", "", "经办人："]]),
        "a.csv", {},
    ),
    "a person without a number is no title": (
        csv_bytes([*_wife()[:2], ["李册样"], ["李姓样", "", "", "配偶", "女"], ["李册"], ["欧阳明册"]]), "a.csv",
        dict.fromkeys(range(3, 7), "empty"),
    ),
    "blank rows between": (csv_bytes([*_wife()[:2], [], [], _wife()[2]]), "a.csv", {}),
    "blank columns behind": (csv_bytes([[*row, "", ""] for row in _wife()]), "a.csv", {}),
    "more cells than headers": (csv_bytes([*_wife()[:2], [*_wife()[2], "x"]]), "a.csv", {3: "surplus_cells"}),
    "windows line ends and a last line without": (csv_bytes(_wife()).rstrip(b"\r\n"), "a.csv", {}),
    "unix line ends": (csv_bytes(_wife()).replace(b"\r\n", b"\n"), "a.csv", {}),
}  # fmt: skip


def headers() -> list[str]:
    """The headers of the form, in order."""
    return sheets.headers(MEMBERS)
