"""What goes out as a roster comes back without changing anything; what a spreadsheet would run stays text."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from models import Asset, Household, HouseholdCause, IncomeLine, Member
from policy.vocabulary import (
    AssetKind,
    Cause,
    DisabilityKind,
    Employment,
    Health,
    Illness,
    IncomeKind,
    Labour,
    Marital,
    Relation,
    Role,
    Schooling,
    Sex,
    Stage,
)  # fmt: skip
from tests import factories
from tests.workflows.exchange import rosters
from tests.workflows.exchange.rosters import NOW
from workflows import audit
from workflows.actor import SYSTEM
from workflows.exchange import values
from workflows.exchange.export import HOUSEHOLDS, MEMBERS, Export, headers
from workflows.exchange.files import csv_stream, xlsx_file
from workflows.exchange.judging import judge_sheet
from workflows.exchange.reading import Unreadable, read_sheet

pytestmark = pytest.mark.usefixtures("in_process")
AWKWARD = (
    "张三", "欧阳·买买提", "John  Smith", "=1+1", "+86", "-张", "@王", "'李", "''双", "张、三", "张,三", "a/b",
    "张　三", "𠮷野", "O'Neil", "王​五", '"引"号', "0012", "1e5", "三|四", "TRUE", "2020-01-01", "张\t三",
    '=HYPERLINK("x")',
)  # fmt: skip


def readable(name):
    try:
        return bool(values.name(f"'{name}" if name.startswith("'") else name)) and len(name) <= 40
    except values.BadCell:
        return False


NAMES = (st.sampled_from(AWKWARD) | st.text("张王李·'=+-@ ab、,0", min_size=1, max_size=8)).filter(readable)
NOTES = st.sampled_from(AWKWARD) | st.text(min_size=0, max_size=20).filter(lambda t: t.isprintable())
PERSON = st.fixed_dictionaries({
    "name": NAMES, "note": NOTES | st.just("两行\n备注"), "marital": st.none() | st.sampled_from(Marital),
    "schooling": st.none() | st.sampled_from(Schooling), "employment": st.none() | st.sampled_from(Employment),
    "labour": st.none() | st.sampled_from(Labour), "health": st.none() | st.sampled_from(Health),
    "illness": st.none() | st.sampled_from(Illness), "illness_name": st.none() | st.just("高血压"),
    "political": st.none() | st.just("群众"), "insurance": st.none() | st.just("城乡居民医保"),
    "registered_poor": st.booleans(), "sex": st.sampled_from(Sex),
    "relation": st.sampled_from([word for word in Relation if word is not Relation.HEAD]),
    "disability": st.none() | st.tuples(st.sampled_from(DisabilityKind), st.integers(1, 4)),
    "income": st.none() | st.integers(0, 10_000_000), "own_income": st.booleans(), "certified": st.booleans(),
    "birth": st.dates(date(1930, 1, 1), date(2019, 12, 31)),
})  # fmt: skip
FAMILY = st.fixed_dictionaries({
    "people": st.lists(PERSON, min_size=1, max_size=4), "monthly_fen": st.none() | st.integers(1, 500_000),
    "causes": st.sets(st.sampled_from(Cause)), "phone": st.none() | st.just("13800001234"),
    "account": st.none() | st.just("9999000000000000123"), "address": NOTES,
    "deposit": st.none() | st.integers(0, 10**9),
    "houses": st.none() | st.integers(0, 5), "stage": st.sampled_from([Stage.ACTIVE, Stage.SUSPENDED, Stage.REVIEW]),
})  # fmt: skip


PLAIN = (
    "name", "note", "marital", "schooling", "employment", "labour", "health", "illness", "illness_name", "political",
    "insurance", "registered_poor", "sex", "birth",
)  # fmt: skip


def settle(session, told):
    """A family as it stands in the database; not yet flushed."""
    home = Household(
        village_code=factories.VILLAGE, township_code=factories.XUNCHANG, address=told["address"].strip(),
        head_name=told["people"][0]["name"], persons=len(told["people"]), registered_on=factories.JOINED,
        created_at=NOW,
    )  # fmt: skip
    home.phone, home.account = told["phone"], told["account"]
    home.causes = [HouseholdCause(cause=cause) for cause in told["causes"]]
    if told["deposit"] is not None:
        home.assets.append(Asset(kind=AssetKind.DEPOSIT, value_fen=told["deposit"]))
    if told["houses"] is not None:
        home.assets.append(Asset(kind=AssetKind.HOUSE, quantity=told["houses"], area_m2=90))
    home.members = [person(each, place == 0) for place, each in enumerate(told["people"])]
    session.add(home)
    return home


def person(told, heads):
    """Somebody of the family."""
    kind, level = told["disability"] or (None, None)
    number = factories.id_number(told["birth"], told["sex"])
    row = Member(
        **{name: told[name] for name in PLAIN}, relation=Relation.HEAD if heads else told["relation"],
        village_code=factories.VILLAGE, township_code=factories.XUNCHANG, joined_on=factories.JOINED,
        disability_kind=kind, disability_level=level,
    )  # fmt: skip
    row.id_no, row.disability_cert = number, f"{number}43" if told["certified"] else None
    if told["income"] is not None:
        kind, note = (IncomeKind.WAGE, "") if told["own_income"] else (IncomeKind.OTHER, "花名册")
        row.income = [IncomeLine(kind=kind, note=note, year_fen=told["income"])]
    return row


def give_case(session, home, told):
    """The family's case: in force, or not decided yet."""
    decided = None if told["stage"] is Stage.REVIEW else NOW.date() - timedelta(days=99)
    monthly = told["monthly_fen"] if decided else 0
    factories.benefit(session, home, told["stage"], monthly_fen=monthly, decided_on=decided)


