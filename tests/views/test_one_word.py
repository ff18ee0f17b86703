"""One page has one name: the menu, the desk's tile and the page itself call it the same, in both languages."""

import re

import pytest

from policy.vocabulary import Role
from tests.browser.county import settle

ITEM = re.compile(r'<li><a href="(/[^"]*)"(?: aria-current="page")?>([^<]+)')
TILE = re.compile(r'<a class="tile" href="(/[^"?]*)"><span>([^<]*)</span>')
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


@pytest.fixture(scope="module")
def office(stand):
    return stand(settle)


def text(markup):
    """What markup says, without a number beside it."""
    return " ".join(re.sub(r"<(small|b|span)\b.*?</\1>|<[^>]+>", " ", markup, flags=re.DOTALL).split())


def same(heading, name, tile):
    """A tile may say more: which of a page's rows it counts."""
    return heading.lower() in name.lower() if tile else heading == name


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
def test_a_page_calls_itself_what_menu_and_tiles_call_it(language, office):
    unlike, headings = {}, {}
    for role in Role:
        browser = office.as_(role)
        with browser.session_transaction() as session:
            session["lang"] = language
        desk = browser.get("/desk/").get_data(as_text=True)
        led = [(*item, False) for item in ITEM.findall(desk)] + [(*tile, True) for tile in TILE.findall(desk)]
        for where, name, tile in led:
            if where not in headings:
                headings[where] = text(HEADING.search(browser.get(where).get_data(as_text=True))[1])
            if not same(headings[where], text(name), tile):
                unlike[where] = (text(name), headings[where])
    assert len(headings) > 20
    assert unlike == {}
