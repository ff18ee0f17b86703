"""What a list of changes says of somebody, in words; the step itself is taken on the page of the family or case."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from views.formats import yuan
from views.permissions import allowed

LEAVING = {"member": "household_events.leave", "household": "household_events.menu"}
"""Where it is recorded what became of somebody, or of a family, that a complete list does not name."""
EVENTS: dict[str, Any] = {
    "join": _l("newly let in: register an application, or take over the roster"),
    "stop": _l("stopped: recheck and end the case"),
    "death": _l("died: record the death, which ends or rechecks the case"),
    "amount": _l("another amount: recheck the case"),
}


def where(household_id: int | None, content: Mapping[str, Any]) -> str:
    """The form in which the change is recorded, for whoever may; "" where the step is taken on the case."""
    if household_id is None or content.get("event") != "death" or not allowed("household_events.event"):
        return ""
    return url_for("household_events.event", id=household_id, kind="death", on=content.get("on"))


def told(content: Mapping[str, Any]) -> str:
    """What happened, when, amounts, reason, and what is to be done."""
    parts = [str(EVENTS[content["event"]])]
    parts += [str(content[name]) for name in ("person", "on", "reason", "kind") if content.get(name)]
    if content.get("before_fen") is not None and content.get("after_fen") is not None:
        amounts = {"before": yuan(content["before_fen"]), "after": yuan(content["after_fen"])}
        parts.append(gettext("%(before)s → %(after)s yuan", **amounts))
    if content.get("into"):
        parts.append(gettext("goes over to %(kind)s", kind=content["into"]))
    if content.get("grace"):
        parts.append(gettext("with a grace period"))
    return " · ".join(parts)
