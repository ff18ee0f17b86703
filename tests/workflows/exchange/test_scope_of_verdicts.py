"""What a verdict may say of a family that lies outside the importer's division: nothing but that it lies elsewhere."""

import json

import pytest
from sqlalchemy import select

from models import Benefit, ImportRow
from policy.vocabulary import Role
from tests.workflows.exchange import rosters
from tests.workflows.exchange.rosters import HEAD_ROW, HOUSEHOLD, WIFE_ROW, person

pytestmark = pytest.mark.usefixtures("in_process")
OTHER_NAME, OTHER_AMOUNT = {"户主姓名": "钱别名", "姓名": "钱别名"}, {"户月保障金额": "990", "合计": "990"}


@pytest.fixture
def stranger(session):
    """A township officer next door to the family of the roster."""
    office = rosters.office(session)
    reviewer = rosters.actor(office[Role.COUNTY_REVIEWER])
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    return rosters.actor(office.elsewhere[Role.TOWNSHIP_OFFICER])


@pytest.mark.parametrize(
    "sheet",
    [
        rosters.households(HOUSEHOLD | OTHER_NAME | OTHER_AMOUNT | {"所属街": "孝儿镇"}),
        rosters.members(
            HEAD_ROW | OTHER_NAME | OTHER_AMOUNT, person(107) | {"户主身份证号": rosters.HEAD, "与户主关系": "子"}
        ),
    ],
    ids=["households", "members"],
)
def test_a_township_learns_nothing_of_a_family_next_door_from_its_own_file(session, stranger, sheet) -> None:
    batch = rosters.staged(session, sheet, stranger)
    rows = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id)).all()
    told = [problem for row in rows for problem in row.problems]
    assert {row.outcome for row in rows} == {"refused"} and not any(problem["warning"] for problem in told)
    assert batch.counts["warned"] == 0
    assert {row.village_code[:9] for row in rows if row.village_code} <= {stranger.division_code}
    case_no = session.scalars(select(Benefit.case_no)).one()
    assert not {"张样", case_no} & set(json.dumps(told, ensure_ascii=False).split('"'))
