"""Verdicts on rows of the rosters: what a family or a person of a sheet would do to what stands in our tables.

Nothing is written here.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from policy.identity import parse_id_number
from policy.vocabulary import Relation
from workflows.actor import Actor, within
from workflows.exchange.clearing import cleared
from workflows.exchange.existing import Existing, Family, Person
from workflows.exchange.list_rows import AidRow
from workflows.exchange.lots import Later
from workflows.exchange.reading import Sheet
from workflows.exchange.rows import SENSITIVE, HouseholdRow, MemberRow, Problem
from workflows.exchange.verdicts import Verdict, closed
from workflows.exchange.villages import Told, Villages
from workflows.exchange.wanted import (
    FIELD_IN_ROW,
    FOUNDED,
    Flat,
    as_read,
    case_of,
    changed,
    each,
    founded_by_heads,
    head_as_member,
    monthly_fen,
    wanted_household,
)
from workflows.reason import Reason


@dataclass
class Judge:
    """Knows the sheet, the county and who imports; says what each row would do."""

    sheet: Sheet
    actor: Actor
    existing: Existing
    villages: Villages
    heads_here: dict[str, MemberRow]
    create_villages: bool
    family_sizes: Counter[str]
    spoiled: Container[str] = ()
    """ID numbers of heads whose rows cannot be read."""
    members: Sequence[MemberRow] = ()
    """Everybody whom the sheet names in a row of their own."""
    source: Later | None = None
    """The row that is being judged, as it stands in the file."""
    joined: Counter[int] = field(default_factory=Counter)
    """How many people more than stand here the file brings to families of ours."""
    places: dict[Told, str | Reason] = field(default_factory=dict)
    homes: dict[Told, str] = field(default_factory=dict)
    accounts: dict[int, tuple[int, str]] = field(default_factory=dict)
    aid_known: dict[int, set[tuple[Any, int]]] = field(default_factory=dict)
    names_here: dict[int, set[str]] = field(default_factory=dict)
    """Who is present in families of ours, where a list of deaths names them."""
    support_known: dict[str, list[str]] = field(default_factory=dict)
    founded_by_aid: dict[str, str] = field(default_factory=dict)
    tekun_first: dict[str, int] = field(default_factory=dict)
    tekun_sums: dict[str, tuple[int, int]] = field(default_factory=dict)
    by_birth: dict[tuple[str, Any], Person] = field(default_factory=dict)

    def household(self, row: HouseholdRow) -> Verdict:
        """A row of 低保家庭: a family founded with its head, or one that is known by its head's number."""
        verdict = Verdict(row.number, "household", row.head_name, "new", warnings=list(row.warnings))
        head = self.existing.person(row.head_id_no)
        family = self.existing.family_of(row.head_id_no)
        other = None if family else self._with_another_head(row.head_id_no, (number for _, number in row.members))
        family, wanted = family or other, wanted_household(row)
        if family is None or row.township or row.village:  # of a family that is here an empty cell is no news
            verdict.village_code = self.village_of(row, verdict)
        if family is not None and not within(self.actor, family.village_code):
            self._own(verdict, family.village_code, "head_id_no")
        elif family is not None:
            named = wanted.pop("head_name")
            if other is not None:
                verdict.warnings.append(self.problem("head_name", "head_differs", head=family.head_name))
            elif named != as_read("head_name", family.head_name):
                verdict.warnings.append(self.problem("head_name", "head_name_differs", ours=family.head_name))
            self.compare(verdict, family, family.values, wanted)
            self._watch_case(verdict, row, family)
            verdict.warnings += self._listed_elsewhere(row, family.id)
        elif head is not None:
            self._elsewhere(verdict, head, "head_id_no")
        else:
            identity = parse_id_number(row.head_id_no)
            head_values = head_as_member(row, identity.sex, identity.birth)
            verdict.content = {"household": wanted, "head": head_values, **case_of(row, row.covered)}
            verdict.problems += self._listed_elsewhere(row, None)
        return closed(verdict)

    def member(self, row: MemberRow, wanted: Flat, with_case: bool = True) -> Verdict:
        """A row of 低保人员: a person of a family that stands in our tables or is founded by its head's row here.

        ``wanted`` is what it wants of the person; not ``with_case``: what is paid is not of 低保.
        """
        verdict = Verdict(row.number, "member", row.name, "new", warnings=list(row.warnings))
        person = self.existing.person(row.id_no)
        family = self.existing.family_of(row.head_id_no)
        other = None if family else self._with_another_head(row.head_id_no)
        family = family or other
        if family is not None and not within(self.actor, family.village_code):
            self._own(verdict, family.village_code, "head_id_no")
            return closed(verdict)
        if other is not None:
            told = verdict.problems if person is None else verdict.warnings
            told.append(self.problem("head_id_no", "head_differs", head=other.head_name))
            wanted.pop("relation", None)  # it is told towards the other head
        if family is not None:
            verdict.village_code = family.village_code
        else:
            self._founded_here(verdict, row)
        if person is not None:
            self._known_person(verdict, row, person, family, wanted)
            if family is not None and row.id_no == row.head_id_no:
                self._watch_family(verdict, row, family)
            if with_case and family is not None and row.id_no == row.head_id_no:
                self._watch_amount(verdict, row, family)
        else:
            self._new_person(verdict, row, family, wanted)
            if not with_case:
                verdict.content.pop("case", None)
        return closed(verdict)

    @cached_property
    def _listed(self) -> dict[str, list[str]]:
        """The ID numbers of people by that of their head; only asked for where the sheet names another head."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in self.members:
            found[row.head_id_no].append(row.id_no)
        return found

    def _with_another_head(self, head_id_no: str, listed: Iterable[str] | None = None) -> Family | None:
        """The family of ours that the sheet gives another head, with the one who stands here listed below.

        ``listed`` in the same row, or in rows of their own.
        """
        new = self.existing.person(head_id_no)
        if new is None:
            return None
        known = map(self.existing.person, self._listed.get(head_id_no, ()) if listed is None else listed)
        here = (person for person in known if person and person.household_id == new.household_id)
        if any(person.values["relation"] == Relation.HEAD.value for person in here):
            return self.existing.families[new.household_id]
        return None

    def home_of(self, head_id_no: str) -> str:
        """The village of a family that the file founds; empty where anything speaks against it."""
        head = self.heads_here.get(head_id_no)
        if head is None:
            return ""
        told = _told(head)
        if told not in self.homes:
            tried = Verdict(head.number, "member", "", "")
            village = self.village_of(head, tried)
            self.homes[told] = "" if tried.problems else village or ""
        return self.homes[told]

    def _founded_here(self, verdict: Verdict, row: MemberRow) -> None:
        head = self.heads_here.get(row.head_id_no)
        if head is None:
            code = "head_refused" if row.head_id_no in self.spoiled else "unknown_head"
            verdict.problems.append(self.problem("head_id_no", code, row.head_id_no))
            return
        verdict.village_code = self.village_of(head, verdict)

    def _known_person(
        self, verdict: Verdict, row: MemberRow, person: Person, family: Family | None, wanted: Flat
    ) -> None:
        if family is None or person.household_id != family.id:
            self._elsewhere(verdict, person, "id_no")
            return
        demoted = "relation" in wanted and row.relation is not Relation.HEAD
        if demoted and person.values["relation"] == Relation.HEAD.value:
            verdict.problems.append(self.problem("relation", "head_would_change"))
            return
        ours = person.values["income_year_fen"]
        if person.own_income and wanted.pop("income_year_fen", ours) != ours:
            verdict.warnings.append(self.problem("income_year_fen", "income_kept"))
        if wanted.get("illness_name") == person.values["illness_name"]:
            wanted.pop("illness", None)  # how grave it is was judged here; the name alone tells nothing new
        verdict.of_known_family = row.id_no == row.head_id_no
        self.compare(verdict, person, person.values, wanted)

    def _new_person(self, verdict: Verdict, row: MemberRow, family: Family | None, wanted: Flat) -> None:
        verdict.content = {"member": wanted, "head_id_no": row.head_id_no}
        if family is None:
            if row.relation is Relation.HEAD:
                home = each(founded_by_heads([row]))[0]
                verdict.content |= {"household": home, **case_of(row, self.family_sizes[row.head_id_no])}
            return
        if row.relation is Relation.HEAD:
            verdict.problems.append(self.problem("relation", "second_head"))
        verdict.content["household_id"] = family.id
        self.joined[family.id] += 1
        for case_no, covered in family.held.items():
            if family.persons + self.joined[family.id] > covered:
                verdict.warnings.append(self.problem("name", "joins_open_case", case_no=case_no))

    def _watch_case(self, verdict: Verdict, row: HouseholdRow, family: Family) -> None:
        """An approved amount is never edited by a sheet: a difference is called out and starts a recheck by hand."""
        if family.case_no is None and monthly_fen(row):
            verdict.content |= case_of(row, row.covered)
        elif family.in_force:
            self._watch_amount(verdict, row, family)

    def _watch_amount(self, verdict: Verdict, row: HouseholdRow | MemberRow, family: Family) -> None:
        """Another amount than that of the case in force; a row that says none has no news of it."""
        fen = monthly_fen(row)
        silent = row.total_fen is None and row.monthly_fen is None
        if family.in_force and not silent and fen != family.monthly_fen:
            amounts = {"ours_fen": family.monthly_fen, "theirs_fen": fen}
            field_ = "monthly_fen" if row.total_fen is None else "total_fen"
            verdict.warnings.append(self.problem(field_, "amount_differs", "", case_no=family.case_no, **amounts))

    def _watch_family(self, verdict: Verdict, row: MemberRow, family: Family) -> None:
        """What a head's row says of a family that is here: a sheet of people changes none of it, and tells what."""
        told = _told(row)
        place = self.villages.find(told, False) if row.township and row.village else ""
        if isinstance(place, str) and place not in ("", family.village_code):
            verdict.warnings.append(self.problem("village", "village_differs"))
        said = {name: getattr(row, field_) for name, field_ in FOUNDED if name != "head_name"}
        differ = changed(family.values, {name: text for name, text in said.items() if text})
        if differ:
            headers = [self.sheet.header_by_field.get(FIELD_IN_ROW.get(name, name), "") for name in differ]
            verdict.warnings.append(self.problem(next(iter(differ)), "family_differs", columns=headers))

    def compare(self, verdict: Verdict, known: Family | Person, now: Flat, wanted: Flat) -> None:
        """Say what the row would change of what is on file."""
        verdict.row_id, verdict.row_version = known.id, known.row_version
        table = "household" if isinstance(known, Family) else "member"
        gone = cleared(self.sheet, table, self.source, now)
        if isinstance(known, Person) and known.own_income and "income_year_fen" in gone:
            del gone["income_year_fen"]
            verdict.warnings.append(self.problem("income_year_fen", "income_kept"))
        verdict.content = changed(now, wanted) | gone
        verdict.before = {name: now.get(name) for name in verdict.content}
        verdict.outcome = "changed" if verdict.content else "unchanged"
        if isinstance(known, Family) and verdict.village_code not in (None, known.village_code):
            verdict.warnings.append(self.problem("village", "village_differs"))
        verdict.village_code = known.village_code

    def village_of(self, row: HouseholdRow | MemberRow | AidRow, verdict: Verdict) -> str | None:
        """The village of a row; None where it is not known, which the verdict then says."""
        told = _told(row)
        found = self.places.get(told)
        if found is None:
            own = self.actor.division_code[:9] if len(self.actor.division_code) >= 9 else ""
            found = self.places[told] = self.villages.find(told, self.create_villages, own)
        if isinstance(found, Reason):
            fields = {"other_county": "county", "unknown_village": "village"}
            field_ = "address" if found.code == "place_missing" and row.address else fields.get(found.code, "township")
            verdict.problems.append(self.problem(field_, found.code, **found.args))
            return None
        self._own(verdict, found, "township")
        return found

    def _own(self, verdict: Verdict, village_code: str, field_: str) -> None:
        """Rows of another division are refused without a word on what stands there."""
        if not within(self.actor, village_code) and not any(p.code == "not_your_division" for p in verdict.problems):
            verdict.problems.append(self.problem(field_, "not_your_division"))

    def _elsewhere(self, verdict: Verdict, person: Person, field_: str) -> None:
        verdict.problems.append(self._in_other_family(person, field_))

    def _in_other_family(self, person: Person, field_: str, value: str = "") -> Problem:
        """Somebody who is present in another family; who may not see that family is only told to ask the county."""
        if within(self.actor, person.village_code):
            family = self.existing.families[person.household_id]
            return self.problem(field_, "in_other_household", value, head=family.head_name)
        return self.problem(field_, "registered_elsewhere", value)

    def _listed_elsewhere(self, row: HouseholdRow, household_id: int | None) -> list[Problem]:
        """Members whom a row of 低保家庭 lists though they are present in another family."""
        listed = ((name, self.existing.person(number)) for name, number in row.members if number != row.head_id_no)
        return [
            self._in_other_family(person, "member_names", name)
            for name, person in listed if person is not None and person.household_id != household_id
        ]  # fmt: skip

    def problem(self, field_: str, code: str, value: str = "", **args: Any) -> Problem:
        """A problem of a field of the row, under the header that the sheet has for it."""
        header = self.sheet.header_by_field.get(FIELD_IN_ROW.get(field_, field_), "")
        return Problem(field_, header, code, "" if field_ in SENSITIVE else value, args)


def _told(row: HouseholdRow | MemberRow | AidRow) -> Told:
    told = row.county, row.township, row.village
    return Told(*told) if row.township and row.village else Told(*told, row.address)
