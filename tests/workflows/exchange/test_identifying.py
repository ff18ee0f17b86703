"""Who somebody without an ID number is: told by the number of a certificate or a case, or by nothing."""

import json

import pytest
from sqlalchemy import select

from models import Benefit, ImportRow
from policy.vocabulary import Role
from tests.workflows.exchange import rosters, sheets
from tests.workflows.exchange.rosters import HEAD_ROW, WIFE_ROW, person
from workflows.exchange.layouts import MEMBERS
from workflows.exchange.reading import read_sheet

pytestmark = pytest.mark.usefixtures("in_process")


def rows(session, batch):
    return session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.row_no)).all()


def told(session, batch):
    """(outcome, codes) of each row."""
    return [(row.outcome, [problem["code"] for problem in row.problems]) for row in rows(session, batch)]


def test_without_an_id_number_a_certificate_tells_who_somebody_is(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW | {"低保证号": "5115260001"}, WIFE_ROW), reviewer)
    lines = [
        WIFE_ROW | {"身份证号": "", "户主身份证号": "", "低保证号": "5115260001", "民族": "苗族"},
        HEAD_ROW | {"身份证号": "", "残疾证号": sheets.HEAD + "43", "是否残疾": "是", "低保证号": "5115260001"},
    ]
    batch = rosters.staged(session, rosters.members(*lines), reviewer)
    assert told(session, batch) == [
        ("changed", ["matched_by_certificate"] * 2), ("changed", ["matched_by_certificate"]),
    ]  # fmt: skip
    assert set(json.loads(rows(session, batch)[0].content)) == {"ethnicity"}


def test_without_an_id_number_a_case_number_tells_who_somebody_is(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    number = session.scalars(select(Benefit.case_no)).one()
    header = [*sheets.headers(MEMBERS), "案件编号"]
    row = WIFE_ROW | {"身份证号": "", "户主身份证号": "", "低保证号": "", "民族": "苗族", "案件编号": number}
    sheet = read_sheet(sheets.csv_bytes([header, [row.get(name, "") for name in header]]), "名册.csv")
    batch = rosters.staged(session, sheet, reviewer)
    assert told(session, batch) == [("changed", ["matched_by_case"] * 2)]


def test_a_certificate_of_two_families_or_of_another_name_refuses_the_row(session, reviewer):
    one, other = (person(n, 低保证号="5115260001") for n in (301, 302))
    third = person(303, 低保证号="5115260003")
    rosters.applied(session, rosters.members(one, other, third), reviewer)
    lines = [one | {"身份证号": ""}, third | {"身份证号": "", "姓名": "王别"}]
    batch = rosters.staged(session, rosters.members(*lines), reviewer)
    assert told(session, batch) == [("refused", ["match_ambiguous"]), ("refused", ["match_other_name"])]


def test_a_wrong_id_number_is_refused_whatever_the_certificate_says(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW | {"低保证号": "5115260001"}), reviewer)
    wrong = sheets.HEAD[:17] + str((int(sheets.HEAD[17].replace("X", "0")) + 1) % 10)
    batch = rosters.staged(session, rosters.members(HEAD_ROW | {"身份证号": wrong, "低保证号": "5115260001"}), reviewer)
    ((outcome, found),) = told(session, batch)
    assert (outcome, found[0]) == ("refused", "check_digit")


def test_nobody_outside_the_division_is_told_by_a_certificate(session):
    office = rosters.office(session)
    reviewer, officer = (rosters.actor(office[role]) for role in (Role.COUNTY_REVIEWER, Role.TOWNSHIP_OFFICER))
    rosters.applied(session, rosters.members(HEAD_ROW | {"低保证号": "5115260001"}), reviewer)
    stranger = officer.__class__(officer.id, officer.name, officer.role, "511526101")
    row = HEAD_ROW | {"身份证号": "", "户主身份证号": "", "低保证号": "5115260001"}
    assert told(session, rosters.staged(session, rosters.members(row), stranger)) == [("refused", ["empty", "empty"])]
