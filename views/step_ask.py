"""One dialog of a step, and the words and fields that several of them share."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from policy.vocabulary import Action
from views.formats import label, yuan


@dataclass(frozen=True)
class Ask:
    """A dialog: its fields in order, how they are called, what one should know, and what the button says."""

    action: Action
    fields: tuple[str, ...] = ()
    words: Any = _l("Note")
    help: Any = ""
    button: Any = ""
    amount: Any = _l("Monthly amount")
    day: Any = _l("Day")
    grant: Any = _l("In favour")
    refuse: Any = _l("Against")
    by_name: Any = _l("Raised by")
    default_words: Any = ""
    tone: str = "primary"
    remedies: bool = False

    def submit(self, amount_fen: int | None = None) -> str:
        """The verb of the button, with the amount it grants where there is one."""
        if self.button and amount_fen:
            return str(self.button) % {"amount": yuan(amount_fen)}
        return label(self.action)


A = Action
CONFIRM_BUTTON = _l("Confirm, %(amount)s yuan a month")
RAISE_BUTTON = _l("Raise to %(amount)s yuan a month")
CUT_BUTTON = _l("Cut to %(amount)s yuan a month")
PAY_BUTTON = _l("Pay first, %(amount)s yuan once")
REASON, FOUND, OPINION = _l("Reason in words"), _l("What was found"), _l("Opinion in words")
SURVEY = Ask(
    A.RECORD_SURVEY,
    ("surveyors", "day", "met", "at_home", "words"),
    FOUND,
    _l("A home survey takes at least two people; those who went on another day are added to the earlier ones."),
    day=_l("Day of the visit"),
)
SPECIAL = ("special", "special_clause")  # 一事一议
DECISION = Ask(A.KEEP, (*SPECIAL, "review_class", "words"), REASON)
