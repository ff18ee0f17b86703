"""Families already on the roster arrive in one go: TAKE_OVER, decided by the machine one by one, written as a set."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from itertools import count
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from models import Benefit, Event, Member
from policy.figures import Figures
from policy.vocabulary import ENDED, Action, Area, Mode, ReviewClass, Scheme, Stage, Unit
from workflows import audit, behind, desk, desk_kept
from workflows.actor import Actor
from workflows.casework import next_case_no
from workflows.clocks_tekun import OLDEST, ripe_on
from workflows.effects import taken_over
from workflows.facts import Facts, Given
from workflows.indexes import laid_aside
from workflows.loading import Known, Loader, block, parts
from workflows.machine import Move, decide
from workflows.reason import Reason, Refused


class OnRoster(NamedTuple):
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
    session: Session,
    families: Sequence[OnRoster],
    actor: Actor,
    now: datetime,
    figures: Figures,
    words: str,
    batch_id: int | None = None,
    founded: Collection[int] = (),
) -> dict[int, tuple[Reason, ...]]:
    """Take families over as running cases (finished ones of 临时救助); returns the refused by household, with reasons.

    Set-based and in the caller's transaction; a family with an open case, or outside the actor's division, is refused.
    Those just ``founded`` have no case yet.
    """
    audit.attribute(session, actor, now, words, batch_id=batch_id)
    stood = [family.household_id for family in families if family.household_id not in founded]
    taken_numbers = _open_cases(session, stood)
    behind.free(session)
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
CASE = (
    "id", "case_no", "household_id", "township_code", "village_code", "area", "persons", "reason", "own_cost_fen",
    "monthly_fen", "one_off_fen", "agreement_lacking_since",
)  # fmt: skip
ALIKE = (
    "stage", "stage_since", "scheme", "unit", "member_id", "batch_id", "created_at", "applied_on", "decided_on",
    "paid_on", "ended_on", "taken_over", "first_month", "pays_from", "review_class", "review_due_on",
)  # fmt: skip
EVENT = ("benefit_id", "township_code", "village_code", "to_stage", "clause", "monthly_after_fen")
EVENTS_ALIKE = (
    "action", "from_stage", "at", "actor_id", "actor_name", "actor_role", "channel", "opinion", "monthly_before_fen",
    "data", "batch_id",
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
    actor: Actor,
    on: date,
    words: str,
    batch_id: int | None,
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
    alike, told = Known(partial(_alike, figures, now)), sha256()
    event = _event_alike(lawful[0][1], actor, now)
    coming = {Benefit: len(lawful), Event: len(lawful)}
    with (
        audit.set_based(session), laid_aside(session, coming), Loader(session, Benefit, CASE + ALIKE) as cases,
        Loader(session, Event, EVENT + EVENTS_ALIKE) as events,
    ):  # fmt: skip
        behind.free(session)
        for some in parts(lawful):
            supported = [family.household_id for family, _, _ in some if family.scheme is Scheme.TEKUN]
            lacking, ripe = _at_home(session, supported), _ripe(session, figures, now.date(), supported)
            made = [
                (*_case(family, next(ids), next(numbers[family.township_code])),
                 now.date() if family.household_id in lacking else None,
                 *_reviewed(alike[family.scheme, family.village_code, given.review_class, given.first_month,
                                  family.decided_on, move.to, given.batch_id], ripe.get(family.household_id)))
                for family, given, move in some
            ]  # fmt: skip
            columns = list(zip(*made, strict=True))
            cases.add_columns(columns)
            desk_kept.came(session, Benefit, dict(zip(CASE + ALIKE, columns, strict=True)))
            own, _, _, towns, villages, _, _, _, _, fens, *_ = columns
            stages, clauses = [move.to for _, _, move in some], [move.rule.clause for _, _, move in some]
            alike_all = ((value,) * len(some) for value in event)
            events.add_columns([own, towns, villages, stages, clauses, fens, *alike_all])
            told.update("".join(map(_line, made)).encode())
        audit.bulk(session, "benefit", (), counted=(len(lawful), told.hexdigest()))


def _line(case: Sequence[Any]) -> str:
    """What the digest is of, as ``audit.digest_of`` has it: number and amount (分 a month) of a case."""
    return f'{{"case_no":"{case[1]}","monthly_fen":{case[9]}}}\n'


def _at_home(session: Session, household_ids: list[int]) -> set[int]:
    """Families of 特困 with somebody who is not in a home: no roster tells of guardianship agreements."""
    found: set[int] = set()
    if household_ids:
        behind.finish(session)
    for start in range(0, len(household_ids), 500):
        query = select(Member.household_id).where(
            Member.household_id.in_(household_ids[start : start + 500]), Member.left_on.is_(None),
            Member.support_mode.is_distinct_from(Mode.CENTRAL),
        )  # fmt: skip
        found.update(session.scalars(query))
    return found


def _ripe(session: Session, figures: Figures, on: date, household_ids: list[int]) -> dict[int, date]:
    """By family of 特困 the first day on which one of them comes of age, or ends a school year."""
    found: dict[int, date] = {}
    young = (Member.left_on.is_(None), Member.birth > on - OLDEST)
    for start in range(0, len(household_ids), 500):
        part = household_ids[start : start + 500]
        for member in session.scalars(select(Member).where(Member.household_id.in_(part), *young)):
            if day := ripe_on(figures, member.village_code, on, member):
                found[member.household_id] = min(day, found.get(member.household_id, day))
    return found


def _reviewed(columns: tuple[Any, ...], ripe: date | None) -> tuple[Any, ...]:
    """``ALIKE`` of a case with its review, the last of them, no later than the day on which somebody is ripe for it."""
    return columns if ripe is None else (*columns[:-1], min(columns[-1], ripe))


def _numbers(session: Session, townships: Iterable[str], year: int) -> dict[str, Any]:
    # In one order, or two rosters of the same townships at once wait for one another without end on PostgreSQL.
    return {township: _counted(next_case_no(session, township, year)) for township in sorted(townships)}


def _counted(first: str) -> Any:
    prefix, _, number = first.rpartition("-")
    return (f"{prefix}-{n:05d}" for n in count(int(number)))


def _case(family: OnRoster, id: int, case_no: str) -> tuple[Any, ...]:
    """What is a case's own; aid that was decided and paid before it came here is paid by nothing."""
    once = family.scheme is Scheme.TEMPORARY
    return (
        id, case_no, family.household_id, family.township_code, family.village_code, family.area,
        family.persons or 1, family.reason, family.own_cost_fen, 0 if once else family.amount_fen,
        family.amount_fen if once else 0,
    )  # fmt: skip


