"""Staged rows as they are read back: for the preview, the report of refused rows, and the history of a record."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ImportBatch, ImportRow
from models.sealing import unseal
from workflows.actor import IMPORTERS, Actor
from workflows.exchange.judging import MAY_CREATE_VILLAGES

__all__ = ["IMPORTERS", "MAY_CREATE_VILLAGES", "opened", "own_batches", "refused_rows"]


def own_batches(actor: Actor) -> Any:
    """The query for the imports of the actor's own division."""
    return select(ImportBatch).where(ImportBatch.division_code == actor.division_code)


def opened(text: str | None) -> dict[str, Any]:
    """What a sealed column holds, once unsealed."""
    return dict(json.loads(text)) if text else {}


def refused_rows(session: Session, batch_id: int) -> Iterator[tuple[int, list[str], list[dict[str, Any]]]]:
    """(row number, cells as in the file, problems) of refused rows, in file order and not all at once."""
    columns = (ImportRow.row_no, ImportRow.row_key, ImportRow.content_sealed, ImportRow.problems)
    query = select(*columns).where(ImportRow.batch_id == batch_id, ImportRow.outcome == "refused")
    rows = session.execute(query.order_by(ImportRow.row_no).execution_options(yield_per=500))
    for number, key, sealed, problems in rows:
        content = opened(unseal("import_row.content", key, sealed) if sealed else None)
        yield number, content.get("cells", []), [problem for problem in problems if not problem["warning"]]
