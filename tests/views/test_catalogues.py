"""The Chinese catalogue is whole: every message of the panel, every word of the law."""

import ast
import os
import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir

from policy import vocabulary
from policy.figure_keys import KNOWN_KEYS
from tests.tree import ROOT
from views import i18n
from views.i18n import CatalogueClash, compile_catalogue, fragments, merge
from workflows.exchange.export import BOOKS, ROSTERS
from workflows.exchange.layouts import LAYOUTS

KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "_n": (1, 2),
    "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
PLACE = re.compile(r"%\((\w+)\)[sd]")
SOURCES = [("**.py", "python"), ("**.html", "jinja2")]


def _used() -> dict[tuple[str, str | None], str]:
    """Each message id in views and templates, with where it stands."""
    found = extract_from_dir(ROOT / "views", SOURCES, keywords=KEYWORDS)
    return {
        (message if isinstance(message, str) else message[0], context): f"views/{path}:{line}"
        for path, line, message, _comments, context in found
    }


def _words() -> set[str]:
    kinds = (kind for kind in vars(vocabulary).values() if isinstance(kind, type))
    return {word.label for kind in kinds if issubclass(kind, vocabulary.Word) for word in kind}


def _texts() -> Iterator[str]:
    """Every text in the code below the panel, which the panel translates: kinds, reasons, refused numbers."""
    for layer in ("views", "workflows", "policy"):
        for path in (ROOT / layer).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield from (x.value for x in ast.walk(tree) if isinstance(x, ast.Constant) and isinstance(x.value, str))


@cache
def _messages() -> list[Message]:
    return [message for message in merge(fragments()) if message.id]


def _first(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


@cache
def _translated() -> set[tuple[str, str | None]]:
    return {(_first(m.id), m.context) for m in _messages() if _first(m.string)}


def test_every_message_of_the_panel_has_its_chinese():
    missing = {f"{place}: {key[0]}" for key, place in _used().items() if key not in _translated()}
    assert missing == set()


def test_every_word_of_the_vocabulary_has_its_chinese():
    assert {word for word in _words() if (word, None) not in _translated()} == set()


def test_every_figure_has_a_chinese_name():
    assert {key.label for key in KNOWN_KEYS.values() if (key.label, None) not in _translated()} == set()


def test_every_sheet_that_is_read_or_written_has_a_chinese_name():
    names = {sheet.label_en for sheet in LAYOUTS} | {sheet.layout.label_en for sheet in ROSTERS.values()}
    names |= {book.label_en for book in BOOKS.values()}
    assert {name for name in names if (name, None) not in _translated()} == set()


def test_nothing_is_translated_that_nobody_says():
    said = {id for id, _ in _used()} | _words() | {key.label for key in KNOWN_KEYS.values()} | set(_texts())
    samples = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "views" / "trial_families").iterdir())
    unsaid = {_first(m.id) for m in _messages()} - said
    assert {message for message in unsaid if message not in samples} == set()


def test_no_translation_is_a_guess():
    assert [m.id for m in _messages() if m.fuzzy] == []


def test_a_translation_names_the_same_places_as_its_message():
    wrong = []
    for message in _messages():
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = set(PLACE.findall(" ".join(ids)))
        wrong += [_first(message.id) for text in strings if set(PLACE.findall(text)) - wanted]
        wrong += [_first(message.id) for text in strings if wanted - set(PLACE.findall(text)) - {"num"}]
    assert wrong == []


def test_a_percent_sign_stands_in_no_message_but_for_a_place():
    # Templates format every message, so a bare % would fail there.
    texts = [text for m in _messages() for text in (_first(m.id), _first(m.string))]
    assert [text for text in texts if "%" in PLACE.sub("", text).replace("%%", "")] == []


def test_two_fragments_may_not_translate_one_message_differently(tmp_path):
    for name, chinese in (("a", "在享"), ("b", "享受")):
        (tmp_path / f"{name}.po").write_text(f'msgid ""\nmsgstr ""\n\nmsgid "Receiving"\nmsgstr "{chinese}"\n', "utf-8")
    with pytest.raises(CatalogueClash, match=r"Receiving.*a.po and b.po"):
        merge(sorted(tmp_path.glob("*.po")))


