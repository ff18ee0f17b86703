"""The page kit: what a screen reader, a keyboard and a phone find in its parts."""

from collections.abc import Callable
from datetime import date, datetime
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired

from policy.vocabulary import Scheme, Stage
from tests.tree import ROOT
from views.formats import init_formats, time_left
from views.i18n import init_i18n

KIT = "{% import 'panel/kit.html' as kit %}"
Show = Callable[..., "Page"]


class Page(HTMLParser):
    """The elements of some HTML: (name, attributes) in order, and all its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.html = html
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every element of that name."""
        return [attributes for name, attributes in self.elements if name == tag]

    def by_id(self, wanted: str) -> dict[str, str | None]:
        """Attributes of the one element of that id."""
        [found] = [attributes for _, attributes in self.elements if attributes.get("id") == wanted]
        return found


class Person(FlaskForm):
    """One field of each kind."""

    name = StringField("Name", [InputRequired("Enter the name.")], description="As on the card")
    id_no = StringField("Number")
    sex = RadioField("Sex", choices=["m", "f"])
    kind = SelectField("Kind", choices=["a"])
    agreed = BooleanField("Agreed")


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("kit", root_path=str(ROOT / "views"))
    app.config.update(SECRET_KEY="test", TESTING=True, WTF_CSRF_TIME_LIMIT=None)
    for wire in (Bootstrap5, CSRFProtect, init_i18n, init_formats):
        wire(app)
    return app


@pytest.fixture
def show(app: Flask) -> Show:
    def render(template: str, **values: object) -> Page:
        with app.test_request_context():
            return Page(render_template_string(KIT + template, **values))

    return render


@pytest.fixture
def form(app: Flask):
    with app.test_request_context(method="POST", data={"id_no": "1"}):
        form = Person(meta={"csrf": False})
        form.validate()
        yield form


# --- facts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fen", "shown"), [(0, "0.00"), (79000, "790.00"), (112005, "1,120.05"), (-6000, "-60.00"), (None, "—")]
)
def test_money_is_yuan_with_two_decimals(show, fen, shown):
    assert show("{{ kit.money(fen) }}", fen=fen).text == shown


@pytest.mark.parametrize(
    ("scheme", "stage", "word"),
    [
        (Scheme.DIBAO, Stage.GRACE, "渐退期"), (Scheme.DIBAO, Stage.ACTIVE, "在享"),
        (Scheme.DIBAO, Stage.EXITED, "已退出"),
        (Scheme.TEMPORARY, Stage.APPROVAL, "待确认"), (Scheme.TEMPORARY, Stage.ACTIVE, "待发放"),
        (Scheme.TEMPORARY, Stage.EXITED, "已办结"),
    ],
)  # fmt: skip
def test_a_stage_says_its_name_in_the_word_of_its_scheme(show, scheme, stage, word):
    case = SimpleNamespace(scheme=scheme, stage=stage)
    assert show("{{ kit.stage_tag(case) }}", case=case).text == word


@pytest.mark.parametrize(
    ("due", "kind", "says"),
    [
        (date(2021, 8, 18), "working", "还剩 11 个工作日"),
        (date(2021, 8, 18), "calendar", "还剩 15 天"),
        (date(2021, 8, 3), "working", "今天到期"),
        (date(2021, 8, 4), "working", "还剩 1 个工作日"),
        (date(2021, 8, 2), "working", "已超期 1 个工作日"),
        (date(2021, 7, 30), "working", "已超期 2 个工作日"),
        (date(2021, 7, 30), "calendar", "已超期 4 天"),
    ],
)
def test_time_left_names_its_unit_and_lateness_in_words(show, due, kind, says):
    page = show("{{ kit.days_left(due, today, kind) }}", due=due, today=date(2021, 8, 3), kind=kind)
    assert page.text.startswith(says)


@pytest.mark.parametrize(
    ("due", "today", "says"),
    [(date(2021, 8, 7), date(2021, 8, 6), "8月7日到期"), (date(2021, 8, 6), date(2021, 8, 7), "已超期")],
)
def test_a_weekend_between_is_not_called_zero_days(show, due, today, says):
    assert show("{{ kit.days_left(due, today) }}", due=due, today=today).text.startswith(says)


