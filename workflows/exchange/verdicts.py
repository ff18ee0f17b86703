"""What is said of a row of a sheet before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from workflows.exchange.lots import Later
from workflows.exchange.newcomers import Newcomers
from workflows.exchange.rows import Problem
from workflows.exchange.wanted import Flat


@dataclass
class Verdict:
    """What a row would do: to which row of ours, with what values, and what stood there before."""

    number: int
    table: str
    label: str
    outcome: str
    village_code: str | None = None
    row_id: int | None = None
    row_version: int | None = None
    content: Flat = field(default_factory=dict)
    before: Flat = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    of_known_family: bool = False
    """The row of a head whose family stands here and is named by this row alone."""


class Judged(NamedTuple):
    """Some rows with their verdicts, and those that bring somebody new to a new family."""

    sources: Sequence[Later]
    verdicts: Sequence[Verdict]
    newcomers: Newcomers


SILENT = frozenset({"not_your_division", "registered_elsewhere"})
"""Problems of a row that lies outside the importer's division: nothing else of what stands there may be told."""


def closed(verdict: Verdict) -> Verdict:
    """The verdict with nothing to write if its row is refused, and nothing told of another division's rows."""
    if verdict.problems:
        verdict.outcome, verdict.content, verdict.before = "refused", {}, {}
    if any(problem.code in SILENT for problem in verdict.problems):
        verdict.problems = [p for p in verdict.problems if p.code in SILENT]
        verdict.warnings, verdict.village_code, verdict.row_id, verdict.row_version = [], None, None, None
    elif verdict.outcome == "unchanged" and verdict.content:
        verdict.outcome = "changed"
    return verdict
