"""What changed within a month, from the steps of cases and who died: the five parts of a 变动表."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from models import Benefit, Event, Household, Member
from policy.money import yuan_cell
from policy.vocabulary import IN_FORCE, Action, Relation, Scheme, Sex, Stage
from workflows.exchange import words
from workflows.exchange.export_cases import (
    PRESENT,
    SEX,
    WHO,
    Case,
    Who,
    kind,
    month,
    one_line,
    read_cases,
    read_whose,
    spoken,
    where,
)  # fmt: skip
from workflows.exchange.export_shared import Cells, Reading, given, raw, read_incomes, yuan

B, E, H, M = Benefit.__table__.c, Event.__table__.c, Household.__table__.c, Member.__table__.c
STEP = (
    E.id, E.benefit_id, raw(E.action), raw(E.from_stage), raw(E.to_stage), raw(E.at), E.opinion, E.monthly_before_fen,
    E.monthly_after_fen, E.village_code,
)  # fmt: skip
STEPS = select(*STEP).where(given(E.id))
COVERED = select(*WHO).where(given(M.household_id), M.left_on.is_(None)).order_by(M.id)
INTO = select(B.household_id, B.id, raw(B.scheme)).where(given(B.household_id), B.stage.in_(IN_FORCE)).order_by(B.id)
DEAD = select(
    M.id, M.household_id, M.name, raw(M.left_on), M.row_key, raw(M.id_no_sealed), raw(M.relation), H.head_name,
    H.address, H.village_code,
).join_from(Member.__table__, Household.__table__, M.household_id == H.id).where(given(M.id))  # fmt: skip
FIRST_MONTHS = (
    select(B.household_id, raw(B.first_month), raw(B.pays_from))
    .where(given(B.household_id), B.scheme.in_((Scheme.DIBAO, Scheme.TEKUN)))
    .order_by(B.id)
)
CASE_FIELDS = (
    "on", "name", "id_no", "birth", "people", "address", "kind", "first_month", "before_fen", "after_fen",
    "difference_fen", "reason", "business", "grace", "into", "outright", "",
)  # fmt: skip
NEW_FIELDS = (
    "on", "name", "id_no", "age", "sex", "address", "people", "kind", "marital", "income_year_fen", "relation",
    "health", "account", "",
)  # fmt: skip
DEATH_FIELDS = ("name", "id_no", "address", "person", "on", "first_month", "")
TURNED = {Scheme.DIBAO: "低保", Scheme.TEKUN: "特困", Scheme.EDGE: "边缘", Scheme.RIGID: "刚性"}
YES, NO = words.YES_NO.spoken[True], words.YES_NO.spoken[False]
BUSINESS = {
    Action.SUSPEND: "停发", Action.END_ON_DEATH: "无人在保", Action.LEAVE: "自愿退出", Action.END_GRACE: "渐退期满",
}  # fmt: skip


def stepped(reading: Reading, ids: Sequence[int]) -> Iterator[Cells]:
    """Cells by ``CASE_FIELDS`` of these steps, in this order: an amount that changed, a case that stopped or ended."""
    steps, cases, whose = _read(reading, ids)
    number = reading.number("member", "id_no")
    into = _into(reading, sorted({case.household_id for case in cases.values()}))
    for step_id in ids:
        if step_id not in steps:
            continue
        _, case_id, action, came_from, to, at, opinion, before, after, code = steps[step_id]
        case, who = cases[case_id], whose.get(case_id)
        if who is None:
            continue
        change = "" if before is None or after is None else yuan(after - before)
        done, graced = BUSINESS.get(Action(action), ""), came_from == Stage.GRACE
        others = dict.fromkeys(word for other, word in into[case.household_id] if other != case_id)
        yield (
            _when(at), who.name, number(who.row_key, who.id_no), str(who.birth), str(case.persons),
            _where(reading, case, code), kind(case.scheme, case.area), month(case.first_month or case.pays_from),
            yuan_cell(before), yuan_cell(after), change, one_line(opinion) or done,
            done or ("退出" if to == Stage.EXITED else ""), YES if graced else NO, "、".join(others),
            NO if graced else YES, "",
        )  # fmt: skip


def let_in(reading: Reading, ids: Sequence[int]) -> Iterator[Cells]:
    """Cells by ``NEW_FIELDS``: a row for each person of the cases that these steps confirmed."""
    steps, cases, _ = _read(reading, ids)
    people = _covered(reading, cases.values())
    incomes = read_incomes(reading, [who.id for those in people.values() for who in those])
    number, account = reading.number("member", "id_no"), reading.number("household", "account")
    for step_id in ids:
        if step_id not in steps:
            continue
        case, at, code = cases[steps[step_id][1]], steps[step_id][5], steps[step_id][-1]
        for who in people[case.id]:
            yield (
                _when(at), who.name, number(who.row_key, who.id_no),
                reading.ages[who.birth][1], SEX[who.sex], _where(reading, case, code),
                str(case.persons), kind(case.scheme, case.area), spoken(words.MARITAL, who.marital),
                yuan_cell(incomes.get(who.id)), words.spoken_relation(Relation(who.relation), Sex(who.sex)),
                spoken(words.HEALTH, who.health), account(case.row_key, case.account), "",
            )  # fmt: skip


def died(reading: Reading, ids: Sequence[int]) -> Iterator[Cells]:
    """Cells by ``DEATH_FIELDS`` of these members who died, with the present head of their family."""
    dead = {row[0]: row for row in reading.all(DEAD, ids)}
    homes = sorted({row[1] for row in dead.values()})
    heads = {row[1]: Who(*row) for row in reading.all(PRESENT, homes)} if homes else {}
    since = {home: month(first or pays) for home, first, pays in reading.all(FIRST_MONTHS, homes)} if homes else {}
    number = reading.number("member", "id_no")
    for member_id in ids:
        if member_id not in dead:
            continue
        _, home, name, left_on, key, sealed, relation, head_name, address, code = dead[member_id]
        head = heads.get(home)
        own = number(key, sealed) if relation == Relation.HEAD else ""
        yield (
            head.name if head else head_name, number(head.row_key, head.id_no) if head else own,
            where(reading, code, address), name, str(left_on), since.get(home, ""), "",
        )  # fmt: skip


def _read(reading: Reading, ids: Sequence[int]) -> tuple[dict[int, Any], dict[int, Case], dict[int, Who]]:
    """Steps by id, their cases, and whose each case is."""
    steps = {row[0]: row for row in reading.all(STEPS, ids)}
    cases = read_cases(reading, sorted({row[1] for row in steps.values()}))
    return steps, cases, read_whose(reading, cases)


def _covered(reading: Reading, cases: Any) -> defaultdict[int, list[Who]]:
    """The people of each case: the one person, or who is in the family."""
    found: defaultdict[int, list[Who]] = defaultdict(list)
    homes = sorted({case.household_id for case in cases})
    people: defaultdict[int, list[Who]] = defaultdict(list)
    for row in reading.all(COVERED, homes) if homes else ():
        people[row[1]].append(Who(*row))
    for case in cases:
        found[case.id] = [who for who in people[case.household_id] if case.member_id in (None, who.id)]
    return found


def _into(reading: Reading, homes: Sequence[int]) -> defaultdict[int, list[tuple[int, str]]]:
    """(id, scheme in words) of what families receive or are recognised as now."""
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for home, case_id, scheme in reading.all(INTO, homes) if homes else ():
        if word := TURNED.get(Scheme(scheme)):
            found[home].append((case_id, word))
    return found


def _where(reading: Reading, case: Case, code: str) -> str:
    """The address of a family; of one that has left the place of the step, that place alone: it knows no more."""
    return where(reading, code, case.address if case.village_code.startswith(code) else "")


def _when(at: Any) -> str:
    return str(at)[:10]
