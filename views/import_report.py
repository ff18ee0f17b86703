"""Refused rows as a workbook: the columns of the file they came from, and one more that says what is wrong."""

from collections.abc import Iterator, Sequence
from typing import IO, Any

from flask_babel import gettext

from models import ImportBatch
from views.import_words import message
from workflows.exchange.files import xlsx_file
from workflows.exchange.values import RUINED

Refused = tuple[int, Sequence[str], Sequence[dict[str, Any]]]


def workbook(batch: ImportBatch, rows: Sequence[Refused]) -> IO[bytes]:
    """The .xlsx, every cell text; mended and handed in again it touches nothing else."""
    return xlsx_file(_lines(batch.counts.get("headers", []), rows))


def _lines(headers: Sequence[str], rows: Sequence[Refused]) -> Iterator[list[str]]:
    yield [*headers, gettext("What is wrong")]
    for _, cells, problems in rows:
        own = [cell.removeprefix(RUINED) for cell in cells]
        own += [""] * (len(headers) - len(own))
        yield [*own[: len(headers)], " ".join(map(message, problems)), *own[len(headers) :]]
