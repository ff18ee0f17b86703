"""From what was typed to a case: exact money, every problem with its field, all of it or nothing of it."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from models import Asset, AuditEntry, Benefit, Event, Household, Member, Obligor, OwedPaper
from policy.figures import Figures
from policy.money import BadMoney, parse_yuan, yuan
from policy.vocabulary import Action, Relation, Role, Scheme, Stage, Unit
from tests import factories
from tests.clock import START
from workflows import application, drafts, evidence
from workflows.actor import Actor
from workflows.application_filling import fill_from_family, fill_from_numbers
from workflows.application_input import Problems
from workflows.application_reading import read
from workflows.application_sheet import GROUPS, Sheet, fresh, loads, posted
from workflows.field_reader import MOST_FEN

TODAY = START.date()
WORKER = Actor(None, "王", Role.VILLAGE_WORKER, factories.VILLAGE)
NUMBER = factories.id_number(date(1950, 5, 17))


def sheet(**fields: str) -> Sheet:
    """A family of one that can be taken; fields as the form posts them."""
    usual = {
        "scheme": "dibao", "village": factories.VILLAGE, "address": "3组", "area": "rural", "unit": "household",
        "members-0-name": "王小明", "members-0-id_no": NUMBER, "members-0-relation": "head",
    }  # fmt: skip
    return posted({**usual, **fields}.items())


def problems(**fields: str) -> dict[str, str]:
    return {problem.field: problem.reason.code for problem in read(sheet(**fields), TODAY)[1]}


@pytest.fixture
def places(session):
    factories.places(session)
    session.commit()


def submit(session, *, actor=WORKER, on_file=(), **fields) -> Benefit:
    typed = sheet(**fields)
    found, wrong = read(typed, TODAY, on_file)
    assert found is not None, wrong
    return application.submit(session, actor, START, Figures.shipped(), found)


# --- money ------------------------------------------------------------------------------------------------------------


@given(st.integers(0, MOST_FEN * 2), st.sampled_from(["year", "month"]))
def test_a_line_is_kept_exactly_or_refused_as_too_large(fen, per):
    line = {"income-0-whose": "n0", "income-0-kind": "wage", "income-0-amount": yuan(fen), "income-0-per": per}
    found, wrong = read(sheet(**line), TODAY)
    year = fen * (12 if per == "month" else 1)
    if year > MOST_FEN:
        assert [p.reason.code for p in wrong] == ["money_too_large"]
    else:
        assert found.people[0].income[0].year_fen == year


@given(st.text(max_size=30) | st.decimals(0, 9999, places=2).map(str))
def test_what_is_no_amount_is_told_and_never_breaks(text):
    try:
        parse_yuan(text)
    except BadMoney:
        assert "income-0-amount" in problems(
            **{"income-0-whose": "n0", "income-0-kind": "wage", "income-0-amount": text, "income-0-note": "x"}
        )


@given(st.dictionaries(
    st.sampled_from([f"{g}-{n}-{f}" for g, fields in GROUPS.items() for n in (0, 7, 99_999) for f in fields]),
    st.text(max_size=25), max_size=30,
))  # fmt: skip
def test_nothing_typed_breaks_the_reading_and_a_draft_gives_it_back(fields):
    typed = sheet(**fields)
    kept = typed.dumps()
    assert loads(kept) == typed
    fill_from_numbers(typed)
    found, wrong = read(typed, TODAY)
    assert (found is None) == bool(wrong)
    names = {f"{group}-{at}-{name}" for group, rows in GROUPS.items() for at in range(10) for name in rows}
    assert {p.field for p in wrong} <= names


# --- reading ----------------------------------------------------------------------------------------------------------


def test_every_problem_is_told_with_its_field():
    assert problems(**{
        "scheme": "", "address": "", "village": "", "members-0-name": "", "members-0-id_no": "99",
        "income-0-amount": "12", "assets-0-quantity": "-1", "obligors-0-note": "x", "pledged_on": "2026-02-30",
        "authorised_on": (TODAY + timedelta(days=1)).isoformat(), "phone": "123", "unit": "single",
    }) == {
        "scheme": "choice_missing", "address": "field_missing", "village": "field_missing",
        "members-0-name": "field_missing", "members-0-id_no": "id_length", "income-0-whose": "whose_missing",
        "income-0-kind": "choice_missing", "assets-0-kind": "choice_missing", "assets-0-quantity": "not_a_count",
        "obligors-0-name": "field_missing", "obligors-0-relation": "choice_missing", "pledged_on": "not_a_day",
        "authorised_on": "day_in_future", "phone": "digits_wrong", "single": "single_missing",
    }  # fmt: skip


@pytest.mark.parametrize(("fields", "expected"), [
    ({"members-0-birth": "1950-05-18"}, {"members-0-birth": "id_says_birth"}),
    ({"members-0-sex": "female"}, {"members-0-sex": "id_says_sex"}),
    ({"members-0-disability_kind": "vision"}, {"members-0-disability_level": "disability_both"}),
    ({"members-0-disability_cert": NUMBER + "43", "members-0-disability_level": "1"},
     {"members-0-disability_level": "certificate_differs"}),
    ({"members-0-relation": "son"}, {"members-0-relation": "one_head"}),
    ({"members-1-name": "乙", "members-1-id_no": NUMBER, "members-1-relation": "son"}, {"members-1-id_no": "id_twice"}),
    ({"scheme": "temporary"}, {"requested": "money_empty", "words": "field_missing"}),
    ({"scheme": "temporary", "requested": "0", "words": "火灾"}, {"requested": "amount_missing"}),
    ({"scheme": "tekun"}, {}),
    ({"scheme": "orphan"}, {"single": "single_missing"}),
    ({"scheme": "price_subsidy"}, {"scheme": "choice_missing"}),
    ({"members-0-birth": "1950-05-17", "members-0-sex": "male", "members-0-disability_cert": NUMBER + "43B1"}, {}),
])  # fmt: skip
def test_what_contradicts_is_told(fields, expected):
    assert problems(**fields) == expected


def test_numbers_fill_in_what_nobody_typed_and_nothing_else():
    typed = sheet(
        **{"members-0-disability_cert": NUMBER + "43", "members-1-id_no": NUMBER, "members-1-birth": "1999-01-01"}
    )
    fill_from_numbers(typed)
    first, second = typed.of("members")
    assert (first["birth"], first["sex"], first["disability_kind"], first["disability_level"]) == (
        "1950-05-17",
        "male",
        "limb",
        "3",
    )
    assert second["birth"] == "1999-01-01"


def test_empty_rows_are_no_problem_and_gaps_are_closed_with_their_lines():
    fields = {"members-4-name": "乙", "members-4-id_no": factories.id_number(), "members-4-relation": "son",
              "income-2-whose": "n4", "income-2-kind": "wage", "income-2-amount": "10", "income-0-per": "year",
              "spending-0-whose": "n0", "spending-0-kind": "medical"}  # fmt: skip
    found, wrong = read(sheet(**fields), TODAY)
    assert wrong == []
    assert [len(person.income) for person in found.people] == [0, 1]
    assert found.people[0].spending == ()


def test_a_removed_person_takes_their_place_in_the_lines_along():
    typed = sheet(
        **{
            "members-1-name": "乙",
            "income-0-whose": "n0",
            "income-1-whose": "n1",
            "income-2-whose": "m7",
            "single": "n1",
        }
    )
    typed.remove_row("members", 0)
    assert [line["whose"] for line in typed.of("income")] == ["", "n0", "m7"]
    assert typed["single"] == "n0"


# --- submitting -------------------------------------------------------------------------------------------------------


def test_a_whole_application_is_written_with_its_event_and_history(session, places):
    benefit = submit(session, **{
        "assets-0-kind": "house", "assets-0-area_m2": "80", "assets-1-kind": "deposit", "assets-1-value": "1200.5",
        "obligors-0-name": "王大", "obligors-0-relation": "son", "obligors-0-id_no": factories.id_number(),
        "obligors-0-income_month": "3000", "obligors-0-able": "no", "special": "yes", "causes": "illness",
        "pledged_on": TODAY.isoformat(), "papers": "id_card", "words": "因病致困", "phone": "138 0000 1234",
    })  # fmt: skip
    session.commit()
    home = benefit.household
    assert (benefit.stage, benefit.special, benefit.pledged_on, benefit.authorised_on) == (
        Stage.APPLIED,
        True,
        TODAY,
        None,
    )
    assert (benefit.waiting_role, home.phone, home.persons) == (Role.TOWNSHIP_OFFICER, "13800001234", 1)
    assert session.scalars(select(Asset.value_fen).order_by(Asset.id)).all() == [None, 120_050]
    assert session.scalars(select(Obligor)).one().income_month_fen == 300_000
    assert session.scalars(select(OwedPaper.filed_on)).all() == [TODAY]
    event = session.scalars(select(Event)).one()
    assert (event.action, event.opinion, event.actor_name) == (Action.APPLY, "因病致困", "王")
    told = set(session.scalars(select(AuditEntry.table_name).where(AuditEntry.actor_name == "王")))
    assert told >= {"household", "member", "benefit", "asset", "obligor", "owed_paper", "household_cause"}


def test_one_person_of_a_family_may_apply_alone(session, places):
    fields = {"members-3-name": "乙", "members-3-id_no": factories.id_number(), "members-3-relation": "son"}
    benefit = submit(session, **fields, unit="single", single="n3")
    assert (benefit.unit, benefit.member.name, benefit.persons) == (Unit.SINGLE, "乙", 1)


def test_emergency_aid_asks_for_an_amount_and_waits_for_the_township(session, places):
    benefit = submit(session, scheme="temporary", requested="3000", words="11月2日火灾")
    assert (benefit.scheme, benefit.urgent, benefit.requested_fen) == (Scheme.TEMPORARY, True, 300_000)
    assert benefit.waiting_role is Role.TOWNSHIP_APPROVER


def test_a_refused_application_leaves_nothing_behind(session, places):
    factories.member(
        session, factories.household(session, factories.OTHER_VILLAGE), id_no=NUMBER, birth=date(1950, 5, 17)
    )
    session.commit()
    before = session.scalar(select(func.count(Household.id))), session.scalar(select(func.count(Member.id)))
    with pytest.raises(Problems) as wrong:
        submit(session, village=factories.OTHER_VILLAGE)
    session.rollback()
    assert {(p.field, p.reason.code) for p in wrong.value.problems} == {
        ("village", "not_in_your_division"), ("members-0-id_no", "id_elsewhere"),
    }  # fmt: skip
    assert before == (session.scalar(select(func.count(Household.id))), session.scalar(select(func.count(Member.id))))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER}))
def test_only_the_window_and_the_village_take_applications(session, places, role):
    with pytest.raises(Problems, match="not_your_role"):
        submit(session, actor=Actor(None, "某", role, factories.COUNTY))


def on_file(session) -> SimpleNamespace:
    home = factories.household(session, members=2)
    obligor = Obligor(name="旧", relation=Relation.SON, household_id=home.id)
    obligor.id_no = factories.id_number()
    factories.keep(session, obligor)
    session.commit()
    return SimpleNamespace(home=home, ids=[m.id for m in home.members])


def test_a_family_on_file_keeps_what_the_form_shows_and_loses_what_was_taken_out(session, places):
    kept = on_file(session)
    number = kept.home.obligors[0].id_no
    typed = fresh()
    fill_from_family(typed, kept.home)
    typed.one["address"] = "新址"
    typed.rows["income"] = [{"whose": f"m{kept.ids[1]}", "kind": "wage", "amount": "100", "per": "month"}]
    found, wrong = read(typed, TODAY, kept.ids)
    assert wrong == []
    application.submit(session, WORKER, START, Figures.shipped(), found)
    session.commit()
    assert kept.home.address == "新址"
    assert kept.home.members[1].income[0].year_fen == 120_000
    assert [o.id_no for o in kept.home.obligors] == [number]
    fill_from_family(typed, kept.home)
    assert typed.of("income")[0]["amount"] == "1200.00"


def test_a_family_that_changed_meanwhile_is_told(session, places):
    kept = on_file(session)
    typed = fresh()
    fill_from_family(typed, kept.home)
    kept.home.members[0].name = "改名"
    factories.keep(session, kept.home.members[0])
    found, _ = read(typed, TODAY, kept.ids)
    with pytest.raises(Problems, match="family_changed"):
        application.submit(session, WORKER, START, Figures.shipped(), found)


def test_a_case_that_somebody_else_opened_at_this_moment_is_told_as_such(session, places, monkeypatch):
    kept = on_file(session)
    factories.benefit(session, kept.home)
    session.commit()
    monkeypatch.setattr(evidence, "open_case_no", lambda *args, **more: None)
    typed = fresh()
    fill_from_family(typed, kept.home)
    found, _ = read(typed, TODAY, kept.ids)
    with pytest.raises(Problems, match="case_opened_meanwhile"):
        application.submit(session, WORKER, START, Figures.shipped(), found)


def test_a_case_of_one_person_that_somebody_else_opened_at_this_moment_is_told_as_such(session_any, monkeypatch):
    factories.places(session_any)
    kept = on_file(session_any)
    head = kept.home.members[0]
    factories.benefit(session_any, kept.home, member=head, unit=Unit.SINGLE, persons=1)
    session_any.commit()
    monkeypatch.setattr(evidence, "personal_case_no", lambda *args: None)
    typed = fresh()
    fill_from_family(typed, kept.home)
    typed.one |= {"unit": "single", "single": f"m{head.id}"}
    found, _ = read(typed, TODAY, kept.ids)
    with pytest.raises(Problems, match="case_opened_meanwhile"):
        application.submit(session_any, WORKER, START, Figures.shipped(), found)


def test_a_family_with_an_open_case_is_told_its_number(session, places):
    kept = on_file(session)
    number = factories.benefit(session, kept.home).case_no
    typed = fresh()
    fill_from_family(typed, kept.home)
    found, _ = read(typed, TODAY, kept.ids)
    with pytest.raises(Problems) as wrong:
        application.submit(session, WORKER, START, Figures.shipped(), found)
    assert [(p.field, p.reason.args) for p in wrong.value.problems] == [("scheme", {"case_no": number})]


def test_families_are_found_only_under_the_actor(session, places):
    here = factories.household(session, head_name="刘一手")
    there = factories.household(session, factories.OTHER_VILLAGE, head_name="刘一手")
    assert application.find_families(session, WORKER, "刘一手") == [here]
    assert application.find_families(session, WORKER, there.members[0].id_no) == []
    assert application.find_families(session, WORKER, here.members[0].id_no) == [here]


def test_drafts_are_swept_after_ninety_days(session, places):
    user = factories.user(session, Role.TOWNSHIP_OFFICER)
    actor = Actor(user.id, user.name, user.role, user.division_code)
    drafts.save(session, actor, "application", "", "旧", "{}", START - timedelta(days=91))
    drafts.save(session, actor, "application", "", "新", "{}", START - timedelta(days=90))
    assert drafts.sweep(session, START) == 1
    assert [draft.title for draft in drafts.of(session, actor, "application")] == ["新"]
