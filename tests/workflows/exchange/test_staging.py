"""What a sheet would do, row by row, before anything is written."""

import json
import zlib
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from models import Benefit, Division, Household, ImportLot, ImportRow, Member
from policy.vocabulary import Role, Stage
from tests import factories
from tests.workflows.exchange import rosters, sheets
from tests.workflows.exchange.rosters import HEAD_ROW, HOUSEHOLD, SON_ROW, WIFE_ROW, person
from workflows.exchange import kept, staging, steps
from workflows.exchange.asked import Asked
from workflows.exchange.layouts import MEMBERS, PLAIN
from workflows.exchange.reading import read_sheet
from workflows.reason import Refused

pytestmark = pytest.mark.usefixtures("in_process")
R = Role.COUNTY_REVIEWER


@pytest.fixture
def office(session):
    return rosters.office(session)


@pytest.fixture
def reviewer(office):
    return rosters.actor(office[R])


def rows(session, batch):
    return session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.row_no)).all()


def outcomes(session, batch):
    return [row.outcome for row in rows(session, batch)]


def codes(session, batch):
    return [(row.row_no, problem["code"]) for row in rows(session, batch) for problem in row.problems]


def test_staging_writes_nothing_but_the_batch(session, reviewer):
    batch = rosters.staged(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    assert outcomes(session, batch) == ["new", "new"]
    assert [session.scalar(select(func.count()).select_from(model)) for model in (Household, Member, Benefit)] == [
        0,
        0,
        0,
    ]
    assert (batch.counts["families"], batch.counts["people"], batch.counts["monthly_fen"]) == (1, 2, 76000)


def test_numbers_of_a_staged_row_are_sealed(session, reviewer):
    batch = rosters.staged(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    for row in rows(session, batch):
        assert sheets.WIFE not in json.dumps(row.problems) + row.label
        assert row.content_sealed is None
        assert json.loads(row.content)["member"]["name"] == row.label
    lot = session.scalars(select(ImportLot)).one()
    assert sheets.HEAD.encode() not in lot.content_sealed and not _unpacks(lot.content_sealed[12:])


def _unpacks(data):
    try:
        return zlib.decompress(data)
    except zlib.error:
        return b""


def test_rows_lie_in_lots_of_so_many_and_go_with_them_when_the_sheet_is_read_again_or_laid_aside(
    session, reviewer, monkeypatch
):
    monkeypatch.setattr(staging, "IN_A_LOT", 2)
    sheet = rosters.members(HEAD_ROW, WIFE_ROW, SON_ROW)
    batch = rosters.staged(session, sheet, reviewer)
    said = {row.label: json.loads(row.content)["member"]["name"] for row in rows(session, batch)}
    assert said == {name: name for name in said} and len(said) == 3
    lots = select(ImportLot.number).where(ImportLot.batch_id == batch.id).order_by(ImportLot.number)
    assert session.scalars(lots).all() == [0, 1]
    rosters.staged(session, rosters.members(HEAD_ROW), reviewer, batch=batch)
    assert session.scalars(lots).all() == [0]
    assert [json.loads(row.content)["member"]["name"] for row in rows(session, batch)] == [HEAD_ROW["姓名"]]
    steps.give_up(session, batch, reviewer, rosters.NOW)
    assert (session.scalars(lots).all(), rows(session, batch)) == ([], [])


def test_each_new_row_says_in_which_lot_and_at_which_place_it_is_kept(session, reviewer, monkeypatch):
    monkeypatch.setattr(staging, "IN_A_LOT", 2)
    batch = rosters.staged(session, rosters.members(*map(person, range(301, 306))), reviewer)
    lots = session.scalars(select(ImportLot).where(ImportLot.batch_id == batch.id).order_by(ImportLot.number)).all()
    assert [lot.number for lot in lots] == [0, 1, 2]
    assert [(row.lot, row.place) for row in rows(session, batch)] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)]


