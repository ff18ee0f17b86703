"""An application handed in: the family is put on file or brought up to date, and its case begins as APPLIED.

Everything or nothing, in the caller's transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Asset, Benefit, Event, Household, Member, Obligor, OwedPaper
from models.benefit import ONE_OPEN_CASE
from models.sealing import blind
from policy.figures import Figures
from policy.vocabulary import Action, Relation, Unit
from workflows import audit, links, names, watching
from workflows.actor import FIELD, Actor, scoped, within
from workflows.application_input import ApplicationInput, AssetLine, ObligorLine, Problem, Problems
from workflows.casework import Claim, open_case
from workflows.facts import Given
from workflows.people import write_lines, write_person
from workflows.reason import Reason, Refused
from workflows.registry import count_persons, found_household, heads, id_taken, no_village, write_home

MOST_FOUND = 10
OBLIGOR = (
    "name", "relation", "household_size", "income_month_fen", "pays_month_fen", "able", "note", "agreed_month_fen",
    "supports", "birth", "receives", "disability_kind", "disability_level", "property_ok",
)  # fmt: skip


def submit(session: Session, actor: Actor, now: datetime, figures: Figures, given: ApplicationInput) -> Benefit:
    """Take an application: found or update the family, open its case, note signatures and papers received.

    Raises Problems with everything that stands in the way.
    """
    household = _household(session, actor, given)
    problems = _problems(session, actor, now, given, household)
    if problems:
        raise Problems(problems)
    try:
        household = _write_family(session, actor, now, given, household)
        benefit = _open(session, actor, now, figures, given, household)
    except IntegrityError as error:  # somebody else was quicker than the questions above
        raise Problems([Problem("", _collided(error))]) from error
    except Problems:
        raise
    except Refused as refused:
        raise Problems([Problem(_field_of(reason), reason) for reason in refused.reasons]) from refused
    _note_papers(session, given, benefit, now)
    return benefit


def _collided(error: IntegrityError) -> Reason:
    """What the database refused that the questions before it did not yet see."""
    said = str(error.orig)
    return Reason("case_opened_meanwhile" if any(name in said for name in ONE_OPEN_CASE) else "changed_meanwhile")


def registered(session: Session, benefit: Benefit) -> Event:
    """The event with which a case began."""
    query = select(Event).where(Event.benefit_id == benefit.id).order_by(Event.id).limit(1)
    return session.scalars(query).one()


def find_families(session: Session, actor: Actor, typed: str) -> list[Household]:
    """Families under the actor by the ID number of a present member (the head's first of all), or by a name."""
    query = scoped(select(Household), Household, actor).where(Household.dissolved_on.is_(None))
    found = session.scalars(query.where(_matching(typed)).order_by(Household.head_name, Household.id).limit(MOST_FOUND))
    return list(found)


def _matching(typed: str) -> ColumnElement[bool]:
    shape = names.shape(typed)
    present = select(Member.household_id).where(Member.left_on.is_(None))
    if shape.kind == "id_no":
        return Household.id.in_(present.where(Member.id_no_hash == blind("id_no", shape.term)))
    if shape.kind == "phone":
        return Household.phone_hash == blind("phone", shape.term)
    members: Select[int] = present.where(Member.id.in_(names.find_members(typed)))
    return or_(Household.head_name == typed.strip(), Household.id.in_(members))


def choose_family(session: Session, actor: Actor, household_id: str) -> Household | None:
    """The family of a form; None for one that is not there, or lies elsewhere."""
    if not household_id.isdecimal() or len(household_id) > 9:
        return None
    query = scoped(select(Household).where(Household.id == int(household_id)), Household, actor)
    return session.scalars(query.where(Household.dissolved_on.is_(None))).first()


def present(household: Household) -> list[Member]:
    """Who is in the family now, the head first."""
    return sorted((m for m in household.members if m.present), key=lambda m: (m.relation != Relation.HEAD, m.id))


def state_of(household: Household) -> str:
    """The versions of a family and its people, to tell later whether somebody changed them."""
    return ".".join(map(str, [household.row_version, *(m.row_version for m in present(household))]))


# --- what stands in the way -------------------------------------------------------------------------------------------


def _household(session: Session, actor: Actor, given: ApplicationInput) -> Household | None:
    if given.household_id is None:
        return None
    household = choose_family(session, actor, str(given.household_id))
    if household is None:
        raise Problems([Problem("household", Reason("no_such_family"))])
    session.refresh(household, with_for_update=True)
    return household


def _problems(
    session: Session, actor: Actor, now: datetime, given: ApplicationInput, household: Household | None
) -> list[Problem]:
    found = [] if actor.role in FIELD else [Problem("", Reason("not_your_role", roles=FIELD))]
    if household is None:
        village = no_village(session, given.home.village_code)
        if not village and not within(actor, given.home.village_code):
            village = [Reason("not_in_your_division")]
        found += [Problem("village", reason) for reason in village]
    else:
        if given.seen != state_of(household):
            found.append(Problem("household", Reason("family_changed")))
        second = next((at for at, p in zip(given.rows, given.people, strict=True) if p.relation is Relation.HEAD), 0)
        found += [Problem(f"members-{second}-relation", reason) for reason in heads(given.people, household)]
    return found + _people(session, actor, now, given)


def _people(session: Session, actor: Actor, now: datetime, given: ApplicationInput) -> list[Problem]:
    found = []
    for at, person in zip(given.rows, given.people, strict=True):
        reason = id_taken(session, actor, person.id_no, given.household_id, now.date())
        if reason:
            found.append(Problem(f"members-{at}-id_no", reason))
    return found


def _field_of(reason: Reason) -> str:
    return {"open_case": "scheme", "village_missing": "village", "not_in_your_division": "village"}.get(reason.code, "")


# --- what is written --------------------------------------------------------------------------------------------------


def _write_family(
    session: Session, actor: Actor, now: datetime, given: ApplicationInput, household: Household | None
) -> Household:
    if household is None:
        household = found_household(session, actor, now, given.home, given.people)
    else:
        audit.attribute(session, actor, now)
        write_home(household, replace(given.home, village_code=household.village_code))
        _bring_up_to_date(session, given, household, now)
    session.flush()
    _link_carers(given, household)
    _write_assets(household, given.assets)
    _write_obligors(household, given.obligors)
    session.flush()
    return household


def _bring_up_to_date(session: Session, given: ApplicationInput, household: Household, now: datetime) -> None:
    for member in present(household):
        income, spending = given.lines.get(member.id, ((), ()))
        write_lines(member, income, spending)
    for person in given.people:
        write_person(session, household, person, now.date())
        if person.relation is Relation.HEAD:
            household.head_name = person.name
    count_persons(session, household)


def _link_carers(given: ApplicationInput, household: Household) -> None:
    """Who stays at home for whom, once everybody has a number."""
    for person in given.people:
        if person.cares_for:
            carer = _member_of(household, blind("id_no", person.id_no))
            carer.cares_for_id = _named(given, household, person.cares_for).id


def _write_assets(household: Household, lines: Sequence[AssetLine]) -> None:
    wanted = list(lines)
    for row in list(household.assets):
        same = AssetLine(row.kind, row.quantity, row.area_m2, row.value_fen, row.business, row.note)
        if same in wanted:
            wanted.remove(same)
        else:
            household.assets.remove(row)
    for line in wanted:
        asset = Asset(kind=line.kind, quantity=line.quantity, area_m2=line.area_m2, value_fen=line.value_fen)
        asset.business, asset.note = line.business, line.note
        household.assets.append(asset)


def _write_obligors(household: Household, lines: Sequence[ObligorLine]) -> None:
    known = {row.id: row for row in household.obligors}
    kept: Collection[int | None] = {line.row for line in lines}
    for row in known.values():
        if row.id not in kept:
            household.obligors.remove(row)
    for line in lines:
        obligor = known.get(line.row or 0)
        if obligor is None:
            obligor = Obligor(name=line.name)
            household.obligors.append(obligor)
        for name in OBLIGOR:
            setattr(obligor, name, getattr(line, name))
        if line.id_no:
            obligor.id_no = line.id_no


def _open(
    session: Session, actor: Actor, now: datetime, figures: Figures, given: ApplicationInput, household: Household
) -> Benefit:
    follows = links.followed(session, household.id, given.scheme, now.date(), given.follows_id)
    claim = Claim(
        given.scheme, _single(given, household), given.urgent, given.requested_fen, given.pledged_on,
        given.authorised_on, follows,
    )  # fmt: skip
    benefit = open_case(session, household, claim, Action.APPLY, actor, Given(words=given.words), now, figures)
    benefit.special = given.special
    watching.applied_again(session, household.id, actor, now.date())
    session.flush()
    return benefit


def _single(given: ApplicationInput, household: Household) -> Member | None:
    """The one person applied for."""
    return None if given.unit is Unit.HOUSEHOLD else _named(given, household, given.single)


def _named(given: ApplicationInput, household: Household, key: str) -> Member:
    """Somebody of the form: "m12" on file, or "n0" of its rows; new people were written in the order of the form."""
    number = int(key[1:])
    if key.startswith("m"):
        return next(m for m in household.members if m.id == number and m.present)
    return _member_of(household, blind("id_no", given.people[given.rows.index(number)].id_no))


def _member_of(household: Household, id_hash: str) -> Member:
    return next(m for m in household.members if m.id_no_hash == id_hash and m.present)


def _note_papers(session: Session, given: ApplicationInput, benefit: Benefit, now: datetime) -> None:
    """A paper that came with the application is one that was never owed: told and filed on the same day."""
    for paper in given.papers:
        session.add(OwedPaper(
            benefit_id=benefit.id, paper=paper, told_on=now.date(), filed_on=now.date(),
            township_code=benefit.township_code, village_code=benefit.village_code,
        ))  # fmt: skip
    session.flush()
