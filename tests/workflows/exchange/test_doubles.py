"""Whom a row may be the double of: told to a person, with whom, and never more than can be looked at."""

from datetime import date

import pytest
from sqlalchemy import select

from models import ImportRow
from policy.vocabulary import Relation, Role
from tests import factories
from tests.clock import START
from tests.workflows.exchange import rosters, sheets
from tests.workflows.exchange.judged import judge_sheet
from tests.workflows.exchange.rosters import NOW, person
from workflows.exchange.doubles import CODES, MOST_NAMESAKES, near

BIRTH, NUMBER, ACCOUNT = date(1960, 5, 17), sheets.id_no("19600517", 1), "9999000000000000123"
NO_ACCOUNT = {"银行帐号": "", "一卡通账号": ""}
BODY = 17


@pytest.fixture
def office(session, in_process):
    return rosters.office(session)


@pytest.fixture
def reviewer(office):
    return rosters.actor(office[Role.COUNTY_REVIEWER])


@pytest.fixture
def doubts(session, reviewer):
    """What each row of people is told of doubles: {row: {code: args}}, as the county's reviewer or another has it."""

    def told(*rows, who=reviewer):
        session.commit()
        verdicts = judge_sheet(session, rosters.members(*(NO_ACCOUNT | row for row in rows)), who, NOW)
        found = {
            v.number: [(p.code, dict(p.args)) for p in (*v.problems, *v.warnings) if p.code in CODES] for v in verdicts
        }
        return {number: codes for number, codes in found.items() if codes}

    return told


def settled(session, name="王样", number=NUMBER, birth=BIRTH, village=factories.VILLAGE, **fields):
    """A family of one who is here already."""
    home = factories.household(session, village, members=0, head_name=name, **fields)
    return factories.member(session, home, name=name, relation=Relation.HEAD, id_no=number, birth=birth)


def with_number(number, **changes):
    """A head with a number of another birth than everybody's."""
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    return person(1) | {"身份证号": number, "户主身份证号": number, "出生日期": born} | changes


def one_digit_off(number, at):
    """The number with another digit at one place, and its check digit as it was."""
    return number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]


@pytest.mark.parametrize("at", range(BODY))
def test_numbers_that_differ_in_any_one_digit_are_near(at):
    assert near(NUMBER, one_digit_off(NUMBER, at))


def test_numbers_that_differ_in_the_last_sign_alone_are_near():
    assert near(NUMBER, NUMBER[:BODY] + ("X" if NUMBER[BODY] != "X" else "1"))


@pytest.mark.parametrize("two", [(0, 1), (12, 13), (13, 14), (14, 15), (15, 16), (0, 16)])
def test_numbers_that_differ_in_two_digits_are_not_near(two):
    assert not near(NUMBER, one_digit_off(one_digit_off(NUMBER, two[0]), two[1]))


def test_neither_the_same_number_nor_one_of_another_length_is_near():
    assert not near(NUMBER, NUMBER)
    assert not near(NUMBER, NUMBER[:BODY])
    assert not near(NUMBER, "")


def test_of_one_name_and_birth_under_another_number_one_may_be_the_other(session, doubts):
    here = settled(session)
    assert doubts(person(357, 姓名="王样")) == {2: [("perhaps_same", {"of": here.id, "name": "王样"})]}


@pytest.mark.parametrize(
    "row", [
        person(357, 姓名="王祥"),
        with_number(sheets.id_no("19600618", 357), 姓名="王样"),
    ], ids=["another name", "another birth"],
)  # fmt: skip
def test_a_name_or_a_birth_alone_makes_no_double(session, doubts, row):
    settled(session)
    assert doubts(row) == {}


def test_one_name_with_a_number_that_differs_in_one_digit_may_be_the_same(session, doubts):
    here = settled(session)
    off = with_number(sheets.id_no("19600518", 1), 姓名="王样")
    assert doubts(off) == {2: [("perhaps_near", {"of": here.id, "name": "王样"})]}
    assert doubts(off | {"姓名": "王祥"}) == {}


def test_one_name_with_a_number_that_differs_in_two_digits_is_somebody_else(session, doubts):
    settled(session)
    assert doubts(with_number(sheets.id_no("19600518", 11), 姓名="王样")) == {}


