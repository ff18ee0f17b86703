"""Applying a staged batch: one transaction that writes every good row, or nothing.

Rows that somebody changed since the preview are left, marked ``stale`` and shown again.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from models import Division, Household, ImportBatch, ImportRow, Member
from models.sealing import blind
from policy.figures import Figures
from policy.vocabulary import Area, Scheme
from workflows import audit, desk
from workflows.actor import Actor
from workflows.exchange import choosing, rechecks, writing
from workflows.exchange.existing import chunks
from workflows.exchange.judging import IMPORTERS, Tell
from workflows.exchange.wanted import Flat
from workflows.reason import Reason, Refused
from workflows.takeover import OnRoster, take_over_many


@dataclass
class Row:
    """A staged row as it is applied; ``made`` is the row of ours that it becomes."""

    id: int
    number: int
    table: str
    outcome: str
    row_id: int | None
    row_version: int | None
    village_code: str
    content: Flat
    digest: str
    household_id: int | None = None
    called: bool = False
    """Something was called out that starts a recheck of the family's case."""


@dataclass
class Work:
    """A batch being applied."""

    session: Session
    batch: ImportBatch
    actor: Actor
    now: datetime
    figures: Figures
    rows: list[Row]
    founded: dict[str, int] = field(default_factory=dict)
    """Household ids by the head's ID number."""
    tables: set[str] = field(default_factory=set)
    tell: Tell | None = None
    done: int = 0
    total: int = 0

    def went(self, steps: int = 1) -> None:
        """Tell that so many steps more are done; each row is one when it is built, and one when it is written."""
        self.done += steps
        if self.tell:
            self.tell(min(self.done, self.total), self.total)

    def of(self, outcome: str, table: str) -> list[Row]:
        return [row for row in self.rows if row.outcome == outcome and row.table == table]


def apply_batch(
    session: Session, batch_id: int, actor: Actor, now: datetime, figures: Figures, tell: Tell | None = None
) -> ImportBatch:
    """Apply a staged batch in the caller's transaction. Refused when it is not staged, or not this actor's to apply."""
    batch = session.get(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None or batch.division_code != actor.division_code or actor.role not in IMPORTERS:
        raise Refused([Reason("not_your_import")])
    if batch.state not in ("staged", "applying"):
        raise Refused([Reason("import_not_staged", state=batch.state)])
    audit.attribute(session, actor, now, batch.file_name, batch_id=batch.id)
    choosing.settle(session, batch)
    rows = read_rows(session, batch.id, ("new", "changed"))
    rows = _without_heads(session, rows)
    stale = _stale(session, rows)
    work = Work(session, batch, actor, now, figures, [row for row in rows if row.id not in stale], tell=tell)
    work.total = 3 * len(work.rows) + 1
    _make_villages(work)
    with audit.set_based(session):
        _found_families(work)
        _add_people(work)
        _change(work)
        _record(work)
    _call_up(work)
    _take_over(work)
    _close(work, stale)
    return batch


def read_rows(session: Session, batch_id: int, outcomes: Sequence[str]) -> list[Row]:
    """The staged rows of these outcomes with their contents opened, in file order."""
    query = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.outcome.in_(outcomes))
    found = []
    for kept in session.scalars(query.order_by(ImportRow.row_no)):
        content = json.loads(kept.content) if kept.content_sealed else {}
        mark = sha256((kept.content_sealed or b"") + (kept.before_sealed or b"")).hexdigest()
        found.append(
            Row(kept.id, kept.row_no, kept.table_name, kept.outcome, kept.row_id, kept.row_version,
                kept.village_code or "", content, mark,
                called=any(problem["code"] in rechecks.CALLS for problem in kept.problems))
        )  # fmt: skip
        session.expunge(kept)
    return found


def _without_heads(session: Session, rows: list[Row]) -> list[Row]:
    """The rows whose family is there or founded; those who would have joined one that was skipped are skipped too."""
    founded = {_number(row) for row in rows if row.outcome == "new" and "household" in row.content}
    lost = {
        row.id for row in rows
        if (head := row.content.get("head_id_no") or row.content.get("head_of"))
        and not row.content.get("household_id") and head not in founded
    }  # fmt: skip
    for part in chunks(sorted(lost)):
        session.execute(update(ImportRow).where(ImportRow.id.in_(part)).values(outcome="skipped"))
    return [row for row in rows if row.id not in lost]


