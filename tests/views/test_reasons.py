"""Every reason of every workflow is a sentence, says who can act, and leads to a place that exists."""

import ast
import re
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import pytest

import views
from policy.vocabulary import Action, Outcome, Role, Scheme, Source, Stage
from tests.tree import ROOT
from views import reasons
from views.clearing import CLEARED_BY, FIELDS, PLACES
from views.reasons import SENTENCES, sentence
from views.step_asks import ASKS, OF_SCHEME, ask_of, asked_of
from workflows.machine import RULES
from workflows.reason import Reason

TEMPLATES = ROOT / "views" / "templates" / "panel"
ARGUMENTS = {
    "action": Action.CONFIRM, "stage": Stage.REVIEW, "roles": (Role.TOWNSHIP_OFFICER,), "role": Role.COUNTY_APPROVER,
    "case_no": "511526100-2026-00001", "due": date(2026, 8, 18), "until": date(2026, 8, 18), "n": 2, "have": 1,
    "sources": (Source.BANK,), "near_relative": True, "complaint": True, "before": 79000, "limit": 300000, "least": 3,
    "most": 12, "day": date(2026, 8, 18), "now": 2, "calculated": 51000, "outcome": Outcome.GRACE,
    "scheme": Scheme.TEMPORARY,
}  # fmt: skip


@cache
def codes() -> dict[str, set[str]]:
    """Every code that the workflows give as a literal, with the names of its arguments."""
    found: dict[str, set[str]] = {}
    for file in sorted((ROOT / "workflows").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason" and node.args:
                for code in literals(node.args[0]):
                    found.setdefault(code, set()).update(word.arg for word in node.keywords if word.arg)
    return found


def literals(node: ast.expr) -> list[str]:
    return [leaf.value for leaf in ast.walk(node) if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)]


@pytest.fixture
def speaking(app, clock):
    with app.test_request_context():
        yield


def test_the_walk_finds_the_codes_of_the_machine():
    assert {"two_surveyors", "notice_not_over", "key_reused"} <= set(codes())


def known() -> set[str]:
    """Codes that some page family or command has a sentence for."""
    modules = [import_module(f"views.{name.name}") for name in iter_modules(views.__path__)]
    return {code for module in modules for code in getattr(module, "SENTENCES", {}) if isinstance(code, str)}


def test_what_a_family_says_of_its_refusals_is_found_wherever_they_are_shown():
    for name in reasons.FAMILIES:
        for code, text in import_module(f"views.{name}").SENTENCES.items():
            found = SENTENCES.get(code) or reasons.ELSEWHERE.get(code) or reasons._of_families().get(code)
            assert found is text, f"views/{name}.py: {code} is said otherwise elsewhere"


def test_every_reason_has_a_sentence():
    sentences = known()
    # A code that is put together ("id_" + what is wrong) is known when some sentence begins so.
    silent = [
        c for c in codes() if not (c in sentences or (c.endswith("_") and any(k.startswith(c) for k in sentences)))
    ]
    assert not silent, f"no page has a sentence for {silent}; views/reasons.py holds those of cases"


def test_every_sentence_fits_its_arguments_and_is_chinese(speaking):
    said = sorted(set(codes()) & set(SENTENCES))
    assert len(said) > len(SENTENCES) / 2
    for code in said:
        text = sentence(Reason(code, **{name: ARGUMENTS.get(name, "…") for name in codes()[code]}))
        assert "%(" not in text and re.search(r"[一-鿿]", text) and not re.search(r"None|Role\.|Stage\.", text), text


def test_dates_read_as_month_and_day_and_as_a_year_too_when_it_is_another(speaking):
    assert "8月18日期满" in sentence(Reason("notice_not_over", until=date(2026, 8, 18)))
    assert "2027年1月3日期满" in sentence(Reason("notice_not_over", until=date(2027, 1, 3)))


def test_amounts_read_in_yuan(speaking):
    assert "3,000.00 元" in sentence(Reason("above_township_limit", limit=300000))


def test_why_the_county_must_visit_is_named(speaking):
    assert "近亲属备案" in sentence(Reason("county_visit_missing", near_relative=True, complaint=False))
    assert "投诉" in sentence(Reason("county_visit_missing", near_relative=False, complaint=True))


def test_what_clears_a_reason_is_a_step_with_a_dialog():
    steps = {action for actions in CLEARED_BY.values() for action in actions}
    assert steps <= {action for action in Action if asked_of(action)}


def test_every_place_a_reason_leads_to_stands_on_the_case_page():
    page = "".join(file.read_text(encoding="utf-8") for file in sorted(TEMPLATES.glob("case*.html")))
    standing = set(re.findall(r"id='(\w+)'", page))
    assert set(PLACES.values()) - {"steps"} <= standing and 'id="steps"' in page


def test_every_field_a_reason_points_to_is_asked_for_somewhere():
    assert set(FIELDS.values()) <= {name for action in Action for ask in asked_of(action) for name in ask.fields}


def test_every_step_of_a_person_has_a_dialog_and_none_besides():
    pressed = {
        (scheme, rule.action)
        for rule in RULES
        if rule.roles and not rule.in_batch
        for scheme in rule.schemes
        if rule.action not in (Action.APPLY, Action.TAKE_OVER)
    }
    assert all(ask_of(scheme, action) for scheme, action in pressed)
    assert set(OF_SCHEME) <= pressed and set(ASKS) <= {action for _, action in pressed}
