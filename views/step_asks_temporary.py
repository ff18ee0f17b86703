"""What the steps of temporary aid ask for, where they differ from those of other schemes or are its own."""

from flask_babel import lazy_gettext as _l

from views.step_ask import OPINION, PAY_BUTTON, REASON, SPECIAL, A, Ask

ONCE = _l("Amount, once")
CONFIRM_BUTTON = _l("Confirm, %(amount)s yuan once")
ASKS: tuple[Ask, ...] = (
    Ask(
        A.PAY_FIRST,
        ("amount", "goods", "words"),
        REASON,
        help=_l("The papers are owed from today and stay a visible debt until they are in."),
        button=PAY_BUTTON,
        amount=ONCE,
    ),
    Ask(
        A.PASS_UP,
        ("words",),
        REASON,
        help=_l("More is needed than the township may pay; the county decides at once, without notice."),
    ),
    Ask(
        A.GIVE_OPINION,
        ("grants", "amount", *SPECIAL, "words"),
        OPINION,
        help=_l("With an opinion in favour the case goes on public notice next, else to the confirmer."),
        amount=_l("Proposed amount, once"),
    ),
    Ask(
        A.RECORD_MINUTES,
        ("day", "attended", "reference", "grants", "amount", "words"),
        _l("What was decided, and why"),
        day=_l("Day of the meeting"),
        amount=_l("Amount decided, once"),
        help=_l("Above the county's ceiling the county government decides on the single case."),
    ),
    Ask(
        A.CONFIRM,
        ("amount", "goods", "instalments", *SPECIAL, "words"),
        REASON,
        button=CONFIRM_BUTTON,
        amount=ONCE,
    ),
    Ask(
        A.NOTIFY_HOME,
        ("day", "to_office", "words"),
        _l("What else the notice says (it is printed in it)"),
        day=_l("Day of the notice"),
        help=_l("The home place learns what was given here, so that nothing is paid twice; the notice can be printed."),
    ),
    Ask(A.PAY_INSTALMENT, ("day", "words"), day=_l("Day of the payment")),
    Ask(
        A.STOP_INSTALMENTS,
        ("words",),
        REASON,
        help=_l("What is not paid yet is paid no more, and the case ends."),
        tone="danger",
        remedies=True,
    ),
)
