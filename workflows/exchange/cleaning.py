"""Rows of any sheet → typed rows, or every problem of the row at once; warnings travel with the good row.

A sheet is read by columns, so that what a text means is worked out once for all rows that hold it; what a row says as
a whole is looked at row by row. There is no other way: a row by itself is a sheet of one.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import repeat
from typing import Any

from policy.identity import PROVINCES, BadIdNumber, Identity, disability_certificate
from policy.vocabulary import Relation, Sex
from workflows.exchange import values, words
from workflows.exchange.meanings import CHINESE, DIGIT, PLAIN_SIGNS, Meanings, People, Plain
from workflows.exchange.rows import HouseholdRow, MemberRow, Problem, RosterRow
from workflows.exchange.values import BadCell

MOST_MONTHLY_YUAN = 100_000
HEALTHY = ("无", "无病", "没有")
LONGEST = {"party": 20, "insurance": 40, "bank": 60, "illness": 60, "note": 1000} | dict.fromkeys(
    ("school_name", "school_kind", "school_since", "employer", "employer_kind", "workplace"), 100
)
Read = Callable[..., Any]


@dataclass(frozen=True)
class Field:
    """How a cell is read, what it is when it says nothing, and whether it must say something.

    A ``dated`` one reads differently from day to day: nobody was born tomorrow. ``plain`` texts read as they stand.
    """

    read: Read
    empty: Any = None
    required: bool = False
    dated: bool = False
    plain: Plain | None = None

    def must(self) -> "Field":
        """The same, where it must say something."""
        return replace(self, required=True)

    def by(self, on: date) -> Callable[[str], Any]:
        """How a cell is read on this day."""
        return partial(self.read, on=on) if self.dated else self.read


@dataclass(frozen=True)
class Kind:
    """A kind of row: its fields in the order their problems are told, and what a row is made of its values.

    ``beforehand`` fills up the texts of columns; ``plain`` makes all rows that say nothing doubtful, None for others.
    """

    fields: Mapping[str, Field]
    make: Callable[["Cells"], Any]
    beforehand: Callable[[dict[str, Sequence[str]]], None] | None = None
    plain: Callable[["Columns", Sequence[int], Mapping[str, Sequence[Any]]], list[Any]] | None = None


class Cells:
    """The values of a row, with every problem met on the way."""

    def __init__(self, row: RosterRow, found: dict[str, Any], fields: Mapping[str, Field]) -> None:
        self.row, self.found = row, found
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        if row.surplus:
            self.problems.append(Problem("", "", "surplus_cells", args={"count": row.surplus}))
        for name, value in found.items():
            if type(value) is BadCell:
                self.problems.append(self.problem(name, value.code, **value.args_by_name))
                found[name] = fields[name].empty
            elif fields[name].required and (value is None or value == ""):
                self.problems.append(self.problem(name, "empty"))

    def problem(self, field_: str, code: str, **args: Any) -> Problem:
        """A problem of one cell, with its value as the file shows it."""
        value = self.row.cells.get(field_, "").removeprefix(values.RUINED)[:200]
        return Problem(field_, self.row.headers.get(field_, ""), code, value, args)

    def number_of(self, field_: str) -> str:
        """The ID number of a person; empty where nobody is named."""
        person: Identity | None = self.found[field_]
        return person.number if person else ""


class Columns:
    """Cleans rows of one kind lot by lot; remembers what texts mean from one lot to the next."""

    def __init__(self, kind: Kind, on: date) -> None:
        self.kind = kind
        people = People(on)
        self.known = {
            name: people if field_.read is values.person else Meanings(field_.by(on), field_.empty, field_.plain)
            for name, field_ in kind.fields.items()
        }

    def clean(
        self,
        numbers: Sequence[int],
        texts: dict[str, Sequence[str]],
        headers: Mapping[str, str],
        surplus: Mapping[int, int],
    ) -> list[Any]:
        """The rows in order, each as typed values or as its problems; ``surplus`` cells by place."""
        if self.kind.beforehand:
            self.kind.beforehand(texts)
        fields = self.kind.fields
        read = {
            name: self.known[name].column(texts[name]) if name in texts else [field_.empty] * len(numbers)
            for name, field_ in fields.items()
        }
        made = self.kind.plain(self, numbers, read) if self.kind.plain else [None] * len(numbers)
        for at, number in enumerate(numbers):
            if made[at] is None or at in surplus:
                row = RosterRow(number, {n: text[at] for n, text in texts.items()}, headers, surplus.get(at, 0))
                made[at] = self.kind.make(Cells(row, {name: read[name][at] for name in fields}, fields))
        return made

    def doubtful(self, read: Mapping[str, Sequence[Any]]) -> set[int]:
        """The places of rows with a cell that cannot be read, or that is empty and must not be."""
        found: set[int] = set()
        for name, field_ in self.kind.fields.items():
            told, met = read[name], self.known[name].met
            if met or (field_.required and not all(told)):
                empty = (None, "") if field_.required else ()
                found |= {at for at, v in enumerate(told) if type(v) is BadCell or v in empty}
        return found


# --- fields -----------------------------------------------------------------------------------------------------------


def text(name: str) -> Field:
    """Free text on one line, no longer than there is room for."""
    most = LONGEST.get(name, 200)
    return Field(partial(values.line, most=most), "", plain=Plain(PLAIN_SIGNS, most))


def word(table: Any, ending: str = "") -> Field:
    """An office's word for one of our codes."""
    return Field(partial(values.word, table=table, ending=ending))


