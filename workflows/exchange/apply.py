"""Applying a staged batch: one transaction that writes every good row, or nothing.

Rows that somebody changed since the preview are left, marked ``stale`` and shown again. What was judged is not judged
again, and no more than some thousands of rows are held at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Household, ImportBatch, ImportRow, Member
from models.member import ONE_STAY
from policy.figures import Figures
from policy.vocabulary import Area, Scheme
from workflows import audit, behind, desk
from workflows.actor import IMPORTERS, Actor
from workflows.exchange import choosing, new_villages, rechecks, staged, writing
from workflows.exchange.adding import Adding, Case
from workflows.exchange.existing import anybody, chunks
from workflows.exchange.judging import Tell
from workflows.exchange.staged import Staged
from workflows.exchange.wanted import Flat
from workflows.indexes import laid_aside
from workflows.loading import Known, room, seldom_swept
from workflows.reason import Reason, Refused
from workflows.takeover import OnRoster, take_over_many

SCHEMES: Mapping[str, Scheme] = {scheme.value: scheme for scheme in Scheme}


@dataclass
class Work:
    """A batch being applied."""

    session: Session
    batch: ImportBatch
    actor: Actor
    now: datetime
    figures: Figures
    tell: Tell | None = None
    areas: dict[int, Area] = field(default_factory=dict)
    """What areas new households lie in."""
    cases: list[Case] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)
    stood: bool = True
    """Whether anybody was here before: where nobody was, nothing can have changed, and no case can be called up."""
    touched: bool = False
    """Whether anything changed of what stood here before."""
    done: int = 0
    total: int = 0

    def went(self, steps: int) -> None:
        """Tell that so many steps more are done; a row is one when it is written, and one when it is recorded."""
        self.done += steps
        if self.tell:
            self.tell(min(self.done, self.total), self.total)

    def rows(self, *where: Any) -> Iterator[list[Staged]]:
        """Staged rows to be taken, page by page."""
        return staged.opened(self.session, and_(*where))


def apply_batch(
    session: Session, batch_id: int, actor: Actor, now: datetime, figures: Figures, tell: Tell | None = None
) -> ImportBatch:
    """Apply a staged batch in the caller's transaction.

    Refused when it is not staged, not this actor's to apply, or somebody enters one of its people at the same moment.
    """
    batch = session.get(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None or batch.division_code != actor.division_code or actor.role not in IMPORTERS:
        raise Refused([Reason("not_your_import")])
    if batch.state not in ("staged", "applying"):
        raise Refused([Reason("import_not_staged", state=batch.state)])
    audit.attribute(session, actor, now, batch.file_name, batch_id=batch.id)
    try:
        with room(session), seldom_swept(), behind.behind(session, batch.rows):
            _apply(Work(session, batch, actor, now, figures, tell))
    except IntegrityError as error:  # two imports at once on PostgreSQL brought the same person; all else is a fault
        if not any(name in str(error.orig) for name in ONE_STAY):
            raise
        raise Refused([Reason("import_collided")]) from error
    return batch


def _apply(work: Work) -> None:
    session, batch = work.session, work.batch
    choosing.settle(session, batch)
    staged.skip_without_heads(session, batch.id)
    new_villages.wait(session, batch)
    work.stood = anybody(session)
    stale = staged.mark_stale(session, batch.id) if work.stood else 0
    counts = staged.counts(session, batch.id)
    work.total = 2 * sum(counts.values()) + 1
    new_villages.make(session, batch, work.now.date())
    with audit.set_based(session):
        _add(work)
        if counts.get("changed"):
            behind.finish(session)
            _change(work)
        _record(work)
    _call_up(work)
    _take_over(work)
    _close(work, counts, stale)


def _add(work: Work) -> None:
    adding = Adding(work.session, work.batch.id, work.now, work.went)
    with laid_aside(work.session, adding.coming):
        adding.write()
    if adding.joined:
        behind.finish(work.session)
    writing.settle_families(work.session, adding.joined)
    work.touched = bool(adding.joined)
    work.tables |= adding.tables | ({"household"} if adding.joined else set())
    work.areas, work.cases = adding.areas, adding.cases


def _change(work: Work) -> None:
    for page in work.rows(staged.of(work.batch.id, "changed")):
        work.touched = True
        families = {row.row_id or 0: row.content for row in page if row.table == "household"}
        people = {row.row_id or 0: row.content for row in page if row.table == "member"}
        writing.change_rows(work.session, Household, families)
        writing.change_rows(work.session, Member, people)
        work.tables |= writing.change_details(work.session, families, people)
        work.tables |= {name for name, rows in (("household", families), ("member", people)) if rows}
        writing.index_names(work.session, {i: told["name"] for i, told in people.items() if "name" in told})
        homes = _families_of(work.session, [i for i, told in people.items() if "name" in told])
        writing.settle_families(work.session, homes)
        work.tables |= {"household"} if homes else set()
        for row in page:
            if "case" in row.content:
                home = row.home_id or row.content.get("household_id") or row.row_id or 0
                work.cases.append((row.number, home, row.village_code, row.content["case"]))
        work.went(len(page))
    for model in (Household, Member):
        version: Any = select(model.row_version).where(model.id == ImportRow.row_id).scalar_subquery()
        changed = and_(staged.of(work.batch.id, "changed"), ImportRow.table_name == model.__tablename__)
        statement = update(ImportRow).where(changed).values(row_version=version)
        work.session.execute(statement.execution_options(synchronize_session=False))


def _families_of(session: Session, member_ids: Sequence[int]) -> list[int]:
    ids: set[int] = set()
    for part in chunks(member_ids):
        ids.update(session.scalars(select(Member.household_id).where(Member.id.in_(part))))
    return sorted(ids)


def _record(work: Work) -> None:
    """One chained entry for each table, with the digest of the batch's rows, which keep before and after."""
    if not work.tables:
        return
    counted = staged.digest(work.session, work.batch.id, work.went)
    for table in sorted(work.tables):
        audit.bulk(work.session, table, (), action="import", after={"batch": work.batch.id}, counted=counted)
    work.batch.digest = counted[1]


