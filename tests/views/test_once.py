"""What a form asks for is done once, however often it arrives."""

import pytest
from flask import get_flashed_messages

from tests.signing_in import browser_of, settle
from views.once import Done, once
from workflows import keys
from workflows.reason import Reason, Refused

KEY = keys.new_key()


@pytest.fixture
def office(stand):
    return stand(settle)


@pytest.fixture
def post(office):
    """Send a form as one user: `post(work, note="…")` gives where it led and what was told."""

    def send(work, where="/somewhere/", **fields):
        cookie = browser_of(office.app, office.people["supervisor"]).get_cookie("doudi")
        header = {"Cookie": f"doudi={cookie.value}"}
        with office.app.test_request_context(where, method="POST", data={"key": KEY, **fields}, headers=header):
            office.app.preprocess_request()
            return once(work, "/usual/"), [str(words) for words in get_flashed_messages()]

    return send


@pytest.fixture
def work():
    """Work that counts how often it is done."""

    def done():
        done.times += 1
        return Done(f"/made/{done.times}", "办好了")

    done.times = 0
    return done


def test_the_same_form_sent_twice_is_done_once_and_leads_to_the_same_place(post, work):
    assert post(work, note="甲") == ("/made/1", ["办好了"])
    assert post(work, note="甲", csrf_token="another") == ("/made/1", ["已办理，未重复提交"])
    assert work.times == 1


@pytest.mark.parametrize("other", [{"note": "乙"}, {"note": "甲", "where": "/elsewhere/"}])
def test_a_key_serves_no_other_content_and_no_other_page(post, work, other):
    post(work, note="甲")
    with pytest.raises(Refused) as refused:
        post(work, **other)
    assert (refused.value.reasons[0].code, work.times) == ("key_reused", 1)


def test_a_form_whose_work_was_refused_may_be_sent_again(post, work):
    def refuse():
        raise Refused([Reason("day_missing")])

    with pytest.raises(Refused):
        post(refuse, note="甲")
    assert post(work, note="甲") == ("/made/1", ["办好了"])
