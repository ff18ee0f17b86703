"""Facts of a trial go out as a file, come back the same, and go through the form unchanged."""

import io
import json

import pytest

from policy.facts_json import read_family
from policy.family import Family
from tests.views.trying import a_family, before_of, scheme, send, value, whole_family
from views.trial_back import sheet_of
from views.trial_examples import example, examples
from views.trial_facts import facts_of, read
from views.trial_form import posted


def test_the_facts_are_taken_along_as_a_file_and_read_back_the_same(officer):
    answer = officer.post("/trial/", data={**a_family(), "act": "download"})
    assert answer.mimetype == "application/json" and "attachment" in answer.headers["Content-Disposition"]
    told = json.loads(answer.data)
    assert read_family(told).members[0].income[0].year_fen == 240_000
    page = send(officer, act="upload", file=(io.BytesIO(answer.data), "facts.json"))
    assert "每月 560.00 元" in scheme(page, "dibao")
    assert json.loads(before_of(page)) == told


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "没有家庭情况"), (b"\xff\xfe", "没有家庭情况"), (b"[1, 2]", "没有家庭情况"),
     (b"[" * 100_000, "没有家庭情况"),
     (b'{"place": "22", "on": "2020-01-01", "scheme": "dibao", "tags": ["\\ud800"]}', "没有家庭情况"),
     (b'{"place": "22", "on": "2020-01-01", "scheme": "dibao", "colour": 1}', "colour"),
     (b'{"place": "22", "on": "2020-01-01", "scheme": "dibao", "members": [{"birth": 1.5}]}', "members[0].birth"),
     (b'{"place": "22", "on": "2020-01-01", "scheme": "dibao", "members": ' + json.dumps(
         [{"ref": f"m{n}"} for n in range(30)]).encode() + b"}", "行数超过")],
)  # fmt: skip
def test_a_file_that_holds_no_family_is_refused_in_words_and_what_was_typed_stays(officer, content, why):
    page = send(officer, act="upload", status=422, file=(io.BytesIO(content), "facts.json"), deposits="77")
    assert why in page.partition('role="alert"')[2].partition("</div>")[0]
    assert value(page, "deposits") == "77"


def through_the_form(told: dict[str, object]) -> Family:
    sheet = sheet_of(told)
    typed = [(name, text) for name, text in sheet.one.items()]
    typed += [(name, text) for name, texts in sheet.several.items() for text in texts]
    typed += [(f"{group}-{at}-{name}", text) for group, rows in sheet.rows.items() for at, row in enumerate(rows)
              for name, text in row.items() if text]  # fmt: skip
    family, problems = read(facts_of(posted(typed)))
    assert problems == []
    return family


def test_every_fact_goes_through_the_form_and_comes_out_the_same():
    assert through_the_form(whole_family()) == read_family(whole_family())


@pytest.mark.parametrize("name", [name for name, _ in examples()])
def test_an_example_goes_through_the_form_unchanged(name):
    assert through_the_form(example(name)) == read_family(example(name))


def test_a_ref_that_may_be_a_name_is_replaced():
    told = {"place": "22", "on": "2020-01-01", "scheme": "dibao",
            "members": [{"ref": "张三", "cares_for": "m1"}, {"ref": "m1"}]}  # fmt: skip
    family = through_the_form(told)
    assert [(person.ref, person.cares_for) for person in family.members] == [("m2", "m1"), ("m1", None)]


def test_a_figure_of_one_word_from_a_file_stands_chosen_in_the_form():
    rows = sheet_of(whole_family()).of("figures")
    assert {"key": "grace.cause=any", "value": ""} in rows
    assert {"key": "single.classes", "value": "elderly, limb_2"} in rows


def test_parents_and_aid_in_force_come_back_from_a_file_as_they_were():
    told = {
        "scheme": "dibao", "place": "511526", "on": "2020-07-01",
        "members": [{
            "relation": "head", "ref": "m1", "birth": "2012-05-01",
            "parents": [{"kind": "mother", "state": "prison", "since": "2019-06-01", "until": "2030-06-01"}],
        }],
        "held": [{"scheme": "living_subsidy", "monthly": "100.00", "persons": 1, "ref": "m1"}],
    }  # fmt: skip
    family, problems = read(facts_of(sheet_of(told)))
    assert (family, problems) == (read_family(told), [])
