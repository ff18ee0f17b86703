"""Staging: a sheet with its verdicts is kept as a batch, its rows sealed, for a preview that survives reload."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from models import ImportBatch, ImportRow
from models.sealing import blind, new_row_key, seal
from workflows import audit
from workflows.actor import Actor
from workflows.exchange.judging import Tell, Verdict, judge_sheet
from workflows.exchange.reading import Sheet
from workflows.exchange.rows import SENSITIVE, Problem
from workflows.exchange.villages import Villages
from workflows.exchange.wanted import Flat

AT_ONCE = 2_000
MOST_TOLD = 50
MARKS = 300


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

    Raises as ``judge_sheet``; the caller commits.
    """
    verdicts, villages = judge_sheet(session, sheet, actor, now, create_villages or sheet.asked.create_villages, tell)
    audit.attribute(session, actor, now)
    if batch is None:
        batch = new_batch(actor, now, file_name, sha256)
        session.add(batch)
    else:
        session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    batch.layout, batch.charset, batch.rows, batch.state = sheet.layout.code, sheet.charset, len(sheet.rows), "staged"
    batch.counts = _counts(verdicts, villages) | _about(sheet)
    session.flush()
    cells = {row.number: row.cells for row in sheet.rows}
    for part in range(0, len(verdicts), AT_ONCE):
        some = verdicts[part : part + AT_ONCE]
        session.execute(insert(ImportRow), [_kept(batch.id, one, cells.get(one.number, ())) for one in some])
        if tell:
            tell(len(verdicts) + part + len(some), 2 * len(verdicts))
    return batch


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


def _counts(verdicts: list[Verdict], villages: Villages) -> dict[str, Any]:
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    made = [{"code": code, "township": town, "name": name} for (town, name), code in villages.unknown.items()]
    problems = [problem for verdict in verdicts for problem in verdict.problems if problem.code == "unknown_village"]
    missing = {(problem.args["township"], problem.args["village"]) for problem in problems}
    return {
        **outcomes, "warned": sum(bool(verdict.warnings) for verdict in verdicts), "villages": made,
        "unknown_villages": sorted(map(list, missing)),
        "families": sum("household" in verdict.content for verdict in verdicts if verdict.outcome == "new"),
        "people": outcomes["new"], "tables": _by_table(verdicts),
        "cases": sum("case" in verdict.content for verdict in verdicts),
        "monthly_fen": sum(case["amount_fen"] for case in _cases(verdicts) if not case.get("decided_on")),
    }  # fmt: skip


def _cases(verdicts: list[Verdict]) -> list[dict[str, Any]]:
    return [verdict.content["case"] for verdict in verdicts if "case" in verdict.content]


def _by_table(verdicts: list[Verdict]) -> dict[str, dict[str, int]]:
    """Families and people: a new family comes with the row of its head, and every new row is a person."""
    found = {table: Counter(v.outcome for v in verdicts if v.table == table) for table in ("household", "member")}
    founded = sum("household" in verdict.content for verdict in verdicts if verdict.outcome == "new")
    new = {"household": founded, "member": found["household"]["new"] + found["member"]["new"]}
    return {
        table: {"new": new[table], "changed": counts["changed"], "unchanged": counts["unchanged"]}
        for table, counts in found.items()
    }


def _kept(batch_id: int, verdict: Verdict, cells: Sequence[str]) -> dict[str, Any]:
    """A row as the batch keeps it; a refused one with its cells, for the report that is mended and sent again."""
    row_key = new_row_key()
    told = [_told(problem, False) for problem in verdict.problems]
    told += [_told(problem, True) for problem in verdict.warnings]
    kept: Any = {"cells": list(cells)} if verdict.problems else verdict.content
    before = _sealed("before", row_key, verdict.before)
    return {
        "row_key": row_key, "batch_id": batch_id, "row_no": verdict.number, "outcome": verdict.outcome,
        "table_name": verdict.table, "row_id": verdict.row_id, "row_version": verdict.row_version,
        "label": verdict.label[:60], "village_code": verdict.village_code, "problems": told,
        "marks": _marks(verdict), **_whose(verdict.content if verdict.outcome in ("new", "changed") else {}),
        "content_sealed": _sealed("content", row_key, kept), "before_sealed": before,
    }  # fmt: skip


def _whose(content: Flat) -> dict[str, Any]:
    """Whom a row brings and whose family it is, as rows are joined when they are applied."""
    person = content.get("member") or content.get("head") or {}
    own = blind("id_no", person["id_no"]) if "id_no" in person else None
    home, head = content.get("household_id"), content.get("head_id_no") or content.get("head_of")
    if "household" in content:
        leads = own
    else:
        leads = blind("id_no", head) if head and not home else None
    return {"person_hash": own, "head_hash": leads, "home_id": home}


def _marks(verdict: Verdict) -> str:
    """What a row may be filtered by: the fields that change, and the codes of what is wrong or to be looked at."""
    fields = verdict.before if verdict.outcome == "changed" else ()
    codes = (problem.code for problem in (*verdict.problems, *verdict.warnings))
    return f" {' '.join(dict.fromkeys((*codes, *fields)))} "[:MARKS]


def _told(problem: Problem, warning: bool) -> dict[str, Any]:
    value = "" if problem.field in SENSITIVE else problem.value[:60]
    return {
        "field": problem.field, "column": problem.column, "code": problem.code, "value": value,
        "args": dict(problem.args), "warning": warning,
    }  # fmt: skip


def _sealed(column: str, row_key: str, values: Any) -> bytes | None:
    return seal(f"import_row.{column}", row_key, json.dumps(values, ensure_ascii=False)) if values else None
