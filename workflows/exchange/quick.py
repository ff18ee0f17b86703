"""Rows of people without fault, a column at a time: what a text means is worked out once for all rows that hold it.

Whatever is doubtful in a row (a cell that cannot be read, a contradiction, a warning) is left to ``clean_member``,
which says what it is. For every row that is answered here both give the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from policy.identity import KINDS, Identity
from policy.vocabulary import Relation
from workflows.exchange import values, words
from workflows.exchange.cleaning import HEALTHY, LONGEST, MOST_MONTHLY_YUAN
from workflows.exchange.reading import Row, Sheet
from workflows.exchange.rows import MemberRow
from workflows.exchange.values import BadCell
from workflows.loading import Known

BAD: Any = object()
MADE = ("id_no", "sex", "birth", "disability_kind", "disability_level", "illness_kind", "warnings")
"""Fields that rest on more than their own cell."""
SOURCE = {"area": "aid_kind"}
REQUIRED = ("name", "relation", "id_no", "head_id_no")
Column = Sequence[Any]


def _readers(on: date) -> dict[str, tuple[Callable[[str], Any], Any]]:
    """What reads each field, and what it is where its cell is empty."""
    def word(table: Any, *ending: str) -> tuple[Callable[[str], Any], Any]:
        return lambda text: values.word(text, table, *ending), None

    def money(most: int) -> tuple[Callable[[str], Any], Any]:
        return lambda text: values.money(text, most), None

    texts = ("ethnicity", "party", "insurance", "bank", "province", "city", "county", "township", "village", "address",
             "calc_method", "band", "note", "school_name", "school_kind", "school_since", "employer", "employer_kind",
             "workplace")  # fmt: skip
    return {
        "name": (values.name, ""), "relation": word(words.RELATION), "sex": word(words.SEX),
        "birth": (lambda text: values.day(text, on), None), "marital": word(words.MARITAL),
        "schooling": word(words.SCHOOLING), "employment": word(words.EMPLOYMENT), "disabled": word(words.YES_NO),
        "disability_certificate": (values.digits, ""), "disability_kind": word(words.DISABILITY_KIND, "残疾"),
        "disability_level": word(words.LEVELS), "labour": word(words.LABOUR), "health": word(words.HEALTH),
        "poor_register": word(words.YES_NO), "area": word(words.AREA), "illness": (_illness, ""),
        "income_year_fen": money(values.MOST_YUAN), "certificate_no": (values.digits, ""),
        "account_name": (values.name, ""), "account": (values.account, ""), "onecard": (values.account, ""),
        "first_month": (lambda text: values.month(text, on), None),
        **dict.fromkeys(("monthly_fen", "family_class_fen", "person_class_fen", "total_fen"), money(MOST_MONTHLY_YUAN)),
        **{name: (_line(LONGEST.get(name, 200)), "") for name in texts},
    }  # fmt: skip


def _line(most: int) -> Callable[[str], str]:
    return lambda text: values.line(text, most)


def _illness(text: str) -> str:
    found = values.line(text, LONGEST["illness"])
    return "" if found in HEALTHY else found


class Members:
    """Cleans rows of 低保人员 by columns; remembers texts from one lot of rows to the next."""

    def __init__(self, sheet: Sheet, on: date) -> None:
        self.places, self.most = sheet.match.mapping, len(sheet.headers) if sheet.kind == "csv" else 0
        self.width = max(self.places.values(), default=0) + 1
        self.people = Texts(lambda text: values.person(text, on), BAD)
        self.known = {name: Texts(read, empty) for name, (read, empty) in _readers(on).items()}
        self.empty = {name: empty for name, (_, empty) in _readers(on).items()}
        self.names = [one.name for one in fields(MemberRow)][1:-1]

    def clean(self, rows: Sequence[Row]) -> list[MemberRow | None]:
        """The rows that are good, in order; None for one that has to be looked at more closely."""
        cells = self._cells(rows)
        plain = [name for name in self.names if name not in ("id_no", "illness_kind")]
        got = {name: self._column(name, cells, len(rows)) for name in plain}
        people, heads = (self._people(name, cells, len(rows)) for name in ("id_no", "head_id_no"))
        doubtful = {i for name in self.known for i in self._bad(got[name], name)}
        doubtful |= {i for i, row in enumerate(rows) if self.most and len(row.cells) > self.most}
        told = zip(people, heads, got["relation"], got["sex"], got["birth"], strict=True)
        doubtful |= {i for i, said in enumerate(told) if self._contradicts(*said)}
        doubtful |= self._disability(got, people)
        got["id_no"] = [person.number if person is not BAD else "" for person in people]
        got["head_id_no"] = [person.number if person is not BAD else "" for person in heads]
        got["sex"] = [person.sex if person is not BAD else None for person in people]
        got["birth"] = [person.birth if person is not BAD else None for person in people]
        got["illness_kind"] = [words.illness_of(text) if text else None for text in got["illness"]]
        made = map(MemberRow, [row.number for row in rows], *(got[name] for name in self.names))
        return [None if i in doubtful else row for i, row in enumerate(made)] if doubtful else list(made)

    def _cells(self, rows: Sequence[Row]) -> list[Column]:
        """The cells by column; short rows end in empty ones."""
        width = self.width
        padded = [
            row.cells if len(row.cells) >= width else row.cells + ("",) * (width - len(row.cells)) for row in rows
        ]
        return list(zip(*padded, strict=False))

    def _column(self, name: str, cells: list[Column], count: int) -> Column:
        at = self.places.get(SOURCE.get(name, name))
        if name == "head_id_no" or at is None:
            return [self.empty.get(name)] * count
        return list(map(self.known[name].__getitem__, cells[at]))

    def _people(self, name: str, cells: list[Column], count: int) -> list[Any]:
        at = self.places.get(name)
        return [BAD] * count if at is None else list(map(self.people.__getitem__, cells[at]))

    def _bad(self, column: Column, name: str) -> list[int]:
        if name in REQUIRED:
            return [i for i, value in enumerate(column) if value is BAD or value is None or value == ""]
        return [i for i, value in enumerate(column) if value is BAD] if self.known[name].met else []

    @staticmethod
    def _contradicts(person: Any, head: Any, relation: Any, sex: Any, birth: Any) -> bool:
        return (
            person is BAD or head is BAD or (sex is not None and sex != person.sex)
            or (birth is not None and birth != person.birth) or person.number.endswith("000")
            or (relation is not Relation.HEAD and person.number == head.number)
        )  # fmt: skip

    @staticmethod
    def _disability(got: dict[str, Column], people: Sequence[Any]) -> set[int]:
        """Rows whose disability is told in halves, or not as their certificate has it; the rest is filled in."""
        doubtful = set()
        kinds, levels = list(got["disability_kind"]), list(got["disability_level"])
        for i, certificate in enumerate(got["disability_certificate"]):
            if certificate:
                told = _certificate(certificate, people[i])
                if told is None or got["disabled"][i] is False or kinds[i] not in (None, told[0]) or (
                    levels[i] not in (None, told[1])
                ):  # fmt: skip
                    doubtful.add(i)
                else:
                    kinds[i], levels[i] = told
            elif (kinds[i] is None) != (levels[i] is None) or (got["disabled"][i] and kinds[i] is None):
                doubtful.add(i)
        got["disability_kind"], got["disability_level"] = kinds, levels
        return doubtful


def _certificate(text: Any, person: Any) -> tuple[Any, int] | None:
    """Kind and level by the plain form of a certificate of this very person; None for any other."""
    if not isinstance(person, Identity) or not isinstance(text, str) or len(text) != 20:
        return None
    if not text.startswith(person.number) or text[18] not in "1234567" or text[19] not in "1234":
        return None
    return KINDS[int(text[18]) - 1], int(text[19])


class Texts(Known):
    """What each text met so far reads as; ``met``: some could not be read."""

    def __init__(self, read: Callable[[str], Any], empty: Any) -> None:
        super().__init__(self._find)
        self.read, self.empty, self.met = read, empty, False

    def _find(self, text: str) -> Any:
        if not text:
            return self.empty
        try:
            found = self.read(text)
        except BadCell:
            self.met = True
            return BAD
        return self.empty if found is None or found == "" else found
