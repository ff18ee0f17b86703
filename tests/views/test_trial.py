"""Trial calculation: a family without a case, what each scheme comes to for it, what changed, and nothing kept."""

import html
import io
import json
import re

import pytest
from sqlalchemy import func, select

from models import Base
from policy.facts_json import read_family
from policy.family import Family
from policy.vocabulary import Role
from tests.signing_in import settle
from views.trial_back import sheet_of
from views.trial_examples import example, examples
from views.trial_facts import facts_of, read
from views.trial_form import MOST_ROWS, fresh, posted
from views.trial_words import PLACES

BEFORE = re.compile(r'name="before" value="([^"]*)"')
ERROR = re.compile(r'id="([\w-]+)-wrong"><span>([^<]+)')
FORM = re.compile(r'<(?:input|select)[^>]* name="([\w-]+)"')


@pytest.fixture(scope="module")
def standing(stand):
    return stand(settle)


@pytest.fixture
def clerk(standing):
    return standing.as_("township_officer")


def a_family(**fields: object) -> dict[str, object]:
    """Two people in 珙县, one of whom earns 200 元 a month; the rural standard tried is 380 元."""
    return {
        "place": "511526", "on": "2020-07-01", "area": "rural",
        "members-0-relation": "head", "members-0-birth": "1970-05-17", "members-0-cohabiting": "yes",
        "members-1-relation": "spouse", "members-1-birth": "1972-01-02", "members-1-cohabiting": "yes",
        "income-0-whose": "n0", "income-0-kind": "business", "income-0-amount": "200", "income-0-per": "month",
        "figures-0-key": "dibao.standard.rural", "figures-0-value": "380", **fields,
    }  # fmt: skip


def send(clerk, act: str = "calculate", status: int = 200, **fields: object) -> str:
    answer = clerk.post("/trial/", data={**a_family(**fields), "act": act}, content_type="multipart/form-data")
    assert answer.status_code == status, answer.status
    return answer.get_data(as_text=True)


def before_of(page: str) -> str:
    return html.unescape(BEFORE.search(page)[1])


def scheme(page: str, code: str) -> str:
    """The part of the page about one scheme, without markup around words."""
    return re.sub(r"\s+", " ", page.partition(f'id="scheme-{code}"')[2].partition('class="card scheme"')[0])


def value(page: str, name: str) -> str:
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


def test_a_family_sees_for_each_of_five_schemes_yes_or_no_the_amount_and_why(clerk):
    page = send(clerk)
    assert re.findall(r'id="scheme-(\w+)"', page) == ["dibao", "tekun", "temporary", "edge", "rigid"]
    dibao = scheme(page, "dibao")
    assert "符合条件" in dibao and "每月 560.00 元" in dibao  # 380 × 2 − 200
    assert "380.00 × 2 − 200.00" in dibao and "试算值" in dibao and "<cite>" in dibao
    assert "不符合条件" in scheme(page, "tekun")
    assert "rigid" in page and "没有有效参数" in scheme(page, "rigid")  # the class began in 2025


def test_the_price_subsidy_is_shown_where_prices_are_given(clerk):
    assert 'id="scheme-price_subsidy"' in send(clerk, cpi="3.6", food_cpi="2")
    assert 'id="scheme-price_subsidy"' not in send(clerk)


def test_one_fact_changed_marks_the_lines_that_changed_with_the_old_value(clerk):
    first = send(clerk)
    assert "有变化" not in first
    second = send(clerk, **{"income-0-amount": "300", "before": before_of(first)})
    dibao = scheme(second, "dibao")
    assert "每月 460.00 元" in dibao and "原为 560.00" in dibao
    assert '<li class="changed">' in dibao and "有变化" in dibao
    assert "380.00 × 2 − 200.00" in dibao  # what the line was
    third = send(clerk, **{"income-0-amount": "300", "before": before_of(second)})
    assert "与上次试算相比没有变化" in third and "有变化</span>" not in third


def test_a_line_that_came_and_one_that_went_are_marked_in_words(clerk):
    first = send(clerk)
    second = send(clerk, **{"income-0-amount": "900", "before": before_of(first)})  # 450 a head: over the standard
    dibao = scheme(second, "dibao")
    assert "不符合条件" in dibao and "原为 符合条件" in dibao
    assert 'class="mark added">新增' in dibao and 'class="mark removed">已不适用' in dibao


