"""A roster row comes out typed, or with every reason why not; the whole file shows the rest."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.vocabulary import Area, Cause, DisabilityKind, Illness, Labour, Relation, Sex
from tests.workflows.exchange.judged import clean_row, clean_sheet
from tests.workflows.exchange.sheets import (
    HEAD,
    HEAD_MEMBER,
    HOUSEHOLD,
    MEMBER,
    ON,
    SON,
    WIFE,
    csv_bytes,
    household_row,
    households,
    id_no,
    member_row,
    members,
)
from workflows.exchange import codes, layouts
from workflows.exchange.checking import check_file
from workflows.exchange.cleaning_households import HOUSEHOLD as HOUSEHOLDS
from workflows.exchange.cleaning_members import MEMBER as MEMBERS
from workflows.exchange.reading import Unreadable, read_sheet
from workflows.exchange.rows import HouseholdRow, MemberRow

pytestmark = pytest.mark.usefixtures("in_process")


def problems(found) -> list[tuple[str, str]]:
    """(column, code) of every problem of a refused row."""
    assert type(found) is tuple
    return [(problem.column, problem.code) for problem in found]


def verdicts(rows, is_head=None) -> dict[int, list[str]]:
    """Row number → codes of the refused rows of a members CSV."""
    checked = clean_sheet(read_sheet(csv_bytes(rows), "a.csv"), ON, is_head)
    return {row.number: [problem.code for problem in row.problems] for row in checked if row.problems}


def test_a_household_row_comes_out_typed():
    row = clean_row(HOUSEHOLDS, household_row(申请原因="疾病、残疾"), ON)
    assert isinstance(row, HouseholdRow)
    assert (row.head_name, row.head_id_no, row.people, row.covered) == ("张样", HEAD, 2, 2)
    assert (row.monthly_fen, row.income_year_fen, row.income_per_head_fen) == (76_000, 480_000, 240_000)
    assert (row.financial_fen, row.houses, row.house_area) == (1_200_000, 1, 104)
    assert (row.township, row.village, row.first_month) == ("东山镇", "南村", date(2013, 4, 1))
    assert row.causes == (Cause.ILLNESS, Cause.DISABILITY)
    assert row.members == (("张样", HEAD), ("李样", WIFE))
    assert (row.account, row.onecard, row.certificate_no) == ("9999000000000000123",) * 2 + ("99000110000001",)
    assert row.warnings == ()


def test_a_member_row_comes_out_typed():
    row = clean_row(MEMBERS, member_row(), ON)
    assert isinstance(row, MemberRow)
    assert (row.name, row.id_no, row.head_id_no, row.relation) == ("李样", WIFE, HEAD, Relation.SPOUSE)
    assert (row.sex, row.birth, row.ethnicity) == (Sex.FEMALE, date(1945, 8, 6), "汉族")
    assert (row.illness, row.illness_kind, row.labour) == ("高血压", Illness.CHRONIC, Labour.NONE)
    assert (row.area, row.disabled, row.poor_register) == (Area.RURAL, False, False)
    assert (row.income_year_fen, row.monthly_fen, row.first_month) == (360_000, None, date(2013, 4, 1))


def test_sex_and_birth_come_from_the_number_where_the_row_is_silent():
    row = clean_row(MEMBERS, member_row(性别="", 出生日期=""), ON)
    assert (row.sex, row.birth) == (Sex.FEMALE, date(1945, 8, 6))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"性别": "男"}, ("性别", "sex_mismatch")),
        ({"出生日期": "1945-08-07"}, ("出生日期", "birth_mismatch")),
        ({"出生日期": "1945/6/31"}, ("出生日期", "impossible_date")),
        ({"年收入(元)": "-500"}, ("年收入(元)", "negative")),
        ({"身份证号": "\x1a9.9e+17"}, ("身份证号", "excel_float")),
        ({"户主身份证号": "5.13E+17"}, ("户主身份证号", "excel_float")),
        ({"与户主关系": ""}, ("与户主关系", "empty")),
        ({"与户主关系": "远亲"}, ("与户主关系", "unknown_word")),
        ({"姓名": ""}, ("姓名", "empty")),
        ({"救助类型": "农村五保"}, ("救助类型", "unknown_word")),
        ({"户主身份证号": WIFE}, ("与户主关系", "own_head")),
        ({"是否残疾": "是", "残疾类别": "肢体"}, ("残疾等级", "half_disability")),
        ({"是否残疾": "是", "残疾等级": "二级"}, ("残疾类别", "half_disability")),
        ({"民族": "族" * 21}, ("民族", "long")),
        ({"低保证号": "1" * 31}, ("低保证号", "long")),
        ({"银行帐号": "9.99E+18"}, ("银行帐号", "excel_float")),
        ({"残疾证号": "9.99E+19"}, ("残疾证号", "excel_float")),
    ],
)
def test_a_member_row_is_refused_for_one_wrong_cell(changes, expected):
    assert problems(clean_row(MEMBERS, member_row(**changes), ON)) == [expected]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"户主姓名": ""}, ("户主姓名", "empty")),
        ({"户主身份证号": ""}, ("户主身份证号", "empty")),
        ({"户月保障金额(元)": ""}, ("户月保障金额(元)", "empty")),
        ({"户月保障金额(元)": "100001"}, ("户月保障金额(元)", "absurd")),
        ({"家庭人口": "很多"}, ("家庭人口", "bad_count")),
        ({"家庭成员姓名": "张样"}, ("家庭成员身份证号", "members_unpaired")),
        ({"家庭成员身份证号": f"{HEAD}、{HEAD}"}, ("家庭成员身份证号", "listed_twice")),
        ({"家庭成员身份证号": f"{HEAD}、{WIFE[:17]}"}, ("家庭成员身份证号", "length")),
        ({"申请原因": "疾病、懒"}, ("申请原因", "unknown_word")),
    ],
)
def test_a_household_row_is_refused_for_one_wrong_cell(changes, expected):
    assert problems(clean_row(HOUSEHOLDS, household_row(**changes), ON)) == [expected]


def test_every_problem_of_a_row_is_told_at_once_with_its_value():
    found = clean_row(MEMBERS, member_row(性别="男", 出生日期="1945/6/31", **{"年收入(元)": "-500"}), ON)
    assert sorted(problems(found)) == [
        ("出生日期", "impossible_date"),
        ("年收入(元)", "negative"),
        ("性别", "sex_mismatch"),
    ]
    assert {problem.value for problem in found} == {"男", "1945/6/31", "-500"}


def test_a_ruined_number_is_shown_as_the_spreadsheet_shows_it():
    assert clean_row(MEMBERS, member_row(身份证号="\x1a9.9e+17"), ON)[0].value == "9.9e+17"


def test_a_row_with_surplus_cells_is_refused():
    assert problems(clean_row(MEMBERS, replace(member_row(), surplus=2), ON)) == [("", "surplus_cells")]


def test_a_certificate_fills_what_the_row_leaves_out():
    row = clean_row(MEMBERS, member_row(是否残疾="是", 残疾证号=WIFE + "43"), ON)
    assert (row.disability_kind, row.disability_level, row.warnings) == (DisabilityKind.LIMB, 3, ())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"残疾类别": "听力", "残疾等级": "三级"}, [("残疾类别", "certificate_differs")]),
        ({"残疾类别": "肢体残疾", "残疾等级": "1级"}, [("残疾等级", "certificate_differs")]),
        ({"残疾证号": HEAD + "43"}, [("残疾证号", "certificate_owner")]),
        ({"残疾证号": "12345"}, [("残疾证号", "certificate_unread")]),
        ({"是否残疾": "否"}, [("是否残疾", "certificate_but_not_disabled")]),
    ],
)
def test_a_contradicting_certificate_warns_and_does_not_refuse(changes, expected):
    row = clean_row(MEMBERS, member_row(**({"是否残疾": "是", "残疾证号": WIFE + "43"} | changes)), ON)
    assert [(warning.column, warning.code) for warning in row.warnings] == expected


def test_disabled_without_saying_how_warns():
    assert [warning.code for warning in clean_row(MEMBERS, member_row(是否残疾="是"), ON).warnings] == [
        "disabled_without_kind"
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"家庭人口": "3"}, "count_differs"),
        ({"合计(元)": "800"}, "total_differs"),
        ({"户主身份证号": SON}, "head_not_listed"),
    ],
)
def test_a_contradicting_household_row_warns_and_does_not_refuse(changes, expected):
    assert [warning.code for warning in clean_row(HOUSEHOLDS, household_row(**changes), ON).warnings] == [expected]


def test_rows_do_not_show_people_in_tracebacks():
    good, bad = clean_row(MEMBERS, member_row(), ON), clean_row(MEMBERS, member_row(身份证号=WIFE[:17]), ON)
    for shown in (repr(good), repr(bad), repr(member_row())):
        assert not any(secret in shown for secret in ("李样", WIFE[:17], HEAD))


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(list(MEMBER)), st.text(max_size=30)), st.data())
def test_no_text_in_any_cell_breaks_the_cleaning(changes, data):
    for found in (
        clean_row(MEMBERS, member_row(**changes), ON),
        clean_row(HOUSEHOLDS, household_row(**{data.draw(st.sampled_from(list(HOUSEHOLD))): data.draw(st.text())}), ON),
    ):
        assert isinstance(found, (MemberRow, HouseholdRow)) or all(p.code in codes.ROW_CODES for p in found)


def test_good_and_bad_rows_keep_file_order_and_numbers():
    rows = members(
        HEAD_MEMBER,
        MEMBER | {"性别": "男"},
        MEMBER | {"姓名": "张子", "身份证号": SON, "与户主关系": "子"} | {"性别": "男", "出生日期": ""},
    )
    checked = clean_sheet(read_sheet(csv_bytes(rows), "a.csv"), ON)
    assert [(row.number, not row.problems) for row in checked] == [(2, True), (3, False), (4, True)]


def test_contradicting_rows_of_one_person_are_all_refused_and_name_each_other():
    checked = clean_sheet(read_sheet(csv_bytes(members(HEAD_MEMBER, MEMBER, MEMBER | {"姓名": "李二"})), "a.csv"), ON)
    assert [[(p.code, p.column, p.args["rows"]) for p in row.problems] for row in checked] == [
        [],
        [("twice_in_file", "身份证号", [4])],
        [("twice_in_file", "身份证号", [3])],
    ]


def test_a_mere_copy_of_a_row_is_refused_once():
    assert verdicts(members(HEAD_MEMBER, MEMBER, MEMBER)) == {4: ["copy_in_file"]}


def test_a_person_listed_in_two_households_is_refused_in_both():
    other = HOUSEHOLD | {"户主姓名": "张子", "户主身份证号": SON, "家庭成员姓名": "张子、李样"}
    other |= {"家庭成员身份证号": f"{SON}、{WIFE}"}
    assert verdicts(households(HOUSEHOLD, other)) == {2: ["twice_in_file"], 3: ["twice_in_file"]}


def test_a_second_head_is_refused_and_the_first_stays():
    second = HEAD_MEMBER | {"姓名": "张子", "身份证号": SON, "出生日期": ""}
    assert verdicts(members(HEAD_MEMBER, second)) == {3: ["two_heads"]}
    assert verdicts(members(second)) == {2: ["not_the_head"]}


def test_a_head_nobody_knows_is_refused_and_one_on_the_roster_is_not():
    orphan = members(HEAD_MEMBER, MEMBER | {"户主身份证号": SON})
    assert verdicts(orphan, lambda number: False) == {3: ["unknown_head"]}
    assert verdicts(orphan, {SON}.__contains__) == {}
    assert verdicts(orphan) == {}


def numbers_ending_000() -> list[str]:
    """Two numbers that fit their check digit although they end in 000."""
    found = [
        n
        for year in range(1930, 2000)
        for month in range(1, 13)
        if (n := id_no(f"{year}{month:02d}01", 100)).endswith("000")
    ]
    return found[:2]


@pytest.mark.parametrize(
    ("area", "codes"),
    [("511526", []), ("810000", []), ("830000", []), ("890001", ["unknown_area"]), ("001526", ["unknown_area"])],
)
def test_a_number_of_no_province_is_looked_at_and_taken(area, codes):
    row = member_row(身份证号=id_no("19450806", 248, area), 性别="", 出生日期="")
    assert [warning.code for warning in clean_row(MEMBERS, row, ON).warnings] == codes


@pytest.mark.parametrize(
    ("relation", "serial", "codes"),
    [("次子", 11, []), ("次子", 12, ["relation_sex"]), ("女儿", 12, []), ("女儿", 11, ["relation_sex"])],
)
def test_a_son_with_a_womans_number_is_looked_at_and_taken(relation, serial, codes):
    row = {"与户主关系": relation, "身份证号": id_no("19900101", serial), "性别": "", "出生日期": ""}
    assert [warning.code for warning in clean_row(MEMBERS, member_row(**row), ON).warnings] == codes


def test_several_numbers_cut_to_fifteen_digits_are_refused_and_a_single_one_is_not():
    first, second = (
        HEAD_MEMBER | {"身份证号": n, "户主身份证号": n, "性别": "", "出生日期": ""} for n in numbers_ending_000()
    )
    assert verdicts(members(first)) == {}
    assert [warning.code for warning in clean_row(MEMBERS, member_row(**first), ON).warnings] == ["perhaps_rounded"]
    assert verdicts(members(first, second)) == {2: ["excel_float"], 3: ["excel_float"]}


def test_rounded_numbers_are_told_from_chance_by_their_share():
    row = clean_row(MEMBERS, member_row(与户主关系="户主", 身份证号=HEAD, 性别="", 出生日期=""), ON)
    cut = numbers_ending_000()
    for others, refused in ((197, True), (198, False)):
        rows = [row._replace(number=i, id_no=str(i), head_id_no=str(i)) for i in range(others)]
        rows += [row._replace(number=1000 + i, id_no=number, head_id_no=number) for i, number in enumerate(cut)]
        assert (set(check_file(rows)) == {1000, 1001}) is refused


def test_a_masked_copy_is_refused_as_a_whole_and_one_masked_row_alone():
    masked = HEAD_MEMBER | {"身份证号": "**************" + HEAD[-4:]}
    with pytest.raises(Unreadable) as caught:
        verdicts(members(masked, MEMBER))
    assert (caught.value.code, caught.value.args_by_name) == ("masked", {"row": 2, "column": "身份证号"})
    rest = [MEMBER | {"身份证号": id_no("19500101", 2 * i), "出生日期": ""} for i in range(2)]
    assert verdicts(members(masked, *rest)) == {2: ["masked"]}


def test_every_code_in_use_is_published_and_every_published_code_is_in_use():
    folder = Path(layouts.__file__).parent
    policy = (folder.parents[1] / "policy" / "identity.py").read_text(encoding="utf-8")
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py") if path.name != "codes.py")
    raised = set(re.findall(r"(?:BadCell|Unreadable|\bBad|BadIdNumber)\(\s*\"([a-z_0-9]+)\"", source + policy))
    published = set(codes.FILE_CODES + codes.ROW_CODES + codes.WARNING_CODES)
    assert raised - published <= {"certificate_length", "kind", "level", "owner"}
    assert {code for code in published if f'"{code}"' not in source + policy} == set()
