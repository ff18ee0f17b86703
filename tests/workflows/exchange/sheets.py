"""Synthetic rosters in the offices' layouts, and files made of them: clean, awkward or hostile."""

import csv
import io
import zipfile
from datetime import date

from openpyxl import Workbook

from policy.identity import check_digit
from workflows.exchange.layouts import HOUSEHOLDS, MEMBERS, Layout
from workflows.exchange.rows import RosterRow

ON = date(2020, 7, 1)


def id_no(birth: str, order: int, area: str = "990001") -> str:
    """A made-up ID number: prefix 99, birth YYYYMMDD, an order number (odd for men)."""
    first = f"{area}{birth}{order:03d}"
    return first + check_digit(first)


HEAD = id_no("19410227", 117)
WIFE = id_no("19450806", 248)
SON = id_no("19700615", 315)

HOUSEHOLD = {
    "户主姓名": "张样",
    "户主身份证号": HEAD,
    "家庭人口": "2",
    "保障人口": "2",
    "家庭年总收入(元)": "4800",
    "家庭年均收入(元)": "2400.0",
    "户月保障金额(元)": "760",
    "家庭分类施保总额(元)": "0",
    "人员分类施保总额(元)": "0",
    "合计(元)": "760",
    "联系电话": "10600000001",
    "家庭住址": "样例省样例市样例县东山镇南村1组1号",
    "所属省": "样例省",
    "所属市": "样例市",
    "所属区": "样例县",
    "所属街": "东山镇",
    "所属社": "南村",
    "低保(特困)证号": "99000110000001",
    "最初享受月份": "2013-04",
    "申请原因": "疾病",
    "救助金计算方式": "补差",
    "开户银行": "样例银行",
    "银行账户名称": "张样",
    "银行帐号": "9999000000000000123",
    "一卡通账号": "9999000000000000123",
    "拥有产权住房套数": "1",
    "住房总面积(㎡)": "104",
    "金融资产总额(元)": "12000",
    "家庭成员姓名": "张样、李样",
    "家庭成员身份证号": f"{HEAD}、{WIFE}",
}
MEMBER = {
    "姓名": "李样",
    "身份证号": WIFE,
    "户主身份证号": HEAD,
    "与户主关系": "配偶",
    "性别": "女",
    "出生日期": "1945-08-06",
    "年龄": "74",
    "民族": "汉族",
    "婚姻状况": "已婚",
    "文化程度": "小学",
    "政治面貌": "群众",
    "就业状况": "务农",
    "年收入(元)": "3600",
    "是否残疾": "否",
    "患病病种": "高血压",
    "劳动能力": "无劳动能力",
    "健康状况": "一般",
    "参保类型": "城乡居民医保",
    "最初享受月份": "2013-04",
    "是否建档立卡扶贫对象": "否",
    "救助类型": "农村低保",
    "家庭分类施保金额": "0",
    "合计分类施保金额": "0",
    "救助金计算方式": "补差",
    "所属省": "样例省",
    "所属市": "样例市",
    "所属区": "样例县",
    "所属街": "东山镇",
    "所属社": "南村",
    "家庭地址": "样例省样例市样例县东山镇南村1组1号",
    "低保证号": "99000110000001",
}
HEAD_MEMBER = MEMBER | {"姓名": "张样", "身份证号": HEAD, "与户主关系": "户主", "性别": "男", "出生日期": "1941-02-27"}


def headers(layout: Layout) -> list[str]:
    """The header row of a layout, in export order."""
    return [column.header for column in layout.columns]


def table(layout: Layout, *rows: dict[str, object]) -> list[list[object]]:
    """Header and rows as a list of lists."""
    return [headers(layout), *([row.get(header, "") for header in headers(layout)] for row in rows)]


def members(*rows: dict[str, object]) -> list[list[object]]:
    """A 低保人员 table: head and wife unless rows are given."""
    return table(MEMBERS, *(rows or (HEAD_MEMBER, MEMBER)))


def households(*rows: dict[str, object]) -> list[list[object]]:
    """A 低保家庭 table: one family unless rows are given."""
    return table(HOUSEHOLDS, *(rows or (HOUSEHOLD,)))


def csv_bytes(rows: list[list[object]], charset: str = "utf-8", delimiter: str = ",") -> bytes:
    """Rows as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(charset)


def workbook(rows: list[list[object]], title: str = "Sheet1") -> Workbook:
    """Rows as a workbook, still open for mischief."""
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append([None if cell == "" else cell for cell in row])
    return book


def saved(book: Workbook) -> bytes:
    """A workbook as bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx_bytes(rows: list[list[object]]) -> bytes:
    """Rows as .xlsx."""
    return saved(workbook(rows))


def rezipped(data: bytes, changes: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An .xlsx with some parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", compression) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return out.getvalue()


def row_of(layout: Layout, cells: dict[str, str], number: int = 2) -> RosterRow:
    """A row as it reaches the cleaner, by header."""
    columns = {column.header: column.field for column in layout.columns + layout.extra}
    fields = {columns[header]: text for header, text in cells.items()}
    return RosterRow(number, fields, {field: header for header, field in columns.items()})


def household_row(**changes: str) -> RosterRow:
    """The sample family's row with some cells changed."""
    return row_of(HOUSEHOLDS, HOUSEHOLD | changes)


def member_row(**changes: str) -> RosterRow:
    """The sample wife's row with some cells changed."""
    return row_of(MEMBERS, MEMBER | changes)
