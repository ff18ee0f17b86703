"""How a county begins."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, County, Division, User, schema, sealing
from models.sealing import Keys
from policy.vocabulary import Role
from tests import databases, factories
from tests.clock import START
from workflows import audit, setup
from workflows.passwords import verify_password
from workflows.reason import Refused
from workflows.setup import Place

COUNTY = Place("511526", "珙县")
ABOVE = (Place("51", "四川省"), Place("5115", "宜宾市"))
LIST = "代码,名称\n511526100000,巡场镇\n511526100201,新胜村\n511526200,玉和苗族乡\n"


def _begin(session: Session, below=()) -> None:
    setup.begin(session, ABOVE, COUNTY, below, START)


def _faults(session: Session, county: Place = COUNTY, below=()) -> list[tuple[str, object]]:
    with pytest.raises(Refused) as refused:
        setup.begin(session, ABOVE, county, below, START)
    return [(reason.code, reason.args.get("line")) for reason in refused.value.reasons]


def test_a_county_begins_with_its_place_in_the_country(session_any):
    _begin(session_any, setup.read_places(LIST.encode()))
    session_any.commit()
    chain = {row.code: (row.parent_code, row.name) for row in session_any.scalars(select(Division))}
    assert chain == {
        "51": (None, "四川省"),
        "5115": ("51", "宜宾市"),
        "511526": ("5115", "珙县"),
        "511526100": ("511526", "巡场镇"),
        "511526200": ("511526", "玉和苗族乡"),
        "511526100201": ("511526100", "新胜村"),
    }
    county = session_any.scalars(select(County)).one()
    assert (county.code, county.sample, county.started_on) == ("511526", False, START.date())


def test_what_lies_above_may_stay_unnamed(session):
    setup.begin(session, (Place("51", ""), Place("5115", "")), COUNTY, (), START)
    assert [(row.code, row.parent_code) for row in session.scalars(select(Division))] == [("511526", None)]


def test_a_second_county_is_refused(session):
    _begin(session)
    assert _faults(session) == [("county_exists", None)]


@pytest.mark.parametrize("code", ["51152", "5115261", "51152x", "５１１５２６", ""])
def test_the_code_of_a_county_has_six_digits(session, code):
    assert _faults(session, Place(code, "珙县")) == [("county_code", None)]


def test_a_county_has_a_name(session):
    assert _faults(session, Place("511526", "")) == [("county_name", None)]


@pytest.mark.parametrize(("line", "fault"), [
    ("5115261,巡场镇", "place_line"), ("511526100,", "place_line"), ("511526ABC,巡场镇", "place_line"),
    ("511527100,巡场镇", "place_elsewhere"), ("511526101,孝儿镇\n511526101,底洞镇", "place_twice"),
    ("511526103201,新胜村", "place_without_township"),
])  # fmt: skip
def test_a_bad_line_is_named_and_nothing_begins(session, line, fault):
    places = setup.read_places(f"code,name\n511526100,巡场镇\n{line}\n".encode())
    assert _faults(session, below=places) == [(fault, 3 + line.count("\n"))]
    assert session.scalars(select(County)).all() == []


def test_every_bad_line_is_named_at_once(session):
    places = setup.read_places("511526100,巡场镇\n1,x\n511527100,y\n".encode())
    assert _faults(session, below=places) == [("place_line", 2), ("place_elsewhere", 3)]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_read_in_the_charsets_of_offices(charset):
    assert [place.name for place in setup.read_places(LIST.encode(charset))] == ["巡场镇", "新胜村", "玉和苗族乡"]


def test_a_list_in_another_charset_is_refused():
    with pytest.raises(Refused, match="file_charset"):
        setup.read_places(b"\xff\xfe\xff\xff")


def test_a_list_needs_no_heading():
    assert setup.read_places("511526100,巡场镇\n".encode()) == [Place("511526100", "巡场镇", 1)]


def test_two_people_begin_with_one_use_passwords_that_must_be_changed(session):
    _begin(session)
    logins = setup.first_people(session, "511526", START)
    session.commit()
    users = {user.login: user for user in session.scalars(select(User))}
    assert [(login.role, login.login) for login in logins] == [
        (Role.SYSTEM_ADMIN, "sysadmin"), (Role.SECURITY_ADMIN, "secadmin"),
    ]  # fmt: skip
    for login in logins:
        user = users[login.login]
        assert user.role is login.role and user.must_change_password
        assert verify_password(user.password_hash, login.password)
    assert logins[0].password != logins[1].password


def test_a_county_begins_in_the_history(session):
    _begin(session)
    setup.first_people(session, "511526", START)
    session.commit()
    tables = {entry.table_name for entry in session.scalars(select(AuditEntry))}
    assert {"county", "user"} <= tables and audit.verify(session).sound


def test_a_new_database_is_migrated_without_a_backup(sqlite_url, tmp_path):
    with databases.opened(sqlite_url) as engine:
        assert setup.bring_up(engine, tmp_path / "backups", START) is None
        assert schema.is_current(engine) and not (tmp_path / "backups").exists()


def _older(engine) -> None:
    with Session(engine) as session:
        factories.household(session)
        factories.places(session)
        session.commit()
    schema.downgrade(engine, "0004")


def test_a_database_with_data_is_migrated_after_a_backup(engine, tmp_path):
    _older(engine)
    kept = setup.bring_up(engine, tmp_path / "backups", START)
    assert schema.is_current(engine)
    with databases.opened(f"sqlite:///{kept.as_posix()}") as copy:
        assert schema.revision(copy) == "0004" and schema.holds_data(copy)


def test_who_has_made_a_backup_may_migrate_without(engine, tmp_path):
    _older(engine)
    assert setup.bring_up(engine, tmp_path / "backups", START, with_backup=False) is None
    assert schema.is_current(engine)


def test_no_migration_without_the_backup_it_needs(engine, tmp_path, monkeypatch):
    _older(engine)
    (tmp_path / "backups").write_text("a file where the folder should be")
    with pytest.raises(OSError):
        setup.bring_up(engine, tmp_path / "backups", START)
    assert schema.revision(engine) == "0004"


def test_an_up_to_date_database_is_left_alone(engine, tmp_path):
    assert setup.bring_up(engine, tmp_path / "backups", START) is None
    assert not (tmp_path / "backups").exists()


def test_other_secrets_than_the_countys_are_noticed(session):
    setup.check_keys(session)
    factories.places(session)
    setup.check_keys(session)
    sealing.use(Keys.fresh())
    try:
        with pytest.raises(Refused, match="other_keys"):
            setup.check_keys(session)
    finally:
        sealing.leave()
