"""Looking a list up among our people, set by set: by the keyed hash of the number, then by name and birth."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Lead, Member
from models.sealing import blind
from policy.vocabulary import IN_FORCE, UNDECIDED, Stage
from workflows.exchange.existing import chunks
from workflows.matching.lists import Listed

STANDINGS = ("in_force", "undecided", "refused")
COLUMNS = (
    Member.id, Member.household_id, Member.id_no_hash, Member.name, Member.birth, Member.village_code,
    Member.township_code, Member.disability_kind, Member.disability_level,
)  # fmt: skip
CASE = (Benefit.id, Benefit.household_id, Benefit.stage, Benefit.authorised_on)


class Case(NamedTuple):
    """The case a family is met by: one in force before an undecided one, that before a refused one."""

    id: int
    standing: str


@dataclass
class Found:
    """Our people by hash and by (name, birth), the case of their families, and open leads by hash."""

    by_number: dict[str, Any] = field(default_factory=dict)
    by_birth: dict[tuple[str, date], list[Any]] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)
    leads: dict[str, Any] = field(default_factory=dict)

    def case(self, member: Any) -> Case | None:
        """The case by which the member's family is met; None where it has none that is open or was refused."""
        return self.cases.get(member.household_id)


def hashes(people: Iterable[Listed]) -> dict[int, str]:
    """The keyed hash of each row's number."""
    return {person.number: blind("id_no", person.id_no) for person in people if person.id_no}


def look_up(session: Session, people: Sequence[Listed], numbers: Mapping[int, str]) -> Found:
    """Everybody of the list who is present in a family of the county, wherever that lies; the caller narrows."""
    found = Found()
    wanted = sorted(set(numbers.values()))
    for part in chunks(wanted):
        query = select(*COLUMNS).where(Member.id_no_hash.in_(part), Member.left_on.is_(None))
        found.by_number.update({row.id_no_hash: row for row in session.execute(query)})
        open_leads = select(Lead.id, Lead.id_no_hash, Lead.village_code, Lead.township_code)
        rows = session.execute(open_leads.where(Lead.id_no_hash.in_(part), Lead.state == "open"))
        found.leads.update({row.id_no_hash: row for row in rows})
    unknown = [person for person in people if numbers.get(person.number) not in found.by_number]
    found.by_birth = _by_birth(session, unknown)
    members = [*found.by_number.values(), *(row for rows in found.by_birth.values() for row in rows)]
    found.cases = _cases(session, sorted({row.household_id for row in members}))
    return found


def _by_birth(session: Session, people: Sequence[Listed]) -> dict[tuple[str, date], list[Any]]:
    births = defaultdict[str, set[date]](set)
    for person in people:
        if person.birth:
            births[person.name].add(person.birth)
    found: defaultdict[tuple[str, date], list[Any]] = defaultdict(list)
    for names in chunks(sorted(births)):
        for days in chunks(sorted(set().union(*(births[name] for name in names)))):
            query = select(*COLUMNS).where(Member.name.in_(names), Member.birth.in_(days), Member.left_on.is_(None))
            for row in session.execute(query):
                if row.birth in births[row.name]:
                    found[row.name, row.birth].append(row)
    return dict(found)


def _cases(session: Session, household_ids: Sequence[int]) -> dict[int, Case]:
    best: dict[int, Case] = {}
    for part in chunks(household_ids):
        for row in session.execute(select(*CASE).where(Benefit.household_id.in_(part)).order_by(Benefit.id.desc())):
            standing = standing_of(row.stage)
            have = best.get(row.household_id)
            if standing and (have is None or STANDINGS.index(standing) < STANDINGS.index(have.standing)):
                best[row.household_id] = Case(row.id, standing)
    return best


def standing_of(stage: Stage) -> str:
    """in_force, undecided or refused; empty for a case that was withdrawn or has ended."""
    if stage in IN_FORCE:
        return "in_force"
    if stage in UNDECIDED:
        return "undecided"
    return "refused" if stage is Stage.REFUSED else ""