def lines(session, layout, full=True):
    model = Household if layout is HOUSEHOLDS else Member
    ids = session.scalars(select(model.id).order_by(model.id)).all()
    return [headers(layout), *Export(session, full, NOW.date()).rows(layout, ids)]


def verdicts(session, layout, who, kind):
    text = lines(session, layout)
    data = xlsx_file(text).read() if kind == "xlsx" else b"".join(csv_stream(text))
    return judge_sheet(session, read_sheet(data, f"名册.{kind}"), who, NOW)[0]


@given(st.lists(FAMILY, min_size=50, max_size=50), st.sampled_from(["csv", "xlsx"]))
@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_an_export_with_full_numbers_imported_again_changes_nothing(session, families, kind):
    session.rollback()
    audit.attribute(session, SYSTEM, NOW)
    who = rosters.actor(factories.office(session)[Role.COUNTY_REVIEWER])
    homes = [settle(session, told) for told in families]
    session.flush()
    for home, told in zip(homes, families, strict=True):
        if told["monthly_fen"]:
            give_case(session, home, told)
    for layout in (HOUSEHOLDS, MEMBERS):
        found = verdicts(session, layout, who, kind)
        assert len(found) >= len(families)
        changed = [(v.number, v.outcome, v.before, v.content, v.problems) for v in found if v.outcome != "unchanged"]
        assert changed == []
    session.rollback()


def test_a_masked_export_is_recognised_and_refused(session):
    who = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    for _ in range(3):
        factories.household(session, members=2)
    for layout in (HOUSEHOLDS, MEMBERS):
        text = lines(session, layout, full=False)
        assert not any(number.isdigit() and len(number) == 18 for line in text for number in line)
        with pytest.raises(Unreadable) as refused:
            judge_sheet(session, read_sheet(b"".join(csv_stream(text)), "名册.csv"), who, NOW)
        assert refused.value.code == "masked"


def test_both_layouts_have_exactly_the_columns_of_their_roster(session):
    rosters.office(session)
    factories.household(session, members=2)
    for layout, count in ((HOUSEHOLDS, 1), (MEMBERS, 2)):
        text = lines(session, layout)
        assert text[0] == [column.header for column in layout.columns]
        assert [len(line) for line in text[1:]] == [len(text[0])] * count


def test_who_has_left_is_not_exported(session):
    rosters.office(session)
    home = factories.household(session, members=2)
    factories.leave(session, home.members[1], NOW.date())
    assert [line[0] for line in lines(session, MEMBERS)[1:]] == [home.head_name]


def test_an_export_takes_a_fixed_number_of_statements_for_500_families(session, engine):
    rosters.office(session)
    counted = []
    for size in (2, 12):
        for _ in range(size):
            factories.household(session, members=2)
        session.flush()
        ran: list[str] = []

        def listen(*args, ran=ran):
            ran.append(args[2])

        event.listen(engine, "before_cursor_execute", listen)
        for layout in (HOUSEHOLDS, MEMBERS):
            lines(session, layout)
        event.remove(engine, "before_cursor_execute", listen)
        counted.append(len(ran))
    assert counted[0] == counted[1] <= 18


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_text(first):
    text = f"{first}HYPERLINK(1)"
    (cell,) = next(csv.reader(io.StringIO(b"".join(csv_stream([[text]])).decode("utf-8-sig"), newline="")))
    assert cell == f"'{text}"
    kept = openpyxl.load_workbook(xlsx_file([[text]])).active.cell(1, 1)
    assert kept.data_type == "s"
    assert str(kept.value).endswith("HYPERLINK(1)")


def test_csv_begins_with_a_byte_order_mark_and_comes_in_pieces():
    pieces = list(csv_stream([str(n)] for n in range(1000)))
    assert pieces[0].startswith(b"\xef\xbb\xbf")
    assert len(pieces) > 4
    assert b"".join(pieces).decode("utf-8-sig").split() == [str(n) for n in range(1000)]


def test_long_numbers_stay_text_in_xlsx():
    sheet = openpyxl.load_workbook(xlsx_file([["身份证号"], ["990001194102271173"]])).active
    assert sheet.cell(2, 1).value == "990001194102271173"
    assert sheet.cell(2, 1).data_type == "s"