def test_time_left_tells_date_unit_and_clause_to_who_reaches_it_with_the_keyboard(show):
    page = show("{{ kit.days_left(due, today, cite='第二十一条') }}", due=date(2021, 8, 18), today=date(2021, 8, 3))
    assert page.all("span")[0]["tabindex"] == "0"
    assert page.text.endswith("8月18日前（11 个工作日，不含节假日） 第二十一条")


@pytest.mark.parametrize(
    ("due", "says"),
    [
        (date(2020, 12, 31), "2020年12月31日前"),
        (date(2021, 12, 31), "12月31日前"),
        (date(2022, 1, 1), "2022年1月1日前"),
    ],
)
def test_a_day_of_another_year_is_told_with_its_year(show, due, says):
    told = show("{{ kit.days_left(due, today, 'calendar') }}", due=due, today=date(2021, 8, 3)).text
    assert says in told and ("年" in told) == ("年" in says)


def test_time_left_is_told_in_the_language_of_the_page(app):
    said = []
    for language in ("zh_Hans_CN", "en", "zh_Hans_CN"):
        with app.test_request_context(), force_locale(language):
            said.append(time_left(date(2021, 8, 18), date(2021, 8, 3)).text)
    assert said == ["还剩 11 个工作日", "11 working days left", "还剩 11 个工作日"]


def test_the_stepper_marks_where_the_case_stands(show):
    page = show("{{ kit.steps([{'label': 'a', 'state': 'done'}, {'label': 'b', 'state': 'here'}, {'label': 'c'}]) }}")
    assert [item.get("aria-current") for item in page.all("li")] == [None, "step", None]
    assert "已完成" in page.text


def test_bars_have_their_numbers_as_a_table(show):
    page = show("{{ kit.bar_list([{'label': 'a', 'value': 3, 'of': 4}], 'Done') }}")
    assert page.all("th")[0]["scope"] == "row"
    assert page.all("progress")[0] | {"tabindex": None} == {"max": "4", "value": "3", "tabindex": None}


# --- lists -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("order", "said"), [("asc", "ascending"), ("desc", "descending"), ("", None)])
def test_a_column_head_says_its_order(show, order, said):
    head = show("{{ kit.th('Name', '?sort=name', order) }}", order=order).all("th")[0]
    assert (head["scope"], head.get("aria-sort")) == ("col", said)


def test_cells_carry_their_label_for_a_phone(show):
    page = show("{{ kit.table('People', ['Name', {'label': 'Age', 'num': true}], [['A', 5]]) }}")
    assert [cell.get("data-label") for cell in page.all("td")] == [None, "Age"]
    assert page.all("caption")


def test_an_end_of_the_list_offers_no_further_page(show):
    page = show("{{ kit.pager(3, 3, prev_url='?page=2', sizes=[(20, '#'), (50, '?size=50')], size=20) }}")
    assert [link.get("href") for link in page.all("a")] == ["?page=2", "?size=50"]


def test_the_search_box_posts_so_that_no_number_enters_an_address(show):
    page = show("{{ kit.search_box('/search', hotkey='/') }}")
    assert page.all("form")[0]["method"] == "post"
    assert page.all("input")[0]["name"] == "csrf_token"


# --- forms -----------------------------------------------------------------------------------------------------------


def test_a_wrong_field_is_tied_to_its_error_and_its_help(show, form):
    page = show("{{ kit.field(form.name) }}", form=form)
    field = page.by_id("name")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"].split() == ["name-wrong", "name-help"]
    assert page.by_id("name-wrong") and page.by_id("name-help") and page.all("label")[0]["for"] == "name"
    assert "Enter the name." in page.text


def test_a_field_in_order_claims_no_error(show, form):
    field = show("{{ kit.field(form.id_no, kind='id') }}", form=form).by_id("id_no")
    assert "aria-invalid" not in field
    assert field["maxlength"] == "18"


def test_radios_are_a_group_with_a_legend(show, form):
    page = show("{{ kit.field(form.sex) }}", form=form)
    assert page.all("fieldset") and page.all("legend") and len(page.all("label")) == 2