def _stale(session: Session, rows: list[Row]) -> set[int]:
    """Rows whose target was changed, or whose person turned up, since the preview; and who would join those."""
    versions = {table: _versions(session, table, rows) for table in ("household", "member")}
    stale = {row.id for row in rows if row.row_id and versions[row.table].get(row.row_id) != row.row_version}
    present = _present(session, [_number(row) for row in rows if not row.row_id])
    stale |= {row.id for row in rows if not row.row_id and blind("id_no", _number(row)) in present}
    gone = _gone(session, {row.content["household_id"] for row in rows if row.content.get("household_id")})
    stale |= {row.id for row in rows if row.content.get("household_id") in gone}
    lost = {_number(row) for row in rows if row.id in stale}
    return stale | {row.id for row in rows if row.content.get("head_id_no") in lost}


def _gone(session: Session, household_ids: set[int]) -> set[int]:
    """Families that somebody would join, dissolved since the preview."""
    gone: set[int] = set()
    for part in chunks(sorted(household_ids)):
        query = select(Household.id).where(Household.id.in_(part), Household.dissolved_on.is_not(None))
        gone.update(session.scalars(query))
    return gone


def _number(row: Row) -> str:
    person = row.content.get("member") or row.content.get("head") or {}
    return str(person.get("id_no", ""))


def _versions(session: Session, table: str, rows: list[Row]) -> dict[int, int]:
    model: Any = Household if table == "household" else Member
    versions: dict[int, int] = {}
    for part in chunks([row.row_id for row in rows if row.row_id and row.table == table]):
        found = session.execute(select(model.id, model.row_version).where(model.id.in_(part)))
        versions.update((row_id, version) for row_id, version in found)
    return versions


def _present(session: Session, numbers: list[str]) -> set[str]:
    present: set[str] = set()
    for part in chunks([blind("id_no", number) for number in numbers if number]):
        query = select(Member.id_no_hash).where(Member.id_no_hash.in_(part), Member.left_on.is_(None))
        present.update(session.scalars(query))
    return present


def _make_villages(work: Work) -> None:
    used = {row.village_code for row in work.rows}
    for village in work.batch.counts.get("villages", ()):
        code, parent = village["code"], village["township"]
        if code in used and work.session.get(Division, code) is None:
            work.session.add(
                Division(code=code, parent_code=parent, name=village["name"], valid_from=work.now.date())
            )
    work.session.flush()


def _found_families(work: Work) -> None:
    founding = [row for row in work.rows if row.outcome == "new" and "household" in row.content]
    values = []
    for row in founding:
        values.append(writing.household_row(row.content["household"], row.village_code, work.batch.id, work.now))
        work.went()
    for row, household_id in zip(founding, writing.add_rows(work.session, Household, values), strict=True):
        row.household_id = household_id
        work.founded[_number(row)] = household_id
    families = [(row.household_id or 0, row.content["household"]) for row in founding]
    work.tables |= writing.add_details(work.session, families, ()) | ({"household"} if founding else set())


def _add_people(work: Work) -> None:
    joining = [row for row in work.rows if row.outcome == "new" and ("member" in row.content or "head" in row.content)]
    for row in joining:
        if row.household_id is None:
            known = row.content.get("household_id")
            row.household_id = known or work.founded[row.content["head_id_no"]]
    people = [row.content.get("member") or row.content["head"] for row in joining]
    values = []
    for row, person in zip(joining, people, strict=True):
        values.append(
            writing.member_row(person, row.household_id or 0, row.village_code, work.batch.id, work.now.date())
        )
        work.went()
    ids = writing.add_rows(work.session, Member, values)
    work.tables |= writing.add_details(work.session, (), zip(ids, people, strict=True)) | ({"member"} if ids else set())
    writing.index_names(work.session, {i: person["name"] for i, person in zip(ids, people, strict=True)})
    for row, member_id in zip(joining, ids, strict=True):
        row.row_id = row.household_id if row.table == "household" else member_id


def _change(work: Work) -> None:
    families = {row.row_id or 0: row.content for row in work.of("changed", "household")}
    people = {row.row_id or 0: row.content for row in work.of("changed", "member")}
    work.went(len(families) + len(people))
    writing.change_rows(work.session, Household, families)
    writing.change_rows(work.session, Member, people)
    work.tables |= writing.change_details(work.session, families, people)
    work.tables |= {name for name, rows in (("household", families), ("member", people)) if rows}
    writing.index_names(work.session, {i: content["name"] for i, content in people.items() if "name" in content})
    touched = [row.household_id for row in work.rows if row.household_id] + _families_of(work.session, list(people))
    writing.settle_families(work.session, touched)
    work.tables |= {"household"} if touched else set()


