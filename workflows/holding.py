"""What somebody's family receives beside one case, and what was found out of a child's parents, for a calculation."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy import Connection, Table, select
from sqlalchemy.orm import Session, object_session

from models import Benefit, ChildParent, Member
from policy.children import TOPPED_UP
from policy.family import Family, Held, Parent
from policy.vocabulary import CHILDREN, CLASSES, IN_FORCE, Scheme, Subject

ASKS_OF: dict[Scheme, tuple[Scheme, ...]] = {
    Scheme.LIVING_SUBSIDY: (Scheme.DIBAO, *CLASSES, Scheme.TEKUN, *CHILDREN),
    Scheme.UNSUPPORTED_CHILD: (Scheme.ORPHAN, *(Scheme(subject.value) for subject in TOPPED_UP)),
    Scheme.ORPHAN: (),
    Scheme.TEKUN: CHILDREN,
    **dict.fromkeys((Scheme.CARE_SUBSIDY, Scheme.DIBAO, *CLASSES), (Scheme.TEKUN,)),
}  # fmt: skip
"""By scheme, of which others its rules ask whether they are in force; nothing where they ask of none.

Not one more: what begins or ends meanwhile makes a calculation one of other facts, and nobody decides on that.
"""
_benefits, _parents = cast(Table, Benefit.__table__), cast(Table, ChildParent.__table__)


def asks_amount(scheme: str, held: str) -> bool:
    """Whether a scheme's rules also ask how much another gives: what a child's money tops up, and a child's whole rate.

    Both are values of ``Subject``, as the facts of a calculation name them.
    """
    return scheme == Subject.UNSUPPORTED_CHILD or held in CHILDREN


def with_holdings(benefit: Benefit, family: Family) -> Family:
    """The facts with other aid in force and, of a child's case, with its parents; as they are for other schemes."""
    if benefit.scheme not in ASKS_OF:
        return family
    session = object_session(benefit)
    family = replace(family, held=held_beside(session, benefit)) if session is not None else family
    return _with_parents(benefit, family) if benefit.scheme in CHILDREN else family


def held_beside(session: Session, benefit: Benefit) -> tuple[Held, ...]:
    """Aid in force of the household beside this case, oldest first."""
    query = select(Benefit.scheme, Benefit.monthly_fen, Benefit.persons, Benefit.member_id)
    query = query.where(
        Benefit.household_id == benefit.household_id, Benefit.id != benefit.id, Benefit.stage.in_(IN_FORCE),
        Benefit.scheme.in_(ASKS_OF[benefit.scheme]),
    )  # fmt: skip
    return tuple(_held(*row) for row in session.execute(query.order_by(Benefit.id)))


def held_in(
    connection: Connection, homes: Sequence[int], schemes: Collection[Scheme]
) -> dict[int, list[tuple[int, Held]]]:
    """Aid in force of many households, oldest first: by household, the number of the case and what it gives."""
    row, found = _benefits.c, defaultdict(list)
    query = select(row.household_id, row.id, row.scheme, row.monthly_fen, row.persons, row.member_id)
    query = query.where(row.household_id.in_(homes), row.stage.in_(IN_FORCE), row.scheme.in_(schemes)).order_by(row.id)
    for home, id, *told in connection.execute(query):
        found[home].append((id, _held(*told)))
    return found


def parents_in(connection: Connection, children: Sequence[int]) -> dict[int, tuple[Parent, ...]]:
    """What was found out of the parents of many children, by the number of the child."""
    found: dict[int, tuple[Parent, ...]] = {}
    if not children:
        return found
    row = _parents.c
    query = select(row.member_id, row.kind, row.state, row.since, row.until).where(row.member_id.in_(children))
    for child, *told in connection.execute(query.order_by(row.id)):
        found[child] = (*found.get(child, ()), Parent(*told))
    return found


def _held(scheme: Scheme, fen: int, persons: int, member_id: int | None) -> Held:
    return Held(Subject(scheme.value), fen, max(persons, 1), f"m{member_id}" if member_id else None)


def parents_of(child: Member) -> tuple[Parent, ...]:
    """What was found out of a child's father and mother."""
    return tuple(Parent(row.kind, row.state, row.since, row.until) for row in child.parents)


def _with_parents(benefit: Benefit, family: Family) -> Family:
    return with_parents(family, parents_of(benefit.member)) if benefit.member is not None else family


def with_parents(family: Family, told: tuple[Parent, ...]) -> Family:
    """The facts with what was found out of the parents of the one child whose case it is."""
    return replace(family, members=tuple(
        replace(person, parents=told) if person.ref == family.alone else person for person in family.members
    ))  # fmt: skip
