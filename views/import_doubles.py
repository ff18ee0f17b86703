"""Possible doubles beside the rows that may be them: who stands here, and which rows of the file say the same."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from models import Household, ImportRow, Member
from views import import_words, places
from views.case_words import listed
from views.context import actor
from views.db import db
from views.panel.masked import mask
from workflows.actor import scoped
from workflows.exchange.doubles import CODES


class Other(NamedTuple):
    """Somebody who may be the same: why, who, and where they are looked at."""

    why: str
    who: str
    url: str = ""


def fill(lines: Sequence[Any], rows: Sequence[ImportRow]) -> None:
    """Put beside each row whom it may double."""
    found = [[one for one in row.problems if one["code"] in CODES] for row in rows]
    people = _members({one["args"]["of"] for told in found for one in told if "of" in one["args"]})
    for line, told in zip(lines, found, strict=True):
        line.others = [_other(one, people) for one in told]


def _members(ids: set[int]) -> dict[int, Any]:
    query = select(Member, Household.head_name).join(Household, Household.id == Member.household_id)
    rows = db.session.execute(scoped(query.where(Member.id.in_(ids)), Member, actor())) if ids else ()
    return {member.id: (member, head) for member, head in rows}


def _other(problem: dict[str, Any], people: dict[int, Any]) -> Other:
    why, args = str(import_words.CAUSES[problem["code"]].what), problem["args"]
    if "household" in args:
        url = url_for("household.page", id=args["household"])
        return Other(why, gettext("the family of %(head)s", head=args["head"]), url)
    if "rows" in args:
        return Other(why, gettext("row %(rows)s of the file", rows=listed(args["rows"])))
    member, head = people.get(args.get("of", 0), (None, ""))
    if member is None:
        return Other(why, gettext("ask the county office"))
    facts = (member.name, mask("id_no", member.id_no), member.birth.isoformat(), places.where(member.village_code),
             gettext("the family of %(head)s", head=head))  # fmt: skip
    return Other(why, " · ".join(map(str, facts)), url_for("member.page", id=member.id))