@pytest.mark.parametrize("name", ["kind", "agreed", "id_no", "name"])
def test_every_field_lies_in_or_at_its_label(show, form, name):
    page = show("{{ kit.field(field) }}", field=form[name])
    assert page.all("label")


@pytest.mark.parametrize(
    ("kind", "keyboard"), [("money", "decimal"), ("account", "numeric"), ("phone", "tel"), ("count", "numeric")]
)
def test_a_phone_brings_up_the_right_keyboard(show, kind, keyboard):
    assert show("{{ kit.input('x', 'X', kind=kind) }}", kind=kind).all("input")[0]["inputmode"] == keyboard


@pytest.mark.parametrize("part", ["input", "textarea"])
def test_what_was_typed_comes_back_as_text(show, part):
    page = show("{{ kit[part]('x', 'X', '\"><script>alert(1)</script>', error='Wrong') }}", part=part)
    assert not page.all("script")


def test_the_summary_of_errors_links_to_each_field(show, form):
    page = show("{{ kit.form_errors(form) }}", form=form)
    assert page.all("div")[0]["role"] == "alert"
    assert "#name" in [link["href"] for link in page.all("a")]


def test_a_form_without_errors_has_no_summary(show):
    assert show("{{ kit.error_summary([]) }}").elements == []


def test_the_choice_of_last_time_is_marked(show):
    page = show("{{ kit.radios_large('roof', 'Roof', [('a', 'Good'), ('b', 'Bad')], 'b', same='b') }}")
    assert "与上次一致" in page.text
    assert [box["value"] for box in page.all("input") if "checked" in box] == ["b"]


def test_repeated_rows_bring_an_empty_one_for_the_script(show):
    page = show(
        "{% call(i, row) kit.repeat('m', [{'n': 'A'}], {'n': ''}, 'Member', 'Add') %}"
        "{{ kit.input('m-%s-n'|format(i), 'Name', row.n) }}{% endcall %}"
    )
    assert [box["name"] for box in page.all("input")] == ["m-0-n", "m-__i__-n"]
    assert len(page.all("template")) == 1


# --- acts ------------------------------------------------------------------------------------------------------------

UNLAWFUL = {
    "id": "notice",
    "label": "Post",
    "lawful": False,
    "reasons": [{"text": "One surveyor is missing", "url": "/visit", "link": "Record", "who": "Township officer"}],
}


def test_an_unlawful_act_stays_reachable_and_tells_its_reasons(show):
    page = show("{{ kit.action_button(action) }}", action=UNLAWFUL)
    [button] = page.all("button")
    assert button["aria-disabled"] == "true" and "disabled" not in button
    assert page.by_id(button["aria-describedby"]) is not None
    assert page.all("a")[0]["href"] == "/visit"
    assert "One surveyor is missing" in page.text and "Township officer" in page.text


def test_a_lawful_act_opens_its_dialog_also_without_script(show):
    page = show("{{ kit.action_button({'id': 'x', 'label': 'Do', 'lawful': true, 'dialog': 'ask-x'}) }}")
    assert page.all("a")[0]["href"] == "#ask-x"


def test_lawful_acts_come_before_the_others(show):
    lawful = {"id": "x", "label": "Accept", "lawful": True, "url": "/x"}
    text = show("{{ kit.actions(items) }}", items=[UNLAWFUL, lawful]).text
    assert text.index("Accept") < text.index("Post")


def test_a_dialog_is_named_and_carries_its_token_and_hidden_values(show):
    page = show("{% call kit.dialog('d', 'Title', '/x', 'Do it', hidden={'version': 3}) %}…{% endcall %}")
    assert page.by_id(page.all("dialog")[0]["aria-labelledby"]) is not None
    hidden = {box["name"]: box["value"] for box in page.all("input")}
    assert hidden["version"] == "3" and hidden["csrf_token"]
    assert "open" not in page.all("dialog")[0]


def test_a_refused_dialog_comes_back_open_with_every_reason(show):
    page = show("{% call kit.dialog('d', 'T', '/x', 'Do', errors=['First', 'Second']) %}…{% endcall %}")
    assert "open" in page.all("dialog")[0]
    assert "First" in page.text and "Second" in page.text


