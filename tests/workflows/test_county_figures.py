"""The county's own figures: entered with a document, ended by a later one, withdrawn, compared; nothing rewritten."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models import AuditEntry, CountyFigure, FigureCheck
from policy.figure_keys import Measure, Status
from policy.figures import Figures
from policy.vocabulary import Role
from tests import factories
from tests.clock import START
from tests.workflows.refusals import codes
from workflows import county_figures
from workflows.actor import Actor
from workflows.county_figures import Entry
from workflows.office import actor_of
from workflows.reason import Reason, Refused, Stale

COUNTY, TOWN = factories.COUNTY, factories.XUNCHANG
ENTRY = Entry("dibao.standard.rural", COUNTY, "512.5", date(2026, 7, 1), "珙民发〔2026〕7号", "第二条")
KEY = "dibao.standard.rural"


@pytest.fixture
def supervisor(session) -> Actor:
    return actor_of(factories.office(session).people[Role.SUPERVISOR])


def in_force(session, on, place=COUNTY, key=KEY):
    return county_figures.read(session).get(key, place=place, on=on).text


def refused_of(session, actor, **changes):
    with pytest.raises(Refused) as refused:
        county_figures.add(session, actor, replace(ENTRY, **changes), START)
    assert session.scalars(select(CountyFigure)).all() == []
    return codes(refused)


def test_an_own_figure_holds_from_its_first_day_and_the_shipped_one_before(session, supervisor):
    row = county_figures.add(session, supervisor, ENTRY, START)
    assert (row.value, row.measure, row.status, row.cite) == (
        "512.50", Measure.FEN, Status.OFFICIAL, "珙民发〔2026〕7号 第二条",
    )  # fmt: skip
    assert in_force(session, date(2026, 7, 1), TOWN) == "512.50"
    shipped = Figures.shipped().get(KEY, place=COUNTY, on=date(2026, 6, 30)).text
    assert in_force(session, date(2026, 6, 30)) == shipped != "512.50"


def test_the_figure_it_follows_ends_the_day_before_and_the_audit_tells_both(session, supervisor):
    first = county_figures.add(session, supervisor, ENTRY, START)
    later = replace(ENTRY, value="540", valid_from=date(2027, 1, 1))
    county_figures.add(session, supervisor, later, START + timedelta(days=1))
    session.commit()
    assert first.valid_to == date(2026, 12, 31)
    assert [in_force(session, day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == ["512.50", "540.00"]
    told = session.scalars(select(AuditEntry).where(AuditEntry.table_name == "county_figure")).all()
    assert [entry.action for entry in told] == ["insert", "update", "insert"]
    assert told[1].after == {"valid_to": "2026-12-31"}


def test_a_figure_for_one_township_leaves_the_others(session, supervisor):
    county_figures.add(session, supervisor, replace(ENTRY, place=TOWN), START)
    assert in_force(session, date(2026, 7, 1), TOWN) == "512.50"
    assert in_force(session, date(2026, 7, 1), factories.XIAOER) != "512.50"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": "dibao.standart"}, "figure_unknown_key"),
        ({"value": "512.505"}, "figure_value"),
        ({"value": ""}, "figure_value"),
        ({"valid_from": None}, "figure_from"),
        ({"valid_to": date(2026, 6, 30)}, "figure_dates"),
        ({"document": " "}, "figure_document_missing"),
        ({"clause": ""}, "figure_clause_missing"),
        ({"place": "511526999"}, "figure_division"),
        ({"place": ""}, "figure_division"),
        ({"place": "51"}, "not_in_your_division"),
        ({"status": "guess"}, "figure_status"),
        ({"clause": "条" * 81}, "figure_too_long"),
    ],
)
def test_an_entry_that_is_no_figure_is_refused_with_its_reason(session, supervisor, changes, code):
    assert refused_of(session, supervisor, **changes) == [code]


def test_every_fault_is_told_at_once(session, supervisor):
    found = refused_of(session, supervisor, document="", clause="", value="viel")
    assert found == ["figure_document_missing", "figure_clause_missing", "figure_value"]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SUPERVISOR}))
def test_only_the_supervisor_enters_figures(session, role):
    other = actor_of(factories.office(session).people[role])
    assert refused_of(session, other) == ["role_may_not"]


def test_a_figure_that_would_begin_before_a_later_own_one_needs_a_last_day(session, supervisor):
    county_figures.add(session, supervisor, ENTRY, START)
    earlier = replace(ENTRY, value="500", valid_from=date(2026, 1, 1))
    with pytest.raises(Refused) as refused:
        county_figures.add(session, supervisor, earlier, START)
    assert codes(refused) == ["figure_overlap"]
    county_figures.add(session, supervisor, replace(earlier, valid_to=date(2026, 6, 30)), START)
    assert [in_force(session, day) for day in (date(2026, 6, 30), date(2026, 7, 1))] == ["500.00", "512.50"]


def test_the_same_first_day_twice_is_refused(session, supervisor):
    county_figures.add(session, supervisor, ENTRY, START)
    with pytest.raises(Refused) as refused:
        county_figures.add(session, supervisor, replace(ENTRY, value="600"), START)
    assert codes(refused) == ["figure_duplicate"]


def test_a_proposal_shows_the_figures_as_they_would_be_and_writes_nothing(session, supervisor):
    county_figures.add(session, supervisor, ENTRY, START)
    figure, figures = county_figures.proposed(
        session, supervisor, replace(ENTRY, value="540", valid_from=date(2027, 1, 1))
    )
    assert (figure.text, figures.get(KEY, place=TOWN, on=date(2027, 1, 1)).text) == ("540.00", "540.00")
    assert in_force(session, date(2027, 1, 1)) == "512.50"


def test_a_withdrawn_figure_no_longer_holds_and_the_one_it_ended_holds_again(session, supervisor):
    first = county_figures.add(session, supervisor, ENTRY, START)
    wrong = county_figures.add(session, supervisor, replace(ENTRY, value="5400", valid_from=date(2027, 1, 1)), START)
    county_figures.withdraw(session, supervisor, wrong, "多写了一个零", wrong.row_version, START)
    assert (first.valid_to, wrong.withdrawn_why) == (None, "多写了一个零")
    assert in_force(session, date(2027, 1, 1)) == "512.50"


def test_withdrawing_leaves_a_figure_that_ended_by_itself(session, supervisor):
    bounded = replace(ENTRY, valid_to=date(2026, 12, 31))
    first = county_figures.add(session, supervisor, bounded, START)
    later = county_figures.add(session, supervisor, replace(ENTRY, valid_from=date(2027, 1, 1)), START)
    county_figures.withdraw(session, supervisor, later, "录错", later.row_version, START)
    assert first.valid_to == date(2026, 12, 31)


def test_the_one_before_holds_on_where_the_withdrawn_one_had_an_end_of_its_own(session, supervisor):
    first = county_figures.add(session, supervisor, ENTRY, START)
    bounded = replace(ENTRY, value="5400", valid_from=date(2027, 1, 1), valid_to=date(2027, 6, 30))
    wrong = county_figures.add(session, supervisor, bounded, START)
    county_figures.withdraw(session, supervisor, wrong, "录错", wrong.row_version, START)
    assert first.valid_to is None and in_force(session, date(2028, 1, 1)) == "512.50"


@pytest.mark.parametrize("until", [None, date(2027, 6, 30)])
def test_of_three_the_middle_one_and_then_the_last_may_be_withdrawn(session, supervisor, until):
    first = county_figures.add(session, supervisor, ENTRY, START)
    years = [county_figures.add(session, supervisor, replace(ENTRY, value=value, valid_from=since, valid_to=to), START)
             for value, since, to in (("540", date(2027, 1, 1), until), ("560", date(2028, 1, 1), None))]  # fmt: skip
    county_figures.withdraw(session, supervisor, years[0], "录错", years[0].row_version, START)
    assert (first.valid_to, in_force(session, date(2028, 1, 1))) == (date(2027, 12, 31), "560.00")
    county_figures.withdraw(session, supervisor, years[1], "录错", years[1].row_version, START)
    assert (first.valid_to, in_force(session, date(2028, 1, 1))) == (None, "512.50")


def test_a_withdrawal_needs_a_reason_the_present_version_and_happens_once(session, supervisor):
    row = county_figures.add(session, supervisor, ENTRY, START)
    with pytest.raises(Refused) as refused:
        county_figures.withdraw(session, supervisor, row, " ", row.row_version, START)
    assert codes(refused) == ["reason_missing"]
    with pytest.raises(Stale):
        county_figures.withdraw(session, supervisor, row, "录错", row.row_version + 1, START)
    county_figures.withdraw(session, supervisor, row, "录错", row.row_version, START)
    with pytest.raises(Refused) as refused:
        county_figures.withdraw(session, supervisor, row, "录错", row.row_version, START)
    assert codes(refused) == ["figure_withdrawn_before"]


def test_a_figure_is_compared_with_its_document_and_the_latest_day_is_told(session, supervisor):
    figure = Figures.shipped().get("grace.months_max", place=COUNTY, on=START.date())
    where = (figure.key, figure.place, figure.valid_from)
    assert county_figures.checks(session) == {}
    county_figures.confirm(session, supervisor, figure, START)
    county_figures.confirm(session, supervisor, figure, START + timedelta(days=400))
    assert county_figures.checks(session) == {where: (START + timedelta(days=400)).date()}
    assert len(session.scalars(select(FigureCheck)).all()) == 2


def test_an_own_figure_counts_as_compared_when_it_was_entered(session, supervisor):
    county_figures.add(session, supervisor, ENTRY, START)
    assert county_figures.checks(session) == {(KEY, COUNTY, ENTRY.valid_from): START.date()}


def test_a_placeholder_cannot_be_confirmed(session, supervisor):
    figure = Figures.shipped().get("dibao.rounding", place=COUNTY, on=START.date())
    with pytest.raises(Refused) as refused:
        county_figures.confirm(session, supervisor, figure, START)
    assert refused.value.reasons == (Reason("figure_is_placeholder"),)


def test_the_mark_differs_after_every_change(session, supervisor):
    marks = [county_figures.mark(session)]
    row = county_figures.add(session, supervisor, ENTRY, START)
    marks.append(county_figures.mark(session))
    later = county_figures.add(session, supervisor, replace(ENTRY, valid_from=date(2027, 1, 1)), START)
    marks.append(county_figures.mark(session))
    county_figures.withdraw(session, supervisor, later, "录错", later.row_version, START)
    marks.append(county_figures.mark(session))
    county_figures.withdraw(session, supervisor, row, "录错", row.row_version, START)
    marks.append(county_figures.mark(session))
    assert len(set(marks)) == 5


def test_without_own_figures_the_shipped_ones_are_used_as_they_are(session):
    assert county_figures.read(session) is Figures.shipped()


def test_the_history_of_a_place_tells_of_those_above_and_in_it_and_not_of_its_neighbours(session, supervisor):
    for place in (COUNTY, TOWN, factories.XIAOER):
        county_figures.add(session, supervisor, replace(ENTRY, place=place), START)
    told = {place: [row.place_code for row in county_figures.history(session, KEY, place)] for place in (COUNTY, TOWN)}
    assert sorted(told[COUNTY]) == sorted([COUNTY, TOWN, factories.XIAOER])
    assert sorted(told[TOWN]) == sorted([COUNTY, TOWN])
