"""What leaving 低保 by own wish asks for where the place gives exit money, and what taking it back does."""

from flask_babel import lazy_gettext as _l

from views.step_ask import REASON, A, Ask

LEAVING = Ask(
    A.LEAVE,
    ("form_signed", "exit_months", "words"),
    REASON,
    help=_l(
        "Leaving is the family's own wish; without their signature it is an end by decision, which the confirmer takes."
    ),
    tone="danger",
)
ASKS: tuple[Ask, ...] = (
    LEAVING,
    Ask(
        A.UNDO_LEAVE,
        ("words",),
        REASON,
        help=_l(
            "The benefit goes on with its amount of before, without exit money, and falls due for a recheck today."
        ),
    ),
    Ask(
        A.RECORD_PAYMENT,
        ("day", "words"),
        day=_l("Day of the payment"),
        help=_l("The exit money was paid, once and whole."),
    ),
)
