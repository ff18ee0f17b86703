"""应享未享, 不应享而享: who seems entitled to a person's aid and has no case, and who has it though no longer entitled.

DJ-2.5b, DJ-2.5d. The lists point; the case with its check and calculation decides. Each is read by an index, a page at
a time, in the order of that index.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Select, and_, case, exists, false, literal, or_, select, text, tuple_
from sqlalchemy.orm import Session, aliased

from models import Benefit, ChildParent, Household, HouseholdTag, Member
from models.base import Coded
from models.benefit import OPEN_PERSONAL
from policy.calendar import add_months
from policy.children import TIMED
from policy.division_codes import county_of, is_village
from policy.figures import Figures
from policy.vocabulary import CHILDREN, IN_FORCE, OPEN, DisabilityKind, ParentState, Relation, Scheme, Tag, Word
from workflows.actor import Actor, scoped

SIZE = 50
NUMBER = re.compile("[0-9]{1,9}")
SEVERE = 2
NOBODY_RAISES = (Relation.GRANDCHILD, Relation.SIBLING, Relation.OTHER, Relation.HEAD)
"""Children who live with grandparents, siblings or others, or head a household."""
PARENTS = (Relation.SON, Relation.DAUGHTER, Relation.CHILD_IN_LAW, Relation.PARENT, Relation.SPOUSE)


class Why(Word):
    """Why somebody stands on a list."""

    DIBAO_WITHOUT_LIVING = "dibao_without_living", "Disabled, in a poor family, without the living subsidy"
    SEVERE_WITHOUT_CARE = "severe_without_care", "Severely disabled, without the care subsidy"
    CHILD_WITHOUT_PARENTS = "child_without_parents", "Child without a parent in the home"
    GONE = "gone", "No longer in the family"
    NO_CARD = "no_card", "No certificate of this kind and level any more"
    NOT_POOR = "not_poor", "The family receives no allowance any more"
    TEKUN = "tekun", "Is supported as extremely poor"
    OF_AGE = "of_age", "Has come of age"
    PARENT_ABLE = "parent_able", "A parent can raise the child"
    ORPHAN_TOO = "orphan_too", "Receives an orphan's money too"


class Row(NamedTuple):
    """One person of a list; ``benefit_id`` of whoever receives already, ``after`` to read on from."""

    member: Member
    head_name: str
    why: Why
    scheme: Scheme
    benefit_id: int | None
    case_no: str
    after: str


class Page(NamedTuple):
    """Some rows of a list, and where the next ones begin; empty where there are none."""

    rows: list[Row]
    after: str


LISTS: tuple[str, ...] = ("living", "care", "children", "lost")
"""Three of people who seem entitled, one of those who receive though no longer entitled."""


def page(
    session: Session,
    actor: Actor,
    figures: Figures,
    on: date,
    which: str,
    place: str = "",
    after: str = "",
    size: int = SIZE,
) -> Page:
    """A page of a list under the actor, narrowed to a township or village; ``after`` is where the last one ended."""
    query, keys = _BUILD[which](figures, county_of(actor.division_code), on)
    of: Any = Member if which != "lost" else Benefit
    query = scoped(query, of, actor)
    if place:
        query = query.where((of.village_code if is_village(place) else of.township_code) == place)
    if last := _read_after(after, keys):
        query = query.where(tuple_(*keys) > tuple_(*last))
    found = session.execute(query.order_by(*keys).limit(size + 1)).all()
    rows = [_row(row) for row in found[:size]]
    return Page(rows, rows[-1].after if len(found) > size else "")


def everybody(session: Session, actor: Actor, figures: Figures, on: date, which: str, place: str = "") -> Iterator[Row]:
    """Every row of a list, read a page at a time."""
    after = ""
    while True:
        part = page(session, actor, figures, on, which, place, after, 500)
        yield from part.rows
        session.expunge_all()
        if not part.after:
            return
        after = part.after


def _row(row: Any) -> Row:
    member, head, why, scheme, benefit_id, case_no, *key = row
    after = "~".join(str(getattr(part, "value", part)) for part in key)
    return Row(member, head, Why(why), Scheme(scheme), benefit_id, case_no or "", after)


def _read_after(after: str, keys: tuple[Any, ...]) -> list[Any]:
    """The key a page begins after; nothing where the text is none of ours."""
    given = after.split("~")
    if len(given) != len(keys):
        return []
    try:
        return [literal(_part(key.type, part), key.type) for key, part in zip(keys, given, strict=True)]
    except ValueError:
        return []


def _part(kind: Any, text: str) -> Any:
    """A value of a column of this type; raises ValueError for what can stand in none."""
    if isinstance(kind, Coded):
        return kind.words(text)
    if isinstance(kind, Date):
        return date.fromisoformat(text)
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return int(text)


# --- the lists --------------------------------------------------------------------------------------------------------

Built = tuple[Select[Any], tuple[Any, ...]]


def _columns(why: Why, scheme: Scheme, *key: Any) -> Select[Any]:
    query = select(Member, Household.head_name, literal(why.value), literal(scheme.value), literal(None), literal(""))
    return query.add_columns(*key).join(Household, Household.id == Member.household_id)


def _living(figures: Figures, place: str, on: date) -> Built:
    key = (Member.disability_kind, Member.id)
    query = _columns(Why.DIBAO_WITHOUT_LIVING, Scheme.LIVING_SUBSIDY, *key)
    return query.where(
        Member.left_on.is_(None), Member.disability_kind.is_not(None), _poor(figures, place, on),
        ~_has(Scheme.LIVING_SUBSIDY), ~_holds(Scheme.TEKUN), ~_holds(Scheme.ORPHAN),
    ), key  # fmt: skip


def _care(figures: Figures, place: str, on: date) -> Built:
    key = (Member.disability_kind, Member.id)
    query = _columns(Why.SEVERE_WITHOUT_CARE, Scheme.CARE_SUBSIDY, *key)
    return query.where(
        Member.left_on.is_(None), Member.disability_kind.is_not(None), _severe(figures, place, on),
        ~_has(Scheme.CARE_SUBSIDY), ~_holds(Scheme.TEKUN),
    ), key  # fmt: skip


def _children(figures: Figures, place: str, on: date) -> Built:
    key = (Member.birth, Member.id)
    query = _columns(Why.CHILD_WITHOUT_PARENTS, Scheme.UNSUPPORTED_CHILD, *key)
    other = aliased(Member)
    raised = exists().where(
        other.household_id == Member.household_id, other.left_on.is_(None), other.absence.is_(None),
        other.relation.in_(PARENTS), other.birth <= _adult_since(figures, place, on),
    )  # fmt: skip
    return query.where(
        Member.left_on.is_(None), Member.relation.in_(NOBODY_RAISES),
        Member.birth > _adult_since(figures, place, on), ~raised, ~_has(*CHILDREN), ~_holds(Scheme.TEKUN),
    ), key  # fmt: skip


def _lost(figures: Figures, place: str, on: date) -> Built:
    key = (Benefit.member_id, Benefit.id)
    subsidy, child = Benefit.scheme == Scheme.LIVING_SUBSIDY, Benefit.scheme.in_(CHILDREN)
    care = Benefit.scheme == Scheme.CARE_SUBSIDY
    over = ChildParent.state.in_(TIMED) & (ChildParent.until < on)
    able = exists().where(ChildParent.member_id == Member.id, or_(ChildParent.state == ParentState.ABLE, over))
    why = case(
        (Member.left_on.is_not(None), Why.GONE.value),
        (and_(subsidy, Member.disability_kind.is_(None)), Why.NO_CARD.value),
        (and_(care, or_(Member.disability_kind.is_(None), ~_severe(figures, place, on))), Why.NO_CARD.value),
        (and_(subsidy, ~_poor(figures, place, on)), Why.NOT_POOR.value),
        (and_(or_(subsidy, care), _holds(Scheme.TEKUN)), Why.TEKUN.value),
        (and_(child, Member.birth <= _adult_since(figures, place, on)), Why.OF_AGE.value),
        (and_(child, able), Why.PARENT_ABLE.value),
        (and_(Benefit.scheme != Scheme.ORPHAN, ~care, _holds(Scheme.ORPHAN)), Why.ORPHAN_TOO.value),
    ).label("why")  # fmt: skip
    query = select(Member, Household.head_name, why, Benefit.scheme, Benefit.id, Benefit.case_no, *key)
    query = query.join(Member, Member.id == Benefit.member_id)
    query = query.join(Household, Household.id == Benefit.household_id)
    # The words of the partial index, so that it is used.
    return query.where(text(OPEN_PERSONAL), Benefit.stage.in_(IN_FORCE), why.is_not(None)), key


_BUILD: dict[str, Callable[[Figures, str, date], Built]] = {
    "living": _living, "care": _care, "children": _children, "lost": _lost,
}  # fmt: skip


# --- conditions on a member -------------------------------------------------------------------------------------------


def _has(*schemes: Scheme) -> ColumnElement[bool]:
    """An open case of this scheme for the very person."""
    own = aliased(Benefit)
    return exists().where(own.member_id == Member.id, own.scheme.in_(schemes), own.stage.in_(OPEN))


def _holds(scheme: Scheme) -> ColumnElement[bool]:
    """Aid in force of this scheme, of the person's own or of the whole household."""
    held = aliased(Benefit)
    mine = or_(held.member_id.is_(None), held.member_id == Member.id)
    return exists().where(
        held.household_id == Member.household_id, held.scheme == scheme, held.stage.in_(IN_FORCE), mine
    )


