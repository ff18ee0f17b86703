"""Names of townships and villages: every list shows them, they change once a year, and are read once a minute."""

import time
from typing import Any

from flask import Flask, current_app
from sqlalchemy import event, select

from models import Division
from policy.division_codes import in_township, is_township, is_village, township_of
from views.db import db
from workflows.actor import Actor

SECONDS = 60


def names() -> dict[str, str]:
    """Every division's name by code, in the order of the codes."""
    found = held(current_app)
    if found is None:
        found = dict(db.session.execute(select(Division.code, Division.name).order_by(Division.code)).all())
        kept = current_app.extensions.setdefault("doudi_places", {})
        if kept.get("names") == found:  # as long as they are the same, they are the same object
            found = kept["names"]
        kept.update(until=time.monotonic() + SECONDS, names=found)
    return found


def held(app: Flask) -> dict[str, str] | None:
    """The names that were read within the minute."""
    kept = app.extensions.get("doudi_places")
    return kept["names"] if kept and time.monotonic() <= kept["until"] else None


def forget() -> None:
    """Read the names again at the next request."""
    if current_app:
        current_app.extensions.pop("doudi_places", None)


@event.listens_for(Division, "after_insert")
@event.listens_for(Division, "after_update")
def _changed(mapper: Any, connection: Any, division: Division) -> None:
    forget()


def name(code: str | None) -> str:
    """The name of a division, its code where it has none."""
    return names().get(code or "", code or "")


def where(village_code: str) -> str:
    """Township and village in one: 巡场镇白果村."""
    township, known = township_of(village_code), names()
    town = known.get(township, township)
    return town if village_code == township else town + known.get(village_code, village_code)


def near(village_code: str, reader: str) -> str:
    """A village as whoever sits at this division calls it: alone in one township, with its township above them."""
    return name(village_code) if in_township(reader) else where(village_code)


def home(village_code: str, address: str, *, short: bool = False) -> str:
    """Where a family lives, its village said once: offices write 省市县镇村 into the address, or leave them out."""
    rest = address.rpartition(name(village_code))[2] if address else ""
    return (name(village_code) if short else where(village_code)) + rest


def townships(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the townships under the actor."""
    return [(c, n) for c, n in names().items() if is_township(c) and _meets(actor, c)]


def villages(actor: Actor, township: str = "") -> list[tuple[str, str]]:
    """(code, name) of the villages under the actor, in one township when it is given."""
    return [
        (c, n)
        for c, n in names().items()
        if is_village(c) and c.startswith(township) and c.startswith(actor.division_code)
    ]


def within(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the townships under the actor, each with its villages after it."""
    mine = [code for code in names() if len(code) in (9, 12) and code.startswith(actor.division_code)]
    return [(code, name(code) if is_township(code) else where(code)) for code in mine]


def _meets(actor: Actor, township: str) -> bool:
    mine = actor.division_code
    return township.startswith(mine) or mine.startswith(township)
