"""How much of a number is shown to whom has not asked for all of it."""

import re
from collections.abc import Callable, Mapping

STAND_IN = "NB"
"""With what the stand-in for a number begins that is not issued yet: no ID number holds a letter there."""


def mask_id(number: str) -> str:
    """Only the last four: with a birth date in sight, more would give the number away, and one may stand anywhere.

    Nothing of a stand-in, which is nobody's number.
    """
    return "" if number.startswith(STAND_IN) else _last(number, 4)


def printed_id(number: str, full: bool) -> str:
    """An ID number as a paper carries it, in full where that was asked for; nothing of a stand-in."""
    return number if full and not number.startswith(STAND_IN) else mask_id(number)


def mask_account(number: str) -> str:
    """Only the last four of a bank account, one-card account or certificate number."""
    return _last(number, 4)


def mask_phone(number: str) -> str:
    """138****1234 for a mobile number; only the last four of any other."""
    if re.fullmatch(r"[0-9]{11}", number) and number[0] == "1":
        return f"{number[:3]}****{number[7:]}"
    return _last(number, 4)


def _last(text: str, shown: int) -> str:
    """Stars for all but the last few characters; for all of a text too short to hide anything behind."""
    if len(text) < 2 * shown:
        return "*" * len(text)
    return "*" * (len(text) - shown) + text[-shown:]


MASKS: Mapping[str, Callable[[str], str]] = {
    "id_no": mask_id,
    "disability_cert": mask_account,
    "phone": mask_phone,
    "account": mask_account,
    "one_card": mask_account,
}
"""By column."""