def test_a_scheme_that_could_not_be_calculated_before_is_marked_as_new(clerk):
    first = send(clerk)
    second = send(clerk, on="2026-03-02", before=before_of(first), **{"income-0-amount": "900"})
    assert "没有有效参数" in scheme(first, "rigid")
    assert "原为 —" in scheme(second, "rigid") and "新增" in scheme(second, "rigid")


def test_place_and_day_are_switched(clerk):
    first = send(clerk, **{"figures-0-key": "", "figures-0-value": ""})
    assert "310.00 元" in scheme(first, "dibao")
    second = send(clerk, **{"figures-0-key": "", "figures-0-value": "", "place": "533103", "on": "2021-12-01"})
    assert "397.50 元" in scheme(second, "dibao")


def test_the_places_are_the_five_shipped_ones_and_the_townships_of_the_county(clerk):
    page = clerk.get("/trial/").get_data(as_text=True)
    shown = dict(
        re.findall(r'<option value="(\d+)"[^>]*>([^<]+)', page.partition('id="place"')[2].partition("</select")[0])
    )
    assert set(PLACES) <= set(shown)
    assert "511526100" in shown


def test_every_example_is_calculated_at_once_and_every_place_has_one(clerk):
    names = [name for name, _ in examples()]
    assert {example(name)["place"] for name in names} == set(PLACES)
    for name in names:
        answer = clerk.get("/trial/", query_string={"example": name})
        assert answer.status_code == 200
        assert answer.get_data(as_text=True).count('id="scheme-') >= 5
    assert clerk.get("/trial/", query_string={"example": "nowhere"}).status_code == 200


def test_no_example_knows_a_name_or_a_number_of_a_person():
    kept = json.dumps([example(name) for name, _ in examples()], ensure_ascii=False)
    assert not re.search(r"\d{17}|[\u4e00-\u9fff]", kept)


def test_neither_a_name_nor_an_id_number_is_asked(clerk):
    asked = {name.rpartition("-")[2] for name in FORM.findall(clerk.get("/trial/").get_data(as_text=True))}
    assert asked and not asked & {"name", "id_no", "phone", "address", "head_name"}


