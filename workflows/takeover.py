"""Families already on the roster arrive in one go: TAKE_OVER, decided by the machine one by one, written as a set."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import count
from operator import itemgetter
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from models import Benefit, Event, Member
from policy.figures import Figures
from policy.vocabulary import ENDED, Action, Area, Mode, ReviewClass, Scheme, Stage, Unit
from workflows import audit, desk
from workflows.actor import Actor
from workflows.casework import next_case_no
from workflows.effects import taken_over
from workflows.facts import Facts, Given
from workflows.indexes import laid_aside
from workflows.loading import Known, Loader, block, parts
from workflows.machine import Move, decide
from workflows.reason import Reason, Refused


@dataclass(frozen=True)
class OnRoster:
    """A family as the roster has it: what it is paid a month (分) and since which month."""

    household_id: int
    township_code: str
    village_code: str
    area: Area
    persons: int
    amount_fen: int
    first_month: date | None = None
    review_class: ReviewClass | None = None
    scheme: Scheme = Scheme.DIBAO
    decided_on: date | None = None
    """When finished aid was decided, and paid."""
    reason: str = ""
    own_cost_fen: int | None = None


def take_over_many(
    session: Session, families: Sequence[OnRoster], actor: Actor, now: datetime, figures: Figures, words: str,
    batch_id: int | None = None,
) -> dict[int, tuple[Reason, ...]]:
    """Take families over as running cases (finished ones of 临时救助); returns the refused by household, with reasons.

    Set-based and in the caller's transaction; a family with an open case, or outside the actor's division, is refused.
    """
    audit.attribute(session, actor, now, words, batch_id=batch_id)
    taken_numbers = _open_cases(session, [family.household_id for family in families])
    steps, lawful, refused = Known(partial(_step, actor, now.date(), words, batch_id)), [], {}
    for family in families:
        number = taken_numbers.get((family.household_id, family.scheme))
        told = family.scheme, family.village_code, number, family.amount_fen, family.first_month, family.review_class
        given, move = steps[told]
        if isinstance(move, Refused):
            refused[family.household_id] = move.reasons
        else:
            lawful.append((family, given, move))
    if lawful:
        _write(session, lawful, actor, now, figures)
    return refused


Open = dict[tuple[int, Scheme], str]
Usual = Mapping[tuple[str, ReviewClass | None, date | None], dict[str, Any]]
CASE = (
    "id", "case_no", "household_id", "member_id", "scheme", "area", "unit", "persons", "stage", "stage_since",
    "applied_on", "created_at", "batch_id", "township_code", "village_code", "reason", "own_cost_fen", "one_off_fen",
    "decided_on", "paid_on", "ended_on", "monthly_fen", "agreement_lacking_since", "taken_over", "first_month",
    "pays_from", "review_class", "review_due_on",
)  # fmt: skip
EVENT = (
    "benefit_id", "action", "from_stage", "to_stage", "at", "actor_id", "actor_name", "actor_role", "channel",
    "opinion", "clause", "monthly_before_fen", "monthly_after_fen", "data", "batch_id", "township_code",
    "village_code",
)  # fmt: skip


def _open_cases(session: Session, household_ids: list[int]) -> Open:
    found: Open = {}
    for start in range(0, len(household_ids), 500):
        query = select(Benefit.household_id, Benefit.scheme, Benefit.case_no).where(
            Benefit.scheme.in_((Scheme.DIBAO, Scheme.TEKUN)), Benefit.stage.not_in(ENDED),
            Benefit.household_id.in_(household_ids[start : start + 500]),
        )  # fmt: skip
        found.update(((household, scheme), number) for household, scheme, number in session.execute(query))
    return found


def _step(
    actor: Actor, on: date, words: str, batch_id: int | None,
    told: tuple[Scheme, str, str | None, int, date | None, ReviewClass | None],
) -> tuple[Given, Move | Refused]:
    """What the machine says to a family of this scheme, place, open case, amount, first month and class."""
    scheme, village, open_case, fen, first_month, review_class = told
    given = Given(words, amount_fen=fen, first_month=first_month, review_class=review_class, batch_id=batch_id)
    facts = Facts(scheme=scheme, stage=None, on=on, place=village, open_case_no=open_case)
    try:
        return given, decide(facts, Action.TAKE_OVER, actor, given)
    except Refused as refusal:
        return given, refusal


def _write(
    session: Session, lawful: list[tuple[OnRoster, Given, Move]], actor: Actor, now: datetime, figures: Figures
) -> None:
    """Some thousands of cases at a time; one entry of the history for all of them."""
    numbers = _numbers(session, {family.township_code for family, _, _ in lawful}, now.year)
    ids = iter(block(session, Benefit, len(lawful)))
    usual = _usual(figures, now.date())
    told: list[dict[str, Any]] = []
    coming = {Benefit: len(lawful), Event: len(lawful)}
    with (
        audit.set_based(session), laid_aside(session, coming), Loader(session, Benefit, CASE) as cases,
        Loader(session, Event, EVENT) as events,
    ):  # fmt: skip
        for some in parts(lawful):
            lacking = _at_home(session, [family.household_id for family, _, _ in some if family.scheme is Scheme.TEKUN])
            made = [
                {
                    **_case(family, given, move.to, next(numbers[family.township_code]), usual, now), "id": next(ids),
                    "agreement_lacking_since": now.date() if family.household_id in lacking else None,
                }
                for family, given, move in some
            ]  # fmt: skip
            cases.add(list(map(itemgetter(*CASE), made)))
            taken = zip(some, made, strict=True)
            stepped = [_event(case, family, given, move, actor, now) for (family, given, move), case in taken]
            events.add(list(map(itemgetter(*EVENT), stepped)))
            told += ({"case_no": case["case_no"], "monthly_fen": case["monthly_fen"]} for case in made)
        audit.bulk(session, "benefit", told)
    desk.recount(session, {family.township_code for family, _, _ in lawful})


def _at_home(session: Session, household_ids: list[int]) -> set[int]:
    """Families of 特困 with somebody who is not in a home: no roster tells of guardianship agreements."""
    found: set[int] = set()
    for start in range(0, len(household_ids), 500):
        query = select(Member.household_id).where(
            Member.household_id.in_(household_ids[start : start + 500]), Member.left_on.is_(None),
            Member.support_mode.is_distinct_from(Mode.CENTRAL),
        )  # fmt: skip
        found.update(session.scalars(query))
    return found


def _usual(figures: Figures, on: date) -> Usual:
    """What cases of one place, class and first month have in common, looked up once."""
    return Known(lambda key: taken_over(Given(review_class=key[1], first_month=key[2]), figures, key[0], on))


def _numbers(session: Session, townships: Iterable[str], year: int) -> dict[str, Any]:
    return {township: _counted(next_case_no(session, township, year)) for township in townships}


def _counted(first: str) -> Any:
    prefix, _, number = first.rpartition("-")
    return (f"{prefix}-{n:05d}" for n in count(int(number)))


def _case(
    family: OnRoster, given: Given, to: Stage, case_no: str, usual: Usual, now: datetime
) -> dict[str, Any]:
    on = now.date()
    if family.scheme is Scheme.TEMPORARY:
        own = _paid(family)
    else:
        own = usual[family.village_code, given.review_class, given.first_month] | {"monthly_fen": given.amount_fen}
    return {
        "case_no": case_no, "household_id": family.household_id, "member_id": None, "scheme": family.scheme,
        "area": family.area, "unit": Unit.HOUSEHOLD, "persons": max(family.persons, 1), "stage": to,
        "stage_since": on, "applied_on": on, "created_at": now, "batch_id": given.batch_id,
        "township_code": family.township_code, "village_code": family.village_code,
        "reason": family.reason, "own_cost_fen": family.own_cost_fen, "one_off_fen": 0, "decided_on": None,
        "paid_on": None, "ended_on": None, **own,
    }  # fmt: skip


def _paid(family: OnRoster) -> dict[str, Any]:
    """The columns of aid that was decided and paid before it came here; nothing is paid by it."""
    day = family.decided_on
    return {
        "monthly_fen": 0, "taken_over": True, "first_month": None, "pays_from": None, "review_class": None,
        "review_due_on": None, "one_off_fen": family.amount_fen, "applied_on": day, "decided_on": day,
        "paid_on": day, "ended_on": day, "stage_since": day,
    }  # fmt: skip


def _event(
    case: dict[str, Any], family: OnRoster, given: Given, move: Move, actor: Actor, now: datetime
) -> dict[str, Any]:
    return {
        "benefit_id": case["id"], "action": Action.TAKE_OVER, "from_stage": None, "to_stage": move.to, "at": now,
        "actor_id": actor.id, "actor_name": actor.name, "actor_role": actor.role, "channel": actor.channel,
        "opinion": given.words, "clause": move.rule.clause, "monthly_before_fen": 0,
        "monthly_after_fen": case["monthly_fen"], "data": {}, "batch_id": given.batch_id,
        "township_code": family.township_code, "village_code": family.village_code,
    }  # fmt: skip


def take_back_many(
    session: Session, actor: Actor, now: datetime, words: str, batch_id: int, homes: Collection[int]
) -> dict[int, tuple[Reason, ...]]:
    """Withdraw the cases that an import took over for these families, each by its own step.

    Returns the refused by case, with reasons. Set-based and in the caller's transaction; writes nothing when a single
    one is refused.
    """
    audit.attribute(session, actor, now, words, batch_id=batch_id)
    given, moves, refused = Given(words, batch_id=batch_id), [], {}
    for case in _of_batch(session, batch_id, homes):
        facts = Facts(scheme=case.scheme, stage=case.stage, on=now.date(), place=case.village_code,
                      taken_over=case.taken_over, touched=case.events > 1)  # fmt: skip
        try:
            moves.append((case, decide(facts, Action.TAKE_BACK, actor, given)))
        except Refused as refusal:
            refused[case.id] = refusal.reasons
    if moves and not refused:
        _write_back(session, moves, given, actor, now)
    return refused


def _of_batch(session: Session, batch_id: int, homes: Collection[int]) -> list[Any]:
    events = select(func.count(Event.id)).where(Event.benefit_id == Benefit.id).scalar_subquery()
    columns = (Benefit.id, Benefit.scheme, Benefit.stage, Benefit.taken_over, Benefit.township_code,
               Benefit.village_code, Benefit.monthly_fen, Benefit.household_id, events.label("events"))  # fmt: skip
    rows = session.execute(select(*columns).where(Benefit.batch_id == batch_id).order_by(Benefit.id))
    return [case for case in rows if case.household_id in homes]


def _write_back(
    session: Session, moves: list[tuple[Any, Move]], given: Given, actor: Actor, now: datetime
) -> None:
    on = now.date()
    ended = {"stage": moves[0][1].to, "stage_since": on, "ended_on": on, "reason": given.words, "review_due_on": None,
             "agreement_lacking_since": None}  # fmt: skip
    events = [
        {"benefit_id": case.id, "action": Action.TAKE_BACK, "from_stage": case.stage, "to_stage": move.to, "at": now,
         "actor_id": actor.id, "actor_name": actor.name, "actor_role": actor.role, "channel": actor.channel,
         "opinion": given.words, "clause": move.rule.clause, "monthly_before_fen": case.monthly_fen,
         "monthly_after_fen": case.monthly_fen, "data": {}, "batch_id": given.batch_id,
         "township_code": case.township_code, "village_code": case.village_code}
        for case, move in moves
    ]  # fmt: skip
    with audit.set_based(session):
        for start in range(0, len(moves), 500):
            part = [case.id for case, _ in moves[start : start + 500]]
            cases = update(Benefit).where(Benefit.id.in_(part)).values(ended | {"row_version": Benefit.row_version + 1})
            session.execute(cases.execution_options(synchronize_session=False))
        session.execute(insert(Event), events)
        audit.bulk(session, "benefit", ({"id": case.id, "stage": move.to} for case, move in moves), action="undo")
    session.expire_all()
    desk.recount(session, {case.township_code for case, _ in moves})
