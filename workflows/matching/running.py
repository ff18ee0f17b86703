"""One list, matched once: hits become lines to settle, people left out become leads; the caller commits."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models import County, Lead, MatchLine, MatchRun
from models.sealing import Sealed, new_row_key, seal
from policy.calendar import add_working_days
from policy.division_codes import township_of
from policy.vocabulary import Role
from workflows import audit
from workflows.actor import Actor, within
from workflows.exchange.villages import read_villages
from workflows.matching.finding import Found, hashes, look_up
from workflows.matching.kinds import KINDS, Kind
from workflows.matching.lists import Listed, PeopleList
from workflows.matching.needs import Places, could_be_eligible, disability_of
from workflows.reason import Reason, Refused

RUNNERS = (Role.COUNTY_REVIEWER, Role.TOWNSHIP_OFFICER)
WORKING_DAYS = 10
REFUSED_KEPT = 500
OFTEN = 500
Tell = Callable[[int, int], None]
Row = dict[str, Any]


def run(
    session: Session,
    actor: Actor,
    listed: PeopleList,
    now: datetime,
    *,
    file_name: str,
    sha256: str,
    due_on: date | None = None,
    tell: Tell | None = None,
) -> MatchRun:
    """Match a list against the people under the actor; every line is due in ten working days unless told otherwise.

    Raises Refused for who may not, a day that is over, or a list whose match is still open: its hits would stand
    there twice. The caller commits.
    """
    due = may_run(actor, now, due_on)
    _not_open_yet(session, actor, listed.kind, sha256)
    audit.attribute(session, actor, now)
    made = MatchRun(
        kind=listed.kind, file_name=file_name[:200], charset=listed.charset, sha256=sha256, rows=listed.rows,
        division_code=actor.division_code, user_id=actor.id, due_on=due, created_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    numbers = hashes(listed.people)
    sort = Sorting(actor, KINDS[listed.kind], look_up(session, listed.people, numbers), numbers, _places(session))
    for done, person in enumerate(listed.people, 1):
        sort.take(person)
        if tell and done % OFTEN == 0:
            tell(done, listed.rows)
    _write(session, made, sort, now)
    made.counts = _counts(listed, sort)
    session.flush()
    return made


def _not_open_yet(session: Session, actor: Actor, kind: str, sha256: str) -> None:
    same = {"division_code": actor.division_code, "kind": kind, "sha256": sha256, "state": "open"}
    begun = session.scalars(select(MatchRun.created_at).filter_by(**same).limit(1)).first()
    if begun is not None:
        raise Refused([Reason("match_open_already", day=begun.date())])


def may_run(actor: Actor, now: datetime, due_on: date | None) -> date:
    """The day by which lines are settled. Raises Refused for who may not, or a day that is over."""
    due = due_on or add_working_days(now.date(), WORKING_DAYS)
    faults = [] if actor.role in RUNNERS else [Reason("not_your_role", roles=RUNNERS)]
    faults += [Reason("match_due_over")] if due < now.date() else []
    if faults:
        raise Refused(faults)
    return due


def _places(session: Session) -> Places:
    return Places(read_villages(session), session.scalars(select(County.code)).one())


@dataclass
class Sorting:
    """Puts each row of the list where it belongs: a hit, a lead, or nothing to do."""

    actor: Actor
    kind: Kind
    found: Found
    numbers: dict[int, str]
    places: Places
    hits: list[tuple[Listed, str, Any, str, int | None]] = field(default_factory=list)
    leads: list[tuple[Listed, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)

    def take(self, person: Listed) -> None:
        """Sort one row."""
        number = self.numbers.get(person.number, "")
        member = self.found.by_number.get(number)
        if member is not None:
            self._member(person, member, "id_no")
            return
        same = self.found.by_birth.get((person.name, person.birth), []) if person.birth else []
        near = [one for one in same if self.found.case(one) and within(self.actor, one.village_code)]
        for one in near:
            self._hit(person, one, "name_birth")
        lead = self.found.leads.get(number)
        if lead is not None:
            self._known_lead(person, lead)
        elif not near:
            self._stranger(person, "")

    def _member(self, person: Listed, member: Any, how: str) -> None:
        case = self.found.case(member)
        if case is None:
            self._stranger(person, member.village_code)
        elif not within(self.actor, member.village_code):
            self.counts["elsewhere"] += 1
        elif self._nothing_new(person, member, case.standing):
            self.counts["covered"] += 1
        else:
            self._hit(person, member, how)

    def _nothing_new(self, person: Listed, member: Any, standing: str) -> bool:
        """Whether our record says the same as the list, or the family receives aid and the list asks no more."""
        if not self.kind.suggests_need or standing == "refused":
            return False
        if self.kind.code != "disability":
            return True
        kind, level = disability_of(person.payload)
        return member.disability_kind is not None and kind in (None, member.disability_kind) and (
            level in (None, member.disability_level)
        )  # fmt: skip

    def _hit(self, person: Listed, member: Any, how: str) -> None:
        case = self.found.case(member)
        assert case is not None
        self.hits.append((person, how, member, case.standing, case.id))
        self.counts["hit" if how == "id_no" else "possible"] += 1

    def _known_lead(self, person: Listed, lead: Any) -> None:
        if self.kind.suggests_need or not within(self.actor, lead.village_code):
            self.counts["known_lead"] += 1
        else:
            self.hits.append((person, "id_no", lead, "lead", None))
            self.counts["hit"] += 1

    def _stranger(self, person: Listed, village_code: str) -> None:
        """Somebody without a case: a lead where the list suggests need and the place is ours."""
        key = self.numbers.get(person.number) or f"{person.name}:{person.birth}"
        if not could_be_eligible(self.kind, person) or key in self._seen:
            self.counts["not_ours"] += 1
            return
        where = village_code or self.places.of(person, self.actor)
        if not within(self.actor, where):
            self.counts["elsewhere"] += 1
            return
        self._seen.add(key)
        self.leads.append((person, where))
        self.counts["lead"] += 1


def _write(session: Session, made: MatchRun, sort: Sorting, now: datetime) -> None:
    """Lines and leads, set-based, each table with its entry in the history."""
    lines, leads = list(_lines(made, sort)), list(_leads(made, sort, now))
    with audit.set_based(session):
        for model, rows in ((MatchLine, lines), (Lead, leads)):
            if rows:
                session.execute(insert(model), rows)
                audit.bulk(session, model.__tablename__, rows, action="match", after={"run": made.id})


def _lines(made: MatchRun, sort: Sorting) -> Iterator[Row]:
    for person, how, row, standing, case_id in sort.hits:
        key, of_lead = new_row_key(), standing == "lead"
        yield {
            "row_key": key, "match_run_id": made.id, "row_no": person.number, "how": how, "standing": standing,
            "member_id": None if of_lead else row.id, "household_id": None if of_lead else row.household_id,
            "benefit_id": case_id, "lead_id": row.id if of_lead else None, "due_on": made.due_on,
            "township_code": row.township_code, "village_code": row.village_code, "reason": "", "clause": "",
            "settled_by_name": "", "payload_sealed": _sealed("match_line.payload", key, person.payload),
        }  # fmt: skip


def _leads(made: MatchRun, sort: Sorting, now: datetime) -> Iterator[Row]:
    number = cast(Sealed, Lead.id_no)
    for person, where in sort.leads:
        key = new_row_key()
        yield {
            "row_key": key, "name": person.name, "birth": person.birth, "address": person.address[:200],
            "why": made.kind, "source": made.file_name, "match_run_id": made.id, "row_no": person.number,
            "state": "open", "due_on": made.due_on, "reason": "", "created_at": now, "settled_by_name": "",
            "township_code": township_of(where), "village_code": where,
            "detail_sealed": _sealed("lead.detail", key, person.payload),
            **number.columns("lead.id_no", key, person.id_no or None),
        }  # fmt: skip


def _sealed(where: str, key: str, payload: dict[str, str]) -> bytes | None:
    return seal(where, key, json.dumps(payload, ensure_ascii=False)) if payload else None


def _counts(listed: PeopleList, sort: Sorting) -> dict[str, Any]:
    refused = [list(one) for one in listed.refused[:REFUSED_KEPT]]
    return {**sort.counts, "refused": len(listed.refused), "refused_rows": refused, "header_row": listed.header_row}
