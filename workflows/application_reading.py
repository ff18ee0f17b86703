"""From the texts of an application form to what they mean, with every problem at once and the field it belongs to."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from typing import Any

from policy.identity import BadIdNumber, clean_number, disability_certificate, parse_id_number
from policy.vocabulary import (
    PERSONAL,
    Absence,
    Area,
    AssetKind,
    CareNeed,
    Cause,
    DisabilityKind,
    Employment,
    Health,
    Illness,
    IncomeKind,
    Labour,
    Marital,
    Mode,
    Paper,
    Relation,
    Scheme,
    Schooling,
    SpendingKind,
    StudyLevel,
    Subject,
    Tag,
    Unit,
    Word,
)  # fmt: skip
from workflows.application_input import ApplicationInput, AssetLine, ObligorLine, Problem
from workflows.application_sheet import Row, Sheet, is_empty
from workflows.field_reader import FieldReader
from workflows.people import Line, Person
from workflows.reason import Reason
from workflows.registry import Home

SCHEMES = (Scheme.DIBAO, Scheme.TEKUN, Scheme.TEMPORARY, Scheme.EDGE, Scheme.RIGID, *PERSONAL)
WORDS: dict[str, type[Word]] = {
    "marital": Marital, "schooling": Schooling, "employment": Employment, "illness": Illness, "labour": Labour,
    "health": Health, "disability_kind": DisabilityKind, "study": StudyLevel, "absence": Absence,
    "needs_care": CareNeed, "support_mode": Mode,
}  # fmt: skip
COUNTS = {"self_care_unmet": 6, "refused_work": 99, "clergy_years_away": 99}
"""Counts of a member that the rules ask for, with the most that makes sense."""
YES_NO = {"yes": True, "no": False}
TEXTS = ("ethnicity", "political", "workplace", "school", "illness_name", "insurance")


def read(sheet: Sheet, on: date, on_file: Collection[int] = ()) -> tuple[ApplicationInput | None, list[Problem]]:
    """What the sheet means on a day, or None and every problem; ``on_file`` are the members of a chosen family."""
    reader = _Reader(sheet, on, frozenset(on_file))
    made = reader.application()
    return (None if reader.problems else made), reader.problems


def read_person(row: Row, on: date) -> tuple[Person | None, list[Problem]]:
    """One person by themselves, as row 0 of the members, or None and every problem."""
    reader = _Reader(Sheet(rows={"members": [row]}), on, frozenset())
    reader.row, reader.at = row, "members-0-"
    person = reader.person()
    return (None if reader.problems else person), reader.problems


class _Reader(FieldReader):
    """Reads a whole form; ``on_file`` are the members of the chosen family."""

    def __init__(self, sheet: Sheet, on: date, on_file: frozenset[int]) -> None:
        super().__init__(sheet, on)
        self.on_file = on_file

    def application(self) -> ApplicationInput | None:
        sheet = self.sheet
        scheme = self.word("scheme", Scheme, must=True)
        if scheme is not None and scheme not in SCHEMES:
            self.wrong("scheme", Reason("choice_missing"))
        household = int(sheet["household"]) if sheet["household"].isdecimal() else None
        home, people = self.home(), self.rows("members", self.person)
        lines = {group: self.rows(group, self.line(group)) for group in ("income", "spending")}
        assets, obligors = self.rows("assets", self.asset), self.rows("obligors", self.obligor)
        self.heads(household, people)
        unit, single = self.unit(scheme in PERSONAL)
        end = {name: self.day(name) for name in ("pledged_on", "authorised_on")}
        once = scheme is Scheme.TEMPORARY
        requested = self.money("requested", must=once, above=once) if once else None
        words = self.text("words", must=once)
        if once:
            home = replace(home, details={**home.details, "home_place": self.text("home_place")})
        papers = self.several("papers", Paper)
        if self.problems or scheme is None:
            return None
        return ApplicationInput(
            scheme, home, _with_lines(people, lines), tuple(at for at, _ in people),
            _lines_on_file(self.on_file, lines),
            tuple(line for _, line in assets), tuple(line for _, line in obligors), household, sheet["seen"],
            papers=papers, unit=unit, single=single, special=sheet["special"] == "yes", requested_fen=requested,
            words=words, urgent=once and sheet["aid_kind"] != "spending", follows_id=self.count_of("follows"), **end,
        )  # fmt: skip

    def count_of(self, name: str) -> int | None:
        """A number that the page put into the form itself."""
        text = self.sheet[name]
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None

    # --- parts of the form --------------------------------------------------------------------------------------------

    def home(self) -> Home:
        village = self.text("village", must=not self.sheet["household"])
        details: dict[str, Any] = {name: self.text(name) or None for name in ("bank", "account_name")}
        details["note"] = self.text("home_note")
        numbers = {"phone": self.digits("phone", 7, 12), "account": self.digits("account", 8, 32),
                   "one_card": self.digits("one_card", 8, 32)}  # fmt: skip
        return Home(
            village, self.text("address", must=True), self.word("area", Area, must=True) or Area.RURAL,
            self.several("causes", Cause), {name: number for name, number in numbers.items() if number}, details,
            self.several("tags", Tag),
        )  # fmt: skip

    def person(self) -> Person | None:
        name, relation = self.text("name", must=True), self.word("relation", Relation, must=True)
        number = self.id_no("id_no", must=True)
        details: dict[str, Any] = {key: self.text(key) or None for key in TEXTS}
        details |= {key: self.word(key, words) for key, words in WORDS.items()}
        details |= {"disability_level": self.count("disability_level", 1, 4), "note": self.text("note")}
        details |= {key: self.row.get(key) == "yes" for key in ("registered_poor", "cohabiting")}
        details |= {key: self.count(key, 0, most) for key, most in COUNTS.items()}
        details["study_full_time"] = YES_NO.get(self.row.get("study_full_time", ""))
        self.birth_and_sex(number)
        self.disability(number, details)
        cares_for = self.cares_for()
        return Person(name, number, relation, details, cares_for=cares_for) if number and relation else None

    def cares_for(self) -> str:
        whom = self.row.get("cares_for", "")
        if whom and (not self.is_person(whom) or (self.at == f"members-{whom[1:]}-" and whom[0] == "n")):
            self.wrong("cares_for", Reason("whose_missing"))
        return whom

    def birth_and_sex(self, number: str | None) -> None:
        if number is None:
            return
        told = parse_id_number(number)
        birth = self.day("birth")
        if birth is not None and birth != told.birth:
            self.wrong("birth", Reason("id_says_birth", birth=told.birth))
        if self.row.get("sex") and self.row["sex"] != told.sex.value:
            self.wrong("sex", Reason("id_says_sex", sex=told.sex))

    def disability(self, number: str | None, details: dict[str, Any]) -> None:
        if typed := self.row.get("disability_cert", ""):
            try:
                card = disability_certificate(typed, id_number=number)
            except BadIdNumber as error:
                self.wrong("disability_cert", Reason(f"id_{error.code}", **error.args_by_name))
                return
            details["disability_cert"] = clean_number(typed)
            for name, value in (("disability_kind", card.kind), ("disability_level", card.level)):
                if details[name] is None and not self.row.get(name):
                    details[name] = value
                elif details[name] != value:
                    self.wrong(name, Reason("certificate_differs"))
        self.both(details)

    def both(self, details: dict[str, Any]) -> None:
        """Kind and level of a disability belong together."""
        if (details["disability_kind"] is None) != (details["disability_level"] is None):
            missing = "disability_level" if details["disability_level"] is None else "disability_kind"
            if not self.row.get(missing):
                self.wrong(missing, Reason("disability_both"))

    def line(self, group: str) -> Callable[[], tuple[str, Line] | None]:
        kinds: type[Word] = IncomeKind if group == "income" else SpendingKind

        def read_line() -> tuple[str, Line] | None:
            whose, kind = self.whose(), self.word("kind", kinds, must=True)
            amount, note = self.year_fen(), self.text("note")
            return (whose, Line(kind, amount, note)) if whose and kind and amount is not None else None  # type: ignore[arg-type]

        return read_line

    def asset(self) -> AssetLine | None:
        kind = self.word("kind", AssetKind, must=True)
        sizes = {name: self.count(name) for name in ("quantity", "area_m2")}
        value, note, business = self.money("value"), self.text("note"), YES_NO.get(self.row.get("business", ""))
        return AssetLine(kind, value_fen=value, business=business, note=note, **sizes) if kind else None

    def obligor(self) -> ObligorLine | None:
        name, relation = self.text("name", must=True), self.word("relation", Relation, must=True)
        paid = ("income_month", "pays_month", "agreed_month")
        amounts: dict[str, Any] = {f"{key}_fen": self.money(key) for key in paid}
        row, able = self.row.get("row", ""), YES_NO.get(self.row.get("able", ""))
        known = int(row) if row.isdecimal() and len(row) < 10 else None
        size, number = self.count("household_size"), self.id_no("id_no")
        note = self.text("note")
        further = self.obligor_further(number)
        return (
            ObligorLine(name, relation, number, size, able=able, note=note, row=known, **amounts, **further)
            if relation
            else None
        )

    def obligor_further(self, number: str | None) -> dict[str, Any]:
        """What the rules ask of some obligors only; birth follows from the number where there is one."""
        further: dict[str, Any] = {
            "supports": self.count("supports", 1), "birth": self.day("birth"),
            "receives": self.word("receives", Subject), "disability_kind": self.word("disability_kind", DisabilityKind),
            "disability_level": self.count("disability_level", 1, 4),
            "property_ok": YES_NO.get(self.row.get("property_ok", "")),
        }  # fmt: skip
        self.both(further)
        if further["birth"] is None and number:
            further["birth"] = parse_id_number(number).birth
        return further

    def heads(self, household: int | None, people: list[tuple[int, Person]]) -> None:
        """A new family has one head; no number stands twice in the form."""
        found = [at for at, row in enumerate(self.sheet.of("members")) if row.get("relation") == Relation.HEAD.value]
        self.at, self.row = "", self.sheet.one
        if household is None and not any(not is_empty("members", row) for row in self.sheet.of("members")):
            self.wrong("members-0-name", Reason("nobody_named"))
        elif household is None and len(found) != 1:
            self.wrong(f"members-{found[1] if found else 0}-relation", Reason("one_head", have=len(found)))
        numbers: dict[str, int] = {}
        for at, person in people:
            first = numbers.setdefault(person.id_no, at)
            if first != at:
                self.wrong(f"members-{at}-id_no", Reason("id_twice", row=first + 1))

    def unit(self, personal: bool = False) -> tuple[Unit, str]:
        """Whole household or one person; subsidies and children's money are one person's."""
        unit = self.word("unit", Unit) or Unit.HOUSEHOLD
        unit = Unit.SINGLE if personal else unit
        if unit is Unit.HOUSEHOLD:
            return unit, ""
        if not self.is_person(self.sheet["single"]):
            self.wrong("single", Reason("single_missing"))
        return unit, self.sheet["single"]

    def whose(self) -> str | None:
        whose = self.row.get("whose", "")
        if self.is_person(whose):
            return whose
        self.wrong("whose", Reason("whose_missing"))
        return None

    def is_person(self, key: str) -> bool:
        """Whether "n0" or "m12" is somebody of this form."""
        number = int(key[1:]) if key[1:].isdecimal() and len(key) < 12 else -1
        members = self.sheet.of("members")
        new = key.startswith("n") and 0 <= number < len(members) and not is_empty("members", members[number])
        return new or (key.startswith("m") and number in self.on_file)

    def year_fen(self) -> int | None:
        return self.money("amount", must=True, times=12 if self.row.get("per") == "month" else 1)


def _with_lines(people: list[tuple[int, Person]], lines: dict[str, list[tuple[int, Any]]]) -> tuple[Person, ...]:
    made = []
    for at, person in people:
        own = {group: tuple(line for _, (whose, line) in found if whose == f"n{at}") for group, found in lines.items()}
        made.append(replace(person, income=own["income"], spending=own["spending"]))
    return tuple(made)


def _lines_on_file(
    on_file: Collection[int], lines: dict[str, list[tuple[int, Any]]]
) -> dict[int, tuple[tuple[Line, ...], tuple[Line, ...]]]:
    def of(member: int, group: str) -> tuple[Line, ...]:
        return tuple(line for _, (whose, line) in lines[group] if whose == f"m{member}")

    return {member: (of(member, "income"), of(member, "spending")) for member in sorted(on_file)}
