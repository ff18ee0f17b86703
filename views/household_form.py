"""What a supervisor may correct in a household; who lives in it and what it receives change by steps, not here."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from policy.vocabulary import Cause, Tag
from views.column_words import COLUMNS
from views.panel.fields import SealedField, WordsField
from views.panel.numbers import read_account, read_phone

SEALED = ("phone", "account", "one_card")
HOME = ("area", "address", "certificate_no", "registered_on", "causes", "tags", "dishonest_until", "note")
PAYMENT = ("bank", "account_name", "account", "clear_account", "one_card", "clear_one_card", "phone", "clear_phone")
GROUPS = ((_l("Home and household"), HOME), (_l("Payment and contact"), PAYMENT))
KINDS = {"phone": "phone", "account": "account", "one_card": "account"}

EXTRA: dict[str, Any] = {
    "causes": WordsField(COLUMNS["causes"], Cause, of="cause"),
    "tags": WordsField(COLUMNS["tags"], Tag, of="tag"),
    "phone": SealedField(COLUMNS["phone"], read_phone),
    "account": SealedField(COLUMNS["account"], read_account),
    "one_card": SealedField(COLUMNS["one_card"], read_account),
    "clear_phone": BooleanField(_l("Remove the phone number kept here")),
    "clear_account": BooleanField(_l("Remove the bank account kept here")),
    "clear_one_card": BooleanField(_l("Remove the one-card account kept here")),
}


def clear_numbers(form: Any, row: Any) -> None:
    """Remove the numbers that are ticked for it, unless a new one was typed."""
    for name in SEALED:
        if form[f"clear_{name}"].data and not form[name].data:
            setattr(row, name, None)
