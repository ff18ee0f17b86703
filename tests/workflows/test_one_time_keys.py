"""A form posted twice does its work once."""

from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from models import OneTimeKey, User
from policy.figures import Figures
from policy.vocabulary import Role
from tests import factories
from tests.at_once import at_once
from tests.clock import START
from tests.workflows import refusals
from workflows import keys
from workflows.tick import tick

KEY = "k" * 43


@pytest.fixture
def users(session_any: Session) -> tuple[User, User]:
    factories.places(session_any)
    both = factories.user(session_any, Role.TOWNSHIP_OFFICER), factories.user(session_any, Role.TOWNSHIP_OFFICER)
    session_any.commit()
    return both


def refused(session: Session, *given: object) -> list[str]:
    return refusals.refused(keys.claim, session, *given)


def test_the_second_post_is_told_where_the_first_one_led(session_any: Session, users: tuple[User, User]) -> None:
    me = users[0].id
    assert keys.claim(session_any, KEY, me, START, "a=1") == keys.Claim(True)
    keys.finish(session_any, KEY, "/cases/7")
    session_any.commit()
    assert keys.claim(session_any, KEY, me, START, "a=1") == keys.Claim(False, "/cases/7")
    assert keys.claim(session_any, KEY, me, START, b"a=1") == keys.Claim(False, "/cases/7")


def test_a_key_with_other_content_is_refused(session_any: Session, users: tuple[User, User]) -> None:
    keys.claim(session_any, KEY, users[0].id, START, "a=1")
    assert refused(session_any, KEY, users[0].id, START, "a=2") == ["key_reused"]


def test_a_key_of_somebody_else_is_refused(session_any: Session, users: tuple[User, User]) -> None:
    keys.claim(session_any, KEY, users[0].id, START, "a=1")
    assert refused(session_any, KEY, users[1].id, START, "a=1") == ["key_reused"]
    assert refused(session_any, KEY, None, START, "a=1") == ["key_reused"]


@pytest.mark.parametrize("key", ["", "k" * 42, "k" * 44, "k" * 42 + "%", "k" * 42 + "\n"])
def test_what_is_no_key_of_ours_is_refused(session: Session, key: str) -> None:
    assert refused(session, key, None, START, "") == ["key_missing"]


def test_a_post_that_was_refused_may_be_sent_again_with_the_same_key(session: Session) -> None:
    keys.claim(session, KEY, None, START, "a=1")
    session.rollback()
    assert keys.claim(session, KEY, None, START, "a=2").first


def test_of_two_posts_at_once_one_is_the_first(engine_any: Engine) -> None:
    together = Barrier(4)

    def post(_number: int) -> bool:
        together.wait()
        with Session(engine_any) as session:
            claim = keys.claim(session, KEY, None, START, "a=1")
            if claim.first:
                keys.finish(session, KEY, "/cases/7")
            session.commit()
            assert claim.first or claim.result == "/cases/7"
            return claim.first

    assert sorted(at_once(post, range(4))) == [False, False, False, True]


@pytest.mark.parametrize(("days", "gone"), [(29, 0), (30, 0), (31, 1)])
def test_keys_are_kept_for_thirty_days(session: Session, days: int, gone: int) -> None:
    keys.claim(session, KEY, None, START, "a=1")
    assert keys.sweep(session, START + timedelta(days=days)) == gone
    assert session.scalar(select(func.count()).select_from(OneTimeKey)) == 1 - gone


def test_the_hourly_work_removes_old_keys(session: Session) -> None:
    factories.places(session)
    keys.claim(session, KEY, None, START - timedelta(days=31), "a=1")
    keys.claim(session, keys.new_key(), None, START, "a=1")
    tick(session, START, Figures.shipped())
    assert session.scalar(select(func.count()).select_from(OneTimeKey)) == 1


def test_no_two_new_keys_are_the_same_and_each_can_be_claimed(session: Session) -> None:
    assert keys.new_key() != keys.new_key()
    assert keys.claim(session, keys.new_key(), None, datetime(2026, 1, 1), "").first
