"""People are found by what somebody types."""

import sys

import pytest
from pypinyin import Style, lazy_pinyin
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from models import Member, NameIndex
from policy.vocabulary import Role
from tests import factories
from workflows import names
from workflows.actor import Actor
from workflows.initials import FIRST, LETTERS, NONE, letter

OFFICER = Actor(1, "王经办", Role.TOWNSHIP_OFFICER, factories.XUNCHANG)
ELSEWHERE = Actor(2, "李经办", Role.TOWNSHIP_OFFICER, factories.XIAOER)


def people(session: Session, *called: str) -> list[Member]:
    factories.places(session)
    home = factories.household(session, members=0)
    return [factories.member(session, home, name=name) for name in called]


def found(session: Session, typed: str) -> list[str]:
    return sorted(session.scalars(select(Member.name).where(Member.id.in_(names.find_members(typed)))))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("张三", {"张三", "zs"}),
        ("欧阳娜娜", {"欧阳", "阳娜", "娜娜", "oynn"}),
        ("阿布都·买买提", {"阿布", "布都", "都买", "买买", "买提", "abdmmt"}),
        ("阿布都•买买提", {"阿布", "布都", "都买", "买买", "买提", "abdmmt"}),
        ("龙", {"l"}),
        ("曾大", {"曾大", "zd"}),
        ("尉迟恭", {"尉迟", "迟恭", "ycg"}),
        ("覃丽", {"覃丽", "ql", "tl"}),
        ("Li Na", {"LI", "IN", "NA", "lina"}),
        ("", set()),
    ],
)
def test_a_name_is_kept_as_its_pairs_and_the_initials_of_its_usual_reading(name: str, expected: set[str]) -> None:
    assert names.tokens(name) == expected


def test_every_character_that_is_kept_reads_as_the_dictionary_has_it() -> None:
    for place, kept in enumerate(LETTERS):
        sign = chr(FIRST + place)
        told = str(lazy_pinyin(sign, style=Style.FIRST_LETTER)[0])
        assert letter(sign) == kept.replace(NONE, "") == (told if told.isascii() else ""), sign
    assert len(LETTERS) == 0xA000 - FIRST


def test_the_dictionary_is_asked_for_rare_characters_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    names._initial.cache_clear()
    assert names.initials("䶮") == {"y"}
    names._initial.cache_clear()
    monkeypatch.setitem(sys.modules, "pypinyin", None)
    assert names.initials("张三丰") == {"zsf"}
    with pytest.raises(ImportError):
        names.initials("䶮")
    names._initial.cache_clear()


def test_initials_are_cut_at_the_length_of_the_index() -> None:
    assert "a" * 12 in names.tokens("阿" * 13)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("张", ["张三", "张三丰", "张伟"]),
        ("张三", ["张三", "张三丰"]),
        ("三丰", ["张三丰"]),
        ("张三丰", ["张三丰"]),
        (" 张 三 丰 ", ["张三丰"]),
        ("三张丰", []),
        ("丰", []),
        ("zs", ["张三", "张三丰"]),
        ("ZSF", ["张三丰"]),
        ("sf", []),
        ("%", []),
        ("_三", []),
        ("", []),
        ("1234", []),
    ],
)
def test_members_are_found_by_part_of_a_name_or_the_beginning_of_its_initials(
    session_any: Session, typed: str, expected: list[str]
) -> None:
    people(session_any, "张三", "张三丰", "张伟", "李丰")
    assert found(session_any, typed) == expected


@pytest.mark.parametrize("sign", ["张", "9", "%", "张 ", "zx1"])
def test_however_much_is_typed_it_finds_nobody_and_is_no_fault(session: Session, sign: str) -> None:
    assert session.scalars(names.find_members(sign * 5_000)).all() == []


def test_a_long_name_is_found_with_or_without_its_point(session: Session) -> None:
    people(session, "阿布都·买买提")
    assert found(session, "都买买") == found(session, "都·买买") == ["阿布都·买买提"]


def test_pairs_in_another_order_are_no_hit(session: Session) -> None:
    people(session, "买提阿布提阿")
    assert found(session, "布提阿布") == []


def test_a_new_name_is_found_and_the_old_one_no_more(session_any: Session) -> None:
    person, _other = people(session_any, "张三", "张四")
    person.name = "李四"
    factories.keep(session_any, person)
    assert found(session_any, "李四") == found(session_any, "ls") == ["李四"]
    assert found(session_any, "张三") == []
    assert found(session_any, "张四") == ["张四"]


def test_names_written_set_based_are_indexed_as_those_written_one_by_one(session: Session) -> None:
    members = people(session, "张三", "覃丽")
    rows = names.index_rows((person.id, person.name) for person in members)
    kept = session.execute(select(NameIndex.token, NameIndex.member_id)).all()
    assert sorted((row["token"], row["member_id"]) for row in rows) == sorted(map(tuple, kept))