@pytest.mark.parametrize("at", [15, BODY], ids=["a digit", "the last sign"])
def test_a_number_refused_for_its_check_digit_may_be_that_of_somebody_here(session, doubts, at):
    here = settled(session)
    mistyped = one_digit_off(NUMBER, at) if at < BODY else NUMBER[:BODY] + str((int(NUMBER[BODY]) + 1) % 10)
    assert doubts(with_number(mistyped, 姓名="王样")) == {2: [("perhaps_known", {"of": here.id, "name": "王样"})]}
    assert doubts(with_number(mistyped, 姓名="王祥")) == {}


def test_a_refused_number_that_is_further_off_is_nobodys(session, doubts):
    settled(session)
    assert doubts(with_number(one_digit_off(one_digit_off(NUMBER, 15), 14), 姓名="王样")) == {}


def test_who_left_is_no_double(session, doubts):
    factories.leave(session, settled(session), START.date())
    assert doubts(person(357, 姓名="王样")) == {}


def test_who_joins_a_family_that_is_here_is_looked_at_too(session, doubts):
    here, other = settled(session), settled(session, "户主九", sheets.id_no("19400101", 9), date(1940, 1, 1))
    joins = person(357, 姓名="王样", 户主身份证号=other.id_no, 与户主关系="子")
    assert doubts(joins) == {2: [("perhaps_same", {"of": here.id, "name": "王样"})]}


def test_of_somebody_next_door_a_township_learns_that_they_are_elsewhere_and_no_more(session, doubts, office):
    settled(session, village=factories.OTHER_VILLAGE)
    settled(session, number=sheets.id_no("19600517", 9), village=factories.OTHER_VILLAGE)
    officer = rosters.actor(office[Role.TOWNSHIP_OFFICER])
    assert doubts(person(357, 姓名="王样"), who=officer) == {2: [("perhaps_elsewhere", {})]}


def test_of_many_namesakes_here_no_more_are_told_than_can_be_looked_at(session, doubts):
    for order in range(MOST_NAMESAKES + 2):
        settled(session, number=sheets.id_no("19600517", 2 * order + 1))
    told = doubts(person(777, 姓名="王样"))[2]
    assert [code for code, _ in told] == ["perhaps_same"] * MOST_NAMESAKES
    assert len({args["of"] for _, args in told}) == MOST_NAMESAKES


def test_rows_of_one_name_and_birth_point_at_one_another(doubts):
    rows = [person(1, 姓名="王样"), person(2, 姓名="李样"), person(357, 姓名="王样")]
    assert doubts(*rows) == {2: [("perhaps_same_here", {"rows": [4]})], 4: [("perhaps_same_here", {"rows": [2]})]}


def test_rows_of_one_name_whose_numbers_differ_in_one_digit_point_at_one_another(doubts):
    other = with_number(sheets.id_no("19600518", 1), 姓名="王样")
    told = {2: [("perhaps_near_here", {"rows": [3]})], 3: [("perhaps_near_here", {"rows": [2]})]}
    assert doubts(person(1, 姓名="王样"), other) == told


def test_of_rows_born_the_same_day_with_near_numbers_only_the_birth_is_said(doubts):
    other = with_number(sheets.id_no("19600517", 1, "990002"), 姓名="王样")
    told = {2: [("perhaps_same_here", {"rows": [3]})], 3: [("perhaps_same_here", {"rows": [2]})]}
    assert doubts(person(1, 姓名="王样"), other) == told


def test_rows_of_one_name_alone_or_with_numbers_two_digits_apart_do_not(doubts):
    assert doubts(person(1, 姓名="王样"), with_number(sheets.id_no("19600518", 11), 姓名="王样")) == {}
    assert doubts(person(1, 姓名="王样"), with_number(sheets.id_no("19610518", 1), 姓名="王样")) == {}
    assert doubts(person(1, 姓名="王样"), with_number(sheets.id_no("19600518", 1), 姓名="李样")) == {}


def test_of_a_large_group_of_one_name_and_birth_as_many_rows_are_marked_as_can_be_looked_at(doubts):
    many = MOST_NAMESAKES + 5
    told = doubts(*(person(2 * order + 1, 姓名="王样") for order in range(many)))
    assert list(told) == list(range(2, 2 + MOST_NAMESAKES))
    everybody = set(range(2, 2 + many))
    for row, codes in told.items():
        assert codes == [("perhaps_same_here", {"rows": sorted(everybody - {row})})]


