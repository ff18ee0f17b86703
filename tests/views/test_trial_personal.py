"""A disabled person or a child in trial calculation: their subsidies beside those of the family."""

import re

import pytest

from tests.views.trying import ERROR, before_of, scheme, send

LIMB_1 = {"members-1-disability": "limb", "members-1-level": "1"}
CHILD = {
    "members-1-relation": "child", "members-1-birth": "2012-05-01", "members-1-father": "dead",
    "members-1-father_since": "2019-03-01", "members-1-mother": "lost_contact", "members-1-mother_since": "2019-06-01",
    "figures-1-key": "orphan.amount.home", "figures-1-value": "1000",
}  # fmt: skip
SUBSIDY = {
    "figures-1-key": "living_subsidy.amount", "figures-1-value": "100",
    "figures-2-key": "care_subsidy.amount.1", "figures-2-value": "80",
}  # fmt: skip


def test_a_disability_adds_the_two_subsidies_with_yes_or_no_the_amount_and_why(officer):
    page = send(officer, **LIMB_1, **SUBSIDY, **{"members-1-unmet": "4"})
    care, living = scheme(page, "care_subsidy"), scheme(page, "living_subsidy")
    assert "每月 80.00 元" in care and "国发〔2015〕52号" in care
    assert "不符合条件" in living and "不在最低生活保障等规定的困难家庭中" in living


@pytest.mark.parametrize(
    "receives", [{"current": "dibao", "monthly": "300"}, {"held-0-scheme": "dibao", "held-0-monthly": "300"}]
)
def test_beside_dibao_the_living_subsidy_is_given(officer, receives):
    page = send(officer, **LIMB_1, **SUBSIDY, **receives)
    assert "每月 100.00 元" in scheme(page, "living_subsidy")


def test_a_child_nobody_raises_is_topped_up_to_the_orphan_s_rate_and_is_no_orphan(officer):
    whole = scheme(send(officer, **CHILD), "unsupported_child")
    assert "每月 1,000.00 元" in whole and "民发〔2019〕62号" in whole
    beside = {"held-0-scheme": "dibao", "held-0-monthly": "600", "held-0-persons": "2"}
    page = send(officer, **CHILD, **beside)
    assert "每月 700.00 元" in scheme(page, "unsupported_child")
    assert "不符合条件" in scheme(page, "orphan") and "没有死亡、被宣告失踪或者查找不到" in scheme(page, "orphan")


def test_of_two_children_each_has_its_own_answer(officer):
    second = {
        name.replace("members-1", "members-2"): text for name, text in CHILD.items() if name.startswith("members-1")
    } | {"members-2-mother": "dead", "members-2-cohabiting": "yes"}  # fmt: skip
    page = send(officer, **CHILD, **second)
    found = re.findall(r'id="scheme-((?:orphan|unsupported_child)[\w-]*)"', page)
    assert found == ["unsupported_child-m2", "orphan-m2", "unsupported_child-m3", "orphan-m3"]
    assert "每月 1,000.00 元" in scheme(page, "orphan-m3") and "不符合条件" in scheme(page, "orphan-m2")


def test_what_changes_of_a_person_s_scheme_is_marked(officer):
    first = send(officer, **CHILD)
    page = send(officer, **CHILD | {"members-1-mother": "able"}, before=before_of(first))
    assert "不符合条件" in scheme(page, "unsupported_child") and "mark changed" in scheme(page, "unsupported_child")


def test_a_wrong_day_of_a_parent_and_a_wrong_aid_are_told_beside_their_fields(officer):
    page = send(
        officer,
        status=422,
        **CHILD | {"members-1-mother_since": "gestern", "held-0-scheme": "dibao", "held-0-monthly": "viel"},
    )
    assert {name for name, _ in ERROR.findall(page)} >= {"members-1-mother_since", "held-0-monthly"}
