"""In English a calculation says its lines, reasons and advice in English; clauses and sources stay as cited."""

import ast
import re

import pytest
from flask import render_template_string, session

from policy.assess import assess
from policy.facts_json import read_family
from policy.figures import Figures
from tests.policy.worked import examples
from tests.tree import ROOT
from tests.views.languages import CHINESE, Said
from views.finding_english import in_english, listed

PAGE = """{% import 'panel/finding.html' as found with context -%}
<main lang="en">{{ found.finding(result, none, names) }}</main>"""
ROWS = {
    "lines": ("label", "formula", "value"), "reasons": ("text",), "advice": ("text",), "dates": ("text",),
    "members": ("why",), "income": ("why",), "obligors": ("why",), "property": ("why",),
}  # fmt: skip
ELSEWHERE = {
    "book", "capitals", "clauses", "figures", "figure_rows", "letter_fields", "letters", "money", "paper_numbers",
    "deadlines", "calculation_words",
}  # fmt: skip
"""Modules that write nothing on a calculation but its sources, or write papers."""
CITED = re.compile(r"〔\d{4}〕|第\d+号|^第[一-鿿、]+条$|^[一二三四]+(（[一二三四]）)?(政策衔接)?$|^《.*》")


def said(finding):
    """Every text of a finding in words of the rules."""
    for rows, fields in ROWS.items():
        for row in finding[rows]:
            yield from (row[field] for field in fields if row[field])


@pytest.mark.parametrize("file", sorted({one.file for one in examples()}))
def test_every_worked_example_is_told_in_english(file):
    left = set()
    for example in (one for one in examples() if one.file == file):
        family = read_family(example.facts)
        own = sorted((person.ref for person in family.members if CHINESE.search(person.ref)), key=len, reverse=True)
        for text in said(assess(family, Figures.shipped()).as_json()):
            for number, ref in enumerate(own):
                text = text.replace(ref, f"m{number}")
            if CHINESE.search(in_english(text)):
                left.add(text)
    assert left == set()


def _pieces(path):
    """The Chinese texts that a module of the rules puts together, without what it cites."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value.strip() if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if id(node) not in docs and CHINESE.search(text) and not CITED.search(text):
            yield text


def test_every_word_of_the_rules_stands_in_the_list():
    plain, patterns = listed()
    told = [*plain, *(pattern.words.pattern.replace("\\", "").replace("(.+?)", "\0") for pattern in patterns)]
    left = {
        f"{path.stem}: {piece}" for path in (ROOT / "policy").glob("*.py") if path.stem not in ELSEWHERE
        for piece in _pieces(path) if not any(piece in text for text in told)
    }  # fmt: skip
    assert left == set()


def test_words_within_words_and_joined_texts_are_told_whole():
    assert in_english("基本生活标准（集中供养，m2）") == "Basic living (in a home, m2)"
    two = "m2本人月收入900.00元，不低于低保标准800.00元；在监狱服刑，不予供养"
    assert in_english(two) == (
        "m2: own income of 900.00 yuan a month is not below the standard of 800.00 yuan; "
        "serves a prison sentence: not supported"
    )
    each = "{}本人月收入900.00元，不低于低保标准800.00元"
    assert in_english("；".join((each.format("m2"), each.format("m3")))) == (
        "m2: own income of 900.00 yuan a month is not below the standard of 800.00 yuan; "
        "m3: own income of 900.00 yuan a month is not below the standard of 800.00 yuan"
    )
    assert in_english("（900.00 − 800.00 × 2）× 25%") == "(900.00 − 800.00 × 2) × 25%"


def test_below_is_never_told_as_not_below():
    assert in_english("人均月收入600.00元低于低保标准717.00元") == (
        "Income of 600.00 yuan a head a month is below the standard of 717.00 yuan"
    )
    assert "is not below 1.5 times" in in_english("人均月收入1,200.00元不低于低保标准717.00元的1.5倍")


def test_what_the_list_does_not_know_stays_as_it_was_written():
    assert in_english("早先的说法，m2、m3（甲）") == "早先的说法，m2、m3（甲）"


def test_a_page_in_english_says_people_by_name_and_marks_what_is_cited(app):
    family = read_family(next(one for one in examples() if one.file == "gongxian.toml").facts)
    result = assess(family, Figures.shipped()).as_json()
    names = {person.ref: "刘长明" for person in family.members}
    with app.test_request_context():
        session["lang"] = "en"
        page = render_template_string(PAGE, result=result, names=names)
    assert "刘长明" in page and '<span lang="zh-CN">' in page
    left = [text for text in Said(page, "en").texts if CHINESE.search(text.replace("刘长明", ""))]
    assert left == []
