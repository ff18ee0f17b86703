"""Families and people in the layouts of the rosters; with full numbers, imported again, they change nothing.

Columns are read in chunks, numbers are opened row by row, and nothing is kept. What is not on file stays empty.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Asset, Benefit, County, Division, Household, HouseholdCause, IncomeLine, Member
from models.sealing import unseal
from policy.identity import age_on
from policy.masking import mask_account, mask_id_beside_birth, mask_phone
from policy.money import yuan
from policy.vocabulary import ENDED, AssetKind, Cause, Relation, Scheme
from workflows.exchange import words
from workflows.exchange.existing import chunks
from workflows.exchange.layouts import HOUSEHOLDS, MEMBERS, Layout
from workflows.exchange.values import LIST_MARKS

MASKS = {
    "id_no": mask_id_beside_birth, "disability_cert": mask_account, "account": mask_account, "one_card": mask_account,
    "phone": mask_phone,
}  # fmt: skip
Cells = dict[str, str]

H, M, B = Household, Member, Benefit
HOME = (
    H.id, H.row_key, H.head_name, H.persons, H.area, H.address, H.village_code, H.certificate_no, H.bank,
    H.account_name, H.phone_sealed, H.account_sealed, H.one_card_sealed, B.persons.label("covered"),
    B.monthly_fen, B.first_month,
)  # fmt: skip
PERSON = (
    M.id, M.row_key, M.household_id, M.name, M.id_no_sealed, M.relation, M.sex, M.birth, M.ethnicity, M.marital,
    M.schooling, M.political, M.employment, M.disability_kind, M.disability_level, M.disability_cert_sealed,
    M.illness_name, M.labour, M.health, M.insurance, M.registered_poor, M.note,
)  # fmt: skip


@dataclass(frozen=True)
class Export:
    """What an export needs to know: whether numbers are shown in full, and the day ages are counted on."""

    session: Session
    full: bool
    on: date

    def rows(self, layout: Layout, ids: Sequence[int]) -> Iterator[list[str]]:
        """The rows of a layout for these households (or members), in this order, by the layout's columns."""
        names = self._names()
        make = self._households if layout is HOUSEHOLDS else self._members
        for part in chunks(ids):
            for cells in make(part, names):
                yield [cells.get(column.field, "") for column in layout.columns]

    def _names(self) -> dict[str, str]:
        divisions = self.session.execute(select(Division.code, Division.name))
        county = self.session.execute(select(County.code, County.name))
        return dict(map(tuple, [*divisions, *county]))

    def _homes(self, ids: Sequence[int]) -> dict[int, Any]:
        open_case = (B.household_id == H.id) & (B.scheme == Scheme.DIBAO) & B.stage.not_in(ENDED)
        query = select(*HOME).outerjoin(B, open_case).where(H.id.in_(ids)).order_by(B.id.desc())
        return {row.id: row for row in self.session.execute(query)}

    def _people(self, *where: Any) -> list[Any]:
        return list(self.session.execute(select(*PERSON).where(M.left_on.is_(None), *where).order_by(M.id)))

    def _incomes(self, ids: Sequence[int]) -> dict[int, int]:
        sums: defaultdict[int, int] = defaultdict(int)
        for part in chunks(ids):
            query = select(IncomeLine.member_id, IncomeLine.year_fen).where(IncomeLine.member_id.in_(part))
            for member_id, fen in self.session.execute(query):
                sums[member_id] += fen
        return dict(sums)

    def _number(self, row: Any, table: str, name: str) -> str:
        """A sealed number of a row, in full or masked."""
        sealed = getattr(row, f"{name}_sealed")
        text = unseal(f"{table}.{name}", row.row_key, sealed) if sealed else ""
        return text if self.full or not text else MASKS[name](text)

    def _shared(self, home: Any, names: dict[str, str]) -> Cells:
        """The columns that both rosters have."""
        code, paid = home.village_code, home.monthly_fen or 0
        places = {"province": code[:2], "city": code[:4], "county": code[:6], "township": code[:9]}
        return {
            **{field: names.get(part, "") for field, part in places.items()},
            "village": names.get(code, "") if len(code) == 12 else "",
            "address": home.address, "certificate_no": home.certificate_no or "", "bank": home.bank or "",
            "account_name": home.account_name or "", "account": self._number(home, "household", "account"),
            "onecard": self._number(home, "household", "one_card"), "monthly_fen": yuan(paid), "total_fen": yuan(paid),
            "first_month": f"{home.first_month:%Y-%m}" if home.first_month else "",
        }  # fmt: skip

    def _households(self, ids: Sequence[int], names: dict[str, str]) -> Iterator[Cells]:
        homes = self._homes(ids)
        people: defaultdict[int, list[Any]] = defaultdict(list)
        for person in self._people(M.household_id.in_(ids)):
            people[person.household_id].append(person)
        incomes = self._incomes([person.id for those in people.values() for person in those])
        causes, assets = self._causes(ids), self._assets(ids)
        for household_id in ids:
            if home := homes.get(household_id):
                those = people[household_id]
                yield {
                    **self._shared(home, names), **self._family(home, those, incomes),
                    "causes": "、".join(causes[household_id]), **assets[household_id],
                }  # fmt: skip

    def _family(self, home: Any, people: list[Any], incomes: dict[int, int]) -> Cells:
        head = next((person for person in people if person.relation == Relation.HEAD), None)
        known = [incomes[person.id] for person in people if person.id in incomes]
        return {
            "head_name": home.head_name, "head_id_no": self._number(head, "member", "id_no") if head else "",
            "people": str(home.persons), "covered": str(home.covered or ""),
            "income_year_fen": yuan(sum(known)) if known else "",
            "income_per_head_fen": yuan((2 * sum(known) + len(people)) // (2 * len(people))) if known else "",
            "phone": self._number(home, "household", "phone"), **self._listed(people),
        }  # fmt: skip

    def _listed(self, people: list[Any]) -> Cells:
        """Names and numbers of the members, joined; left out where a name holds a mark that would part it."""
        if any(LIST_MARKS.search(person.name) for person in people):
            return {}
        end = "、" if len(people) == 1 and " " in people[0].name else ""
        numbers = [self._number(person, "member", "id_no") for person in people]
        return {"member_names": "、".join(person.name for person in people) + end, "member_id_nos": "、".join(numbers)}

    def _causes(self, ids: Sequence[int]) -> defaultdict[int, list[str]]:
        found: defaultdict[int, list[str]] = defaultdict(list)
        query = select(HouseholdCause.household_id, HouseholdCause.cause).where(HouseholdCause.household_id.in_(ids))
        for household_id, cause in self.session.execute(query.order_by(HouseholdCause.cause)):
            found[household_id].append(words.spoken(Cause(cause)))
        return found

    def _assets(self, ids: Sequence[int]) -> defaultdict[int, Cells]:
        """The latest line of property of each kind, as the import compares it."""
        found: defaultdict[int, Cells] = defaultdict(dict)
        columns = (Asset.household_id, Asset.kind, Asset.quantity, Asset.area_m2, Asset.value_fen, Asset.note)
        for row in self.session.execute(select(*columns).where(Asset.household_id.in_(ids)).order_by(Asset.id)):
            if row.kind == AssetKind.HOUSE:
                found[row.household_id] |= {"houses": _text(row.quantity), "house_area": _text(row.area_m2)}
            elif row.kind == AssetKind.DEPOSIT:
                found[row.household_id]["financial_fen"] = _money(row.value_fen)
            elif row.kind == AssetKind.OTHER:
                found[row.household_id]["other_assets"] = row.note
        return found

    def _members(self, ids: Sequence[int], names: dict[str, str]) -> Iterator[Cells]:
        people = {person.id: person for person in self._people(M.id.in_(ids))}
        homes = self._homes(sorted({person.household_id for person in people.values()}))
        heads = {p.household_id: p for p in self._people(M.household_id.in_(list(homes)), M.relation == Relation.HEAD)}
        incomes = self._incomes(list(people))
        for member_id in ids:
            if person := people.get(member_id):
                home, head = homes[person.household_id], heads.get(person.household_id)
                yield {
                    **self._shared(home, names), **self._person(person),
                    "head_id_no": self._number(head, "member", "id_no") if head else "",
                    "aid_kind": words.spoken(home.area), "income_year_fen": _money(incomes.get(member_id)),
                }  # fmt: skip

    def _person(self, person: Any) -> Cells:
        spoken = ("sex", "marital", "schooling", "employment", "disability_kind", "labour", "health")
        level = words.LEVELS.spoken[person.disability_level] if person.disability_level else ""
        return {
            **{name: words.spoken(value) if (value := getattr(person, name)) else "" for name in spoken},
            "name": person.name, "id_no": self._number(person, "member", "id_no"), "ethnicity": person.ethnicity or "",
            "relation": words.spoken_relation(person.relation, person.sex), "birth": person.birth.isoformat(),
            "age": str(age_on(person.birth, self.on)), "party": person.political or "", "note": person.note,
            "disabled": _yes(person.disability_kind), "disability_level": level, "illness": person.illness_name or "",
            "disability_certificate": self._number(person, "member", "disability_cert"),
            "insurance": person.insurance or "", "poor_register": _yes(person.registered_poor),
        }  # fmt: skip


def headers(layout: Layout) -> list[str]:
    """The header row of a layout."""
    return [column.header for column in layout.columns]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _money(fen: int | None) -> str:
    return "" if fen is None else yuan(fen)


def _yes(value: Any) -> str:
    return words.YES_NO.spoken[bool(value)]


__all__ = ["HOUSEHOLDS", "MEMBERS", "Export", "headers"]
