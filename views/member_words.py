"""A member in a few words: how old, and what keeps them from work."""

from typing import Any

from flask_babel import gettext

from policy.identity import age_on
from policy.vocabulary import Employment, Labour
from views.case_words import listed
from views.context import today
from views.formats import NOTHING, label


def age(member: Any) -> int:
    """Full years today."""
    return age_on(member.birth, today())


def condition(member: Any, whole: bool = False) -> str:
    """Disability, illness and ability to work; with ``whole`` also that somebody is able to work, or studies."""
    words = [
        f"{label(member.disability_kind)} {gettext('level %(level)s', level=member.disability_level)}"
        if member.disability_kind else "",
        member.illness_name or (label(member.illness) if member.illness else ""),
        label(member.labour) if member.labour and (whole or member.labour != Labour.ABLE) else "",
        label(member.employment) if whole and member.employment == Employment.STUDENT else "",
    ]  # fmt: skip
    return listed(word for word in words if word) or NOTHING
