"""What the steps of 特困 ask for, where they differ from those of other schemes or are its own."""

from flask_babel import lazy_gettext as _l

from views.step_ask import CONFIRM_BUTTON, CUT_BUTTON, RAISE_BUTTON, REASON, SPECIAL, A, Ask

CHANGE_BUTTON = _l("Change to %(amount)s yuan a month")
NEW_AMOUNT = _l("New monthly amount")
SEEN = _l("What was seen")

ASKS: tuple[Ask, ...] = (
    Ask(
        A.ASSESS_SELF_CARE,
        ("person", "self_care", "day", "words"),
        SEEN,
        help=_l("Six items, each met or not; how much care is paid for follows from how many are not met."),
        day=_l("Day of the assessment"),
    ),
    Ask(
        A.RECORD_WISH,
        ("person", "mode", "wish_by", "consent", "day", "words"),
        help=_l("Where to live is the person's own choice; nobody is talked into a home."),
        day=_l("Day of the wish"),
    ),
    Ask(
        A.SIGN_AGREEMENT,
        ("person", "guardian", "day", "file", "words"),
        help=_l("Who looks after a person supported at home. The money never waits for the agreement."),
        day=_l("Signed on"),
    ),
    Ask(A.PLACE_IN_HOME, ("person", "home", "day", "ground", "recovered", "words"), day=_l("Lives there from")),
    Ask(
        A.REFER_ELSEWHERE,
        ("person", "home", "ground"),  # no words: they would tell everybody for which illness
        help=_l("Who must not live in a home is referred to a fitting institution; for which illness, few may read."),
    ),
    Ask(A.LEAVE_HOME, ("person", "day", "words"), REASON, day=_l("Left on")),
    Ask(
        A.REPORT_CHANGE,
        ("person", "reporter", "words"),
        _l("What has changed"),
        help=_l("From today the days run in which self-care is reassessed."),
    ),
    Ask(
        A.CHANGE_SUPPORT,
        ("amount", *SPECIAL, "words"),
        REASON,
        help=_l("Paid from next month, as calculated after the assessment or the wish."),
        button=CHANGE_BUTTON,
        amount=NEW_AMOUNT,
        remedies=True,
    ),
    Ask(A.CONFIRM, ("amount", *SPECIAL, "words"), REASON, button=CONFIRM_BUTTON),
    Ask(A.KEEP, (*SPECIAL, "words"), REASON),
    Ask(A.RAISE, ("amount", *SPECIAL, "words"), REASON, amount=NEW_AMOUNT, button=RAISE_BUTTON),
    Ask(A.CUT, ("amount", *SPECIAL, "words"), REASON, amount=NEW_AMOUNT, button=CUT_BUTTON, remedies=True),
    Ask(
        A.POST_END_NOTICE,
        ("end_reason", "leave_signed", "words"),
        REASON,
        help=_l("The ending is made public first; nothing ends before the notice is over."),
        tone="danger",
    ),
    Ask(
        A.CLOSE_END_NOTICE,
        ("words",),
        help=_l("Without an objection the notice closes by itself on the day after its last."),
    ),
    Ask(
        A.EXIT,
        ("words",),
        REASON,
        help=_l("Money ends with next month; then see whether another scheme fits."),
        tone="danger",
        remedies=True,
    ),
)