def _poor(figures: Figures, place: str, on: date) -> ColumnElement[bool]:
    """A family whose disabled have the living subsidy here."""
    figure = figures.find("living_subsidy.families", place=place, on=on)
    words = figure.words if figure else ()
    schemes = [scheme for scheme in (Scheme.DIBAO, Scheme.EDGE, Scheme.RIGID) if scheme.value in words]
    tags = [tag for tag in Tag if tag.value in words]
    marked = exists().where(HouseholdTag.household_id == Member.household_id, HouseholdTag.tag.in_(tags))
    return or_(false(), *(_holds(scheme) for scheme in schemes), *([marked] if tags else []))


def _severe(figures: Figures, place: str, on: date) -> ColumnElement[bool]:
    """A disability that the care subsidy is for here: "severe_disability" is level 1 or 2 of any kind."""
    figure = figures.find("care_subsidy.disabilities", place=place, on=on)
    found: list[ColumnElement[bool]] = []
    for word in figure.words if figure else ():
        kind, _, level = word.rpartition("_")
        if word == "severe_disability":
            found.append(Member.disability_level <= SEVERE)
        else:
            found.append((Member.disability_kind == DisabilityKind(kind)) & (Member.disability_level <= int(level)))
    return or_(false(), *found)


def _adult_since(figures: Figures, place: str, on: date) -> date:
    """Who was born on this day or before is of age."""
    return add_months(on, -12 * figures.get("age.adult", place=place, on=on).whole)
