"""How long a finding takes, and a preview of a whole county: each county in a process of its own, so that peaks tell.

`python -m benchmarks recalculation --households 10000 --households 100000`; with --apply a copy of the county is
adjusted and the adjustment undone as well.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from benchmarks import county
from models import Recalculation, User
from models.base import reading
from policy.calendar import month_after
from policy.figures import Figures
from policy.vocabulary import Role
from views.db import db
from workflows import jobs, recalculation_apply, recalculation_staging, recalculation_writing
from workflows.actor import Actor
from workflows.assessing import families
from workflows.recalculation import paid, preview
from workflows.reckoning_slice import Assessor
from workflows.tallies import Plan

MONTH = month_after(county.MOMENT.date())
SINGLE = 2_000
FIGURES = Figures.shipped().with_rows([
    {"key": key, "place": "511526", "unit": "yuan", "value": value, "from": date(2026, 11, 1), "cite": "—"}
    for key, value in (("dibao.standard.rural", "480"), ("dibao.standard.urban", "700"))
])  # fmt: skip
"""The sample county with a standard that is raised, so that almost every family changes."""


@dataclass
class Run:
    """One work on one county: wall seconds, CPU seconds of both processes, peak megabytes of both together."""

    what: str
    cases: int
    seconds: float
    cpu_seconds: float
    megabytes: float


@dataclass
class Measured:
    """A county of a size: milliseconds of a single finding (half of them, and 95 of 100, are faster), and the runs."""

    households: int
    single_ms: float
    single_ms_95: float
    runs: list[Run] = field(default_factory=list)


def measure(folder: Path, households: int, carried_out: bool = False) -> Measured:
    """Measure in a process of its own, and read what it prints."""
    words = [sys.executable, "-m", "benchmarks.recalculation", str(folder), str(households), "apply" * carried_out]
    told = subprocess.run(words, capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent).stdout
    found = json.loads(told.splitlines()[-1])
    return Measured(**found | {"runs": [Run(**run) for run in found["runs"]]})


def report(found: Iterable[Measured]) -> str:
    """Tables of single findings and of whole counties."""
    measured = list(found)
    lines = ["| families | single finding, median ms | 95 of 100 faster than, ms |", "|---:|---:|---:|"]
    lines += [f"| {m.households:,} | {m.single_ms:.3f} | {m.single_ms_95:.3f} |" for m in measured]
    lines += ["", "| families | work | cases | s | CPU s | ms CPU a case | peak MB |"]
    lines += ["|---:|---|---:|---:|---:|---:|---:|"]
    lines += [
        f"| {m.households:,} | {run.what} | {run.cases:,} | {run.seconds:.1f} | {run.cpu_seconds:.1f}"
        f" | {1000 * run.cpu_seconds / max(run.cases, 1):.2f} | {run.megabytes:.0f} |"
        for m in measured for run in m.runs
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _measure(folder: Path, households: int, carried_out: bool) -> Measured:
    app = county.opened(folder, households)
    with app.app_context():
        engine = db.engine
        found = _single(engine, households)
        for processes in (2, 1):
            found.runs.append(_preview(engine, processes))
        if carried_out:
            found.runs += _carried_out(engine)
    return found


def _single(engine: Engine, households: int) -> Measured:
    """Findings one by one, each with all its lines as they are stored."""
    assessor, took = Assessor(MONTH, [Plan(FIGURES)], None), []
    with reading(), Session(engine) as session:
        known = [family for _, family in families(session, list(session.scalars(paid()))[:SINGLE], MONTH)]
    for family in known[:100]:
        assessor.assess(family, 0)
    for family in known:
        began = perf_counter()
        assessor.assess(family, 0).as_json()
        took.append((perf_counter() - began) * 1000)
    return Measured(households, median(took), quantiles(took, n=20)[-1])


def _preview(engine: Engine, processes: int) -> Run:
    with reading(), Session(engine) as session:
        began, cpu = perf_counter(), _cpu()
        total = preview(session, FIGURES, MONTH, processes=processes).total
        what = f"preview, {processes} processes" if processes > 1 else "preview, 1 process"
        return _run(what, total.families, began, cpu)


def _carried_out(engine: Engine) -> list[Run]:
    """Staged, carried out, undone: on the county itself, which has its amounts of before afterwards."""
    runs = []
    with Session(engine) as session:
        user = session.scalars(select(User).where(User.role == Role.COUNTY_APPROVER).limit(1)).one()
        actor = Actor(user.id, user.name, user.role, user.division_code)
        id = recalculation_staging.begin(session, actor, county.MOMENT, scope="", month=MONTH, title="测算").id
        session.commit()
    runs.append(_job(engine, "preview, staged"))
    for what, begin in (
        ("carried out", lambda s: recalculation_apply.begin_apply(s, id, actor, county.MOMENT, FIGURES)),
        ("undone", lambda s: recalculation_apply.begin_undo(s, id, actor, county.MOMENT, "测算")),
    ):
        with Session(engine) as session:
            begin(session)
            session.commit()
        runs.append(_job(engine, what))
    with Session(engine) as session:
        batch = session.get_one(Recalculation, id)
        states = batch.counts["states"]
    runs[1].cases = runs[2].cases = states.get("undone", 0)
    return runs


def _job(engine: Engine, what: str) -> Run:
    began, cpu = perf_counter(), _cpu()
    kinds = {"recalculate": recalculation_staging.stage, "apply_recalculation": recalculation_writing.apply,
             "undo_recalculation": recalculation_writing.undo}  # fmt: skip
    done = jobs.work(engine, kinds, lambda: FIGURES, lambda: datetime(2026, 11, 21, 10))
    assert done == 1, "the job failed"
    with Session(engine) as session:
        total = session.scalars(select(Recalculation).order_by(Recalculation.id.desc()).limit(1)).one()
        return _run(what, total.counts["plans"][0]["total"]["families"], began, cpu)


def _run(what: str, cases: int, began: float, cpu: float) -> Run:
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(what, cases, perf_counter() - began, _cpu() - cpu, peak * unit / 1e6)


def _cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    children = os.times()
    return process_time() + children.children_user + children.children_system


if __name__ == "__main__":
    folder, households, carried_out = Path(sys.argv[1]), int(sys.argv[2]), "apply" in sys.argv[3:]
    print(json.dumps(asdict(_measure(folder, households, carried_out))))