def test_what_is_wrong_stands_beside_its_field_in_chinese_and_nothing_typed_is_lost(clerk):
    page = send(clerk, status=422, **{
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


def test_what_a_row_leaves_unsaid_is_asked_for(clerk):
    page = send(clerk, status=422, **{
        "members-1-relation": "", "income-0-whose": "", "spending-0-whose": "n0", "spending-0-amount": "5",
        "figures-0-value": "",
    })  # fmt: skip
    assert set(dict(ERROR.findall(page))) == {
        "members-1-relation", "income-0-whose", "spending-0-kind", "figures-0-value",
    }  # fmt: skip


def test_a_birth_after_the_day_of_the_calculation_is_refused(clerk):
    assert dict(ERROR.findall(send(clerk, status=422, **{"members-1-birth": "2020-07-02"}))).keys() == {
        "members-1-birth"
    }
    send(clerk, **{"members-1-birth": "2020-07-01"})


@pytest.mark.parametrize(
    ("day", "status"), [("1989-12-31", 422), ("1990-01-01", 200), ("2100-12-31", 200), ("2101-01-01", 422)]
)
def test_a_day_far_from_now_is_refused(clerk, day, status):
    births = {"members-0-birth": "", "members-1-birth": ""}
    assert ("on" in dict(ERROR.findall(send(clerk, status=status, on=day, **births)))) is (status == 422)


def test_a_figure_of_one_word_is_chosen_with_its_word(clerk):
    page = send(clerk, **{"figures-0-key": "dibao.amount_rule=tier", "figures-0-value": "", "tier": "B"})
    assert "分档" in scheme(page, "dibao")
    refused = send(clerk, status=422, **{"figures-0-key": "dibao.amount_rule=guess", "figures-0-value": ""})
    assert [name for name, _ in ERROR.findall(refused)] == ["figures-0-key"]


def test_a_figure_that_no_place_has_is_named(clerk):
    page = send(clerk, place="65", **{"figures-0-key": "", "figures-0-value": ""})
    assert "没有有效值" in scheme(page, "dibao") and "dibao.standard" not in scheme(page, "dibao")


def test_rows_are_added_and_removed_without_script_and_the_result_stays(clerk):
    page = send(clerk)
    more = send(clerk, act="", add_row="members", before=before_of(page))
    assert 'name="members-2-relation"' in more and 'id="scheme-dibao"' in more
    less = send(clerk, act="", remove_row="members-0", before=before_of(page))
    assert 'name="members-1-relation"' not in less
    assert re.search(
        r'name="income-0-whose"[^>]*><option value="">[^<]*</option><option value="n0">', less
    )  # now nobody's


def test_a_removed_person_is_marked_by_the_same_name(clerk):
    first = send(clerk)
    refs = re.findall(r'name="members-\d-ref" value="(m\d+)"', first)
    without = {name: text for name, text in a_family().items() if not str(name).startswith("members-0")}
    sent = {**without, "members-1-ref": refs[1], "income-0-whose": "n1", "before": before_of(first), "act": "calculate"}
    page = clerk.post("/trial/", data=sent).get_data(as_text=True)
    assert re.search(r'<tr class="removed"><th scope="row">户主', page)


def test_what_is_typed_is_limited_in_rows_and_length(clerk):
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


@pytest.mark.parametrize(
    "before", ["", "{", "[]", '{"place": 5}', "[" * 30_000, '{"place":"22","on":"9999-12-31","scheme":"dibao"}']
)
def test_a_page_that_no_longer_says_what_was_calculated_marks_nothing(clerk, before):
    page = send(clerk, before=before)
    assert "与上次试算相比" not in page


def test_the_facts_are_taken_along_as_a_file_and_read_back_the_same(clerk):
    answer = clerk.post("/trial/", data={**a_family(), "act": "download"})
    assert answer.mimetype == "application/json" and "attachment" in answer.headers["Content-Disposition"]
    told = json.loads(answer.data)
    assert read_family(told).members[0].income[0].year_fen == 240_000
    page = send(clerk, act="upload", file=(io.BytesIO(answer.data), "facts.json"))
    assert "每月 560.00 元" in scheme(page, "dibao")
    assert json.loads(before_of(page)) == told


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "没有家庭情况"), (b"\xff\xfe", "没有家庭情况"), (b"[1, 2]", "没有家庭情况"),
     (b"[" * 100_000, "没有家庭情况"),
     (b'{"place": "22", "on": "2020-01-01", "scheme": "dibao", "colour": 1}', "colour"),
     (b'{"place": "22", "on": "2020-01-01", "scheme": "dibao", "members": [{"birth": 1.5}]}', "members[0].birth"),
     (b'{"place": "22", "on": "2020-01-01", "scheme": "dibao", "members": ' + json.dumps(
         [{"ref": f"m{n}"} for n in range(30)]).encode() + b"}", "行数超过")],
)  # fmt: skip
def test_a_file_that_holds_no_family_is_refused_in_words_and_what_was_typed_stays(clerk, content, why):
    page = send(clerk, act="upload", status=422, file=(io.BytesIO(content), "facts.json"), deposits="77")
    assert why in page.partition('role="alert"')[2].partition("</div>")[0]
    assert value(page, "deposits") == "77"


def test_nothing_is_kept_in_the_database(standing, clerk):
    def rows() -> dict[str, int]:
        tables = Base.metadata.tables.items()
        return standing.read(
            lambda session: {n: session.scalar(select(func.count()).select_from(t)) for n, t in tables}
        )

    before = rows()
    send(clerk)
    send(clerk, act="", add_row="members")
    clerk.get("/trial/")
    assert rows() == before


@pytest.mark.parametrize("role", Role)
def test_every_office_role_may_try_and_administrators_may_not(standing, role):
    answer = standing.as_(role.value).get("/trial/")
    assert answer.status_code == (403 if role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN) else 200)


def whole_family() -> dict[str, object]:
    """A family that says something in every field."""
    return {
        "place": "511526", "on": "2021-08-01", "scheme": "dibao", "area": "urban", "unit": "single", "tier": "B",
        "figures": {"dibao.standard": "700", "single.classes": ["elderly", "limb_2"], "grace.cause": "any"},
        "tags": ["covid", "fupin"],
        "members": [
            {"ref": "m1", "relation": "head", "birth": "1965-03-02", "sex": "male", "cohabiting": False,
             "student": {"level": "bachelor", "full_time": False}, "disability": {"kind": "limb", "level": 2},
             "illness": "major", "labour": "partial", "employed": False, "refused_work": 2, "cares_for": "m2",
             "self_care_unmet": 3, "in_prison": True, "missing": True, "clergy_years_away": 3,
             "compulsory_rehab": True, "mode": "central",
             "income": [{"kind": "wage", "amount": "9600.50", "per": "year"}],
             "spending": [{"kind": "medical", "amount": 30, "per": "week"}]},
            {"ref": "m2", "relation": "parent", "needs_care": "elder", "employed": True,
             "income": [{"kind": "pension_basic", "amount": "105"}]},
        ],
        "obligors": [{"relation": "child", "household_income": 4500, "per": "month", "household_size": 3, "supports": 2,
                      "class": "edge", "age": 60, "disability": {"kind": "mental", "level": 3}, "property_ok": False,
                      "agreed": "100", "paid": "50", "able": False}],
        "property": {"deposits": "1", "securities": "2", "houses": 1, "house_area": 80, "companies": 1,
                     "vehicles": [{"kind": "boat", "value": "600", "business": True}]},
        "conduct": {"pledge": False, "authorised": False, "cooperates": False, "dishonest_until": "2022-01-01"},
        "event": {"kind": "fire", "loss": "1", "own_cost": "2", "degree": "light", "urgent": True, "requested": "3"},
        "current": {"scheme": "edge", "monthly": "480", "since": "2018-01", "income_rose_because": "aid",
                    "wants_to_leave": True},
        "prices": {"cpi": "0.9", "food_cpi": "-2.3"},
    }  # fmt: skip


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


