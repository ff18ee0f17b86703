"""Staging: a sheet with its verdicts is kept as a batch, its rows sealed, for a preview that survives reload."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models import ImportBatch, ImportLot, ImportRow
from models.lots import sealed_lot
from models.record import OPENED_LOTS
from models.sealing import new_row_keys, seal_all
from workflows import audit
from workflows.actor import Actor
from workflows.exchange.existing import chunks
from workflows.exchange.judging import Judging, Tell
from workflows.exchange.newcomers import Newcomers, encode
from workflows.exchange.reading import Sheet
from workflows.exchange.rows import SENSITIVE, Problem
from workflows.exchange.verdicts import Judged, Verdict
from workflows.exchange.villages import Villages
from workflows.indexes import laid_aside
from workflows.loading import Loader, binders, note, room, seldom_swept

MOST_TOLD = 50
MARKS = 300
COLUMNS = (
    "row_key", "batch_id", "row_no", "outcome", "table_name", "row_id", "row_version", "label", "village_code",
    "person_hash", "head_hash", "home_id", "problems", "marks", "lot", "place", "content_sealed", "before_sealed",
)  # fmt: skip
LOT = ("batch_id", "number", "row_key", "content_sealed")
IN_A_LOT = 500
"""So many new rows say what they say together: opening a page of the preview opens a lot or two."""


def stage(
    session: Session,
    sheet: Sheet,
    actor: Actor,
    now: datetime,
    *,
    file_name: str,
    sha256: str,
    create_villages: bool = False,
    batch: ImportBatch | None = None,
    tell: Tell | None = None,
) -> ImportBatch:
    """Keep a sheet with its verdicts as a batch for preview: in a new one, or anew in one that is not applied yet.

    Raises as ``Judging``; the caller commits.
    """
    with seldom_swept():
        judging = Judging(session, sheet, actor, now, create_villages or sheet.asked.create_villages, tell)
        audit.attribute(session, actor, now)
        if batch is None:
            batch = new_batch(actor, now, file_name, sha256)
            session.add(batch)
        else:
            forget(session, batch)
        _keep(session, batch, sheet, judging)
    return batch


def _keep(session: Session, batch: ImportBatch, sheet: Sheet, judging: Judging) -> None:
    batch.layout, batch.charset, batch.rows, batch.state = sheet.layout.code, sheet.charset, len(sheet.rows), "staged"
    session.flush()
    counted = Counted()
    with room(session):
        _write(session, batch.id, judging, counted, len(sheet.rows))
        _mark(session, batch.id, judging.common(), counted)
    batch.counts = counted.told(judging.villages) | _about(sheet)
    session.flush()


def forget(session: Session, batch: ImportBatch) -> None:
    """Take the rows of a batch away, which hold people's data."""
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    session.execute(delete(ImportLot).where(ImportLot.batch_id == batch.id))
    session.info.pop(OPENED_LOTS, None)


def new_batch(actor: Actor, now: datetime, file_name: str, sha256: str) -> ImportBatch:
    """A batch of the actor's own office, nothing read yet."""
    return ImportBatch(
        layout="", file_name=file_name[:200], charset="", sha256=sha256, rows=0, counts={}, state="received",
        division_code=actor.division_code, user_id=actor.id, channel=actor.channel, on=now.date(), created_at=now,
    )  # fmt: skip


def _about(sheet: Sheet) -> dict[str, Any]:
    """What the sheet itself is told of: headers, columns nobody took, rows left out, hidden rows."""
    return {
        "headers": list(sheet.headers), "unknown": list(sheet.match.unknown)[:MOST_TOLD], "hidden": sheet.hidden,
        "left_out": len(sheet.left_out), "sheet": sheet.sheet_name,
    }  # fmt: skip


