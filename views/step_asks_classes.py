"""What the steps of 低保边缘家庭 and 刚性支出困难家庭 ask for: a term, and never an amount."""

from dataclasses import replace

from flask_babel import lazy_gettext as _l

from views.step_ask import OPINION, REASON, SPECIAL, A, Ask

OPINION_ASK = Ask(
    A.GIVE_OPINION,
    ("grants", *SPECIAL, "words"),
    OPINION,
    help=_l("No money is paid each month; the recognition opens special aid."),
)
ASKS: tuple[Ask, ...] = (
    OPINION_ASK,
    Ask(
        A.CONFIRM,
        ("months", *SPECIAL, "words"),
        REASON,
        help=_l(
            "Recognised from today for so many months, without monthly money; it ends by itself on its last day. "
            "A recognition that it renews ends today."
        ),
    ),
    Ask(A.KEEP, (*SPECIAL, "words"), REASON, help=_l("The term goes on to its last day as it was.")),
    Ask(A.EXPIRE, ("words",), help=_l("On the day after its last the recognition ends by itself.")),
)
RECHECKED = replace(
    OPINION_ASK, grant=_l("Goes on"), refuse=_l("Does not go on"), help=_l("Say whether the recognition should go on.")
)
"""The opinion of a recheck."""