def test_rows_say_new_changed_and_unchanged(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    batch = rosters.staged(session, rosters.members(HEAD_ROW, WIFE_ROW | {"民族": "苗族"}, SON_ROW), reviewer)
    assert outcomes(session, batch) == ["unchanged", "changed", "new"]
    changed = rows(session, batch)[1]
    assert (json.loads(changed.before), json.loads(changed.content)) == ({"ethnicity": "汉族"}, {"ethnicity": "苗族"})


def test_a_family_that_people_are_listed_of_again_is_counted_once_as_unchanged(session, reviewer):
    known = rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    again = rosters.staged(session, rosters.members(HEAD_ROW | {"民族": "苗族"}, WIFE_ROW), reviewer)
    assert known.counts["tables"]["household"] == {"new": 1, "changed": 0, "unchanged": 0}
    assert again.counts["tables"] == {
        "household": {"new": 0, "changed": 0, "unchanged": 1}, "member": {"new": 0, "changed": 1, "unchanged": 1}
    }  # fmt: skip


def test_a_blank_cell_is_no_news(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    batch = rosters.staged(session, rosters.members(HEAD_ROW, WIFE_ROW | {"民族": "", "文化程度": ""}), reviewer)
    assert outcomes(session, batch) == ["unchanged", "unchanged"]


@pytest.mark.parametrize(
    ("told", "blanks", "kept"), [("", "keep", 0), ("3600", "keep", 0), ("3601", "keep", 1), ("", "clear", 1)]
)
def test_income_that_stands_line_by_line_is_called_out_where_the_sheet_says_otherwise(
    session, reviewer, told, blanks, kept
):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    session.scalars(select(Member).where(Member.name == "李样")).one().income[0].note = "工资单"
    session.commit()
    sheet = rosters.members(HEAD_ROW, WIFE_ROW | {"年收入(元)": told})
    batch = rosters.staged(session, replace(sheet, asked=Asked(blanks=blanks)), reviewer)
    assert [code for number, code in codes(session, batch) if number == 3] == ["income_kept"] * kept
    assert rows(session, batch)[1].outcome == "unchanged"


def test_how_grave_an_illness_is_stays_as_it_was_judged_here(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    wife = session.scalars(select(Member).where(Member.name == "李样")).one()
    wife.illness = "major"
    session.commit()
    assert outcomes(session, rosters.staged(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer))[1] == "unchanged"


def test_a_township_officer_gets_their_own_rows_and_a_refusal_for_each_other(session, office):
    mine, theirs = person(101), person(103, 所属街="孝儿镇")
    officer = rosters.actor(office[Role.TOWNSHIP_OFFICER])
    batch = rosters.staged(session, rosters.members(mine, theirs), officer)
    assert outcomes(session, batch) == ["new", "refused"]
    assert codes(session, batch) == [(3, "not_your_division")]


def test_a_family_elsewhere_is_not_named_to_a_township(session, office, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    other = rosters.actor(office.elsewhere[Role.TOWNSHIP_OFFICER])
    joining = person(101, 所属街="孝儿镇")
    stranger = WIFE_ROW | {"户主身份证号": joining["身份证号"]}
    batch = rosters.staged(session, rosters.members(joining, stranger), other)
    assert codes(session, batch) == [(3, "registered_elsewhere")]
    assert "张样" not in json.dumps([row.problems for row in rows(session, batch)], ensure_ascii=False)


def test_an_unknown_village_is_listed_and_made_only_for_the_county(session, office, reviewer):
    strange = person(101, 所属社="云上村")
    batch = rosters.staged(session, rosters.members(strange), reviewer)
    assert batch.counts["unknown_villages"] == [["巡场镇", "云上村"]]
    officer = rosters.actor(office[Role.TOWNSHIP_OFFICER])
    assert outcomes(session, rosters.staged(session, rosters.members(strange), officer, create_villages=True)) == [
        "refused"
    ]
    rosters.applied(session, rosters.members(strange), reviewer, create_villages=True)
    made = session.scalars(select(Division).where(Division.name == "云上村")).one()
    assert (made.parent_code, made.code[:9]) == (factories.XUNCHANG, factories.XUNCHANG)


def test_the_same_village_name_lies_in_the_township_of_its_row(session, reviewer):
    rosters.applied(session, rosters.members(person(101), person(103, 所属街="孝儿镇")), reviewer)
    places = set(session.execute(select(Household.township_code, Household.village_code)))
    assert places == {(factories.XUNCHANG, factories.VILLAGE), (factories.XIAOER, factories.OTHER_VILLAGE)}


def test_members_whose_head_is_refused_are_refused_with_the_head(session, reviewer):
    batch = rosters.staged(session, rosters.members(HEAD_ROW | {"性别": "女"}, WIFE_ROW), reviewer)
    assert [code for _, code in codes(session, batch)] == ["sex_mismatch", "head_refused"]


def test_members_whose_heads_number_cannot_be_read_have_no_head(session, reviewer):
    batch = rosters.staged(session, rosters.members(HEAD_ROW | {"身份证号": "5.13E+17"}, WIFE_ROW), reviewer)
    assert [code for _, code in codes(session, batch)] == ["excel_float", "unknown_head"]


def test_an_amount_of_a_case_in_force_is_called_out_and_never_changed(session, reviewer):
    rosters.applied(session, rosters.households(HOUSEHOLD), reviewer)
    dearer = HOUSEHOLD | {"户月保障金额(元)": "900", "合计(元)": "900"}
    batch = rosters.applied(session, rosters.households(dearer), reviewer)
    assert codes(session, batch) == [(2, "amount_differs")]
    assert session.scalars(select(Benefit.monthly_fen)).all() == [76000]


SON_HEADS = {"户主身份证号": rosters.SON}


def another_head(**changes):
    """The family with the son as its head, and the old head below."""
    son = SON_ROW | SON_HEADS | {"与户主关系": "户主"} | changes
    return [HEAD_ROW | SON_HEADS | {"与户主关系": "父亲"}, WIFE_ROW | SON_HEADS | {"与户主关系": "母亲"}, son]


def test_another_head_is_called_out_and_calls_the_case_up_but_changes_no_relation(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW, SON_ROW), reviewer)
    batch = rosters.applied(session, rosters.members(*another_head(民族="苗族")), reviewer)
    assert codes(session, batch) == [(2, "head_differs"), (3, "head_differs"), (4, "head_differs")]
    assert outcomes(session, batch) == ["unchanged", "unchanged", "changed"]
    told = session.execute(select(Member.relation, Member.ethnicity).order_by(Member.id)).all()
    assert told == [("head", "汉族"), ("spouse", "汉族"), ("son", "苗族")]
    assert session.scalars(select(Benefit.review_due_on)).one() == rosters.NOW.date()


def test_somebody_new_below_another_head_waits_for_the_change_of_head(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, SON_ROW), reviewer)
    batch = rosters.staged(session, rosters.members(*another_head()), reviewer)
    assert outcomes(session, batch) == ["unchanged", "refused", "unchanged"]


def test_a_son_with_a_family_of_his_own_has_to_leave_the_old_one_first(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW, SON_ROW), reviewer)
    batch = rosters.staged(session, rosters.members(another_head()[2]), reviewer)
    assert codes(session, batch) == [(2, "in_other_household")]


def test_another_head_on_a_sheet_of_families_is_called_out_too(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, SON_ROW), reviewer)
    lists = {"家庭成员姓名": "张小样、张样", "家庭成员身份证号": f"{rosters.SON}、{rosters.HEAD}"}
    row = HOUSEHOLD | {"户主姓名": "张小样", "户主身份证号": rosters.SON, "家庭住址": "新址"} | lists
    batch = rosters.applied(session, rosters.households(row), reviewer)
    assert (outcomes(session, batch), codes(session, batch)) == (["changed"], [(2, "head_differs")])
    assert session.execute(select(Household.head_name, Household.address)).one() == ("张样", "新址")


