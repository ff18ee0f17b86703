"""People who come with new families are told of by columns: exactly as each of their rows would be by itself."""

import json
import zlib
from itertools import cycle, islice
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models.lots import Told, joined, opened_lot, opened_told, sealed_lot
from models.sealing import blind, blind_all, seal_bytes
from policy.vocabulary import Area, Marital, Relation, Role
from tests.workflows.exchange import rosters, sheets
from tests.workflows.exchange.judged import judge_sheet
from tests.workflows.exchange.rosters import HEAD_ROW, NOW, WIFE_ROW
from workflows.exchange.judging import Judging
from workflows.exchange.newcomers import Newcomers, _said
from workflows.exchange.wanted import case_of, each, founded_by_heads, wanted_members

SAID = st.sampled_from(["", "苗族", 'a"b\\c', "两\n行", "\x7f", "\u2028"]) | st.text(max_size=6)
ROW = st.tuples(SAID, SAID, st.none() | st.sampled_from(Marital), st.none() | st.integers(0, 9), st.booleans())


def rows_of(session: Session, *rows: dict[str, str]) -> list:
    """The clean rows of a roster."""
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    return [row for row in Judging(session, rosters.members(*rows), reviewer, NOW).cleaned.rows if row]


@pytest.fixture
def two(session: Session, in_process: None) -> list:
    """Head and wife, as a roster has them."""
    return rows_of(session, HEAD_ROW, WIFE_ROW)


@given(st.lists(ROW, min_size=1, max_size=6), st.data())
@settings(max_examples=60)
def test_rows_are_read_from_a_lot_as_they_came(said: list, data: st.DataObject) -> None:
    names = ("name", "note", "marital", "income_year_fen", "registered_poor")
    columns = dict(zip(names, zip(*said, strict=True), strict=True))
    heads = sorted(data.draw(st.sets(st.sampled_from(range(len(said))))))
    homes = {"address": [f"{at}号" for at in heads]} if heads else {}
    told = Told(["x"] * len(said), _said(columns), heads, homes, {})
    _, _, key, sealed = sealed_lot(1, 0, told)
    found = opened_told(SimpleNamespace(row_key=key, content_sealed=sealed))
    assert [row["member"] for row in found.rows()] == each(columns)
    some = data.draw(st.sets(st.sampled_from(range(len(said))), min_size=1).map(sorted))
    picked = [row for at, row in enumerate(found.rows()) if at in some]
    assert found.only(some).rows() == picked
    assert joined([found, found.only(some)]).rows() == found.rows() + picked


def test_lots_that_were_kept_row_by_row_are_read_too() -> None:
    rows = [
        {"member": {"name": "甲"}, "head_id_no": "1", "household": {"address": "一号"}, "case": {"amount_fen": 5}},
        {"member": {"name": "乙", "note": "x"}, "head_id_no": "1"},
    ]
    packed = seal_bytes("import_lot.content", "k", zlib.compress(json.dumps(rows).encode()))
    old = SimpleNamespace(row_key="k", content_sealed=packed)
    assert opened_lot(old) == rows
    assert opened_told(old).people == {"name": ["甲", "乙"], "note": [None, "x"]}


def test_a_family_is_told_of_by_the_row_of_its_head(two: list) -> None:
    rows = list(islice(cycle(two), 6))
    new = Newcomers(rows, ["x"] * 6, {sheets.HEAD: 2})
    found = list(new.contents())
    assert [one["member"] for one in found] == each(wanted_members(rows))
    assert {one["head_id_no"] for one in found} == {sheets.HEAD}
    home = json.loads(json.dumps(each(founded_by_heads([two[0]]))[0]))
    case = case_of(two[0], 2)["case"]
    assert [(one.get("household"), one.get("case")) for one in found] == [(home, case), (None, None)] * 3
    assert home["area"] == Area.RURAL and two[0].relation is Relation.HEAD and found[0]["case"]["amount_fen"] == 76_000


def test_only_families_to_whom_anything_is_paid_come_with_a_case(session: Session, in_process: None) -> None:
    nothing = {"户月保障金额": "", "合计": ""}
    parts = nothing | {"户月保障金额": "300", "家庭分类施保金额": "50.5"}
    rows = rows_of(session, HEAD_ROW, rosters.person(1) | nothing, rosters.person(3) | parts)
    sizes = {row.id_no: size for size, row in enumerate(rows, 1)}
    found = list(Newcomers(rows, ["x"] * 3, sizes).contents())
    assert [one.get("case") for one in found] == [case_of(row, sizes[row.id_no]).get("case") for row in rows]
    assert [one.get("case", {}).get("amount_fen") for one in found] == [76_000, None, 35_050]
    assert found[0]["case"]["covered"] == 1 and all("household" in one for one in found)


def test_families_of_whom_anything_is_odd_are_judged_row_by_row(session: Session, in_process: None) -> None:
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    lost = rosters.person(3, 所属社="没有村")
    own = {"身份证号": sheets.id_no("19900101", 5), "户主身份证号": lost["身份证号"], "性别": "", "出生日期": ""}
    child = rosters.SON_ROW | own
    sheet = rosters.members(HEAD_ROW, WIFE_ROW, lost, child)
    judged = list(Judging(session, sheet, reviewer, NOW).lots())
    assert [row.number for lot in judged for row in lot.newcomers.rows] == [2, 3]
    verdicts = judge_sheet(session, sheet, reviewer, NOW)
    told = [(v.number, v.outcome, [problem.code for problem in v.problems]) for v in verdicts]
    assert told[:2] == [(2, "new", []), (3, "new", [])]
    assert [(number, outcome) for number, outcome, _ in told[2:]] == [(4, "refused"), (5, "refused")]
    assert all("unknown_village" in codes for _, _, codes in told[2:])


def test_many_numbers_have_the_hashes_that_each_has_by_itself() -> None:
    numbers = [sheets.HEAD, "", "6228480010203040506"]
    assert blind_all("id_no", numbers) == [blind("id_no", number) for number in numbers]
    assert blind_all("account", numbers) != blind_all("id_no", numbers)
