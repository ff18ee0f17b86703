"""The form of trial calculation: what is asked, what is refused beside its field, rows without script."""

import re

import pytest

from tests.views.trying import ERROR, a_family, before_of, scheme, send, value
from views.trial_facts import facts_of, read
from views.trial_form import MOST_ROWS, fresh, posted

FORM = re.compile(r'<(?:input|select)[^>]* name="([\w-]+)"')


def test_neither_a_name_nor_an_id_number_is_asked(officer):
    asked = {name.rpartition("-")[2] for name in FORM.findall(officer.get("/trial/").get_data(as_text=True))}
    assert asked and not asked & {"name", "id_no", "phone", "address", "head_name"}


def test_what_is_wrong_stands_beside_its_field_in_chinese_and_nothing_typed_is_lost(officer):
    page = send(officer, status=422, **{
        "on": "2020-7-1", "income-0-amount": "many", "members-1-birth": "2020-02-30", "members-0-level": "9",
        "members-0-disability": "limb", "houses": "1.5", "figures-0-value": "-5", "cpi": "x",
    })  # fmt: skip
    errors = dict(ERROR.findall(page))
    assert set(errors) == {
        "on", "income-0-amount", "members-1-birth", "members-0-level", "houses", "figures-0-value", "cpi",
    }  # fmt: skip
    assert "有效日期" in errors["on"] and "有效金额" in errors["income-0-amount"]
    assert (
        value(page, "income-0-amount") == "many" and value(page, "on") == "2020-7-1" and value(page, "houses") == "1.5"
    )
    assert page.count('href="#income-0-amount"') == 1 and "收入 1 · 金额" in page


def test_what_a_row_leaves_unsaid_is_asked_for(officer):
    page = send(officer, status=422, **{
        "members-1-relation": "", "income-0-whose": "", "spending-0-whose": "n0", "spending-0-amount": "5",
        "figures-0-value": "",
    })  # fmt: skip
    assert set(dict(ERROR.findall(page))) == {
        "members-1-relation", "income-0-whose", "spending-0-kind", "figures-0-value",
    }  # fmt: skip


def test_a_birth_after_the_day_of_the_calculation_is_refused(officer):
    assert dict(ERROR.findall(send(officer, status=422, **{"members-1-birth": "2020-07-02"}))).keys() == {
        "members-1-birth"
    }
    send(officer, **{"members-1-birth": "2020-07-01"})


@pytest.mark.parametrize(
    ("day", "status"), [("1989-12-31", 422), ("1990-01-01", 200), ("2100-12-31", 200), ("2101-01-01", 422)]
)
def test_a_day_far_from_now_is_refused(officer, day, status):
    births = {"members-0-birth": "", "members-1-birth": ""}
    assert ("on" in dict(ERROR.findall(send(officer, status=status, on=day, **births)))) is (status == 422)


def test_a_figure_of_one_word_is_chosen_with_its_word(officer):
    page = send(officer, **{"figures-0-key": "dibao.amount_rule=tier", "figures-0-value": "", "tier": "B"})
    assert "分档" in scheme(page, "dibao")
    refused = send(officer, status=422, **{"figures-0-key": "dibao.amount_rule=guess", "figures-0-value": ""})
    assert [name for name, _ in ERROR.findall(refused)] == ["figures-0-key"]


def test_a_figure_that_no_place_has_is_named(officer):
    page = send(officer, place="65", **{"figures-0-key": "", "figures-0-value": ""})
    assert "没有有效值" in scheme(page, "dibao") and "dibao.standard" not in scheme(page, "dibao")


def test_rows_are_added_and_removed_without_script_and_the_result_stays(officer):
    page = send(officer)
    more = send(officer, act="", add_row="members", before=before_of(page))
    assert 'name="members-2-relation"' in more and 'id="scheme-dibao"' in more
    less = send(officer, act="", remove_row="members-0", before=before_of(page))
    assert 'name="members-1-relation"' not in less
    assert re.search(
        r'name="income-0-whose"[^>]*><option value="">[^<]*</option><option value="n0">', less
    )  # now nobody's


def test_a_removed_person_is_marked_by_the_same_name(officer):
    first = send(officer)
    refs = re.findall(r'name="members-\d-ref" value="(m\d+)"', first)
    without = {name: text for name, text in a_family().items() if not str(name).startswith("members-0")}
    sent = {**without, "members-1-ref": refs[1], "income-0-whose": "n1", "before": before_of(first), "act": "calculate"}
    page = officer.post("/trial/", data=sent).get_data(as_text=True)
    assert re.search(r'<tr class="removed"><th scope="row">户主', page)


def test_what_is_typed_is_limited_in_rows_and_length(officer):
    rows = {f"members-{at}-relation": "child" for at in range(60)}
    sheet = posted({**rows, "deposits": "1" * 5000}.items())
    assert len(sheet.of("members")) == MOST_ROWS["members"]
    assert len(sheet["deposits"]) == 100
    for _ in range(60):
        sheet.add_row("vehicles")
    assert len(sheet.of("vehicles")) == MOST_ROWS["vehicles"]
    sheet.add_row("nothing")
    sheet.remove_row("vehicles", 99)
    assert "nothing" not in sheet.rows and len(sheet.of("vehicles")) == MOST_ROWS["vehicles"]


def test_an_untouched_form_holds_the_head_and_no_empty_rows():
    family, problems = read(facts_of(fresh("511526", "2020-07-01")))
    assert problems == [] and [person.relation for person in family.members] == ["head"]
    assert family.members[0].income == ()
