"""A family in need that somebody met is handed in with few words, and looked into within the place's days."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Lead
from policy.calendar import add_working_days
from policy.figures import Figures
from policy.vocabulary import Role
from tests import factories
from tests.clock import START
from tests.workflows import refusals
from workflows import leads
from workflows.actor import Actor
from workflows.leads import Found
from workflows.rounds import group_of

FIGURES = Figures.shipped()
FOUND = Found("王五", factories.VILLAGE, "3组", "独居，卧病在床", "13800000000")


@pytest.fixture
def worker(session):
    factories.places(session)
    user = factories.user(session, role=Role.VILLAGE_WORKER, division_code=factories.VILLAGE)
    return Actor(user.id, user.name, user.role, user.division_code)


def refused(session, actor, **changes):
    return set(refusals.refused(leads.hand_in, session, actor, replace(FOUND, **changes), START, FIGURES))


def test_what_was_seen_is_kept_sealed_and_falls_due_within_five_working_days(session, worker):
    lead = leads.hand_in(session, worker, FOUND, START, FIGURES)
    session.commit()
    kept = session.get(Lead, lead.id)
    assert "卧病在床" in kept.detail and "13800000000" in kept.detail
    assert "卧病在床".encode() not in kept.detail_sealed
    assert (kept.state, kept.village_code, kept.why) == ("open", factories.VILLAGE, "found")
    assert kept.due_on == add_working_days(START.date(), 5)


def test_every_reason_against_is_told_at_once(session, worker):
    wrong = refused(session, worker, name=" ", words="病", village_code="", phone="12a")
    assert wrong == {"lead_name_missing", "lead_words_missing", "lead_village_missing", "lead_phone_wrong"}


@pytest.mark.parametrize(
    ("phone", "right"),
    [("123456", False), ("1234567", True), ("123456789012", True), ("1234567890123", False), ("", True)],
)
def test_a_phone_number_has_seven_to_twelve_digits(session, worker, phone, right):
    found = replace(FOUND, phone=phone)
    if right:
        assert leads.hand_in(session, worker, found, START, FIGURES).id
    else:
        assert refused(session, worker, phone=phone) == {"lead_phone_wrong"}


def test_nobody_hands_in_for_a_village_that_is_not_theirs(session, worker):
    assert refused(session, worker, village_code="511526101201") == {"lead_village_missing"}


def test_an_auditor_reads_and_hands_in_nothing(session):
    auditor = Actor(5, "审计", Role.AUDITOR, "511526")
    assert refused(session, auditor) == {"not_your_role"}


@pytest.mark.parametrize(
    ("address", "group"),
    [("白果村3组12号", 3), ("白果村三组", 3), ("十组", 10), ("十二组5号", 12), ("二十一社", 21),
     ("12号", None), ("", None)],
)  # fmt: skip
def test_the_group_is_read_from_the_address(address, group):
    assert group_of(address) == group


@given(st.integers(1, 999))
def test_any_group_in_figures_is_read(number):
    assert group_of(f"新村{number}组") == number


def test_the_day_comes_from_the_figures_of_the_place():
    assert leads.due_on(factories.VILLAGE, date(2026, 3, 2), FIGURES) == date(2026, 3, 9)
