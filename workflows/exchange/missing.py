"""Who stands here but not in a roster that is said to be complete: candidates for a leaving event, never removed."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Household, Member
from models.sealing import blind
from policy.identity import clean_number
from policy.vocabulary import IN_FORCE, Relation, Scheme
from workflows.actor import Actor, scoped
from workflows.exchange.existing import chunks
from workflows.exchange.reading import Sheet
from workflows.exchange.values import several

PERSONS = ("id_no", "head_id_no", "member_id_nos")


def candidates(session: Session, sheet: Sheet, actor: Actor, townships: Iterable[str]) -> Iterator[tuple[Any, str]]:
    """(row, table) of members, or of families of a sheet of families, that a complete file does not name.

    ``townships`` are those that its rows lie in.
    """
    if sheet.asked.complete not in ("families", "places"):
        return
    listed = {blind("id_no", number) for number in _numbers(sheet)}
    if sheet.asked.complete == "families" and _lists_members(sheet):
        yield from ((person, "member") for person in _of_families(session, actor, listed))
    elif sheet.asked.complete == "places":
        people = _of_places(session, actor, sorted(townships))
        if _lists_members(sheet):
            yield from ((person, "member") for person in people if person.id_no_hash not in listed)
        else:
            heads = (person for person in people if person.relation is Relation.HEAD)
            yield from ((person, "household") for person in heads if person.id_no_hash not in listed)


def _lists_members(sheet: Sheet) -> bool:
    return sheet.layout.kind == "members" or "member_id_nos" in sheet.match.mapping


def _numbers(sheet: Sheet) -> Iterator[str]:
    """Every number that the file names, also in rows that are refused for something else."""
    places = [sheet.match.mapping[field] for field in PERSONS if field in sheet.match.mapping]
    for row in sheet.rows:
        for at in places:
            if at < len(row.cells):
                yield from (clean_number(part) for part in several(row.cells[at].replace("\x1a", "")))


COLUMNS = (
    Member.id, Member.name, Member.relation, Member.id_no_hash, Member.household_id, Member.village_code,
    Member.row_version, Household.row_version.label("home_version"),
)  # fmt: skip


def _of_families(session: Session, actor: Actor, listed: set[str]) -> Iterator[Any]:
    """Present members, who are not listed, of families whose head is."""
    homes: set[int] = set()
    for part in chunks(sorted(listed)):
        heads = select(Member.household_id).where(Member.id_no_hash.in_(part), Member.left_on.is_(None))
        homes.update(session.scalars(scoped(heads.where(Member.relation == Relation.HEAD), Member, actor)))
    for ids in chunks(sorted(homes)):
        people = select(*COLUMNS).join(Household, Household.id == Member.household_id)
        people = people.where(Member.household_id.in_(ids), Member.left_on.is_(None)).order_by(Member.id)
        yield from (person for person in session.execute(people) if person.id_no_hash not in listed)


def _of_places(session: Session, actor: Actor, towns: Iterable[str]) -> list[Any]:
    """Present members of families with a case of 低保 in force in these townships."""
    found: list[Any] = []
    paid = select(Benefit.household_id).where(Benefit.scheme == Scheme.DIBAO, Benefit.stage.in_(IN_FORCE))
    for part in chunks(list(towns)):
        people: Any = select(*COLUMNS).join(Household, Household.id == Member.household_id).where(
            Member.township_code.in_(part), Member.left_on.is_(None), Member.household_id.in_(paid)
        )  # fmt: skip
        found += session.execute(scoped(people.order_by(Member.id), Member, actor)).all()
    return found