def test_an_untouched_form_holds_the_head_and_no_empty_rows():
    family, problems = read(facts_of(fresh("511526", "2020-07-01")))
    assert problems == [] and [person.relation for person in family.members] == ["head"]
    assert family.members[0].income == ()


def test_a_figure_of_one_word_from_a_file_stands_chosen_in_the_form():
    rows = sheet_of(whole_family()).of("figures")
    assert {"key": "grace.cause=any", "value": ""} in rows
    assert {"key": "single.classes", "value": "elderly, limb_2"} in rows


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


def test_a_disability_adds_the_two_subsidies_with_yes_or_no_the_amount_and_why(clerk):
    page = send(clerk, **LIMB_1, **SUBSIDY, **{"members-1-unmet": "4"})
    care, living = scheme(page, "care_subsidy"), scheme(page, "living_subsidy")
    assert "每月 80.00 元" in care and "国发〔2015〕52号" in care
    assert "不符合条件" in living and "不在最低生活保障等规定的困难家庭中" in living


@pytest.mark.parametrize(
    "receives", [{"current": "dibao", "monthly": "300"}, {"held-0-scheme": "dibao", "held-0-monthly": "300"}]
)
def test_beside_dibao_the_living_subsidy_is_given(clerk, receives):
    page = send(clerk, **LIMB_1, **SUBSIDY, **receives)
    assert "每月 100.00 元" in scheme(page, "living_subsidy")


def test_a_child_nobody_raises_is_topped_up_to_the_orphan_s_rate_and_is_no_orphan(clerk):
    whole = scheme(send(clerk, **CHILD), "unsupported_child")
    assert "每月 1,000.00 元" in whole and "民发〔2019〕62号" in whole
    beside = {"held-0-scheme": "dibao", "held-0-monthly": "600", "held-0-persons": "2"}
    page = send(clerk, **CHILD, **beside)
    assert "每月 700.00 元" in scheme(page, "unsupported_child")
    assert "不符合条件" in scheme(page, "orphan") and "没有死亡、被宣告失踪或者查找不到" in scheme(page, "orphan")


def test_of_two_children_each_has_its_own_answer(clerk):
    second = {
        name.replace("members-1", "members-2"): text for name, text in CHILD.items() if name.startswith("members-1")
    } | {"members-2-mother": "dead", "members-2-cohabiting": "yes"}  # fmt: skip
    page = send(clerk, **CHILD, **second)
    found = re.findall(r'id="scheme-((?:orphan|unsupported_child)[\w-]*)"', page)
    assert found == ["unsupported_child-m2", "orphan-m2", "unsupported_child-m3", "orphan-m3"]
    assert "每月 1,000.00 元" in scheme(page, "orphan-m3") and "不符合条件" in scheme(page, "orphan-m2")


def test_what_changes_of_a_person_s_scheme_is_marked(clerk):
    first = send(clerk, **CHILD)
    page = send(clerk, **CHILD | {"members-1-mother": "able"}, before=before_of(first))
    assert "不符合条件" in scheme(page, "unsupported_child") and "mark changed" in scheme(page, "unsupported_child")


def test_a_wrong_day_of_a_parent_and_a_wrong_aid_are_told_beside_their_fields(clerk):
    page = send(
        clerk,
        status=422,
        **CHILD | {"members-1-mother_since": "gestern", "held-0-scheme": "dibao", "held-0-monthly": "viel"},
    )
    assert {name for name, _ in ERROR.findall(page)} >= {"members-1-mother_since", "held-0-monthly"}


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