def listing(number, *others, **changes):
    """A row of 低保家庭: a head with a number of its own, and whom it lists beside."""
    own = sheets.id_no("19600517", number)
    people = [(f"户主{number}", own), *others]
    lists = {"家庭成员姓名": "、".join(n for n, _ in people), "家庭成员身份证号": "、".join(i for _, i in people)}
    size = str(len(people))
    return HOUSEHOLD | {"户主姓名": f"户主{number}", "户主身份证号": own, "家庭人口": size} | lists | changes


def test_a_new_family_that_lists_somebody_of_another_family_is_refused(session, office, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    new = listing(101, ("李样", sheets.WIFE))
    batch = rosters.staged(session, rosters.households(new), reviewer)
    assert codes(session, batch) == [(2, "in_other_household")]
    assert rows(session, batch)[0].problems[0]["args"] == {"head": "张样"}
    officer = rosters.actor(office.elsewhere[Role.TOWNSHIP_OFFICER])
    there = new | {"所属街": "孝儿镇"}
    batch = rosters.staged(session, rosters.households(there), officer)
    assert codes(session, batch) == [(2, "registered_elsewhere")]
    assert "张样" not in json.dumps(rows(session, batch)[0].problems, ensure_ascii=False)


def test_a_known_family_that_lists_somebody_of_another_family_is_to_be_looked_at(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW, person(101)), reviewer)
    batch = rosters.staged(session, rosters.households(listing(101, ("李样", sheets.WIFE))), reviewer)
    told = [(problem["code"], problem["warning"]) for row in rows(session, batch) for problem in row.problems]
    assert ("in_other_household", True) in told and outcomes(session, batch) == ["changed"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"户月保障金额": "800", "合计": "800"}, [(2, "amount_differs")]),
        ({"户月保障金额": "800", "合计": ""}, [(2, "amount_differs")]),
        ({"户月保障金额": "760", "合计": "760"}, []),
        ({"户月保障金额": "", "合计": ""}, []),
    ],
)
def test_an_amount_on_the_heads_row_is_called_out_like_one_of_the_family(session, reviewer, said, expected):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    batch = rosters.applied(session, rosters.members(HEAD_ROW | said, WIFE_ROW | {"户月保障金额": "380"}), reviewer)
    assert codes(session, batch) == expected
    assert session.scalars(select(Benefit.monthly_fen)).all() == [76000]
    due = session.scalars(select(Benefit.review_due_on)).one()
    assert (due == rosters.NOW.date()) is bool(expected)


