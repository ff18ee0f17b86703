"""Rows of 低保人员: a person of a family, with what the ID number and a disability certificate say themselves."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import repeat
from typing import Any

from policy.identity import PROVINCES, BadIdNumber, Identity, disability_certificate
from policy.vocabulary import Relation, Sex
from workflows.exchange import values, words
from workflows.exchange.cleaning import (
    DAY,
    DIGITS,
    LONGEST,
    MONTHLY,
    NAME,
    PERSON,
    SHARED,
    Cells,
    Columns,
    Field,
    Kind,
    text,
    word,
)
from workflows.exchange.rows import MemberRow, Problem

HEALTHY = ("无", "无病", "没有")
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
