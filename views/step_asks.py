"""What each step asks for: action → fields, words, help and button. What is lawful, ``workflows.machine`` says.

A step that asks something else under one scheme stands in ``views/step_asks_<scheme>.py`` and in ``OF_SCHEME``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask_babel import lazy_gettext as _l

from policy.vocabulary import CHILDREN, SUBSIDIES, Scheme
from views import step_asks_classes, step_asks_dibao, step_asks_personal, step_asks_tekun, step_asks_temporary
from views.step_ask import (
    CONFIRM_BUTTON,
    CUT_BUTTON,
    DECISION,
    OPINION,
    RAISE_BUTTON,
    REASON,
    SPECIAL,
    SURVEY,
    A,
    Ask,
)

_ASKS = (
    Ask(
        A.TELL_MISSING,
        ("missing", "words"),
        help=_l("The family is told of all missing papers once and together; the notice can be printed afterwards."),
    ),
    Ask(A.FILE_PAPER, ("filed", "words")),
    Ask(
        A.ACCEPT,
        ("words",),
        help=_l("From today the days for the decision are counted. The receipt can be printed afterwards."),
    ),
    Ask(A.START_REVIEW, ("words",), _l("Whom the survey is given to, and when")),
    SURVEY,
    Ask(
        A.RECORD_CROSSCHECK,
        ("answers",),
        help=_l("Tick every source that was asked. Leave the day empty while its answer is awaited."),
    ),
    Ask(
        A.GIVE_OPINION,
        ("grants", "amount", *SPECIAL, "words"),
        OPINION,
        help=_l("With an opinion in favour the case goes on public notice next, else to the confirmer."),
        amount=_l("Proposed monthly amount"),
    ),
    Ask(
        A.REVIEW_MEETING,
        ("day", "present", "delegates", "grants", "words"),
        _l("What was said, and how it was decided"),
        help=_l("At least two of every three who review are delegates of the villagers."),
        day=_l("Day of the review"),
    ),
    Ask(
        A.POST_NOTICE,
        ("words",),
        help=_l(
            "The notice shows name, number of people, income for each and amount, never ID number, address or illness."
        ),
    ),
    Ask(
        A.OBJECT,
        ("by_name", "words"),
        _l("What is objected"),
        help=_l("An objection takes the notice down: the case is surveyed again, gets a new opinion and a new notice."),
    ),
    Ask(
        A.CLOSE_NOTICE,
        ("words",),
        help=_l("Without an objection the notice closes by itself on the day after its last."),
    ),
    Ask(A.SUBMIT_REFUSAL, ("words",)),
    replace(SURVEY, action=A.COUNTY_VISIT, help=_l("The county goes to see the family itself.")),
    Ask(A.COUNTY_OPINION, ("words",), OPINION),
    Ask(
        A.RETURN,
        ("words",),
        _l("What must be mended"),
        help=_l("The case goes back to review; opinion and notice are made again."),
    ),
    Ask(
        A.CONFIRM,
        ("amount", *SPECIAL, "review_class", "words"),
        REASON,
        button=CONFIRM_BUTTON,
    ),
    Ask(A.REFUSE, ("clause", "words"), REASON, tone="danger", remedies=True),
    Ask(A.TELL_REFUSAL, ("day", "words"), day=_l("Day it was handed over"), remedies=True),
    Ask(
        A.WITHDRAW,
        ("words",),
        REASON,
        help=_l("The case ends; the family may apply again at any time."),
        tone="danger",
    ),
    Ask(
        A.RECORD_COMPLAINT,
        ("by_name", "words"),
        _l("What is complained of"),
        help=_l("While a complaint is open, the county visits the family before anything is confirmed."),
    ),
    Ask(A.ANSWER_COMPLAINT, ("words",), _l("Answer")),
    Ask(A.START_RECHECK, ("words",), REASON, default_words=""),
    DECISION,
    replace(
        DECISION,
        action=A.RAISE,
        fields=("amount", *SPECIAL, "review_class", "words"),
        amount=_l("New monthly amount"),
        button=RAISE_BUTTON,
    ),
    replace(
        DECISION,
        action=A.CUT,
        fields=("amount", *SPECIAL, "review_class", "words"),
        amount=_l("New monthly amount"),
        button=CUT_BUTTON,
        remedies=True,
    ),
    Ask(
        A.START_GRACE,
        ("months", *SPECIAL, "words"),
        REASON,
        help=_l("The amount goes on while the grace period runs, from next month; then the benefit ends by itself."),
    ),
    Ask(A.SUSPEND, ("clause", "words"), REASON, tone="danger", remedies=True),
    Ask(A.EXIT, ("clause", "words"), REASON, tone="danger", remedies=True),
    Ask(A.RESUME, ("review_class", "words"), REASON),
    Ask(A.END_GRACE, ("words",)),
    Ask(
        A.LEAVE,
        ("form_signed", "words"),
        REASON,
        help=_l(
            "Leaving is the family's own wish; without their signature it "
            "is an end by decision, which the confirmer takes."
        ),
        tone="danger",
    ),
    Ask(A.END_ON_DEATH, ("words",), tone="danger"),
    Ask(A.RECORD_PAYMENT, ("day", "words"), day=_l("Day of the payment")),
    Ask(
        A.REFER,
        ("referred_to", "agreed", "words"),
        _l("What is needed there"),
        help=_l(
            "Medical, school, housing or job aid lies with other departments, more with charities; the referral form "
            "goes with a slip for their reply."
        ),
    ),
    Ask(
        A.RECORD_REPLY,
        ("referral", "day", "reply", "words"),
        _l("What the slip says"),
        day=_l("Day of the reply"),
        help=_l("The slip that came back can be kept as a document of the case. The task on the desk is done with it."),
    ),
    Ask(
        A.WATCH,
        ("day", "words"),
        _l("What difficulty remains"),
        day=_l("To be looked at again on"),
        help=_l("The family stays on the watch list until it applies again, or is no longer in difficulty."),
    ),
)
ASKS: Mapping[A, Ask] = {ask.action: ask for ask in _ASKS}
"""What an action asks for under every scheme that says nothing else."""


def _of(scheme: Scheme, asks: Iterable[Ask]) -> dict[tuple[Scheme, A], Ask]:
    return {(scheme, ask.action): ask for ask in asks}


OF_SCHEME: Mapping[tuple[Scheme, A], Ask] = {
    **_of(Scheme.DIBAO, step_asks_dibao.ASKS),
    **_of(Scheme.TEKUN, step_asks_tekun.ASKS),
    **_of(Scheme.TEMPORARY, step_asks_temporary.ASKS),
    **_of(Scheme.EDGE, step_asks_classes.ASKS),
    **_of(Scheme.RIGID, step_asks_classes.ASKS),
    **{key: ask for scheme in SUBSIDIES for key, ask in _of(scheme, step_asks_personal.SUBSIDIES).items()},
    **{key: ask for scheme in CHILDREN for key, ask in _of(scheme, step_asks_personal.CHILDREN).items()},
}
"""What an action asks for under one scheme, where that differs from the others (or is a step of that scheme alone)."""


def ask_of(scheme: Scheme, action: A) -> Ask | None:
    """The dialog of an action under a scheme: the scheme's own, else that of all; None where no button takes it."""
    return OF_SCHEME.get((scheme, action)) or ASKS.get(action)


def asked_of(action: A) -> tuple[Ask, ...]:
    """Every dialog that an action has under any scheme; none where no button takes it."""
    own = [ask for (_, of), ask in OF_SCHEME.items() if of is action]
    return (*([ASKS[action]] if action in ASKS else []), *own)


def without(ask: Ask, field: str) -> Ask:
    """The dialog without a field that does not belong to this case."""
    return replace(ask, fields=tuple(name for name in ask.fields if name != field))


def recheck_ask(ask: Ask) -> Ask:
    """The opinion of a recheck: whether the benefit goes on, and with how much."""
    if "amount" not in ask.fields:
        return step_asks_classes.RECHECKED
    return replace(
        ask,
        grant=_l("Goes on"),
        refuse=_l("Does not go on"),
        amount=_l("Proposed monthly amount"),
        help=_l("Say whether the benefit should go on, and with which amount."),
    )