class Counted:
    """What a preview tells in numbers, added up lot by lot."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.tables: Counter[tuple[str, str]] = Counter()
        self.warned = self.families = self.cases = self.monthly_fen = 0
        self.missing: set[tuple[str, str]] = set()
        self.said: set[int] = set()
        """The numbers of rows of which anything may have been told."""

    def add(self, lot: Judged) -> None:
        """Count some verdicts."""
        new = lot.newcomers
        self.outcomes["new"] += len(new)
        self.tables["member", "new"] += len(new)
        self.warned += len(new.found)
        self.said.update(new.found, (verdict.number for verdict in lot.verdicts))
        self.families += len(new.heads)
        paid = [fen for fen in new.cases["amount_fen"] if fen]
        self.cases, self.monthly_fen = self.cases + len(paid), self.monthly_fen + sum(paid)
        for verdict in lot.verdicts:
            self.outcomes[verdict.outcome] += 1
            self.tables[verdict.table, verdict.outcome] += 1
            self.tables["household", "unchanged"] += verdict.of_known_family and verdict.outcome != "refused"
            self.warned += bool(verdict.warnings)
            self.families += verdict.outcome == "new" and "household" in verdict.content
            if case := verdict.content.get("case"):
                self.cases += 1
                self.monthly_fen += 0 if case.get("decided_on") else case["amount_fen"]
            for problem in verdict.problems:
                if problem.code == "unknown_village":
                    self.missing.add((problem.args["township"], problem.args["village"]))

    def told(self, villages: Villages) -> dict[str, Any]:
        """As the batch keeps it. A family comes, and is named again, with its head's row; a new row is a person."""
        made = [{"code": code, "township": town, "name": name} for (town, name), code in villages.unknown.items()]
        new = {"household": self.families, "member": self.outcomes["new"]}
        tables = {
            table: {"new": new[table]} | {outcome: self.tables[table, outcome] for outcome in ("changed", "unchanged")}
            for table in new
        }
        return {
            **self.outcomes, "warned": self.warned, "villages": made,
            "unknown_villages": sorted(map(list, self.missing)),
            "families": self.families, "people": self.outcomes["new"], "tables": tables, "cases": self.cases,
            "monthly_fen": self.monthly_fen,
        }  # fmt: skip


def _write(session: Session, batch_id: int, judging: Judging, counted: Counted, rows: int) -> None:
    lots, mark = 0, judging.marks.__getitem__
    with laid_aside(session, {ImportRow: rows}), Loader(session, ImportRow, COLUMNS, direct=True) as loader:
        for lot in judging.lots():
            loader.add(kept(batch_id, lot, mark))
            if len(lot.newcomers):
                loader.add_columns(_new(batch_id, lot.newcomers, mark, lots))
                told = enumerate(lot.newcomers.lots(IN_A_LOT), lots)
                sealed = [dict(zip(LOT, sealed_lot(batch_id, *one), strict=True)) for one in told]
                session.execute(insert(ImportLot), sealed)
                lots += len(sealed)
            counted.add(lot)


def kept(batch_id: int, lot: Judged, mark: Callable[[str], str]) -> list[tuple[Any, ...]]:
    """Rows with a verdict as the batch keeps them; a refused one with its cells, for the report that is mended.

    ``mark`` gives the hash of an ID number.
    """
    sources, verdicts = {row.number: row for row in lot.sources}, lot.verdicts
    keys = new_row_keys(len(verdicts))
    content: list[Any] = [{"cells": sources[v.number].cells} if v.problems else v.content for v in verdicts]
    sealed = seal_all("import_row.content", keys, [encode(one) if one else None for one in content])
    stood = [encode(v.before) if v.before else None for v in verdicts]
    before = seal_all("import_row.before", keys, stood)
    return [
        (key, batch_id, v.number, v.outcome, v.table, v.row_id, v.row_version, v.label[:60], v.village_code,
         *_whose(v, mark), _told_all(v.problems, v.warnings), _marks(v), None, None, told, stood)
        for key, v, told, stood in zip(keys, verdicts, sealed, before, strict=True)
    ]  # fmt: skip