def test_a_full_number_is_asked_for_with_a_reason(show):
    page = show("{{ kit.reveal_button('****1234', '/reveal', [('check', 'Check')], 'Chen') }}")
    assert page.all("form")[0]["method"] == "post"
    assert page.all("select")[0]["name"] == "reason"


def test_what_only_one_side_changed_is_preselected(show):
    row = {"label": "Address", "name": "address", "base": "1", "theirs": "1", "mine": "2", "keep": "mine"}
    page = show("{{ kit.conflict_table([row], 'Wang') }}", row=row)
    assert [box["value"] for box in page.all("input") if "checked" in box] == ["mine"]


# --- frames ----------------------------------------------------------------------------------------------------------

NAV = [{"label": "Today", "items": [{"label": "Desk", "url": "/", "count": 6, "current": True}]}]
SHELL = {"user": "Li", "role": "Officer", "logout_url": "/out", "search_url": "/s", "typist": "3-511526"}


def test_a_page_has_language_skip_link_heading_and_one_main(show, app):
    with app.test_request_context():
        html = render_template_string("{% extends 'panel/layout.html' %}{% block heading %}Desk{% endblock %}", nav=NAV)
    page = Page(html)
    assert page.all("html")[0]["lang"] == "zh-CN"
    assert page.all("a")[0]["href"] == "#main"
    assert len(page.all("main")) == len(page.all("h1")) == 1
    assert "<title>Desk · 兜底</title>" in html


def test_the_menu_marks_the_page_and_works_on_a_phone_without_script(app):
    with app.test_request_context():
        page = Page(render_template_string("{% extends 'panel/layout.html' %}", nav=NAV, shell=SHELL))
    links = [link for link in page.all("a") if link["href"] == "/" and "class" not in link]
    assert {link.get("aria-current") for link in links} == {"page"}
    assert page.all("details")


def test_leaving_and_choosing_a_language_are_posted(app):
    with app.test_request_context():
        page = Page(render_template_string("{% extends 'panel/layout.html' %}", nav=NAV, shell=SHELL))
    methods = {form["action"]: form["method"] for form in page.all("form")}
    assert methods == dict.fromkeys(["/s", "/language", "/out"], "post")


@pytest.mark.parametrize("layout", ["panel/layout.html", "panel/layout_plain.html"])
def test_a_page_appears_before_anything_is_known_of_its_reader(app, layout):
    with app.test_request_context():
        assert "<main" in render_template_string("{% extends layout %}", layout=layout)


@pytest.mark.parametrize(("category", "role"), [("message", "status"), ("success", "status"), ("error", "alert")])
def test_messages_are_announced(app, category, role):
    with app.test_request_context():
        from flask import flash

        flash("Done", category)
        page = Page(render_template_string("{% extends 'panel/layout.html' %}"))
    assert [box["role"] for box in page.all("div") if "say" in box.get("class", "")] == [role]


def test_a_printed_page_says_case_person_and_time(app):
    printed = {"case_no": "C-1", "by": "Li", "at": datetime(2021, 8, 3, 10, 5)}
    with app.test_request_context():
        html = render_template_string("{% extends 'panel/print.html' %}", printed=printed)
    root = Page(html).all("html")[0]
    assert root["data-case"] == "案号 C-1"
    assert root["data-printed"] == "打印人 Li　打印时间 2021-08-03 10:05"


def test_an_opinion_leaves_room_for_signatures_seal_and_date(app):
    with app.test_request_context():
        text = render_template_string("{% import 'panel/kit/paper.html' as paper %}{{ paper.opinion('Opinion') }}")
    for part in ("经办人（签字）", "负责人（签字）", "（盖章）", "年　　月　　日"):
        assert part in text


def test_a_document_number_stands_in_hexagonal_brackets(app):
    with app.test_request_context():
        text = render_template_string("{% import 'panel/kit/paper.html' as p %}{{ p.number('巡民救', 2021, 12) }}")
    assert text == "巡民救〔2021〕12号"
