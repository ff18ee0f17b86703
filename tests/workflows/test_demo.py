"""The synthetic county: the same for the same seed and day, lawful in every step, alive on every desk."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, inspect, select
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    Base,
    Benefit,
    County,
    DeskMark,
    DeskSummary,
    Event,
    Finding,
    Household,
    Member,
    Obligor,
    User,
    Visit,
)
from models.desk import NO_DATE
from models.sealing import Sealed
from policy.identity import disability_certificate, parse_id_number
from policy.vocabulary import Action, Area, ReviewClass, Role, Scheme, Stage, Unit, VisitKind
from tests import databases, factories
from tests.workflows import refusals
from tests.workflows.demo_retold import FIGURES, Teller, picture
from workflows import audit, demo, desk
from workflows.actor import SYSTEM, Actor
from workflows.demo.divisions import XUNCHANG
from workflows.demo.entered import DOCUMENT
from workflows.demo.stories import STORIES
from workflows.desk_counted import COLUMNS
from workflows.evidence import facts_of
from workflows.machine import offered
from workflows.office import SAMPLE_PASSWORD, actor_of
from workflows.passwords import PROFILES, faults, verify_password
from workflows.tick import tick

NOW = datetime(2026, 11, 21, 20)
BEFORE_DELEGATION = datetime(2019, 6, 3, 20)
AFTER_LONG_HOLIDAYS = datetime(2024, 2, 19, 20)
ALL_STORIES = len(STORIES)
# Where the township confirms the county gives no opinion; some steps are taken for many cases at once, by hand.
NOT_SHOWN = {
    Action.COUNTY_OPINION, Action.TAKE_BACK, Action.RECALCULATE, Action.UNDO_RECALCULATION, Action.RECORD_MINUTES,
    Action.FAMILY_CHANGED, Action.REVIEW_MEETING, Action.UNDO_LEAVE,
}  # fmt: skip
"""No ceiling is known of the sample's county, so its government has nothing to minute; the rule of a day in 2026 asks
for no democratic review, and the objections of the sample have just been raised."""


def fill(engine: Engine, households: int, seed: int = 7, now: datetime = NOW, **more: Any) -> demo.Filled:
    with Session(engine) as session:
        return demo.fill(session, households=households, seed=seed, on=now.date(), now=now, **more)


@pytest.fixture(scope="module")
def county(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The sample county of a first start, for the tests that only look at it."""
    file = tmp_path_factory.mktemp("demo") / "county.sqlite3"
    with databases.opened(databases.copy_sqlite(sqlite_template, file)) as engine:
        with Session(engine) as session:
            demo.fill_sample(session, NOW)
        yield engine


@pytest.fixture
def looking(county: Engine) -> Iterator[Session]:
    """A session on that county whose changes are thrown away."""
    with Session(county) as session:
        yield session


def person(session: Session, login: str) -> Actor:
    return actor_of(session.scalars(select(User).where(User.login == login)).one())


# --- the same county --------------------------------------------------------------------------------------------------


