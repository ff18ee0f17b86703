"""Browsers in which people have logged in, on both engines."""

from datetime import timedelta

from sqlalchemy.orm import Session

from policy.vocabulary import Role
from tests import factories
from tests.clock import START
from workflows import audit, known_browsers
from workflows.actor import SYSTEM

DAY = timedelta(days=1)


def test_a_browser_knows_who_came_in_by_it_until_it_is_forgotten(session_any: Session) -> None:
    audit.attribute(session_any, SYSTEM, START)
    people = factories.office(session_any)
    officer, approver = people[Role.TOWNSHIP_OFFICER], people[Role.TOWNSHIP_APPROVER]
    session_any.commit()
    for mark, at in (("a", START), ("b", START + DAY), ("a", START + 2 * DAY)):
        known_browsers.remember(session_any, officer.id, mark, "Firefox", at)
        session_any.commit()
    now = START + 3 * DAY

    def known_as(login: str, *marks: str) -> str:
        return known_browsers.known_as(session_any, login, marks, now)

    assert known_as(officer.login, "x", "b") == "b" and known_as(officer.login) == ""
    assert known_as(approver.login, "a", "b") == "" and known_as("nobody", "a") == ""
    latest, other = known_browsers.known(session_any, officer.id, now)
    assert (latest.seen_at, other.seen_at) == (START + 2 * DAY, START + DAY)
    assert known_browsers.is_of(latest, ["a"]) and not known_browsers.is_of(latest, ["b"])
    assert known_browsers.alive(session_any, ["b", "x", "a"], now) == ["b", "a"]
    assert known_browsers.alive(session_any, [], now) == []
    assert known_browsers.forget(session_any, approver.id, latest.id) == 0
    assert known_browsers.forget(session_any, officer.id, latest.id) == 1
    session_any.commit()
    assert known_as(officer.login, "a", "b") == "b"
    officer.password_changed_at = now
    audit.attribute(session_any, SYSTEM, now)
    session_any.commit()
    assert known_as(officer.login, "a", "b") == "" and known_browsers.known(session_any, officer.id, now) == []
