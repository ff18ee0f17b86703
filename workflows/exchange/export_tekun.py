"""A row for each person who is supported in extreme poverty: as a member, with mode, money, self-care and carer."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select

from models import Benefit, Finding, Member, TekunPerson
from policy.money import parse_yuan, yuan_cell
from policy.vocabulary import IN_FORCE, Scheme
from workflows.exchange import export_people
from workflows.exchange.export_cases import OF_PLACE
from workflows.exchange.export_shared import Cells, Reading, given, raw, yuan
from workflows.exchange.list_rows import MODE, support_cells, told_before

B, F, M, T = Benefit.__table__.c, Finding.__table__.c, Member.__table__.c, TekunPerson.__table__.c
CASES = select(
    M.id, B.id, B.monthly_fen, raw(B.area), raw(B.first_month), raw(M.support_mode), M.note, B.household_id
).join_from(Member.__table__, Benefit.__table__, M.household_id == B.household_id).where(
    given(M.id), B.scheme == Scheme.TEKUN, B.stage.in_(IN_FORCE), (B.member_id.is_(None)) | (B.member_id == M.id)
).order_by(B.id)  # fmt: skip
SUPPORT = select(T.benefit_id, T.member_id, T.unmet, T.home, raw(T.home_until), T.guardian).where(given(T.benefit_id))
AMOUNTS = select(B.id, B.monthly_fen).where(given(B.id))
LATEST = select(func.max(F.id)).where(given(F.benefit_id)).group_by(F.benefit_id)
FINDINGS = select(F.benefit_id, Finding.result).where(F.id.in_(LATEST))
FIRST = (
    select(M.household_id, func.min(M.id)).where(given(M.household_id), M.left_on.is_(None)).group_by(M.household_id)
)
"""Who of a family carries its case's sum, where nobody knows what each of them is paid."""
OWN = (
    "mode", "basic_fen", "care_fen", "self_care", "carer_name", "institution", "register_kind", "monthly_fen",
    "total_fen", "first_month", "aid_kind",
)  # fmt: skip
MONEY = ("monthly_fen", "total_fen", "first_month", "aid_kind")
KEPT = tuple(name for name in export_people.FIELDS if name not in MONEY)
FIELDS = (*KEPT, *OWN)
AREAS = {"rural": "农村特困", "urban": "城市特困"}
"""Words of the roster for the kind of aid; the import reads them as it reads 农村低保."""


def supported(reading: Reading, ids: Sequence[int]) -> Iterator[Cells]:
    """Cells by ``FIELDS`` of these members, in this order, as far as a case of theirs runs."""
    cases = {row[0]: row for row in reading.all(CASES, ids)}
    paid = _paid(reading, sorted({row[1] for row in cases.values()}))
    support = _support(reading, sorted({row[1] for row in cases.values()}))
    first = dict(map(tuple, reading.all(FIRST, sorted({row[7] for row in cases.values()}))))
    kept = [export_people.FIELDS.index(name) for name in KEPT]
    for member_id, cells in export_people.told(reading, [one for one in ids if one in cases]):
        _, case_id, monthly, area, first_month, mode, note, home = cases[member_id]
        basic, care = paid.get(case_id, {}).get(member_id, (None, None))
        alone = "" if basic is not None or first.get(home) != member_id else yuan(monthly)
        ours = support.get((case_id, member_id), {})
        beside = {**told_before(note), **{name: text for name, text in ours.items() if text}}
        yield (
            *(cells[at] for at in kept), "" if mode is None else MODE.spoken[mode], yuan_cell(basic), yuan_cell(care),
            beside.get("self_care", ""), beside.get("carer_name", ""), beside.get("institution", ""), OF_PLACE[area],
            "", alone, str(first_month)[:7] if first_month else "", AREAS[area],
        )  # fmt: skip


def _paid(reading: Reading, case_ids: Sequence[int]) -> dict[int, dict[int, tuple[int, int]]]:
    """(basic living, care) a month (分) of each person, where the latest calculation makes up what the case is paid."""
    found: dict[int, dict[int, tuple[int, int]]] = {}
    amounts = dict(map(tuple, reading.all(AMOUNTS, case_ids)))
    for case_id, result in reading.all(FINDINGS, case_ids):
        parts: defaultdict[int, dict[str, int]] = defaultdict(dict)
        for part in result.get("parts", ()):
            if (ref := str(part.get("ref", ""))).startswith("m") and ref[1:].isdecimal():
                parts[int(ref[1:])][part["kind"]] = parse_yuan(part["amount"])
        if parts and sum(fen for one in parts.values() for fen in one.values()) == amounts[case_id]:
            found[case_id] = {who: (one.get("basic", 0), one.get("care", 0)) for who, one in parts.items()}
    return found


def _support(reading: Reading, case_ids: Sequence[int]) -> dict[tuple[int, int], Mapping[str, str]]:
    """What is on file of each person's support, by case and person."""
    return {
        (case_id, member_id): support_cells(unmet, home if until is None else "", guardian)
        for case_id, member_id, unmet, home, until, guardian in reading.all(SUPPORT, case_ids)
    }
