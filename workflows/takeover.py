"""Families already on the roster arrive in one go: TAKE_OVER, decided by the machine one by one, written as a set."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from itertools import count
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Event, Member
from policy.figures import Figures
from policy.vocabulary import ENDED, Action, Area, Mode, ReviewClass, Scheme, Stage, Unit
from workflows import audit, behind, desk_kept
from workflows.actor import Actor
from workflows.called_up import BEGAN
from workflows.called_up_many import Called, Decided, call_up_many
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


class Taken(NamedTuple):
    """What became of families taken over: the refused by household with reasons, and what was called up, by case."""

    refused: dict[int, tuple[Reason, ...]]
    called: dict[int, Called]


def take_over_many(
    session: Session,
    families: Sequence[OnRoster],
    actor: Actor,
    now: datetime,
    figures: Figures,
    words: str,
    batch_id: int | None = None,
    founded: Collection[int] = (),
) -> Taken:
    """Take families over as running cases (finished ones of 临时救助), and call up what rests on such aid.

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
    homes = {family.household_id for family in families}
    # Whom the sheet founds with one case has no other.
    asked = homes.difference(founded) if len(homes) == len(families) else homes
    begun = _write(session, lawful, asked, actor, now, figures) if lawful else []
    if begun:
        behind.finish(session)
    return Taken(refused, call_up_many(session, begun, BEGAN, now, turned=True, batch_id=batch_id))


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
    session: Session,
    lawful: list[tuple[OnRoster, Given, Move]],
    asked: Collection[int],
    actor: Actor,
    now: datetime,
    figures: Figures,
) -> list[Decided]:
    """Some thousands of cases at a time; one entry of the history for all of them. Returns those of ``asked`` homes."""
    begun: list[Decided] = []
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
            if asked:
                of = zip(own, columns[1], (family.scheme for family, _, _ in some), columns[2], strict=True)
                begun += [Decided(*one) for one in of if one[-1] in asked]
        audit.bulk(session, "benefit", (), counted=(len(lawful), told.hexdigest()))
    return begun


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