def _alike(
    figures: Figures,
    now: datetime,
    told: tuple[Scheme, str, ReviewClass | None, date | None, date | None, Stage, int | None],
) -> tuple[Any, ...]:
    """``ALIKE`` of cases of this scheme, place, class, first month and day of decision."""
    scheme, village, review_class, first_month, decided_on, to, batch_id = told
    on = now.date()
    columns = dict.fromkeys(ALIKE) | {
        "stage": to, "stage_since": on, "scheme": scheme, "unit": Unit.HOUSEHOLD, "batch_id": batch_id,
        "created_at": now, "applied_on": on, "taken_over": True,
    }  # fmt: skip
    if scheme is Scheme.TEMPORARY:
        columns |= dict.fromkeys(("stage_since", "applied_on", "decided_on", "paid_on", "ended_on"), decided_on)
    else:
        columns |= taken_over(Given(review_class=review_class, first_month=first_month), figures, village, on)
    return tuple(columns[name] for name in ALIKE)


def _event_alike(given: Given, actor: Actor, now: datetime) -> tuple[Any, ...]:
    """``EVENTS_ALIKE``: what the events of one taking over have in common."""
    return (
        Action.TAKE_OVER, None, now, actor.id, actor.name, actor.role, actor.channel, given.words, 0, {},
        given.batch_id,
    )  # fmt: skip


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


def _write_back(session: Session, moves: list[tuple[Any, Move]], given: Given, actor: Actor, now: datetime) -> None:
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