def test_only_those_who_import_may_stage(session, office):
    for role in (Role.AUDITOR, Role.VILLAGE_WORKER, Role.SUPERVISOR, Role.SYSTEM_ADMIN):
        with pytest.raises(Refused):
            rosters.staged(session, rosters.members(HEAD_ROW), rosters.actor(office[role]))
        session.rollback()


def test_a_refused_row_keeps_its_cells_for_the_report(session, reviewer):
    sheet = rosters.members(HEAD_ROW, WIFE_ROW | {"年收入(元)": "-500"})
    batch = rosters.staged(session, sheet, reviewer)
    ((number, cells, problems),) = kept.refused_rows(session, batch.id)
    assert (number, cells[0], [problem["code"] for problem in problems]) == (3, "李样", ["negative"])
    assert batch.counts["headers"] == [column.header for column in MEMBERS.columns]


DIRT = {
    "unknown_head": ({"户主身份证号": sheets.id_no("19500101", 11)}, "unknown_head"),
    "birth_mismatch": ({"出生日期": "1970-01-02"}, "birth_mismatch"),
    "sex_mismatch": ({"性别": "男"}, "sex_mismatch"),
    "check_digit": (
        {"身份证号": WIFE_ROW["身份证号"][:-1] + ("0" if WIFE_ROW["身份证号"][-1] != "0" else "1")},
        "check_digit",
    ),
    "negative_income": ({"年收入(元)": "-500"}, "negative"),
    "excel_float": ({"身份证号": "9.90001E+17"}, "excel_float"),
    "impossible_date": ({"出生日期": "1990/6/31"}, "impossible_date"),
    "spaces": ({"姓名": " 李 样 ", "身份证号": f" {sheets.WIFE} "}, None),
    "fullwidth": ({"身份证号": sheets.WIFE.translate({48 + n: 0xFF10 + n for n in range(10)})}, None),
    "formula_name": ({"姓名": '=HYPERLINK("http://127.0.0.1","x")'}, None),
}