def _new(batch_id: int, new: Newcomers, mark: Callable[[str], str], lots: int) -> list[Sequence[Any]]:
    """Newcomers as the batch keeps them, by columns and so many to a lot; there are ``lots`` before them."""
    count, said = len(new), new.said
    nothing, doubts = (None,) * count, [new.found.get(number, ()) for number in said["number"]] if new.found else ()
    problems, marks = ([[]] * count, ["  "] * count) if not doubts else (
        [_told_all((), doubt) for doubt in doubts], [_codes(doubt) for doubt in doubts]
    )  # fmt: skip
    return [
        new_row_keys(count), (batch_id,) * count, said["number"], ("new",) * count, ("member",) * count,
        nothing, nothing, [name[:60] for name in said["name"]], new.villages, list(map(mark, said["id_no"])),
        list(map(mark, said["head_id_no"])), nothing, problems, marks, [lots + at // IN_A_LOT for at in range(count)],
        [at % IN_A_LOT for at in range(count)], nothing, nothing,
    ]  # fmt: skip


def _whose(verdict: Verdict, mark: Callable[[str], str]) -> tuple[str | None, str | None, int | None]:
    """(hash of whom a row brings, of who heads the new family, family of ours), as rows are joined when applied."""
    content = verdict.content
    if verdict.outcome not in ("new", "changed"):
        return None, None, None
    home: int | None = content.get("household_id")
    person = content.get("member") or content.get("head")
    own = mark(person["id_no"]) if person else None
    if "household" in content:
        return own, own, home
    head = None if home else content.get("head_id_no") or content.get("head_of")
    return own, mark(head) if head else None, home


def _marks(verdict: Verdict) -> str:
    """What a row may be filtered by: the fields that change, and the codes of what is wrong or to be looked at."""
    return _codes((*verdict.problems, *verdict.warnings), verdict.before if verdict.outcome == "changed" else ())


def _codes(problems: Sequence[Problem], fields: Iterable[str] = ()) -> str:
    if not (fields or problems):
        return "  "
    return f" {' '.join(dict.fromkeys((*(problem.code for problem in problems), *fields)))} "[:MARKS]


def _told_all(problems: Sequence[Problem], warnings: Sequence[Problem]) -> list[dict[str, Any]]:
    if not (problems or warnings):
        return []
    return [_told(problem, False) for problem in problems] + [_told(one, True) for one in warnings]


def _told(problem: Problem, warning: bool) -> dict[str, Any]:
    value = "" if problem.field in SENSITIVE else problem.value[:60]
    return {
        "field": problem.field, "column": problem.column, "code": problem.code, "value": value,
        "args": dict(problem.args), "warning": warning,
    }  # fmt: skip


def _mark(session: Session, batch_id: int, common: Mapping[int, list[Problem]], counted: Counted) -> None:
    """Add to rows that are kept already what the file as a whole showed; most of them were told nothing before."""
    columns = (ImportRow.row_no, ImportRow.problems, ImportRow.marks)
    before: dict[int, tuple[list[dict[str, Any]], str]] = dict.fromkeys(sorted(common.keys() - counted.said), ([], ""))
    for numbers in chunks(sorted(common.keys() & counted.said)):
        mine = select(*columns).where(ImportRow.batch_id == batch_id, ImportRow.row_no.in_(numbers))
        before |= {number: (problems, marks) for number, problems, marks in session.execute(mine)}
    told, marked = [], []
    for number, (problems, marks) in before.items():
        counted.warned += not any(problem["warning"] for problem in problems)
        told.append([*problems, *(_told(problem, True) for problem in common[number])])
        codes = dict.fromkeys((*marks.split(), *(problem.code for problem in common[number])))
        marked.append(f" {' '.join(codes)} "[:MARKS])
    bind = next(iter(binders(session, ImportRow, ("problems",))))
    rows = zip(bind(told), marked, repeat(batch_id), before, strict=False)
    note(session, ImportRow, ("problems", "marks"), rows, by=("batch_id", "row_no"))
