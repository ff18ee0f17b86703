"""What somebody decides about single rows of a preview: take them, skip them, keep ours, or leave out a cell."""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import Session

from models import ImportBatch, ImportRow
from models.sealing import opener
from workflows.actor import IMPORTERS, Actor
from workflows.exchange.clearing import TOGETHER
from workflows.exchange.staged import pages
from workflows.exchange.wanted import Flat
from workflows.reason import Reason, Refused

TAKE, SKIP, KEEP, SETTLED = "take", "skip", "keep", "settled"
CHOICES: Mapping[str, tuple[str, ...]] = {
    "new": (TAKE, SKIP), "changed": (TAKE, KEEP, SKIP), "missing": (TAKE, SETTLED), "candidate": (TAKE, SETTLED),
}  # fmt: skip
"""What may be chosen for rows of an outcome; the first is the usual. Candidates stay open until they are settled."""
CHOSEN = ("row_key", "content_sealed", "before_sealed", "choice", "unticked")
AFTERWARDS = ("missing", "candidate")
"""Rows that change nothing by themselves and are worked through also after the import."""


class Wish(NamedTuple):
    """What a page showed as chosen for a row when it was drawn, and what stood there when it was sent."""

    shown: str
    chosen: str


class Decided(NamedTuple):
    """How many rows differ now, and those whose choice was changed elsewhere since the page was drawn: left so."""

    rows: int
    crossed: Sequence[ImportRow] = ()


def choose(session: Session, batch: ImportBatch, actor: Actor, wishes: Mapping[int, Wish]) -> Decided:
    """Set the choice of single rows where the page changed it; what does not go with a row is passed over.

    A choice that somebody else changed meanwhile, to something else, is not overwritten but told.
    """
    _may(batch, actor)
    changed = {number: wish for number, wish in wishes.items() if wish.chosen != wish.shown}
    done, crossed = 0, []
    for row in session.scalars(_rows(batch, changed)):
        shown, chosen = changed[row.id]
        if not _lawful(batch, row.outcome, chosen) or row.choice == chosen:
            continue
        if row.choice != shown:
            crossed.append(row)
            continue
        row.choice, done = chosen, done + 1
    session.flush()
    return Decided(done, crossed)


def choose_cells(
    session: Session, batch: ImportBatch, actor: Actor, cells: Mapping[int, tuple[set[str], set[str]]]
) -> int:
    """Set which cells of rows that change are taken, by row the fields (unticked, ticked); how many rows differ now.

    Kind and level of a disability go together. Cells that the page did not change stay as they are.
    """
    _may(batch, actor)
    done = 0
    changed = {number: both for number, both in cells.items() if any(both)} if batch.state == "staged" else {}
    for row in session.scalars(_rows(batch, changed).where(ImportRow.outcome == "changed")):
        unticked, ticked = changed[row.id]
        fields = tickable(json.loads(row.content or "{}"))
        left = (set(row.unticked.split()) - ticked | unticked) & set(fields)
        if left & TOGETHER:
            left |= TOGETHER & set(fields)
        told = " ".join(name for name in fields if name in left)
        if told != row.unticked:
            row.unticked, done = told, done + 1
    session.flush()
    return done


def _rows(batch: ImportBatch, numbers: Iterable[int]) -> Select[ImportRow]:
    """These rows, held until the transaction ends, so that two windows at once decide one after the other."""
    found = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.id.in_(list(numbers)))
    return found.order_by(ImportRow.row_no).with_for_update()


def reading(session: Session, batch: ImportBatch) -> str:
    """By what this reading of the file is told from another: rows read anew bear the numbers of the earlier ones."""
    query = select(ImportRow.row_key).where(ImportRow.batch_id == batch.id).order_by(ImportRow.row_no).limit(1)
    return sha256((session.scalar(query) or "").encode()).hexdigest()[:12]