def test_a_name_of_a_flush_that_failed_is_not_indexed_by_the_next_one(session: Session) -> None:
    person, other = people(session, "张三", "李四")
    home_id, number = person.household_id, person.id_no
    session.commit()
    with pytest.raises(Exception, match="UNIQUE"):
        factories.member(session, other.household, name="王五", id_no=number)
    session.rollback()
    factories.household(session)
    session.commit()
    assert found(session, "王五") == []
    assert session.scalar(select(func.count()).select_from(NameIndex).where(NameIndex.token == "王五")) == 0
    assert home_id


@pytest.mark.parametrize("typed", ["张", "张三", "张三丰", "zs"])
def test_no_search_by_name_reads_a_whole_table(session: Session, typed: str) -> None:
    people(session, "张三")
    query = names.find_members(typed).compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()
    steps = [row[-1] for row in plan]
    assert not [step for step in steps if step.startswith("SCAN")], steps


@pytest.mark.parametrize(
    ("typed", "kind", "term"),
    [
        ("990614194102271177", "id_no", "990614194102271177"),
        ("99061419410227117x", "id_no", "99061419410227117X"),
        ("９９０６１４ 19410227 1177", "id_no", "990614194102271177"),
        ("990614199902301177", "id_no", "990614199902301177"),
        ("99061419410227117743", "id_no", "990614194102271177"),
        ("99061419410227117743B1", "id_no", "990614194102271177"),
        ("99061419410227117793", "certificate", "99061419410227117793"),
        ("1177", "last4", "1177"),
        ("117x", "last4", "117X"),
        ("511526100-2026-00012", "case_no", "511526100-2026-00012"),
        ("10673701293", "phone", "10673701293"),
        ("0831-4123456", "phone", "08314123456"),
        ("20673701293", "certificate", "20673701293"),
        ("9999066552341547558", "account", "9999066552341547558"),
        ("51152610200001", "certificate", "51152610200001"),
        ("ZhangS", "initials", "zhangs"),
        ("张三", "name", "张三"),
        ("张 三", "name", "张三"),
        ("12345", "name", "12345"),
        ("  ", "", ""),
    ],
)
def test_a_search_term_is_told_by_its_shape(typed: str, kind: str, term: str) -> None:
    assert names.shape(typed) == (kind, term)


@pytest.mark.parametrize("typed", ["990614194102271177", "1177", "10673701293", "9999066552341547558"])
def test_numbers_of_people_are_known_as_such(typed: str) -> None:
    assert names.shape(typed).kind in names.NUMBERS


def test_a_number_mistyped_in_one_place_is_a_near_hit_within_the_scope(session: Session) -> None:
    (person,) = people(session, "张三")
    number = person.id_no
    wrong = number[:7] + str((int(number[7]) + 1) % 10) + number[8:]
    swapped = number[:16] + number[17] + number[16]
    assert session.scalars(names.find_near(wrong, OFFICER)).all() == [person.id]
    assert session.scalars(names.find_near(swapped, OFFICER)).all() in ([person.id], [])
    assert session.scalars(names.find_near(wrong, ELSEWHERE)).all() == []


def test_two_swapped_neighbours_are_a_near_hit() -> None:
    assert "990614194102271177" in names.near_numbers("990614194120271177")


def test_two_wrong_places_are_no_near_hit() -> None:
    assert "990614194102271177" not in names.near_numbers("980614194102271178")


def test_only_possible_numbers_are_looked_up_for_a_near_hit() -> None:
    assert len(names.near_numbers("990614194102271178")) < 40


@pytest.mark.parametrize("typed", ["", "99061419410227117", "张三"])
def test_what_is_no_number_has_no_near_hit(typed: str) -> None:
    assert names.near_numbers(typed) == []


def test_many_new_members_are_indexed_by_one_statement(session: Session) -> None:
    factories.places(session)
    home = factories.household(session, members=0)
    statements: list[str] = []
    with session.no_autoflush:
        listen = lambda c, cur, statement, *rest: statements.append(statement)  # noqa: E731
        event.listen(session.get_bind(), "before_cursor_execute", listen)
        rows = [Member(household=home, village_code=home.village_code, township_code=home.township_code, name=f"张{n}",
                       id_no=factories.id_number(), relation="other", sex="male", birth=factories.JOINED,
                       joined_on=factories.JOINED) for n in "一二三四"]  # fmt: skip
        factories.keep(session, rows[0], *rows[1:])
    assert len([text for text in statements if "INSERT INTO name_index" in text]) == 1