def _call_up(work: Work) -> None:
    """Cases that fall due for a recheck: also of families whose own row changes nothing else."""
    told = work.session, work.batch.id, sorted(rechecks.CALLS), choosing.SKIP
    homes = staged.called(*told) if work.stood else []
    if homes:
        behind.finish(work.session)
    before = rechecks.call_up(work.session, homes, work.now.date(), work.batch.id)
    _remember(work, before)
    work.touched |= bool(before)


def _remember(work: Work, before: Mapping[int, date | None]) -> None:
    """Keep with the batch when cases that it called up were to be looked at before; the earliest told counts."""
    days = {str(case): day.isoformat() if day else None for case, day in before.items()}
    work.batch.counts = {**work.batch.counts, "called": days | work.batch.counts.get("called", {})}


def _take_over(work: Work) -> None:
    work.cases.sort(key=lambda case: case[0])
    areas, founded = work.areas, frozenset(work.areas)
    areas |= _areas(work.session, [home for _, home, _, _ in work.cases if home not in areas])
    behind.free(work.session)
    day = Known(date.fromisoformat)
    families = [_on_roster(home, village, case, areas[home], day) for _, home, village, case in work.cases]
    taken = take_over_many(
        work.session, families, work.actor, work.now, work.figures, work.batch.file_name, work.batch.id, founded
    )
    if taken.refused:
        raise Refused([reason for reasons in taken.refused.values() for reason in reasons])
    _remember(work, {case: called.before for case, called in taken.called.items()})


def _on_roster(home: int, village: str, case: Flat, area: Area, day: Mapping[str, date]) -> OnRoster:
    told, decided = case.get, case.get("decided_on")
    return OnRoster(
        home, village[:9], village, area, case["covered"], case["amount_fen"],
        day[case["first_month"]] if case["first_month"] else None, None, SCHEMES[told("scheme") or Scheme.DIBAO],
        day[decided] if decided else None, told("reason") or "", told("own_cost_fen") or None,
    )  # fmt: skip


def _areas(session: Session, ids: Sequence[int]) -> dict[int, Area]:
    areas: dict[int, Area] = {}
    for part in chunks(ids):
        found = session.execute(select(Household.id, Household.area).where(Household.id.in_(part)))
        areas.update((household_id, area) for household_id, area in found)
    return areas


def _close(work: Work, counts: dict[str, int], stale: int) -> None:
    """Tell the batch that it is done, and the desk that it counts anew where more than new rows came."""
    work.batch.counts = {**work.batch.counts, "applied": counts, "stale": stale}
    work.batch.state, work.batch.applied_at = "applied", work.now
    work.session.flush()
    work.went(work.total)
    if work.touched:
        town = func.substr(ImportRow.village_code, 1, 9)
        towns = work.session.scalars(select(town).where(staged.of(work.batch.id, *staged.TAKEN)).distinct())
        desk.recount(work.session, set(filter(None, towns)))