@pytest.mark.parametrize("kind", DIRT)
def test_every_kind_of_dirt_is_refused_or_cleaned_as_it_should(session, reviewer, kind):
    changes, expected = DIRT[kind]
    batch = rosters.staged(session, rosters.members(HEAD_ROW, WIFE_ROW | changes), reviewer)
    assert outcomes(session, batch) == ["new", "refused" if expected else "new"]
    assert [code for number, code in codes(session, batch) if number == 3] == ([expected] if expected else [])


def test_title_rows_and_a_total_row_are_left_aside(session, reviewer):
    table = rosters.sheets.table(MEMBERS, HEAD_ROW, WIFE_ROW)
    table = [["珙县低保人员名册"], [], *table, ["合计", "", "", "2"]]
    batch = rosters.staged(session, read_sheet(sheets.csv_bytes(table), "名册.csv"), reviewer)
    assert [(row.row_no, row.outcome) for row in rows(session, batch)] == [(4, "new"), (5, "new")]


def test_a_family_with_an_open_case_that_is_not_decided_gets_no_second_one(session, reviewer):
    rosters.applied(session, rosters.households(HOUSEHOLD | {"户月保障金额(元)": "0", "合计(元)": "0"}), reviewer)
    home = session.scalars(select(Household)).one()
    factories.benefit(session, home, Stage.REVIEW)
    session.commit()
    rosters.applied(session, rosters.households(HOUSEHOLD), reviewer)
    assert session.scalar(select(func.count()).select_from(Benefit)) == 1


@pytest.mark.parametrize(("ours", "theirs"), [("汉族", "汉"), ("汉", "汉族"), ("汉", "汉")])
def test_a_people_written_short_is_no_change(session, reviewer, ours, theirs):
    rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    session.scalars(select(Member)).one().ethnicity = ours
    session.commit()
    assert outcomes(session, rosters.staged(session, rosters.members(HEAD_ROW | {"民族": theirs}), reviewer)) == [
        "unchanged"
    ]


PLAIN_ROW = {name: text for name, text in HEAD_ROW.items() if name not in ("所属省", "所属市", "所属区")}


def plain(**changes):
    """Our own form with one head."""
    return read_sheet(sheets.csv_bytes(sheets.table(PLAIN, PLAIN_ROW | {"联系电话": "13800000001"} | changes)), "a.csv")


def test_the_telephone_number_of_our_own_form_is_the_familys(session, reviewer):
    rosters.applied(session, plain(), reviewer)
    assert session.scalars(select(Household)).one().phone == "13800000001"


def test_what_a_sheet_of_people_says_of_a_family_that_is_here_is_told_and_left(session, reviewer):
    rosters.applied(session, plain(), reviewer)
    batch = rosters.staged(session, plain(联系电话="13800000002", 家庭地址="新胜村9组", 备注="搬家"), reviewer)
    ((row,),) = [rows(session, batch)]
    assert [(one["code"], one["args"], one["warning"]) for one in row.problems] == [
        ("family_differs", {"columns": ["家庭地址", "联系电话"]}, True)
    ]
    assert json.loads(row.content) == {"note": "搬家"}


@pytest.mark.parametrize("silent", [{"联系电话": "", "家庭地址": "", "银行帐号": ""}, {"所属街": "", "所属社": ""}, {}])
def test_a_sheet_of_people_that_says_the_same_or_nothing_of_the_family_is_no_news(session, reviewer, silent):
    rosters.applied(session, plain(), reviewer)
    (row,) = rows(session, rosters.staged(session, plain(**silent), reviewer))
    assert (row.outcome, row.problems) == ("unchanged", [])


def test_a_family_that_a_sheet_of_people_has_elsewhere_is_told_and_stays(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    moved = {"所属社": "红星村"}
    batch = rosters.staged(session, rosters.members(HEAD_ROW | moved, WIFE_ROW | moved), reviewer)
    assert codes(session, batch) == [(2, "village_differs")]
