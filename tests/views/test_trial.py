"""Trial calculation: what each scheme comes to for a family without a case, what changed, and nothing kept."""

import json
import re

import pytest
from sqlalchemy import func, select

from models import Base
from policy.vocabulary import Role
from tests.views.trying import before_of, scheme, send
from views.trial_examples import example, examples
from views.trial_words import PLACES


def test_a_family_sees_for_each_of_five_schemes_yes_or_no_the_amount_and_why(officer):
    page = send(officer)
    assert re.findall(r'id="scheme-(\w+)"', page) == ["dibao", "tekun", "temporary", "edge", "rigid"]
    dibao = scheme(page, "dibao")
    assert "符合条件" in dibao and "每月 560.00 元" in dibao  # 380 × 2 − 200
    assert "380.00 × 2 − 200.00" in dibao and "试算值" in dibao and "<cite>" in dibao
    assert "不符合条件" in scheme(page, "tekun")
    assert "rigid" in page and "没有有效参数" in scheme(page, "rigid")  # the class began in 2025


def test_the_price_subsidy_is_shown_where_prices_are_given(officer):
    assert 'id="scheme-price_subsidy"' in send(officer, cpi="3.6", food_cpi="2")
    assert 'id="scheme-price_subsidy"' not in send(officer)


def test_one_fact_changed_marks_the_lines_that_changed_with_the_old_value(officer):
    first = send(officer)
    assert "有变化" not in first
    second = send(officer, **{"income-0-amount": "300", "before": before_of(first)})
    dibao = scheme(second, "dibao")
    assert "每月 460.00 元" in dibao and "原为 560.00" in dibao
    assert '<li class="changed">' in dibao and "有变化" in dibao
    assert "380.00 × 2 − 200.00" in dibao  # what the line was
    third = send(officer, **{"income-0-amount": "300", "before": before_of(second)})
    assert "与上次试算相比没有变化" in third and "有变化</span>" not in third


def test_a_line_that_came_and_one_that_went_are_marked_in_words(officer):
    first = send(officer)
    second = send(officer, **{"income-0-amount": "900", "before": before_of(first)})  # 450 a head: over the standard
    dibao = scheme(second, "dibao")
    assert "不符合条件" in dibao and "原为 符合条件" in dibao
    assert 'class="mark added">新增' in dibao and 'class="mark removed">已不适用' in dibao


def test_a_scheme_that_could_not_be_calculated_before_is_marked_as_new(officer):
    first = send(officer)
    second = send(officer, on="2026-03-02", before=before_of(first), **{"income-0-amount": "900"})
    assert "没有有效参数" in scheme(first, "rigid")
    assert "原为 —" in scheme(second, "rigid") and "新增" in scheme(second, "rigid")


def test_place_and_day_are_switched(officer):
    first = send(officer, **{"figures-0-key": "", "figures-0-value": ""})
    assert "310.00 元" in scheme(first, "dibao")
    second = send(officer, **{"figures-0-key": "", "figures-0-value": "", "place": "533103", "on": "2021-12-01"})
    assert "397.50 元" in scheme(second, "dibao")


def test_the_places_are_the_five_shipped_ones_and_the_townships_of_the_county(officer):
    page = officer.get("/trial/").get_data(as_text=True)
    shown = dict(
        re.findall(r'<option value="(\d+)"[^>]*>([^<]+)', page.partition('id="place"')[2].partition("</select")[0])
    )
    assert set(PLACES) <= set(shown)
    assert "511526100" in shown


def test_every_example_is_calculated_at_once_and_every_place_has_one(officer):
    names = [name for name, _ in examples()]
    assert {example(name)["place"] for name in names} == set(PLACES)
    for name in names:
        answer = officer.get("/trial/", query_string={"example": name})
        assert answer.status_code == 200
        assert answer.get_data(as_text=True).count('id="scheme-') >= 5
    assert officer.get("/trial/", query_string={"example": "nowhere"}).status_code == 200


def test_no_example_knows_a_name_or_a_number_of_a_person():
    kept = json.dumps([example(name) for name, _ in examples()], ensure_ascii=False)
    assert not re.search(r"\d{17}|[\u4e00-\u9fff]", kept)


@pytest.mark.parametrize(
    "before", ["", "{", "[]", '{"place": 5}', "[" * 30_000, '{"place":"22","on":"9999-12-31","scheme":"dibao"}']
)
def test_a_page_that_no_longer_says_what_was_calculated_marks_nothing(officer, before):
    page = send(officer, before=before)
    assert "与上次试算相比" not in page


def test_nothing_is_kept_in_the_database(small, officer):
    def rows() -> dict[str, int]:
        tables = Base.metadata.tables.items()
        return small.read(lambda session: {n: session.scalar(select(func.count()).select_from(t)) for n, t in tables})

    before = rows()
    send(officer)
    send(officer, act="", add_row="members")
    officer.get("/trial/")
    assert rows() == before


@pytest.mark.parametrize("role", Role)
def test_every_office_role_may_try_and_administrators_may_not(small, role):
    answer = small.as_(role.value).get("/trial/")
    assert answer.status_code == (403 if role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN) else 200)