def money(most_yuan: int = values.MOST_YUAN) -> Field:
    """An amount in 分."""
    return Field(partial(values.money, most_yuan=most_yuan))


PERSON, MONTH, DAY = (Field(read, dated=True) for read in (values.person, values.month, values.day))
NAME, ACCOUNT, DIGITS = (
    Field(values.name, "", plain=Plain(CHINESE, 50)), Field(values.account, "", plain=Plain(DIGIT, 30, least=6)),
    Field(values.digits, "", plain=Plain(DIGIT, 30)),
)  # fmt: skip
COUNT, MONTHLY = Field(values.count), money(MOST_MONTHLY_YUAN)
SHARED = {
    "head_id_no": PERSON.must(), "family_class_fen": MONTHLY, "person_class_fen": MONTHLY, "total_fen": MONTHLY,
    "income_year_fen": money(), "first_month": MONTH, "certificate_no": DIGITS, "account_name": NAME,
    "account": ACCOUNT, "onecard": ACCOUNT,
    **{name: text(name) for name in ("province", "city", "county", "address", "calc_method", "band", "bank")},
}  # fmt: skip
"""What both rosters have."""


# --- 低保家庭 ---


def _household(cells: Cells) -> HouseholdRow | tuple[Problem, ...]:
    found = cells.found
    found["head_id_no"] = cells.number_of("head_id_no")
    found["members"] = _listed_members(cells, found.pop("member_names"), found.pop("member_id_nos"))
    if cells.problems:
        return tuple(cells.problems)
    _warn_household(cells, found)
    return HouseholdRow(cells.row.number, **found, warnings=tuple(cells.warnings))


