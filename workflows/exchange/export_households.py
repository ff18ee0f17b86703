"""A row for each family, its people joined in two of the cells."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from models import Asset, HouseholdCause, Member
from policy.money import yuan_cell
from policy.vocabulary import AssetKind, Cause, Relation
from workflows.exchange import words
from workflows.exchange.export_shared import (
    HOME_FIELDS,
    Cells,
    Reading,
    given,
    home_cells,
    raw,
    read_homes,
    read_incomes,
    yuan,
)  # fmt: skip
from workflows.exchange.values import LIST_MARKS

M, A, C = Member.__table__.c, Asset.__table__.c, HouseholdCause.__table__.c
PEOPLE = (
    select(M.household_id, M.id, M.name, M.row_key, raw(M.id_no_sealed), raw(M.relation))
    .where(given(M.household_id), M.left_on.is_(None))
    .order_by(M.id)
)
OF_CAUSES = select(C.household_id, raw(C.cause)).where(given(C.household_id)).order_by(C.cause)
OF_ASSETS = (
    select(A.household_id, A.kind, A.quantity, A.area_m2, A.value_fen, A.note)
    .where(given(A.household_id))
    .order_by(A.id)
)
ASSETS = ("houses", "house_area", "financial_fen", "other_assets")
FIELDS = (
    "head_name", "head_id_no", "people", "covered", "income_year_fen", "income_per_head_fen", "causes",
    *ASSETS, "member_names", "member_id_nos", *HOME_FIELDS,
)  # fmt: skip
CAUSES = {cause.value: words.spoken(cause) for cause in Cause}
HEAD, NOTHING = Relation.HEAD.value, ("", "", "", "")
Person = tuple[int, str, str, str]
"""Id, name, ID number, relation."""


def households(reading: Reading, ids: Sequence[int]) -> Iterator[Cells]:
    """Cells by ``FIELDS`` of these families, in this order."""
    found = read_homes(reading, ids)
    homes, people = home_cells(reading, found), _people(reading, ids)
    incomes = read_incomes(reading, [one[0] for those in people.values() for one in those])
    causes, assets = _causes(reading, ids), _assets(reading, ids)
    for home_id in ids:
        if home_id not in found:
            continue
        *_, head_name, persons, covered, _ = found[home_id]
        those = people[home_id]
        yield (
            head_name, next((number for _, _, number, relation in those if relation == HEAD), ""), str(persons),
            str(covered or ""), *_income([incomes[one[0]] for one in those if one[0] in incomes], len(those)),
            "、".join(causes[home_id]), *assets.get(home_id, NOTHING), *_listed(those),
            *homes[home_id],
        )  # fmt: skip


def _people(reading: Reading, ids: Sequence[int]) -> defaultdict[int, list[Person]]:
    number, people = reading.number("member", "id_no"), defaultdict[int, list[Person]](list)
    for home, member_id, name, key, sealed, relation in reading.all(PEOPLE, ids):
        people[home].append((member_id, name, number(key, sealed), relation))
    return people


def _income(known: list[int], persons: int) -> tuple[str, str]:
    """Income a year of the family and of each of its people (元), rounded half up; nothing where none is on file."""
    return (yuan(sum(known)), yuan((2 * sum(known) + persons) // (2 * persons))) if known else ("", "")


def _listed(people: list[Person]) -> tuple[str, str]:
    """Names and numbers of the members, joined; left out where a name holds a mark that would part it."""
    if any(LIST_MARKS.search(name) for _, name, _, _ in people):
        return "", ""
    end = "、" if len(people) == 1 and any(map(str.isspace, people[0][1])) else ""
    return "、".join(one[1] for one in people) + end, "、".join(one[2] for one in people)


def _causes(reading: Reading, ids: Sequence[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for home, cause in reading.all(OF_CAUSES, ids):
        found[home].append(CAUSES[cause])
    return found


def _assets(reading: Reading, ids: Sequence[int]) -> dict[int, Cells]:
    """The latest line of property of each kind, as the import compares it, by ``ASSETS``."""
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for home, kind, quantity, area, fen, note in reading.all(OF_ASSETS, ids):
        if kind is AssetKind.HOUSE:
            found[home] |= {"houses": _text(quantity), "house_area": _text(area)}
        elif kind is AssetKind.DEPOSIT:
            found[home]["financial_fen"] = yuan_cell(fen)
        elif kind is AssetKind.OTHER:
            found[home]["other_assets"] = note
    return {home: tuple(cells.get(name, "") for name in ASSETS) for home, cells in found.items()}


def _text(value: Any) -> str:
    return "" if value is None else str(value)
