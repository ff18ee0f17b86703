"""政策模拟: what trial values would do to the paid cases (and to those refused within a year), with no case written.

Each scenario is compared with what today's figures give, so that only its own effect is seen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, select, true
from sqlalchemy.orm import Session, aliased

from models import Benefit, Recalculation
from models.base import reading
from policy.book import BadFigure, trial_figure
from policy.calendar import add_months
from policy.division_codes import is_township
from policy.vocabulary import ENDED, PERSONAL, Scheme, Stage
from workflows import audit, jobs
from workflows.actor import SYSTEM, Actor
from workflows.reason import Reason, Refused
from workflows.recalculation import Selection, previews
from workflows.recalculation_staging import begin, county_or, keep
from workflows.tallies import CLASSES, Plan

MOST_SCENARIOS = 2
YEAR = 12
SIDES = ("over", "back", "in")
"""Outcomes in which a family changes sides."""
Scenario = Mapping[str, Any]


def begin_simulation(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    scope: str,
    month: date,
    scenarios: Sequence[Scenario],
    scheme: Scheme = Scheme.DIBAO,
) -> Recalculation:
    """Have one or two scenarios counted: ``{"name": …, "figures": {key: value as people write it}}``.

    Refused with one reason for each value that cannot be, for a scenario without values, for a division elsewhere.
    """
    wanted = [one for one in scenarios if one["figures"] or str(one["name"]).strip()][:MOST_SCENARIOS]
    faults = [fault for one in wanted for fault in _faults(one, scope, month)]
    if not wanted:
        faults.append(Reason("scenario_missing"))
    if faults:
        raise Refused(faults)
    title = " / ".join(name_of(one) for one in wanted)
    kept = [{"name": name_of(one), "figures": dict(one["figures"])} for one in wanted]
    return begin(session, actor, now, scope=scope, month=month, title=title, kind="simulate", scenarios=kept,
                 scheme=scheme)  # fmt: skip


def name_of(scenario: Scenario) -> str:
    """What a scenario is called: as people named it, else by its values."""
    told = "；".join(f"{key} {value}" for key, value in scenario["figures"].items())
    return (str(scenario["name"]).strip() or told)[:80]


def _faults(scenario: Scenario, scope: str, month: date) -> Iterator[Reason]:
    if not scenario["figures"]:
        yield Reason("scenario_empty", name=name_of(scenario))
    for key, value in scenario["figures"].items():
        try:
            trial_figure(key, value, scope, month)
        except BadFigure:
            yield Reason("trial_value", key=key, value=value)


def simulate(work: jobs.Work, arguments: dict[str, Any]) -> None:
    """Count the scenarios of a batch and keep the sums and the families that change sides."""
    with reading(), Session(work.engine) as session:
        batch = session.get_one(Recalculation, arguments["recalculation"])
        if batch.state != "counting":
            return
        plans = [Plan(work.figures, dict(one["figures"])) for one in batch.scenarios]
        since, scope = add_months(batch.created_at.date(), -YEAR), county_or(batch.division_code)
        refused = list(session.scalars(refused_since(since, batch.division_code, batch.scheme)))
        found = previews(
            session, plans, batch.on, Selection(scope, (batch.scheme,), refused), Plan(work.figures),
            progress=work.progress,
        )  # fmt: skip
    for one in found:
        one.changes = [change for change in one.changes if change.outcome in SIDES]
    with Session(work.engine) as session, session.begin():
        audit.attribute(session, SYSTEM, work.clock())
        batch = session.get_one(Recalculation, arguments["recalculation"], with_for_update=True)
        if batch.state != "counting":
            return  # laid aside, or counted by another process, meanwhile
        keep(session, batch, found)
        batch.state, batch.counted_at = "staged", work.clock()


EACH = (*PERSONAL, Scheme.TEKUN)
"""Schemes under which people of one family may have a case each."""


def refused_since(day: date, scope: str, scheme: Scheme = Scheme.DIBAO) -> Any:
    """Cases of a scheme not confirmed since a day, whose family or person has not come again: some might be let in."""
    later = aliased(Benefit)
    again = exists().where(
        later.household_id == Benefit.household_id, later.scheme == scheme,
        func.coalesce(later.member_id, 0) == func.coalesce(Benefit.member_id, 0) if scheme in EACH else true(),
        (later.id > Benefit.id) | later.stage.not_in(ENDED),
    )  # fmt: skip
    query = select(Benefit.id).where(
        Benefit.scheme == scheme, Benefit.stage == Stage.REFUSED, Benefit.decided_on >= day, ~again
    )
    if is_township(scope):
        query = query.where(Benefit.township_code == scope)
    return query.order_by(Benefit.township_code, Benefit.id)


def lines(batch: Recalculation, names: Mapping[str, str], words: Mapping[str, str]) -> Iterator[list[str]]:
    """The sums of a simulation as rows of a sheet: one for each scenario, place and class.

    ``names``: places by code; ``words``: headers and classes in the reader's language.
    """
    yield [words[name] for name in ("scenario", "kind", "name", *COLUMNS)]
    for scenario, plan in zip(batch.scenarios, batch.counts["plans"], strict=True):
        for kind, rows in groups(plan, names, words):
            for name, tally in rows:
                yield [str(scenario["name"]), kind, name, *(_cell(tally, column) for column in COLUMNS)]


def groups(
    plan: Mapping[str, Any], names: Mapping[str, str], words: Mapping[str, str]
) -> Iterable[tuple[str, list[tuple[str, Mapping[str, int]]]]]:
    """The whole, the townships and the classes of a plan, each with its name and sums."""
    towns = [(names.get(code, code), tally) for code, tally in sorted(plan["townships"].items())]
    classes = [(words[name], plan["classes"][name]) for name in CLASSES if name in plan["classes"]]
    return ((words["all"], [(words["all"], plan["total"])]), (words["township"], towns), (words["class"], classes))


COLUMNS = (
    "families", "people", "up", "down", "same", "over", "eased", "back", "in", "incomplete", "before_fen", "month_fen",
    "difference_fen", "year_fen",
)  # fmt: skip


def money(tally: Mapping[str, int]) -> dict[str, int]:
    """分 a month after whoever is over the line has left, the difference to now, and that a year."""
    month = tally["after_fen"] - tally["over_fen"]
    return {"month_fen": month, "difference_fen": month - tally["before_fen"],
            "year_fen": YEAR * (month - tally["before_fen"])}  # fmt: skip


def _cell(tally: Mapping[str, int], column: str) -> str:
    value = money(tally).get(column, tally.get(column, 0))
    if not column.endswith("_fen"):
        return str(value)
    return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
