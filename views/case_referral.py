"""What the timeline says of a referral: to whom, and what came of it."""

from typing import Any

from policy.vocabulary import Action, Reply
from views.case_words import noted
from views.formats import label


def told(event: Any) -> str:
    """The body referred to, with its reply where that is what the step records; empty for every other step."""
    data = event.data
    if event.action is Action.REFER:
        return str(data.get("to_office", ""))
    if event.action is Action.RECORD_REPLY:
        return noted(data["to_office"], label(Reply(data["reply"])))
    return ""
