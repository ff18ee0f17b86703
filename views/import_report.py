"""Refused rows as a workbook: the columns of the file they came from, and one more that says what is wrong."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask_babel import gettext
from xlsxwriter import Workbook

from models import ImportBatch
from views.import_words import message
from workflows.exchange.values import RUINED

PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
Refused = tuple[int, Sequence[str], Sequence[dict[str, Any]]]


def workbook(batch: ImportBatch, rows: Sequence[Refused]) -> BytesIO:
    """The .xlsx, every cell text; mended and handed in again it touches nothing else."""
    out = BytesIO()
    headers = batch.counts.get("headers", [])
    with Workbook(out, {"in_memory": True, **PLAIN}) as book:
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet()
        sheet.set_column(0, len(headers), 16, text)
        sheet.freeze_panes(1, 0)
        lines = [[*headers, gettext("What is wrong")]]
        for _, cells, problems in rows:
            own = [*cells[: len(headers)], *[""] * (len(headers) - len(cells))]
            lines.append([*own, " ".join(map(message, problems)), *cells[len(headers) :]])
        for at, line in enumerate(lines):
            for column, cell in enumerate(line):
                sheet.write_string(at, column, cell.removeprefix(RUINED), text)
    out.seek(0)
    return out
