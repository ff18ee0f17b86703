"""What the rules ask of some people only, in the application form: written, filled in again, refused where wrong."""

from datetime import date

import pytest

from models import Asset, Household, Member
from policy.figures import Figures
from policy.vocabulary import Absence, CareNeed, DisabilityKind, Mode, StudyLevel, Subject, Tag
from tests import factories
from tests.clock import START
from tests.workflows.test_application import TODAY, WORKER, places, problems, sheet, submit
from workflows import application
from workflows.application_filling import fill_from_family
from workflows.application_reading import read
from workflows.application_sheet import posted
from workflows.assessing import family_of

__all__ = ["places"]
CHILD = factories.id_number(date(2020, 5, 17))
SON = factories.id_number(date(1961, 8, 4))
TWO = {"members-1-name": "小花", "members-1-id_no": CHILD, "members-1-relation": "daughter"}


def test_the_further_facts_of_people_are_written(session, places):
    home = submit(session, **TWO, **{
        "members-0-cares_for": "n1", "members-0-refused_work": "2", "members-0-absence": "prison",
        "members-0-clergy_years_away": "3", "members-0-support_mode": "central", "members-1-needs_care": "infant",
        "members-1-self_care_unmet": "6", "members-1-study": "compulsory", "members-1-study_full_time": "no",
        "tags": "watch",
    }).household  # fmt: skip
    head, child = sorted(home.members, key=lambda m: m.id)
    assert (head.cares_for_id, head.refused_work, head.absence) == (child.id, 2, Absence.PRISON)
    assert (head.clergy_years_away, head.support_mode) == (3, Mode.CENTRAL)
    assert (child.needs_care, child.self_care_unmet) == (CareNeed.INFANT, 6)
    assert (child.study, child.study_full_time) == (StudyLevel.COMPULSORY, False)
    assert [row.tag for row in home.tags] == [Tag.WATCH]


def test_left_out_they_stay_unknown(session, places):
    [head] = submit(session).household.members
    names = ("study", "study_full_time", "cares_for_id", "needs_care", "self_care_unmet", "refused_work", "absence")
    assert [getattr(head, name) for name in names] == [None] * len(names)


OBLIGOR = {
    "obligors-0-name": "王大", "obligors-0-relation": "son", "obligors-0-id_no": SON, "obligors-0-agreed_month": "85",
    "obligors-0-supports": "2", "obligors-0-receives": "dibao", "obligors-0-disability_kind": "limb",
    "obligors-0-disability_level": "2", "obligors-0-property_ok": "no",
}  # fmt: skip


def test_an_obligor_is_written_with_means_and_the_birth_of_the_number(session, places):
    [obligor] = submit(session, **OBLIGOR).household.obligors
    assert (obligor.agreed_month_fen, obligor.supports, obligor.receives) == (8_500, 2, Subject.DIBAO)
    assert (obligor.disability_kind, obligor.disability_level) == (DisabilityKind.LIMB, 2)
    assert (obligor.property_ok, obligor.birth) == (False, date(1961, 8, 4))


def test_a_vehicle_says_whether_it_earns_the_living(session, places):
    typed = {"assets-0-kind": "vehicle", "assets-0-value": "60000", "assets-0-business": "yes"}
    home = submit(session, **typed).household
    assert [(row.value_fen, row.business) for row in home.assets] == [(6_000_000, True)]


def test_the_form_of_a_family_on_file_shows_them_and_sent_as_shown_changes_nothing(session, places):
    typed = {**TWO, **OBLIGOR, "tags": "watch", "assets-0-kind": "vehicle", "assets-0-business": "no"}
    home = submit(session, **typed).household
    kept = {(type(row), row.id) for row in (*home.assets, *home.obligors)}
    shown = posted([("scheme", "temporary"), ("requested", "1"), ("words", "火灾")])
    fill_from_family(shown, home)
    found, wrong = read(shown, TODAY, [m.id for m in home.members])
    assert wrong == [] and found is not None
    assert shown.several["tags"] == ["watch"] and shown.of("obligors")[0]["agreed_month"] == "85.00"
    assert shown.of("assets")[0]["business"] == "no"
    application.submit(session, WORKER, START, Figures.shipped(), found)
    session.expire_all()
    again = session.get_one(Household, home.id)
    assert {(type(row), row.id) for row in (*again.assets, *again.obligors)} == kept
    assert (again.obligors[0].supports, [row.tag for row in again.tags]) == (2, [Tag.WATCH])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"members-0-self_care_unmet": "6"}, {}),
        ({"members-0-self_care_unmet": "7"}, {"members-0-self_care_unmet": "not_a_count"}),
        ({"members-0-cares_for": "n0"}, {"members-0-cares_for": "whose_missing"}),
        ({"members-0-cares_for": "m9"}, {"members-0-cares_for": "whose_missing"}),
        ({**OBLIGOR, "obligors-0-disability_level": ""}, {"obligors-0-disability_level": "disability_both"}),
        ({**OBLIGOR, "obligors-0-supports": "0"}, {"obligors-0-supports": "not_a_count"}),
        ({**OBLIGOR, "obligors-0-receives": "tekun"}, {}),
        ({"members-0-study": "kindergarten"}, {"members-0-study": "choice_missing"}),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(fields, expected):
    assert problems(**fields) == expected


def test_who_is_cared_for_follows_when_a_row_is_taken_out():
    typed = sheet(**TWO, **{
        "members-2-name": "王三", "members-2-id_no": factories.id_number(), "members-2-cares_for": "n1",
    })  # fmt: skip
    typed.remove_row("members", 0)
    assert typed.of("members")[1]["cares_for"] == "n0"


def test_the_calculation_sees_what_the_form_was_told(session, places):
    case = submit(session, **TWO, **{"members-0-cares_for": "n1", "members-1-needs_care": "infant", "tags": "disaster"})
    session.expire_all()
    family = family_of(case, TODAY)
    head, child = family.members
    assert head.cares_for == child.ref and child.needs_care is CareNeed.INFANT and Tag.DISASTER in family.tags
    assert isinstance(session.get(Member, int(child.ref[1:])), Member) and session.query(Asset).count() == 0