def _families_of(session: Session, member_ids: list[int]) -> list[int]:
    ids: set[int] = set()
    for part in chunks(member_ids):
        ids.update(session.scalars(select(Member.household_id).where(Member.id.in_(part))))
    return sorted(ids)


def _record(work: Work) -> None:
    """One chained entry for each table, with the digest of the batch's rows, which keep before and after."""
    told = [{"row": row.number, "of": f"{row.table}:{row.row_id}", "kept": row.digest} for row in work.rows]
    for table in sorted(work.tables):
        work.batch.digest = audit.bulk(work.session, table, told, action="import", after={"batch": work.batch.id})


def _take_over(work: Work) -> None:
    cases = [row for row in work.rows if "case" in row.content]
    for row in cases:
        founded = work.founded.get(row.content.get("head_of", ""))
        row.household_id = row.household_id or row.content.get("household_id") or founded or row.row_id
    areas = _areas(work.session, [row.household_id or 0 for row in cases])
    families = [_on_roster(row, areas[row.household_id or 0]) for row in cases]
    refused = take_over_many(
        work.session, families, work.actor, work.now, work.figures, work.batch.file_name, work.batch.id
    )
    if refused:
        raise Refused([reason for reasons in refused.values() for reason in reasons])


def _call_up(work: Work) -> None:
    """Cases that fall due for a recheck: also of families whose own row changes nothing else."""
    homes = [row.household_id or row.row_id or 0 for row in work.rows if row.called and row.outcome == "new"]
    homes += [row.row_id for row in work.of("changed", "household") if row.called and row.row_id]
    homes += _called_unchanged(work.session, work.batch.id)
    before = rechecks.call_up(work.session, homes, work.now.date(), work.batch.id)
    work.batch.counts = {**work.batch.counts, "called": before}


def _called_unchanged(session: Session, batch_id: int) -> list[int]:
    query = select(ImportRow.row_id, ImportRow.problems).where(
        ImportRow.batch_id == batch_id, ImportRow.outcome == "unchanged", ImportRow.table_name == "household",
        ImportRow.choice != choosing.SKIP, ImportRow.marks.contains("amount_differs"),
    )  # fmt: skip
    return [row_id for row_id, _ in session.execute(query) if row_id]


def _on_roster(row: Row, area: Area) -> OnRoster:
    case = row.content["case"]
    first = datetime.fromisoformat(case["first_month"]).date() if case["first_month"] else None
    code = row.village_code
    own = {name: case[name] for name in ("reason", "own_cost_fen") if case.get(name)}
    if case.get("decided_on"):
        own["decided_on"] = date.fromisoformat(case["decided_on"])
    scheme = Scheme(case.get("scheme", Scheme.DIBAO))
    home = row.household_id or 0
    return OnRoster(home, code[:9], code, area, case["covered"], case["amount_fen"], first, scheme=scheme, **own)


def _areas(session: Session, ids: list[int]) -> dict[int, Area]:
    areas: dict[int, Area] = {}
    for part in chunks(ids):
        found = session.execute(select(Household.id, Household.area).where(Household.id.in_(part)))
        areas.update((household_id, area) for household_id, area in found)
    return areas


def _close(work: Work, stale: set[int]) -> None:
    """Tell each staged row what became of it, and the batch that it is done."""
    for table in ("household", "member"):
        versions = _versions(work.session, table, work.rows)
        done = [
            {"of_row": row.id, "made": row.row_id, "at": versions[row.row_id]}
            for row in work.rows if row.table == table and row.row_id
        ]  # fmt: skip
        mark_rows(work.session, done)
    for part in chunks(sorted(stale)):
        work.session.execute(update(ImportRow).where(ImportRow.id.in_(part)).values(outcome="stale"))
    counts = Counter(row.outcome for row in work.rows)
    work.batch.counts = {**work.batch.counts, "applied": dict(counts), "stale": len(stale)}
    work.batch.state, work.batch.applied_at = "applied", work.now
    work.session.flush()
    work.went(work.total)
    desk.recount(work.session, {row.village_code[:9] for row in work.rows})


def mark_rows(session: Session, done: Iterable[dict[str, Any]]) -> None:
    """Keep with staged rows which row of ours they became, and its version."""
    if rows := list(done):
        table: Any = ImportRow.__table__
        statement = update(table).where(table.c.id == bindparam("of_row"))
        session.execute(statement.values(row_id=bindparam("made"), row_version=bindparam("at")), rows)