def of_reading(session: Session, batch: ImportBatch, told: str) -> None:
    """Refuse what a page says that shows an earlier reading of the file; ``told`` is empty where none was shown."""
    if batch.state == "staged" and told and told != reading(session, batch):
        raise Refused([Reason("import_read_anew")])


def tickable(content: Flat) -> list[str]:
    """Fields of a row that changes which may be left as they stand here one by one."""
    return [name for name in content if name not in ("case", "household_id")]


def choose_all(session: Session, batch: ImportBatch, actor: Actor, where: ColumnElement[bool], chosen: str) -> int:
    """Set the choice of all rows of a list as it is filtered; returns how many were changed."""
    _may(batch, actor)
    outcomes = [outcome for outcome in CHOICES if _lawful(batch, outcome, chosen)]
    statement = update(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.outcome.in_(outcomes), where)
    done: Any = session.execute(statement.values(choice=chosen).execution_options(synchronize_session=False))
    return int(done.rowcount)


def kept_values(content: Flat, before: Flat) -> Flat:
    """What of a change is written when existing values are kept: only what fills a gap."""
    return {name: value for name, value in content.items() if name not in before or before[name] in (None, "", [])}


def settle(session: Session, batch: ImportBatch) -> None:
    """Before a batch is applied: skipped rows leave it, and of rows that keep their values only gaps are filled."""
    skipped = update(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.choice == SKIP)
    skipped = skipped.where(ImportRow.outcome.in_(("new", "changed"))).values(outcome="skipped")
    session.execute(skipped.execution_options(synchronize_session=False))
    for row in session.scalars(select(ImportRow).where(_partly(batch))).all():
        _narrow(row)
    session.flush()


def idle(session: Session, batch: ImportBatch) -> int:
    """How many rows that change would write nothing as they are chosen now: they keep all that stands here."""
    content, before = opener("import_row.content"), opener("import_row.before")
    found = 0
    for page in pages(session, CHOSEN, and_(_partly(batch), ImportRow.choice != SKIP)):
        for _, key, told, stood, choice, unticked in page:
            was = json.loads(before(key, stood)) if stood else {}
            found += not _written(json.loads(content(key, told)) if told else {}, was, choice, unticked)
    return found


def _partly(batch: ImportBatch) -> ColumnElement[bool]:
    """The rows that change and of which somebody keeps something as it stands here."""
    kept = or_(ImportRow.choice == KEEP, ImportRow.unticked != "")
    return and_(ImportRow.batch_id == batch.id, ImportRow.outcome == "changed", kept)


def _written(content: Flat, before: Flat, choice: str, unticked: str) -> Flat:
    """What a row writes after what was decided: what fills a gap, and no cell that was left out."""
    left = kept_values(content, before) if choice == KEEP else content
    return {name: value for name, value in left.items() if name not in unticked.split()}


def _narrow(row: ImportRow) -> None:
    """Let a row write only what was decided."""
    before = json.loads(row.before or "{}")
    left = _written(json.loads(row.content or "{}"), before, row.choice, row.unticked)
    row.content = json.dumps(left, ensure_ascii=False) if left else None
    row.before = json.dumps({k: v for k, v in before.items() if k in left}, ensure_ascii=False) if left else None
    row.outcome = "changed" if left else "skipped"


def _lawful(batch: ImportBatch, outcome: str, chosen: str) -> bool:
    return chosen in CHOICES.get(outcome, ()) and (batch.state == "staged" or outcome in AFTERWARDS)


def _may(batch: ImportBatch, actor: Actor) -> None:
    if batch.division_code != actor.division_code or actor.role not in IMPORTERS:
        raise Refused([Reason("not_your_import")])
    if batch.state not in ("staged", "applied"):
        raise Refused([Reason("import_not_staged", state=batch.state)])


def numbers(values: Iterable[str]) -> list[int]:
    """Row ids as a form sends them."""
    return [int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 12]
