"""Our own form as an empty workbook: an example row, lists to choose from, numbers as text."""

from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import County, Division
from policy.division_codes import is_village
from workflows.exchange import words
from workflows.exchange.files import PLAIN
from workflows.exchange.layouts import PLAIN as LAYOUT

if TYPE_CHECKING:
    from xlsxwriter import Workbook

ROWS = 5_000
LISTS = "选项"
EXAMPLE = {
    "head_id_no": "990000196005170017", "name": "示例：张三", "id_no": "990000196005170017", "relation": "户主",
    "sex": "男", "ethnicity": "汉族", "marital": "已婚", "schooling": "小学", "employment": "务农",
    "income_year_fen": "3600", "disability_kind": "肢体", "disability_level": "三级", "illness": "高血压",
    "labour": "部分丧失劳动能力", "health": "有慢性病", "phone": "13800000000", "address": "1组12号",
    "bank": "农村信用社", "account_name": "张三", "account": "6210000000000000000", "aid_kind": "农村低保",
    "monthly_fen": "760", "first_month": "2020-06", "note": "示例行，导入时自动略过",
}  # fmt: skip
TABLES: dict[str, words.Table[Any]] = {
    "relation": words.RELATION, "sex": words.SEX, "marital": words.MARITAL, "schooling": words.SCHOOLING,
    "employment": words.EMPLOYMENT, "disability_kind": words.DISABILITY_KIND, "disability_level": words.LEVELS,
    "labour": words.LABOUR, "health": words.HEALTH, "aid_kind": words.AREA,
}  # fmt: skip


def plain_sheet(session: Session) -> IO[bytes]:
    """The form as .xlsx in a temporary file; townships and villages are this county's. Whoever sends it closes it."""
    out: Any = TemporaryFile()  # noqa: SIM115
    lists = {field: list(table.spoken.values()) for field, table in TABLES.items()} | _places(session)
    from xlsxwriter import Workbook  # large, and wanted by one download

    with Workbook(out, PLAIN) as book:
        _sheet(book, lists)
    out.seek(0)
    return out  # type: ignore[no-any-return]


def _places(session: Session) -> dict[str, list[str]]:
    county = session.scalars(select(County.code)).one()
    rows = session.execute(select(Division.code, Division.parent_code, Division.name).order_by(Division.code)).all()
    townships = [name for _, parent, name in rows if parent == county]
    villages = list(dict.fromkeys(name for code, _, name in rows if is_village(code)))
    return {"township": townships, "village": villages}


def _sheet(book: "Workbook", lists: dict[str, list[str]]) -> None:
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#E8EEF7", "border": 1})
    must = book.add_format({"num_format": "@", "bold": True, "bg_color": "#FCE4D6", "border": 1})
    grey = book.add_format({"num_format": "@", "font_color": "#808080"})
    sheet, choices = book.add_worksheet("名册"), book.add_worksheet(LISTS)
    choices.hide()
    sheet.freeze_panes(1, 2)
    for at, column in enumerate(LAYOUT.columns):
        sheet.set_column(at, at, max(12, 2 * len(column.header) + 4), text)
        sheet.write_string(0, at, column.header, must if column.required else head)
        sheet.write_string(1, at, _example(column.field, lists), grey)
        if found := lists.get(column.field):
            _choice(sheet, choices, at, found)


def _example(field: str, lists: dict[str, list[str]]) -> str:
    return EXAMPLE.get(field) or (lists[field][0] if lists.get(field) else "")


def _choice(sheet: Any, choices: Any, at: int, found: Sequence[str]) -> None:
    """A list on the hidden sheet, and the column's cells that choose from it; other words may still be typed."""
    choices.write_column(0, at, found)
    from xlsxwriter.utility import xl_col_to_name

    letter = str(xl_col_to_name(at))
    source = f"='{LISTS}'!${letter}$1:${letter}${len(found)}"
    sheet.data_validation(1, at, ROWS, at, {"validate": "list", "source": source, "error_type": "information"})