@pytest.mark.parametrize("kept", ["account", "one_card"])
@pytest.mark.parametrize("column", ["银行帐号", "一卡通账号"])
def test_an_account_that_another_family_here_has_is_told(session, doubts, kept, column):
    home = settled(session).household
    setattr(home, kept, ACCOUNT)
    factories.keep(session, home)
    row = person(777, 姓名="李样") | {column: ACCOUNT}
    assert doubts(row) == {2: [("same_account", {"household": home.id, "head": "王样"})]}


def test_an_account_one_digit_off_or_of_a_family_that_is_no_more_is_not(session, doubts):
    home = settled(session).household
    home.account = ACCOUNT
    factories.keep(session, home)
    assert doubts(person(777, 姓名="李样", 银行帐号=ACCOUNT[:-1] + "4")) == {}
    home.dissolved_on = START.date()
    factories.keep(session, home)
    assert doubts(person(777, 姓名="李样", 银行帐号=ACCOUNT)) == {}


def test_of_two_families_with_an_account_only_the_one_that_still_is_is_told(session, doubts):
    ended, home = settled(session).household, settled(session, "李样", sheets.id_no("19500517", 1)).household
    ended.account = home.account = ACCOUNT
    ended.dissolved_on = START.date()
    factories.keep(session, ended, home)
    told = {2: [("same_account", {"household": home.id, "head": "李样"})]}
    assert doubts(person(777, 姓名="赵样", 银行帐号=ACCOUNT)) == told


def test_of_an_account_next_door_a_township_learns_that_it_is_elsewhere_and_no_more(session, doubts, office):
    home = settled(session, village=factories.OTHER_VILLAGE).household
    home.account = ACCOUNT
    factories.keep(session, home)
    officer = rosters.actor(office[Role.TOWNSHIP_OFFICER])
    assert doubts(person(777, 姓名="李样", 银行帐号=ACCOUNT), who=officer) == {2: [("perhaps_elsewhere", {})]}


def test_a_familys_own_account_is_nobody_elses(session, reviewer):
    home = settled(session).household
    home.account = ACCOUNT  # the sheet gives it anew as the family's other number
    factories.keep(session, home)
    session.commit()
    mine = {"户主姓名": "王样", "户主身份证号": NUMBER, "家庭成员姓名": "王样", "家庭成员身份证号": NUMBER}
    verdicts = judge_sheet(session, rosters.households(rosters.HOUSEHOLD | mine), reviewer, NOW)
    assert verdicts[0].outcome == "changed" and verdicts[0].content["one_card"] == ACCOUNT
    assert [p.code for v in verdicts for p in (*v.problems, *v.warnings) if p.code in CODES] == []


def test_rows_that_name_one_account_point_at_one_another_and_none_at_itself(doubts):
    rows = [person(order, 姓名=f"王样{order}", 银行帐号=ACCOUNT) for order in (1, 3, 5)]
    other = person(7, 姓名="李样", 银行帐号=ACCOUNT[:-1] + "4", 一卡通账号=ACCOUNT[:-1] + "4")
    assert doubts(*rows, other) == {
        2: [("same_account_here", {"rows": [3, 4]})],
        3: [("same_account_here", {"rows": [2, 4]})],
        4: [("same_account_here", {"rows": [2, 3]})],
    }


def test_what_a_row_was_told_before_is_kept_beside_its_doubles_in_the_file(session, reviewer):
    settled(session)
    session.commit()
    known, plain = (
        (person(number, **NO_ACCOUNT, 姓名="王样") for number in (357, 359)),
        person(2, **NO_ACCOUNT, 姓名="李样"),
    )
    doubtful = person(4, **NO_ACCOUNT, 姓名="李样", 是否残疾="是")
    batch = rosters.staged(session, rosters.members(*known, plain, doubtful), reviewer)
    rows = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.row_no)).all()
    told = [["perhaps_same", "perhaps_same_here"]] * 2 + [["perhaps_same_here"]]
    told.append(["disabled_without_kind", "perhaps_same_here"])
    assert [[problem["code"] for problem in row.problems] for row in rows] == told
    assert [row.marks.split() for row in rows] == told
    assert [row.problems[-1]["args"]["rows"] for row in rows] == [[3], [2], [5], [4]]
    assert batch.counts["warned"] == 4