def decoded(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row as people see it: numbers opened, keys, hashes, marks and history left out."""
    found = {}
    with Session(engine) as session:
        for mapper in Base.registry.mappers:
            model = mapper.class_
            if model not in (AuditEntry, DeskMark):
                keys = list(inspect(model).primary_key)
                found[model.__tablename__] = [_opened(row) for row in session.scalars(select(model).order_by(*keys))]
    return found


def _opened(row: Any) -> dict[str, Any]:
    hidden = ("row_key", "key_mark", "password_hash")
    names = [attribute.key for attribute in inspect(type(row)).column_attrs]
    plain = {n: getattr(row, n) for n in names if n not in hidden and not n.endswith(("_sealed", "_hash", "_last4"))}
    return plain | {name: getattr(row, name) for name, thing in vars(type(row)).items() if isinstance(thing, Sealed)}


def test_the_same_seed_and_day_make_the_same_county_on_both_engines(
    migrated_sqlite_url: str, migrated_postgres_url: str
) -> None:
    counties = []
    for url in (migrated_sqlite_url, migrated_postgres_url):
        with databases.opened(url) as engine:
            fill(engine, ALL_STORIES + 20)
            counties.append(decoded(engine))
    lite, postgres = counties
    assert len(lite["member"]) > ALL_STORIES
    for name in lite:
        assert lite[name] == postgres[name], name


@pytest.mark.parametrize(("seed", "same"), [(7, True), (8, False)])
def test_another_seed_makes_another_county(engine: Engine, tmp_path: Path, sqlite_template: Path, seed: int,
                                           same: bool) -> None:  # fmt: skip
    fill(engine, 12)
    with databases.opened(databases.copy_sqlite(sqlite_template, tmp_path / "other.sqlite3")) as other:
        fill(other, 12, seed)
        assert (decoded(engine) == decoded(other)) is same


# --- lawful -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "touched_by", "least"), [(NOW, tuple(Role), 40), (BEFORE_DELEGATION, (Role.COUNTY_APPROVER,), 8)]
)
def test_casework_takes_every_story_step_by_step_to_the_same_case(
    engine: Engine, now: datetime, touched_by: tuple[Role, ...], least: int
) -> None:
    fill(engine, ALL_STORIES, now=now)
    taken = select(Event.benefit_id).where(Event.actor_role.in_(touched_by))
    with Session(engine) as session:
        audit.attribute(session, SYSTEM, now)
        cases = session.scalars(select(Benefit).where(Benefit.id.in_(taken)).order_by(Benefit.id)).all()
        assert len(cases) >= least
        for told in cases:
            expected = picture(session, told)
            again = Teller(session, told).again()
            session.refresh(again)
            assert picture(session, again) == expected, told.case_no


@pytest.mark.parametrize("now", [NOW, BEFORE_DELEGATION, AFTER_LONG_HOLIDAYS])
def test_time_has_nothing_left_to_do(engine: Engine, now: datetime) -> None:
    fill(engine, ALL_STORIES + 40, now=now)
    with Session(engine) as session:
        visits = session.scalar(select(func.count(Visit.id)))
        assert tick(session, now, FIGURES) == {}
        assert session.scalar(select(func.count(Visit.id))) == visits


def test_nothing_happened_after_the_day_of_the_county(looking: Session) -> None:
    assert looking.scalar(select(func.max(Event.at))) < NOW
    assert looking.scalar(select(func.max(Visit.done_on))) < NOW.date()


def test_every_number_is_valid_and_of_nobody(looking: Session) -> None:
    known = select(Obligor).where(Obligor.id_no_hash.is_not(None))
    people = [*looking.scalars(select(Member)), *looking.scalars(known)]
    numbers = [parse_id_number(who.id_no, on=NOW.date()) for who in people]
    assert {number.area[:2] for number in numbers} == {"99"}
    assert len({number.number for number in numbers}) == len(people)
    for who, number in zip(people, numbers, strict=True):
        if isinstance(who, Member):
            assert (who.birth, who.sex) == (number.birth, number.sex)
            assert who.disability_cert is None or disability_certificate(who.disability_cert, id_number=who.id_no)
    for home in looking.scalars(select(Household)):
        assert (home.phone[:2], home.account[:4], home.one_card) == ("10", "9999", home.account)


def test_households_count_their_people_and_have_one_head(looking: Session) -> None:
    present = Counter(looking.scalars(select(Member.household_id).where(Member.left_on.is_(None))).all())
    for home in looking.scalars(select(Household)):
        assert home.persons == present[home.id]
        assert (home.dissolved_on is None) is bool(home.persons)
    heads = looking.scalar(select(func.count()).where(Member.relation == "head", Member.left_on.is_(None)))
    assert heads == sum(1 for n in present.values() if n)


# --- alive ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("township", [XUNCHANG, "511526101"])
def test_every_stage_stands_in_the_two_townships_to_try(looking: Session, township: str) -> None:
    stages = looking.scalars(select(Benefit.stage).where(Benefit.township_code == township).distinct())
    assert set(stages) == set(Stage)


@pytest.mark.parametrize(
    ("login", "kind", "least", "overdue"),
    [
        ("xunchang.officer", "waiting:township_officer", 15, 3),
        ("xunchang.approver", "waiting:township_approver", 4, 1),
        ("county.reviewer", "waiting:county_reviewer", 2, 0),
        ("xunchang.village", "visit", 3, 0),
        ("xunchang.officer", "visit", 20, 2),
        ("xunchang.officer", "review", 10, 1),
        ("xunchang.officer", "notice", 1, 0),
        ("xunchang.officer", "grace", 1, 0),
        ("xunchang.officer", "paper", 4, 1),
    ],
)
def test_every_desk_has_something_to_do(looking: Session, login: str, kind: str, least: int, overdue: int) -> None:
    found = desk.counts(looking, person(looking, login), [kind], NOW.date())[kind]
    assert found.total >= least
    assert found.overdue >= overdue


def test_the_approver_can_confirm_cases_that_others_reviewed(looking: Session) -> None:
    approver, lawful = person(looking, "xunchang.approver"), 0
    for case in looking.scalars(select(Benefit).where(Benefit.stage == Stage.APPROVAL)):
        facts = facts_of(looking, case, FIGURES, NOW.date())
        lawful += any(offer.action is Action.CONFIRM and offer.lawful for offer in offered(facts, approver))
    assert lawful >= 3


def test_the_desk_counts_what_there_is(looking: Session) -> None:
    counted: Counter[Any] = Counter()
    for model in COLUMNS:
        for row in looking.scalars(select(model)):
            for kind, due_on, n, persons, fen in desk.contributions(row):
                counted[row.village_code, kind, due_on, "n"] += n
                counted[row.village_code, kind, due_on, "persons"] += persons
                counted[row.village_code, kind, due_on, "fen"] += fen
    kept = {
        (row.village_code, row.kind, row.due_on, name): n
        for row in looking.scalars(select(DeskSummary).where(func.length(DeskSummary.village_code) == 12))
        for name, n in (("n", row.n), ("persons", row.persons), ("fen", row.amount_fen))
    }
    assert kept == counted
    assert any(due_on > NO_DATE for _, _, due_on, _ in kept)


def test_every_kind_of_case_occurs(looking: Session) -> None:
    cases = looking.scalars(select(Benefit)).all()
    for occurs in (
        {case.unit for case in cases} == set(Unit),
        {case.area for case in cases} == set(Area),
        {case.scheme for case in cases} >= {Scheme.DIBAO, Scheme.TEKUN, Scheme.TEMPORARY},
        any(case.near_relative for case in cases),
        any(case.complaint_open for case in cases),
        any(case.special for case in cases),
        set(looking.scalars(select(Visit.kind))) == set(VisitKind),
        set(looking.scalars(select(Event.action))) >= set(Action) - NOT_SHOWN,
    ):
        assert occurs


def test_most_families_receive_what_a_roster_of_before_said(looking: Session) -> None:
    active = select(Benefit).where(Benefit.scheme == Scheme.DIBAO, Benefit.stage == Stage.ACTIVE)
    cases = looking.scalars(active).all()
    assert len(cases) > 100
    assert all(case.monthly_fen > 0 and case.review_due_on for case in cases)
    assert {case.taken_over for case in cases} == {True, False}


def test_families_are_rechecked_as_often_as_their_calculation_says(looking: Session) -> None:
    query = select(Benefit.review_class, Finding.result["review_months"].as_integer())
    query = query.join(Event, Event.benefit_id == Benefit.id).join(Finding, Finding.id == Event.finding_id)
    decided = query.where(Benefit.scheme == Scheme.DIBAO, Event.action == Action.CONFIRM)
    found = looking.execute(decided.where(Finding.result["review_months"].as_integer().is_not(None))).all()
    assert set(found) == {(ReviewClass.STABLE, 12), (ReviewClass.CHANGING, 6)}


def test_no_decision_of_the_sample_rests_on_a_figure_that_only_stands_in_for_the_county_s(looking: Session) -> None:
    results = looking.scalars(select(Finding.result)).all()
    used = [figure for result in results for figure in (result.get("figures_used") or {}).values()]
    assert [figure for figure in used if figure["status"] == "placeholder"] == []
    assert {DOCUMENT in figure["cite"] for figure in used} == {True, False}


# --- beginning it -----------------------------------------------------------------------------------------------------


def test_every_role_has_a_login_with_the_password_that_is_shown(engine: Engine) -> None:
    assert fill(engine, 50, empty=True) == demo.Filled(0, 0, 0)
    assert faults(SAMPLE_PASSWORD, PROFILES["dengbao"]) == []
    with Session(engine) as session:
        users = {user.login: user for user in session.scalars(select(User))}
        assert session.scalar(select(func.count(Household.id))) == 0
        assert session.scalars(select(County)).one().sample
    shown = demo.sample_logins()
    assert [role for role, *_ in shown] == list(Role)
    for role, login, password, name in shown:
        user = users[login]
        assert (user.role, user.name, user.active, user.must_change_password) == (role, name, True, False)
        assert verify_password(user.password_hash, password)


def test_a_county_that_is_no_sample_is_left_alone(engine: Engine) -> None:
    with Session(engine) as session:
        factories.places(session)
        home = factories.household(session)
        session.commit()
        name = home.head_name
    for replace in (False, True):
        assert refused(engine, replace_sample=replace) == {"not_the_sample"}
    with Session(engine) as session:
        assert session.scalars(select(Household.head_name)).all() == [name]


def test_the_sample_is_replaced_only_when_asked(engine_any: Engine) -> None:
    fill(engine_any, 5)
    assert refused(engine_any) == {"sample_exists"}
    made = fill(engine_any, 3, replace_sample=True)
    with Session(engine_any) as session:
        assert session.scalar(select(func.count(Household.id))) == made.households == 3
        assert session.scalar(select(func.max(Household.id))) == 3
        assert audit.verify(session).sound


def refused(engine: Engine, **more: Any) -> set[str]:
    return set(refusals.refused(fill, engine, 3, **more))


@pytest.mark.parametrize(("day", "lawful"), [(date(2015, 12, 31), False), (date(2016, 1, 1), True)])
def test_the_figures_reach_back_to_the_first_day(engine: Engine, day: date, lawful: bool) -> None:
    now = datetime(day.year, day.month, day.day, 20)
    if lawful:
        assert fill(engine, ALL_STORIES, now=now).households == ALL_STORIES
    else:
        assert refused(engine, now=now) == {"demo_day"}


def test_work_goes_on_in_a_filled_county(engine_any: Engine) -> None:
    fill(engine_any, 4)
    with Session(engine_any) as session:
        home = factories.household(session, members=2)
        assert home.id == 5
        session.commit()


def test_an_interrupted_filling_leaves_nothing(engine_any: Engine) -> None:
    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(engine_any, 3, progress=stop)
    with Session(engine_any) as session:
        assert session.scalar(select(func.count(Household.id))) == 0
        assert session.scalar(select(County)) is None


def test_the_history_tells_of_every_batch(engine_any: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.demo.county.BATCH", 4)
    told: list[int] = []
    fill(engine_any, 10, progress=lambda done, of: told.append(done))
    with Session(engine_any) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "demo").order_by(AuditEntry.position))
        assert [entry.after["rows"] for entry in entries] == [4, 4, 2]
        assert audit.verify(session).sound
    assert told == [4, 8, 10]
