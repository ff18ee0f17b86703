"""Applying an import: every good row in one transaction, on record, on both engines; what moved meanwhile is left."""

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Asset, AuditEntry, Benefit, Event, Household, HouseholdCause, ImportRow, IncomeLine, Member
from policy.vocabulary import Action, Relation, Role, Stage
from tests import databases
from tests.workflows.exchange import rosters, sheets
from tests.workflows.exchange.rosters import FIGURES, HEAD_ROW, HOUSEHOLD, NOW, SON_ROW, WIFE_ROW, person
from tests.workflows.refusals import codes
from workflows import audit, behind, desk, indexes, names
from workflows.exchange import choosing, staged, writing
from workflows.exchange.apply import apply_batch
from workflows.reason import Refused

pytestmark = pytest.mark.usefixtures("in_process")


def count(session, model, *where):
    return session.scalar(select(func.count()).select_from(model).where(*where))


def test_families_people_and_cases_arrive_with_all_they_bring(session_any):
    session = session_any
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    rosters.applied(session, rosters.households(HOUSEHOLD), reviewer)
    batch = rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    home = session.scalars(select(Household)).one()
    assert (home.head_name, home.persons, home.phone, home.account) == ("张样", 2, "10600000001", "9999000000000000123")
    assert count(session, HouseholdCause) == 1
    assert {asset.kind.value for asset in session.scalars(select(Asset))} >= {"house", "deposit"}
    wife = session.scalars(select(Member).where(Member.name == "李样")).one()
    assert (wife.id_no, wife.income[0].year_fen, wife.ethnicity) == (sheets.WIFE, 360_000, "汉族")
    case = session.scalars(select(Benefit)).one()
    assert (case.stage, case.monthly_fen, case.taken_over) == (Stage.ACTIVE, 76_000, True)
    assert session.scalars(select(Event.action)).all() == [Action.TAKE_OVER]
    assert (batch.state, batch.counts["applied"]) == ("applied", {"changed": 1, "new": 1})
    assert audit.verify(session).sound


def test_staged_rows_are_held_against_what_stands_here_only_where_somebody_does(session_any, monkeypatch):
    session, asked = session_any, []
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    for name in ("mark_stale", "called"):
        look = getattr(staged, name)
        monkeypatch.setattr(staged, name, lambda *told, look=look, name=name: asked.append(name) or look(*told))
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    assert asked == []
    rosters.applied(session, rosters.members(SON_ROW), reviewer)
    assert asked == ["mark_stale", "called"]


def kept_sums(session):
    names = "township_code, village_code, kind, due_on, n, persons, amount_fen"
    return set(session.execute(text(f"SELECT {names} FROM desk_summary")).all())


@pytest.mark.parametrize("later", [(), (WIFE_ROW | {"民族": "苗族"}, SON_ROW), (person(7), person(8, 所属社="新村"))])
def test_the_desk_counts_what_came_as_it_would_count_it_anew(session_any, later):
    session = session_any
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    if later:
        rosters.applied(session, rosters.members(*later), reviewer)
    kept = kept_sums(session)
    assert sum(row[4] for row in kept if row[:3] == ("", "", "member")) == count(session, Member)
    desk.recount(session)
    session.commit()
    assert kept_sums(session) == kept


def test_people_brought_in_are_found_by_name(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    assert (
        session.scalars(names.find_members("李样")).all()
        == session.scalars(select(Member.id).where(Member.name == "李样")).all()
    )


def test_members_find_their_household_by_the_heads_number(session, reviewer):
    rosters.applied(session, rosters.households(HOUSEHOLD), reviewer)
    rosters.applied(session, rosters.members(WIFE_ROW, SON_ROW), reviewer)
    assert count(session, Household) == 1
    assert session.scalars(select(Household.persons)).one() == 3


def test_the_history_has_an_entry_for_each_table_with_the_digest_of_the_batch(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.batch_id == batch.id, AuditEntry.action == "import")
    ).all()
    assert {"household", "member", "income_line"} <= {entry.table_name for entry in entries}
    assert {entry.after["digest"] for entry in entries} == {batch.digest}
    assert all((entry.actor_id, entry.after["rows"]) == (reviewer.id, 2) for entry in entries)


