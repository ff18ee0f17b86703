"""Reading numbers that somebody typed: cleaned, checked, and refused with a sentence that says what is wrong."""

import re
from collections.abc import Callable

from flask_babel import gettext
from wtforms import ValidationError

from policy.identity import BadIdNumber, clean_number, disability_certificate, parse_id_number
from views.context import today


def read_id(text: str) -> str:
    """An 18-digit ID number; raises ValidationError."""
    return _checked(lambda: parse_id_number(text, on=today()).number)


def read_certificate(text: str) -> str:
    """A disability certificate number; raises ValidationError."""
    _checked(lambda: disability_certificate(text).id_number)
    return clean_number(text)


def read_phone(text: str) -> str:
    """A phone number, 7 to 12 digits after cleaning; raises ValidationError."""
    number = clean_number(text).replace("-", "")
    if not re.fullmatch(r"[0-9]{7,12}", number):
        raise ValidationError(gettext("A phone number has 7 to 12 digits."))
    return number


def read_account(text: str) -> str:
    """A bank account, 8 to 32 digits after cleaning; raises ValidationError."""
    number = clean_number(text)
    if not re.fullmatch(r"[0-9]{8,32}", number):
        raise ValidationError(gettext("An account has 8 to 32 digits."))
    return number


def _checked(read: Callable[[], str]) -> str:
    try:
        return read()
    except BadIdNumber as error:
        raise ValidationError(gettext(BadIdNumber.MESSAGES[error.code], **error.args_by_name)) from None
