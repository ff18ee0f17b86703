"""Cases that go on from one another: a renewal, aid while an application is pending, aid that completes earlier aid.

墩政〔2020〕48号 二(四): temporary aid while 低保 or 特困 is applied for; 民发〔2018〕23号 跟进救助.
"""

from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from models import Benefit
from policy.vocabulary import CLASSES, IN_FORCE, UNDECIDED, Scheme, Stage
from workflows.actor import Actor, scoped

SHOWN_MEANS = (Scheme.DIBAO, Scheme.TEKUN)
"""Families on these have shown their means; they are bridged while they apply for them."""
HELPED = (Stage.ACTIVE, Stage.EXITED)


def followed(
    session: Session, household_id: int, scheme: Scheme, on: date, wanted: int | None = None
) -> Benefit | None:
    """The case of the family that a new one of this scheme goes on from: the one wanted, if it fits, else the likely.

    A class renews the recognition that may be renewed; temporary aid bridges a pending application.
    """
    query = _of_family(household_id)
    if scheme in CLASSES:
        query = query.where(Benefit.scheme == scheme, Benefit.stage.in_(IN_FORCE), Benefit.renew_from <= on)
        return _first(session, query)
    if scheme is not Scheme.TEMPORARY:
        return None
    if wanted is not None:
        helped = query.where(Benefit.id == wanted, Benefit.scheme == scheme, Benefit.stage.in_(HELPED))
        if found := _first(session, helped):
            return found
    pending = query.where(Benefit.scheme.in_(SHOWN_MEANS), Benefit.stage.in_(UNDECIDED))
    return _first(session, pending)


def _first(session: Session, query: Select[Any]) -> Benefit | None:
    found: Benefit | None = session.scalars(query.limit(1)).first()
    return found


def _of_family(household_id: int) -> Select[Any]:
    return select(Benefit).where(Benefit.household_id == household_id).order_by(Benefit.id.desc())


def linked(session: Session, actor: Actor, benefit: Benefit) -> list[Benefit]:
    """The case that this one goes on from, and those that go on from it, oldest first; one statement."""
    either = [Benefit.follows_id == benefit.id]
    if benefit.follows_id is not None:
        either.append(Benefit.id == benefit.follows_id)
    query = scoped(select(Benefit).where(or_(*either)), Benefit, actor).options(joinedload(Benefit.household))
    return list(session.scalars(query.order_by(Benefit.id)))


def may_renew(benefit: Benefit, on: date) -> bool:
    """Whether the renewal of a recognition is taken on a day: it holds, and its end is near."""
    held = benefit.scheme in CLASSES and benefit.stage in IN_FORCE
    return held and benefit.renew_from is not None and benefit.renew_from <= on


def may_follow_up(benefit: Benefit) -> bool:
    """Whether aid was given that further aid may complete (跟进救助)."""
    return benefit.scheme is Scheme.TEMPORARY and benefit.stage in HELPED and not benefit.taken_over


def may_bridge(benefit: Benefit) -> bool:
    """Whether the family may have temporary aid while this application is pending."""
    return benefit.scheme in SHOWN_MEANS and benefit.stage in UNDECIDED
