"""A row for each case: whose it is, what is paid a month or was paid once, into which account."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models import Benefit, Household, Member
from policy.division_codes import is_village, township_of
from policy.vocabulary import IN_FORCE, EventKind, Relation, Scheme, Sex
from workflows.exchange import words
from workflows.exchange.export_shared import Cells, Reading, given, raw, yuan
from workflows.exchange.paid_in_month import amounts

B, H, M = Benefit.__table__.c, Household.__table__.c, Member.__table__.c
CASE = (
    B.id, B.household_id, B.member_id, raw(B.scheme), raw(B.area), B.persons, B.monthly_fen, B.one_off_fen,
    B.own_cost_fen, raw(B.decided_on), raw(B.first_month), raw(B.pays_from), raw(B.grace_until), raw(B.event_kind),
    B.reason, H.row_key, H.head_name, H.address, H.village_code, H.bank, H.account_name, raw(H.account_sealed),
    raw(H.one_card_sealed), raw(H.phone_sealed),
)  # fmt: skip
CASES = select(*CASE).join_from(Benefit.__table__, Household.__table__, B.household_id == H.id).where(given(B.id))
WHO = (
    M.id, M.household_id, M.row_key, M.name, raw(M.id_no_sealed), raw(M.sex), raw(M.birth), raw(M.relation),
    raw(M.marital), raw(M.health), M.school, raw(M.disability_kind), M.disability_level, raw(M.disability_cert_sealed),
)  # fmt: skip
PEOPLE = select(*WHO).where(given(M.id))
HEADS = select(*WHO).where(given(M.household_id), M.relation == Relation.HEAD)
PRESENT = HEADS.where(M.left_on.is_(None))
LAST = HEADS.order_by(M.left_on)
"""Heads who are there, and those of families of which nobody is left."""
BESIDE = (
    select(B.household_id, B.id, raw(B.scheme), raw(B.area), B.member_id)
    .where(given(B.household_id), B.stage.in_(IN_FORCE), B.scheme != Scheme.TEMPORARY)
    .order_by(B.id)
)
HOLDERS = (
    select(M.household_id, M.row_key, raw(M.id_no_sealed))
    .join_from(Member.__table__, Household.__table__, (M.household_id == H.id) & (M.name == H.account_name))
    .where(given(M.household_id), M.left_on.is_(None))
)
FIELDS = (
    "name", "id_no", "sex", "age", "birth", "people", "address", "township", "village", "kind", "several_kinds",
    "phone", "bank", "account_name", "holder_id_no", "account", "onecard", "change_fen", "monthly_fen", "covered_name",
    "since", "until", "first_month", "amount_fen", "own_cost_fen", "decided_on", "reason", "disability_certificate",
    "disability_kind", "disability_level", "school", "head_name", "relation", "note", "",
)  # fmt: skip
OF_PLACE = {"rural": "农村", "urban": "城市"}
KINDS = {
    Scheme.DIBAO: "低保", Scheme.TEKUN: "特困", Scheme.TEMPORARY: "临时救助", Scheme.EDGE: "低保边缘家庭",
    Scheme.RIGID: "刚性支出困难家庭", Scheme.LIVING_SUBSIDY: "困难残疾人生活补贴",
    Scheme.CARE_SUBSIDY: "重度残疾人护理补贴", Scheme.UNSUPPORTED_CHILD: "事实无人抚养儿童", Scheme.ORPHAN: "孤儿",
}  # fmt: skip
EVENTS = {
    EventKind.FIRE: "火灾", EventKind.ACCIDENT: "意外事故", EventKind.ILLNESS: "突发重大疾病",
    EventKind.DISASTER: "灾害", EventKind.EDUCATION: "教育支出", EventKind.JOB_LOSS: "失业", EventKind.OTHER: "其他",
}  # fmt: skip
LONGEST = 200
SEX = {sex.value: words.spoken(sex) for sex in Sex}


@dataclass(slots=True)
class Case:
    """A case and its family, as ``CASE``; words by their codes, days as the database has them."""

    id: int
    household_id: int
    member_id: int | None
    scheme: str
    area: str
    persons: int
    monthly_fen: int
    one_off_fen: int
    own_cost_fen: int | None
    decided_on: Any
    first_month: Any
    pays_from: Any
    grace_until: Any
    event_kind: str | None
    reason: str
    row_key: str
    head_name: str
    address: str
    village_code: str
    bank: str | None
    account_name: str | None
    account: bytes | None
    onecard: bytes | None
    phone: bytes | None


@dataclass(slots=True)
class Who:
    """A person, as ``WHO``."""

    id: int
    household_id: int
    row_key: str
    name: str
    id_no: bytes
    sex: str
    birth: Any
    relation: str
    marital: str | None
    health: str | None
    school: str | None
    disability_kind: str | None
    disability_level: int | None
    certificate: bytes | None


def read_cases(reading: Reading, ids: Sequence[int]) -> dict[int, Case]:
    """These cases by id."""
    return {row[0]: Case(*row) for row in reading.all(CASES, ids)}


def read_whose(reading: Reading, cases: Mapping[int, Case]) -> dict[int, Who]:
    """Whose each case is: the one person's, or the head's (the last one, of a family of which nobody is left)."""
    named = [case.member_id for case in cases.values() if case.member_id]
    homes = sorted({case.household_id for case in cases.values() if not case.member_id})
    people = {row[0]: Who(*row) for row in reading.all(PEOPLE, named)} if named else {}
    heads = {row[1]: Who(*row) for row in reading.all(PRESENT, homes)} if homes else {}
    if lacking := [home for home in homes if home not in heads]:
        heads |= {row[1]: Who(*row) for row in reading.all(LAST, lacking)}
    found = {
        case.id: people.get(case.member_id) if case.member_id else heads.get(case.household_id)
        for case in cases.values()
    }
    return {case_id: who for case_id, who in found.items() if who}


def kind(scheme: str, area: str) -> str:
    """What a case is called in lists, such as 农村低保 or 孤儿."""
    told = Scheme(scheme)
    return f"{OF_PLACE[area] if told in (Scheme.DIBAO, Scheme.TEKUN) else ''}{KINDS[told]}"


def where(reading: Reading, code: str, address: str) -> str:
    """An address with its township and village, which lists without columns for them tell there."""
    village = reading.places.get(code, "") if is_village(code) else ""
    told = "" if village and village in address else f"{reading.places.get(township_of(code), '')}{village}"
    return f"{told}{address}"


def one_line(text: str) -> str:
    """Words on one line, no longer than the lists take."""
    return " ".join(text.split())[:LONGEST]


def month(day: Any) -> str:
    """The month of a day as lists have it: 2026-11."""
    return str(day)[:7] if day else ""


def spoken(table: words.Table[Any], code: Any) -> str:
    """The word for a code as the database has it; nothing for none."""
    return "" if code is None else table.spoken[code]


def cases(reading: Reading, ids: Sequence[int]) -> Iterator[Cells]:
    """Cells by ``FIELDS`` of these cases, in this order."""
    found = read_cases(reading, ids)
    whose, homes = read_whose(reading, found), sorted({case.household_id for case in found.values()})
    beside, holders = _beside(reading, homes), _holders(reading, homes)
    numbers = {name: reading.number("household", name) for name in ("phone", "account", "one_card")}
    paid = amounts(reading, ids, reading.month) if reading.month else {}
    id_no, cert = reading.number("member", "id_no"), reading.number("member", "disability_cert")
    for case_id in ids:
        if case_id not in found or case_id not in whose:
            continue
        case, who = found[case_id], whose[case_id]
        those = beside[case.household_id]
        number = id_no(who.row_key, who.id_no)
        holder = number if case.account_name == who.name else holders.get(case.household_id, "")
        code, others = case.village_code, [word for other, word in those if other != case_id]
        temporary = case.scheme == Scheme.TEMPORARY
        own, monthly = kind(case.scheme, case.area), yuan(paid.get(case_id, case.monthly_fen))
        yield (
            who.name, number, SEX[who.sex], reading.ages[who.birth][1], str(who.birth),
            str(case.persons), where(reading, code, case.address), reading.places.get(township_of(code), ""),
            reading.places.get(code, "") if is_village(code) else "", "、".join(others) if temporary else own,
            "、".join(dict.fromkeys([own, *others])) if others else "", numbers["phone"](case.row_key, case.phone),
            case.bank or "", case.account_name or "", holder, numbers["account"](case.row_key, case.account),
            numbers["one_card"](case.row_key, case.onecard), monthly, monthly, who.name,
            month(case.first_month or case.pays_from), month(case.grace_until),
            month(case.first_month or case.pays_from), yuan(case.one_off_fen),
            "" if case.own_cost_fen is None else yuan(case.own_cost_fen), str(case.decided_on or ""), _reason(case),
            cert(who.row_key, who.certificate), spoken(words.DISABILITY_KIND, who.disability_kind),
            spoken(words.LEVELS, who.disability_level), who.school or "", case.head_name,
            words.spoken_relation(Relation(who.relation), Sex(who.sex)), own, "",
        )  # fmt: skip


def _reason(case: Case) -> str:
    return EVENTS[EventKind(case.event_kind)] if case.event_kind else one_line(case.reason)


def _beside(reading: Reading, homes: Sequence[int]) -> defaultdict[int, list[tuple[int, str]]]:
    """(id, what it is called) of the running cases of families."""
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for home, case_id, scheme, area, _ in reading.all(BESIDE, homes) if homes else ():
        found[home].append((case_id, kind(scheme, area)))
    return found


def _holders(reading: Reading, homes: Sequence[int]) -> dict[int, str]:
    """The ID numbers of members who are called as the account's holder is, by the family's id."""
    number = reading.number("member", "id_no")
    return {home: number(key, sealed) for home, key, sealed in reading.all(HOLDERS, homes)} if homes else {}
