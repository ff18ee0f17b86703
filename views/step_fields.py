"""Which field a dialog shows for each thing a step may be given (``workflows.facts.Given``)."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectChoice, StringField, TextAreaField, validators

from policy.clauses import common
from policy.review import exit_money
from policy.vocabulary import CLASSES, Action, Reply
from views import step_fields_tekun
from views.case_words import noted
from views.formats import full_day, options, yuan
from views.instalments_field import InstalmentsField
from views.panel.fields import SmallIntegerField, WordField, YuanField, strip
from views.step_composites import AnswersField, ClauseField, FiledField, MissingField, ParentsField, SurveyorsField

MOST_WORDS = 2000
ENDS = frozenset({Action.SUSPEND, Action.EXIT})


def _words(ask: Any, case: Any) -> Any:
    longest = validators.Length(max=MOST_WORDS, message=_l("At most %(max)d characters."))
    return TextAreaField(ask.words, filters=[strip], validators=[longest], default=ask.default_words)


def _line(label: Any, most: int, default: str = "") -> Any:
    longest = validators.Length(max=most, message=_l("At most %(max)d characters."))
    return StringField(label, filters=[strip], default=default, validators=[longest])


def _number(label: Any) -> Any:
    return SmallIntegerField(label, least=0, most=999, validators=[validators.Optional()])


def _day(ask: Any, case: Any) -> Any:
    default = case.next_look if ask.action is Action.WATCH else case.on
    return DateField(ask.day, default=default, validators=[validators.Optional()])


def _exit_months(ask: Any, case: Any) -> Any:
    """Exit money: none, or so many months of the present amount, each choice with its sum."""
    least, most = case.exit_months
    fen = case.file.benefit.monthly_fen
    sums = [
        SelectChoice(str(n), ngettext("%(num)s month, %(amount)s yuan once", "%(num)s months, %(amount)s yuan once", n,
                          amount=yuan(exit_money(fen, n))))
        for n in range(least, most + 1)
    ]  # fmt: skip
    choices = [SelectChoice("0", gettext("No exit money")), *sums]
    known = {choice.value: int(choice.value) for choice in choices}
    return RadioField(
        _l("Exit money"), choices=choices, validate_choice=False, default=None,
        coerce=lambda value: known.get(str(value)),
    )  # fmt: skip


def _referral(ask: Any, case: Any) -> Any:
    """The referrals that wait, each with body and day; the only one is chosen already."""
    waiting = case.file.facts.referrals
    choices = [SelectChoice(str(one.id), noted(one.office, full_day(one.on))) for one in waiting]
    known = {choice.value: int(choice.value) for choice in choices}
    return RadioField(
        _l("Referred to"), choices=choices, validate_choice=False, coerce=lambda value: known.get(str(value)),
        default=waiting[0].id if len(waiting) == 1 else None,
    )  # fmt: skip


def _reply(ask: Any, case: Any) -> Any:
    known = {reply.value: reply for reply in Reply}
    return RadioField(
        _l("What was done there"), choices=lambda: options(Reply),
        validate_choice=False, default=None, coerce=lambda value: known.get(str(value)),
    )  # fmt: skip


FIELDS: dict[str, Callable[[Any, Any], Any]] = {
    "surveyors": lambda ask, case: SurveyorsField(_l("Who went"), people=case.people, me=case.actor.id),
    "day": _day,
    "met": lambda ask, case: StringField(
        _l("Whom they met"),
        filters=[strip],
        default=case.file.household.head_name,
        validators=[validators.Length(max=50, message=_l("At most %(max)d characters."))],
    ),
    "at_home": lambda ask, case: BooleanField(_l("Somebody was at home"), default=True),
    "answers": lambda ask, case: AnswersField(_l("Sources"), known=case.file.checks, on=case.on),
    "missing": lambda ask, case: MissingField(_l("Missing papers")),
    "filed": lambda ask, case: FiledField(_l("Papers that came in"), owed=case.file.owed),
    "grants": lambda ask, case: RadioField(
        _l("For or against"),
        choices=lambda: [("yes", ask.grant), ("no", ask.refuse)],
        validate_choice=False,
        default=None,
    ),
    "amount": lambda ask, case: YuanField(ask.amount, default=case.amount_fen(ask.action)),
    "special": lambda ask, case: TextAreaField(
        _l("Why another amount"),
        filters=[strip],
        default=case.special.get("reason", ""),
        validators=[validators.Length(max=MOST_WORDS, message=_l("At most %(max)d characters."))],
    ),
    "special_clause": lambda ask, case: StringField(
        _l("What it rests on: clause or minutes"),
        filters=[strip],
        default=case.special.get("clause", ""),
        validators=[validators.Length(max=120, message=_l("At most %(max)d characters."))],
    ),
    "months": lambda ask, case: SmallIntegerField(
        _l("Term in months") if case.file.benefit.scheme in CLASSES else _l("Months of the grace period"),
        least=1,
        most=60,
        validators=[validators.Optional()],
        default=case.longest_months,
    ),
    "review_class": lambda ask, case: WordField(
        _l("Rechecked"),
        case.review_classes,
        default=case.review_class,
    ),
    "exit_months": _exit_months,
    "clause": lambda ask, case: ClauseField(_l("Clause"), common=common(case.file.benefit.scheme, ask.action in ENDS)),
    "by_name": lambda ask, case: StringField(
        ask.by_name,
        filters=[strip],
        validators=[validators.Length(max=50, message=_l("At most %(max)d characters."))],
    ),
    "parents": lambda ask, case: ParentsField(_l("Why the parents do not raise the child"), known=case.parents),
    "present": lambda ask, case: _number(_l("How many were there")),
    "delegates": lambda ask, case: _number(_l("Delegates among them")),
    "form_signed": lambda ask, case: BooleanField(_l("The family has signed that it wishes to leave")),
    "referred_to": lambda ask, case: _line(_l("Department or organisation"), 100),
    "agreed": lambda ask, case: BooleanField(_l("The family agrees that its situation is disclosed there")),
    "referral": _referral,
    "reply": _reply,
    "goods": lambda ask, case: _line(_l("Given in goods"), 200),
    "attended": lambda ask, case: _line(_l("Who attended"), 400),
    "reference": lambda ask, case: _line(_l("Number of the minutes"), 60),
    "to_office": lambda ask, case: _line(_l("Office of the home place"), 100, case.file.household.home_place),
    "instalments": lambda ask, case: InstalmentsField(_l("Staged payments")),
    "words": _words,
    **step_fields_tekun.FIELDS,
}
GIVEN_NAMES = {
    "amount": "amount_fen", "exit_months": "months", "referred_to": "to_office", "agreed": "form_signed",
    **step_fields_tekun.GIVEN_NAMES,
}  # fmt: skip
"""Where the name of a field is not that of the ``Given`` it fills."""