def _listed_members(cells: Cells, names: Sequence[str], numbers: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """家庭成员姓名 and 家庭成员身份证号 paired in order; every bad number is a problem of its own."""
    if len(names) != len(numbers):
        cells.problems.append(
            cells.problem("member_id_nos", "members_unpaired", names=len(names), numbers=len(numbers))
        )
        return ()
    pairs = []
    for name, number in zip(names, numbers, strict=True):
        try:
            named = values.name(name)
        except BadCell as bad:
            number = bad
        if isinstance(number, BadCell):
            problem = cells.problem("member_id_nos", number.code, **number.args_by_name, member=name)
            cells.problems.append(problem)
        else:
            pairs.append((named, number.number))
    if any(times > 1 for times in Counter(number for _, number in pairs).values()):
        cells.problems.append(cells.problem("member_id_nos", "listed_twice"))
    return tuple(pairs)


def _people(cell: str, on: date) -> tuple[Identity | BadCell, ...]:
    """The persons of a list of numbers; one that cannot be read stands as what is wrong with it."""
    found: list[Identity | BadCell] = []
    for number in values.several(cell):
        try:
            found.append(values.person(number, on))
        except BadCell as bad:
            found.append(bad.with_traceback(None))
    return tuple(found)


def _warn_household(cells: Cells, found: dict[str, Any]) -> None:
    """Contradictions that a person should look at but that do not spoil the row."""
    numbers = {number for _, number in found["members"]}
    if numbers and found["head_id_no"] not in numbers:
        cells.warnings.append(cells.problem("member_id_nos", "head_not_listed"))
    if numbers and found["people"] is not None and found["people"] != len(numbers):
        cells.warnings.append(cells.problem("people", "count_differs", listed=len(numbers)))
    parts = [found[key] or 0 for key in ("monthly_fen", "family_class_fen", "person_class_fen")]
    if found["total_fen"] is not None and found["total_fen"] != sum(parts):
        cells.warnings.append(cells.problem("total_fen", "total_differs", sum_fen=sum(parts)))


HOUSEHOLD = Kind(
    SHARED | {
        "head_name": NAME.must(), "people": COUNT, "covered": COUNT,
        "income_per_head_fen": Field(values.rounded_money), "monthly_fen": MONTHLY.must(),
        "phone": Field(values.phone, ""), "township": text("township"), "village": text("village"),
        "causes": Field(values.causes, ()), "houses": COUNT, "house_area": Field(values.area),
        "financial_fen": money(), "other_assets": text("other_assets"),
        "member_names": Field(values.several, ()), "member_id_nos": Field(_people, (), dated=True),
    },
    _household,
)  # fmt: skip


# --- 低保人员 ---

AT_ODDS = frozenset({(Relation.SON, Sex.FEMALE), (Relation.DAUGHTER, Sex.MALE)})


def member(cells: Cells) -> MemberRow | tuple[Problem, ...]:
    """A person of a roster: sex and birth must not contradict the number, and come from it where they are silent."""
    found, person = cells.found, cells.found["id_no"]
    found["id_no"], found["head_id_no"] = cells.number_of("id_no"), cells.number_of("head_id_no")
    if person is not None:
        _compare(cells, person)
    if found["relation"] not in (None, Relation.HEAD) and found["id_no"] and found["id_no"] == found["head_id_no"]:
        cells.problems.append(cells.problem("relation", "own_head"))
    if cells.problems:
        return tuple(cells.problems)
    if (found["relation"], found["sex"]) in AT_ODDS:
        cells.warnings.append(cells.problem("relation", "relation_sex", expected=found["sex"]))
    _warn_member(cells, found)
    if (found["disability_kind"] is None) != (found["disability_level"] is None):
        half = "disability_level" if found["disability_kind"] else "disability_kind"
        return (cells.problem(half, "half_disability"),)
    found["area"] = found.pop("aid_kind")
    found["illness_kind"] = words.illness_of(found["illness"]) if found["illness"] else None
    return MemberRow(cells.row.number, **found, warnings=tuple(cells.warnings))


def _compare(cells: Cells, person: Identity) -> None:
    found = cells.found
    if found["sex"] not in (None, person.sex):
        cells.problems.append(cells.problem("sex", "sex_mismatch", expected=person.sex))
    if found["birth"] not in (None, person.birth):
        cells.problems.append(cells.problem("birth", "birth_mismatch", expected=person.birth.isoformat()))
    if person.number.endswith("000"):
        cells.warnings.append(cells.problem("id_no", "perhaps_rounded"))
    if person.area[:2] not in PROVINCES:
        cells.warnings.append(cells.problem("id_no", "unknown_area"))
    found["sex"], found["birth"] = person.sex, person.birth


def _warn_member(cells: Cells, found: dict[str, Any]) -> None:
    """What the certificate says against what the row says; a certificate may be old, so this never refuses."""
    if not found["disability_certificate"]:
        if found["disabled"] and not found["disability_kind"]:
            cells.warnings.append(cells.problem("disabled", "disabled_without_kind"))
        return
    if found["disabled"] is False:
        cells.warnings.append(cells.problem("disabled", "certificate_but_not_disabled"))
        return
    try:
        certificate = disability_certificate(found["disability_certificate"], id_number=found["id_no"])
    except BadIdNumber as bad:
        code = "certificate_owner" if bad.code == "owner" else "certificate_unread"
        cells.warnings.append(cells.problem("disability_certificate", code))
        return
    for key, said in (("disability_kind", certificate.kind), ("disability_level", certificate.level)):
        if found[key] not in (None, said):
            cells.warnings.append(cells.problem(key, "certificate_differs", expected=said))
        found[key] = found[key] or said


FROM = {"area": "aid_kind", "illness_kind": "illness"}
ORDER = tuple(FROM.get(name, name) for name in MemberRow._fields if name not in ("number", "warnings"))


def _plain_members(columns: Columns, numbers: Sequence[int], read: Mapping[str, Sequence[Any]]) -> list[Any]:
    """Members who say nothing against their number and nothing of a disability, all at once."""
    people, heads = list(read["id_no"]), list(read["head_id_no"])
    doubtful = columns.doubtful(read)
    for at in doubtful:
        people[at] = heads[at] = NOBODY
    ids, births, sexes, _ = zip(*people, strict=True)
    own = {"id_no": ids, "birth": births, "sex": sexes, "head_id_no": [head.number for head in heads]}
    doubtful |= _say_more(read, own)
    told = [own.get(name) or read[name] for name in ORDER]
    if any(read["illness"]):
        places = enumerate(read["illness"])
        kinds = [words.illness_of(name) if name and at not in doubtful else None for at, name in places]
        told[MemberRow._fields.index("illness_kind") - 1] = kinds
    rows: list[Any] = list(map(tuple.__new__, repeat(MemberRow), zip(numbers, *told, repeat(()), strict=False)))
    for at in doubtful:
        rows[at] = None
    return rows


def _say_more(read: Mapping[str, Sequence[Any]], own: Mapping[str, Sequence[Any]]) -> set[int]:
    """The places of rows that say anything that has to be held against the rest of them."""
    found = {at for name in DISABILITY if any(read[name]) for at, told in enumerate(read[name]) if told}
    for name in ("sex", "birth"):
        if read[name] != list(own[name]):
            both = enumerate(zip(read[name], own[name], strict=True))
            found |= {at for at, (told, known) in both if told is not None and told != known}
    found |= {at for at, n in enumerate(own["id_no"]) if n.endswith("000") or n[:2] not in PROVINCES}
    found |= {at for at, pair in enumerate(zip(read["relation"], own["sex"], strict=True)) if pair in AT_ODDS}
    apart = zip(read["relation"], own["id_no"], own["head_id_no"], strict=True)
    return found | {at for at, (told, one, head) in enumerate(apart) if one == head and told is not Relation.HEAD}


DISABILITY = ("disability_certificate", "disability_kind", "disability_level", "disabled")


def _illness(cell: str) -> str:
    found = values.line(cell, LONGEST["illness"])
    return "" if found in HEALTHY else found


NOBODY = Identity("", date.min, words.SEX.known["男"], "")
MEMBER = Kind(
    {
        "illness": Field(_illness, ""), **SHARED, "name": NAME.must(), "relation": word(words.RELATION).must(),
        "marital": word(words.MARITAL), "schooling": word(words.SCHOOLING), "employment": word(words.EMPLOYMENT),
        "disabled": word(words.YES_NO), "disability_certificate": DIGITS,
        "disability_kind": word(words.DISABILITY_KIND, "残疾"), "disability_level": word(words.LEVELS),
        "labour": word(words.LABOUR), "health": word(words.HEALTH), "poor_register": word(words.YES_NO),
        "aid_kind": word(words.AREA), "monthly_fen": MONTHLY,
        **{name: text(name) for name in (
            "note", "party", "insurance", "township", "village", "school_name", "school_kind",
            "school_since", "employer", "employer_kind", "workplace",
        )},
        "phone": Field(values.phone, ""), "ethnicity": Field(values.nation, ""),
        "sex": word(words.SEX), "birth": DAY, "id_no": PERSON.must(),
    },
    member, plain=_plain_members,
)  # fmt: skip
