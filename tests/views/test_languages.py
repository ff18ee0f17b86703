"""No page speaks two languages: in English nothing is left Chinese but data and law, in Chinese nothing is English."""

import re
import tomllib
from functools import cache

import pytest
from babel.messages.pofile import read_po

from policy.figures import read_pages
from policy.vocabulary import Role
from tests.browser.county import addresses, settle
from tests.tree import ROOT
from tests.views.languages import CHINESE, Said, data_of, without
from views.i18n import fragments

PLACES = ROOT / "policy" / "places"
LAW = re.compile(
    r"[\u3400-\u9fff]*〔\d{4}〕\d*号[^，。；]*|《[^》]*》|国令第\d+号[^，。；]*|第[一二三四五六七八九十百、]+[条款项]"
)
OF_BOTH = {"English", "中文"}
WORDS = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]{2,})+")
KNOWN = re.compile(
    r"UTF-8|CSV|xlsx|GB18030|ISO|PDF|Ctrl K|JPG|PNG|byte order mark|Microsoft|Firefox|Chrom\w*|Excel|WPS|Word|JSON|TOML"
    r"|flask --app app \w+"
)


@pytest.fixture(scope="module")
def office(stand):
    return stand(settle)


@pytest.fixture(scope="module")
def data(office):
    """What people wrote, and the official names of places."""
    _, named = read_pages((path.name, tomllib.loads(path.read_text("utf-8"))) for path in PLACES.glob("*.toml"))
    names = {piece for name in named.values() for piece in CHINESE.findall(name)}
    return sorted({*office.read(data_of), *names}, key=len, reverse=True)


@cache
def messages() -> dict[str, str]:
    """Message → its Chinese, of every fragment."""
    found = {}
    for path in fragments():
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_Hans_CN"):
                if message.id:
                    ids = (message.id,) if isinstance(message.id, str) else message.id
                    found.update(dict.fromkeys(ids, str(message.string)))
    return found


def pages(office, role, language):
    """(address, its texts) of every page that the role may open."""
    browser = office.as_(role)
    with browser.session_transaction() as session:
        session["lang"] = language
    for where in dict.fromkeys(where for _, where in addresses(office, role)):
        answer = browser.get(where)
        assert answer.status_code < 500, where
        if answer.mimetype == "text/html" and answer.status_code != 302:
            yield where, Said(answer.get_data(as_text=True), "en" if language == "en" else "zh-CN").texts


@pytest.mark.parametrize("role", Role)
def test_in_english_nothing_is_chinese_but_data_and_law(role, office, data):
    left: dict[str, str] = {}
    for where, texts in pages(office, role, "en"):
        for text in set(texts) - OF_BOTH:
            rest = without(LAW.sub("", text), data)
            if CHINESE.search(rest):
                left.setdefault(f"{CHINESE.findall(rest)} in {text[:160]!r}", where)
    assert left == {}


@pytest.mark.parametrize("role", Role)
def test_in_chinese_nothing_is_english(role, office):
    left: dict[str, str] = {}
    english = {message for message, chinese in messages().items() if message != chinese and len(message) > 2}
    for where, texts in pages(office, role, "zh_Hans_CN"):
        for text in set(texts) - OF_BOTH:
            if text in english or WORDS.search(KNOWN.sub("", text)):
                left.setdefault(text[:160], where)
    assert left == {}
