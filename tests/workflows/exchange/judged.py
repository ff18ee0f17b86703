"""A row, a sheet or what it would do, all at once: the product goes by lots."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from workflows.actor import Actor
from workflows.exchange.checking import check_file, clean_rows, refuse_masked, roster_rows
from workflows.exchange.cleaning import Columns
from workflows.exchange.judging import Judging
from workflows.exchange.list_rows import Kind
from workflows.exchange.newcomers import Newcomers
from workflows.exchange.reading import Sheet
from workflows.exchange.rows import Problem, RosterRow
from workflows.exchange.verdicts import Verdict


class Checked(NamedTuple):
    """A row of a file by its number, with what is wrong with it."""

    number: int
    problems: tuple[Problem, ...]


def clean_row(kind: Kind, row: RosterRow, on: date) -> Any:
    """A row as typed values, or every reason why it is refused."""
    texts = {name: (cell,) for name, cell in row.cells.items()}
    return Columns(kind, on).clean((row.number,), texts, row.headers, {0: row.surplus} if row.surplus else {})[0]


def clean_sheet(sheet: Sheet, on: date, is_head: Callable[[str], bool] | None = None) -> list[Checked]:
    """Every row of a sheet in its order; ``is_head`` says who is a head on the roster, without it nobody is unknown."""
    refuse_masked(sheet)
    found = clean_rows(sheet, on)
    if is_head is not None:
        found.problems |= check_file(list(roster_rows(found.rows)), sheet.header_by_field, is_head)
    return [Checked(number, found.problems.get(number, ())) for number in found.numbers]


def judge_sheet(session: Session, sheet: Sheet, actor: Actor, now: datetime) -> list[Verdict]:
    """The verdicts on a whole sheet in its order."""
    judging = Judging(session, sheet, actor, now)
    verdicts = [verdict for lot in judging.lots() for verdict in (*lot.verdicts, *_verdicts(lot.newcomers))]
    common = judging.common()
    for verdict in verdicts:
        verdict.warnings += common.get(verdict.number, ())
    return sorted(verdicts, key=lambda verdict: (verdict.number < 0, abs(verdict.number)))


def _verdicts(new: Newcomers) -> list[Verdict]:
    rows = zip(new.rows, new.villages, new.contents(), strict=True)
    return [
        Verdict(row.number, "member", row.name, "new", village, content=content, warnings=new.found.get(row.number, []))
        for row, village, content in rows
    ]
