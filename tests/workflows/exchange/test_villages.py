"""Where a row says its family lives: short names, names of offices, and what an address gives where a cell is empty."""

import pytest

from models import Household, ImportRow
from policy.vocabulary import Role
from tests import factories
from tests.workflows.exchange import rosters
from tests.workflows.exchange.rosters import HEAD_ROW, HOUSEHOLD, person
from workflows.exchange.villages import Told, Villages
from workflows.reason import Reason

pytestmark = pytest.mark.usefixtures("in_process")
TOWNS = {"巡场镇": "t1", "孝儿镇": "t2", "玉和苗族乡": "t3", "上罗镇": "t4", "上罗乡": "t5"}
CODES = {
    ("t1", "新胜村"): "v1", ("t1", "龙茶社区"): "v2", ("t1", "龙茶村"): "v3", ("t1", "红星村"): "v4",
    ("t2", "新胜村"): "w1", ("t3", "白果村"): "x1",
}  # fmt: skip


def found(township="", village="", address="", own="", county=""):
    """The village's code, or the code of the reason."""
    villages = Villages("珙县", TOWNS, CODES)
    place = villages.find(Told(county, township, village, address), False, own)
    return place.code if isinstance(place, Reason) else place


@pytest.mark.parametrize(
    "township",
    ["巡场镇", "巡场", "巡 场 镇", "巡场镇人民政府", "巡场镇政府"],
)
def test_a_township_goes_by_its_short_name_and_its_office(township):
    assert found(township, "新胜村") == "v1"


@pytest.mark.parametrize("township", ["玉和苗族乡", "玉和乡", "玉和"])
def test_a_township_goes_without_the_name_of_its_people(township):
    assert found(township, "白果村") == "x1"


@pytest.mark.parametrize("township", ["巡场乡", "上罗", "巡", "场镇", "玉"])
def test_a_township_of_another_kind_or_of_two_is_never_guessed(township):
    assert found(township, "新胜村") == "unknown_township"


@pytest.mark.parametrize(
    "village",
    [
        "新胜村",
        "新胜",
        "新胜村委会",
        "新胜村村委会",
        "新胜村村民委员会",
        "巡场镇新胜村",
        "新胜村3组",
        "新胜村第十二村民小组",
    ],
)
def test_a_village_goes_by_its_short_name_its_committee_and_its_groups(village):
    assert found("巡场镇", village) == "v1"


@pytest.mark.parametrize(
    ("village", "code"),
    [("龙茶社区居委会", "v2"), ("龙茶居民委员会", "v2"), ("龙茶村委会", "v3"), ("龙茶", "unknown_village"),
     ("新胜社区", "unknown_village"), ("云上村", "unknown_village"), ("白果村", "unknown_village")],
)  # fmt: skip
def test_a_community_is_no_village_of_the_same_name(village, code):
    assert found("巡场镇", village) == code


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"address": "四川省宜宾市珙县巡场镇新胜村1组"}, "v1"),
        ({"address": "红星村2组"}, "v4"),
        ({"address": "新胜村2组"}, "place_missing"),
        ({"address": ""}, "place_missing"),
        ({"township": "孝儿镇", "address": "新胜村2组"}, "w1"),
        ({"township": "孝儿镇", "address": "2组"}, "place_missing"),
        ({"village": "红星村", "address": "巡场镇"}, "v4"),
    ],
)
def test_what_is_left_out_is_looked_for_in_the_address(told, code):
    assert found(**told) == code


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"village": "新胜村"}, "w1"), ({"address": "新胜村2组"}, "w1"),
        ({"village": "新胜村", "address": "巡场镇新胜村"}, "v1"), ({"village": "红星村"}, "unknown_village"),
    ],
)  # fmt: skip
def test_a_township_that_nothing_names_is_the_importers_own(told, code):
    assert found(**told, own="t2") == code


@pytest.mark.parametrize(("county", "code"), [("珙县", "v1"), ("宜宾市珙县", "v1"), ("长宁县", "other_county")])
def test_a_county_may_be_written_with_its_city(county, code):
    assert found("巡场镇", "新胜村", county=county) == code


def test_a_townships_own_roster_needs_no_column_of_townships(session):
    office = rosters.office(session)
    officer = rosters.actor(office[Role.TOWNSHIP_OFFICER])
    row = {name: text for name, text in HEAD_ROW.items() if name not in ("所属省", "所属市", "所属区", "所属街")}
    rosters.applied(session, rosters.members(row | {"家庭地址": "1组", "所属社": "新胜村"}), officer)
    assert session.query(Household).one().village_code == factories.VILLAGE


def test_an_empty_place_of_a_family_that_is_here_is_no_news(session):
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    rosters.applied(session, rosters.households(HOUSEHOLD), reviewer)
    silent = HOUSEHOLD | {"所属街": "", "所属社": "", "家庭住址": ""}
    batch = rosters.staged(session, rosters.households(silent), reviewer)
    told = [(row.outcome, row.problems) for row in session.query(ImportRow).filter_by(batch_id=batch.id)]
    assert told == [("unchanged", [])]


def test_no_second_village_is_made_for_the_committee_of_one(session):
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    batch = rosters.staged(session, rosters.members(person(101, 所属社="新胜村委会")), reviewer, create_villages=True)
    assert not batch.counts["unknown_villages"]