@pytest.fixture
def target(tmp_path, monkeypatch):
    """Where the catalogue of one fragment, written a while ago, is compiled to."""
    (tmp_path / "a.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Receiving"\nmsgstr "在享"\n', "utf-8")
    os.utime(tmp_path / "a.po", (2_000_000, 2_000_000))
    monkeypatch.setattr(i18n, "FRAGMENTS", tmp_path)
    return tmp_path / "LC_MESSAGES" / "messages.mo"


def test_the_catalogue_is_compiled_once(target):
    assert compile_catalogue(target)
    assert not compile_catalogue(target)
    assert sorted(path.name for path in target.parent.iterdir()) == ["messages.mo", "messages.of"]


@pytest.mark.parametrize("written", [1_000_000, 3_000_000, 4_000_000_000], ids=["older", "newer", "in the future"])
def test_the_catalogue_of_other_fragments_is_compiled_anew_whenever_those_were_written(target, written):
    assert compile_catalogue(target)
    fragment = target.parents[1] / "a.po"
    fragment.write_text(fragment.read_text("utf-8").replace("在享", "享受"), "utf-8")
    os.utime(fragment, (written, written))
    assert compile_catalogue(target) and "享受".encode() in target.read_bytes()
    assert not compile_catalogue(target)


def test_a_fragment_that_came_or_went_is_heeded(target):
    assert compile_catalogue(target)
    more = target.parents[1] / "b.po"
    more.write_text('msgid ""\nmsgstr ""\n\nmsgid "Ended"\nmsgstr "终止"\n', "utf-8")
    assert compile_catalogue(target) and "终止".encode() in target.read_bytes()
    more.unlink()
    assert compile_catalogue(target) and "终止".encode() not in target.read_bytes()


def test_a_catalogue_that_was_lost_is_compiled_again_and_everybody_may_read_it(target):
    compile_catalogue(target)
    target.unlink()
    assert compile_catalogue(target)
    assert os.name == "nt" or all(file.stat().st_mode & 0o444 == 0o444 for file in target.parent.iterdir())


NEVER_ONE = ("%(n)s payments are left", "%(have)s lines are more", "%(n)s times", "%(age)s years", "%(most)s months",
             "%(n)s figures are only", "%(n)s rows were changed")  # fmt: skip
"""Said of two at least, of many by nature, or of a figure that may be 1.5."""


def test_a_number_of_things_is_said_of_one_thing_too():
    bare = re.compile(r"%\(\w+\)s [a-z]+s( (was|were|is|are) .*)?")
    odd = [
        m.id for m in _messages() if isinstance(m.id, str) and bare.fullmatch(m.id) and not m.id.startswith(NEVER_ONE)
    ]
    assert odd == []


def test_whoever_works_with_the_panel_is_not_addressed_as_letters_address_a_family():
    polite = [m.string for m in _messages() if "您" in _first(m.string) and "“您”" not in _first(m.string)]
    assert polite == []


OTHER_WORDS = {
    "第二因素": "动态验证码", "双因素": "动态验证码", "操作记录": "修改记录", "授予岗位": "授予角色",
    "审批": "确认", "致贫": "困难",
}  # fmt: skip
"""What is not said, and what is said for it."""
OF_THE_LAW = ("审批机关", "审批表", "一次审批")


def test_one_thing_has_one_chinese_word():
    found = []
    for message in _messages():
        told = _first(message.string)
        for known in OF_THE_LAW:
            told = told.replace(known, "")
        found += [(word, told) for word in OTHER_WORDS if word in told]
    assert found == []


CHINESE_SIGNS = re.compile(r"[、，：；（）]")
OF_CHINESE_TEXT = ("finding_english.py", "help.py", "relatives_pasted.py", "trial_facts.py")
"""They read or translate Chinese texts."""


def _signs_in_code() -> Iterator[str]:
    for path in sorted((ROOT / "views").rglob("*.py")):
        if path.name.startswith("papers") or path.name in OF_CHINESE_TEXT:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, DOCUMENTED) and _documented(node)}
        yield from (
            f"{path.name}:{one.lineno} {one.value}" for one in ast.walk(tree)
            if isinstance(one, ast.Constant) and id(one) not in told and CHINESE_SIGNS.search(str(one.value))
        )  # fmt: skip


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def _documented(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> bool:
    return ast.get_docstring(node, clean=False) is not None


def _signs_in_templates() -> Iterator[str]:
    for path in sorted((ROOT / "views/templates").rglob("*.html")):
        if "papers" in path.parts or path.name in ("paper.html", "print.html"):
            continue
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        yield from (
            f"{path.name}: {found}" for found in re.findall(rf".{{0,30}}{CHINESE_SIGNS.pattern}.{{0,20}}", text)
        )


def test_words_are_put_together_with_the_signs_of_the_readers_language():
    assert [*_signs_in_code(), *_signs_in_templates()] == []
