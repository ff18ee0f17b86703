"""What the steps of one person's entitlement ask for: subsidies for disabled people, children's money."""

from dataclasses import replace

from flask_babel import lazy_gettext as _l

from views.step_ask import CONFIRM_BUTTON as CONFIRM
from views.step_ask import CUT_BUTTON, FOUND, OPINION, RAISE_BUTTON, REASON, SPECIAL, SURVEY, A, Ask

OPINION_ASK = Ask(
    A.GIVE_OPINION,
    ("grants", "amount", *SPECIAL, "words"),
    OPINION,
    help=_l("Nothing is put on public notice; the case goes to the county next."),
    amount=_l("Proposed monthly amount"),
)
_SHARED: tuple[Ask, ...] = (
    OPINION_ASK,
    Ask(A.PASS_UP, ("words",), help=_l("The township's check is finished; the county has the case from today.")),
    Ask(
        A.CONFIRM,
        ("amount", *SPECIAL, "words"),
        REASON,
        button=CONFIRM,
        help=_l("Paid from the month after the decision, and looked at again in a year."),
    ),
    Ask(A.KEEP, (*SPECIAL, "words"), REASON),
    Ask(A.RAISE, ("amount", *SPECIAL, "words"), REASON, amount=_l("New monthly amount"), button=RAISE_BUTTON),
    Ask(A.CUT, ("amount", *SPECIAL, "words"), REASON, amount=_l("New monthly amount"), button=CUT_BUTTON,
        remedies=True),
    Ask(A.RESUME, ("words",), REASON),
)  # fmt: skip
SUBSIDIES: tuple[Ask, ...] = (
    *_SHARED,
    replace(SURVEY, help=_l("For example whether the person needs long-term care; what changed is entered there.")),
    Ask(
        A.COUNTY_OPINION,
        ("by_name", "day", "words"),
        _l("What the disability federation found"),
        help=_l("The county's disability federation checks certificate, kind and level before the county confirms."),
        day=_l("Answered on"),
        by_name=_l("Who answered"),
    ),
)
CHILDREN: tuple[Ask, ...] = (
    *_SHARED,
    replace(
        SURVEY,
        fields=("surveyors", "day", "met", "at_home", "parents", "words"),
        words=FOUND,
        help=_l("Find out of both parents why they do not raise the child; what is found stays with the case."),
    ),
    Ask(
        A.COUNTY_OPINION,
        ("by_name", "day", "words"),
        _l("What the departments answered"),
        help=_l("The county compares with police, courts, prisons and the disability federation."),
        day=_l("Answered on"),
        by_name=_l("Who answered"),
    ),
    Ask(A.EXPIRE, ("words",), help=_l("On the eighteenth birthday the money ends by itself.")),
)