def test_a_row_changed_since_the_preview_is_left_and_shown_again(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    batch = rosters.staged(session, rosters.members(HEAD_ROW, WIFE_ROW | {"民族": "苗族"}, SON_ROW), reviewer)
    audit.attribute(session, reviewer, NOW)
    wife = session.scalars(select(Member).where(Member.name == "李样")).one()
    wife.ethnicity = "彝族"
    session.commit()
    apply_batch(session, batch.id, reviewer, NOW, FIGURES)
    session.commit()
    assert session.get(Member, wife.id).ethnicity == "彝族"
    outcomes = session.execute(select(ImportRow.label, ImportRow.outcome).where(ImportRow.batch_id == batch.id))
    assert dict(map(tuple, outcomes)) == {"张样": "unchanged", "李样": "stale", "张小样": "new"}
    assert batch.counts["stale"] == 1


def test_somebody_entered_since_the_preview_is_left_with_those_who_would_join_them(session, reviewer):
    first = rosters.staged(session, rosters.members(HEAD_ROW, WIFE_ROW, person(101)), reviewer)
    rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    apply_batch(session, first.id, reviewer, NOW, FIGURES)
    session.commit()
    outcomes = session.scalars(
        select(ImportRow.outcome).where(ImportRow.batch_id == first.id).order_by(ImportRow.row_no)
    )
    assert outcomes.all() == ["stale", "stale", "new"]
    assert count(session, Household) == 2


def test_who_would_join_a_family_that_was_dissolved_since_the_preview_is_left(session_any):
    session = session_any
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    batch = rosters.staged(session, rosters.members(SON_ROW), reviewer)
    audit.attribute(session, reviewer, NOW)
    session.scalars(select(Household)).one().dissolved_on = NOW.date()
    session.commit()
    apply_batch(session, batch.id, reviewer, NOW, FIGURES)
    session.commit()
    assert session.scalars(select(ImportRow.outcome).where(ImportRow.batch_id == batch.id)).all() == ["stale"]
    assert batch.counts["stale"] == 1


def test_a_fault_on_the_way_leaves_nothing(session, reviewer, monkeypatch):
    batch = rosters.staged(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)

    def fail(*args):
        raise RuntimeError("on the way")

    monkeypatch.setattr(writing, "settle_families", fail)
    with pytest.raises(RuntimeError):
        apply_batch(session, batch.id, reviewer, NOW, FIGURES)
    session.rollback()
    assert [count(session, model) for model in (Household, Member, Benefit, IncomeLine)] == [0, 0, 0, 0]
    assert batch.state == "staged"


def test_a_batch_is_applied_once_and_only_by_its_own_office(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    officer = reviewer.__class__(reviewer.id, "", Role.TOWNSHIP_OFFICER, "511526100")
    for who, code in ((reviewer, "import_not_staged"), (officer, "not_your_import")):
        with pytest.raises(Refused) as refused:
            apply_batch(session, batch.id, who, NOW, FIGURES)
        assert codes(refused) == [code]


def test_refused_rows_do_not_arrive(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW | {"性别": "男"}), reviewer)
    assert session.scalars(select(Member.name)).all() == ["张样"]


def test_a_roster_applied_twice_changes_nothing_the_second_time(session, reviewer):
    for sheet in (rosters.households(HOUSEHOLD), rosters.members(HEAD_ROW, WIFE_ROW)):
        rosters.applied(session, sheet, reviewer)
        again = rosters.applied(session, sheet, reviewer)
        assert again.counts["applied"] == {}
    assert [count(session, model) for model in (Household, Member, Benefit)] == [1, 2, 1]


def stood(session, batch):
    """What an import left."""
    columns = (Member.id, Member.name, Member.household_id, Member.id_no_hash, Member.birth, Member.batch_id)
    cases = (Benefit.case_no, Benefit.household_id, Benefit.monthly_fen, Benefit.stage)
    rows = (ImportRow.row_no, ImportRow.outcome, ImportRow.table_name, ImportRow.row_id, ImportRow.row_version)
    return [
        batch.counts, batch.state,
        *(session.execute(select(*some).order_by(some[0])).all() for some in (columns, cases, rows)),
        session.scalars(select(IncomeLine.year_fen)).all(), session.scalars(names.find_members("样甲")).all(),
        kept_sums(session),
    ]  # fmt: skip


PEOPLE = [person(n, 姓名=f"样甲{n}") for n in range(1, 7)] + [HEAD_ROW, WIFE_ROW, SON_ROW]


@pytest.mark.parametrize("changes", [{}, {"年收入(元)": ""}, {"户主身份证号": sheets.HEAD}])
def test_many_rows_arrive_as_few_do_though_written_behind_the_caller_with_indexes_laid_aside(
    tmp_path, monkeypatch, changes
):
    found, template = [], tmp_path / "template.sqlite3"
    databases.migrate(f"sqlite:///{template.as_posix()}")
    for least in (behind.LEAST, 1):
        monkeypatch.setattr(behind, "LEAST", least)
        monkeypatch.setattr(indexes, "LEAST", least)
        url = databases.copy_sqlite(template, tmp_path / "county.sqlite3")
        with databases.opened(url) as engine, Session(engine) as session:
            reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
            batch = rosters.applied(session, rosters.members(*(row | changes for row in PEOPLE)), reviewer)
            found.append(stood(session, batch))
            assert audit.verify(session).sound
            assert session.scalar(text("PRAGMA foreign_key_check")) is None
    assert found[0] == found[1]
    assert found[0][0]["new"] > 0


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"id_no_hash": "0" * 32}, ""),
        ({"relation": Relation.HEAD}, "uq_member_present_head|member.household_id"),
        ({"self_care_unmet": 7}, "self_care_unmet_range"),
    ],
)
def test_only_a_person_who_would_be_present_twice_is_told_as_entered_at_the_same_moment(
    session_any, monkeypatch, changes, fault
):
    session = session_any
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    batch = rosters.staged(session, rosters.members(person(7)), reviewer)
    written = update(Member).values(changes)
    monkeypatch.setattr(choosing, "settle", lambda session, batch: session.connection().execute(written))
    with pytest.raises(IntegrityError if fault else Refused, match=fault or "import_collided"):
        apply_batch(session, batch.id, reviewer, NOW, FIGURES)
