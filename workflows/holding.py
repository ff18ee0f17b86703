"""What somebody's family receives beside one case, and what was found out of a child's parents, for a calculation."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from models import Benefit, Member
from policy.family import Family, Held, Parent
from policy.vocabulary import CHILDREN, IN_FORCE, PERSONAL, Scheme, Subject

ASK = (*PERSONAL, Scheme.TEKUN)
"""Schemes whose rules ask what else is in force."""


def with_holdings(benefit: Benefit, family: Family) -> Family:
    """The facts with other aid in force and, of a child's case, with its parents; as they are for other schemes."""
    if benefit.scheme not in ASK:
        return family
    session = object_session(benefit)
    family = replace(family, held=held_beside(session, benefit)) if session is not None else family
    return _with_parents(benefit, family) if benefit.scheme in CHILDREN else family


def held_beside(session: Session, benefit: Benefit) -> tuple[Held, ...]:
    """Aid in force of the household beside this case, oldest first."""
    query = select(Benefit.scheme, Benefit.monthly_fen, Benefit.persons, Benefit.member_id)
    query = query.where(
        Benefit.household_id == benefit.household_id, Benefit.id != benefit.id, Benefit.stage.in_(IN_FORCE)
    )
    return tuple(
        Held(Subject(scheme.value), fen, max(persons, 1), f"m{member_id}" if member_id else None)
        for scheme, fen, persons, member_id in session.execute(query.order_by(Benefit.id))
    )


def parents_of(child: Member) -> tuple[Parent, ...]:
    """What was found out of a child's father and mother."""
    return tuple(Parent(row.kind, row.state, row.since, row.until) for row in child.parents)


def _with_parents(benefit: Benefit, family: Family) -> Family:
    child, ref = benefit.member, f"m{benefit.member_id}"
    if child is None:
        return family
    told = parents_of(child)
    return replace(family, members=tuple(
        replace(person, parents=told) if person.ref == ref else person for person in family.members
    ))  # fmt: skip
