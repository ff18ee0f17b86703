"""Fields of the dialogs: each reads what a step is given (``workflows.facts.Given``) and comes back as it was typed."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectChoice, StringField, TextAreaField, validators

from policy.clauses import Clause, common
from policy.review import exit_money
from policy.vocabulary import Action, Paper, ParentKind, ParentState, Reply, ReviewClass, Source
from views import step_fields_tekun
from views.case_words import noted
from views.composite_field import Composite
from views.formats import full_day, label, options, yuan
from views.instalments_field import InstalmentsField
from views.panel.fields import SmallIntegerField, WordField, YuanField, strip
from workflows.facts import Answer, Missing, Surveyor
from workflows.facts_personal import ParentTold

MOST_WORDS = 2000
SPARE_NAMES = 2
ENDS = frozenset({Action.SUSPEND, Action.EXIT})
NEVER_MISSING = frozenset({Paper.PHOTO, Paper.EXIT_FORM})  # not of an application


class SurveyorsField(Composite):
    """Who went: people with a login to tick, others by name."""

    def __init__(
        self, label: Any = None, people: Sequence[tuple[int, str]] = (), me: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.people, self.me = list(people), me

    def read(self, posted: Any) -> tuple[Surveyor, ...]:
        chosen = set(posted.getlist("surveyors"))
        ticked = [Surveyor(name, id) for id, name in self.people if str(id) in chosen]
        typed = [name.strip()[:50] for name in posted.getlist("surveyor_name") if name.strip()]
        return (*ticked, *(Surveyor(name) for name in typed))

    def rows(self) -> list[tuple[int, str, bool]]:
        """(id, name, ticked) of each person."""
        ticked = set(self.posted.getlist("surveyors")) if self.posted is not None else {str(self.me)}
        return [(id, name, str(id) in ticked) for id, name in self.people]

    def names(self) -> list[str]:
        """The names typed so far, and room for more."""
        typed = [n for n in self.posted.getlist("surveyor_name") if n.strip()] if self.posted is not None else []
        return [*typed, *[""] * SPARE_NAMES][: max(SPARE_NAMES, len(typed) + 1)]


class AnswersField(Composite):
    """The cross-check: one row for each source, asked or back, doubtful or not, with a note."""

    def __init__(self, label: Any = None, known: Any = (), on: date | None = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.known, self.on = {row.source: row for row in known}, on

    def read(self, posted: Any) -> tuple[Answer, ...]:
        ticked = [source for source in Source if source.value in posted.getlist("answers")]
        return tuple(
            Answer(
                source,
                self.day_of(f"back-{source}", label(source)),
                bool(posted.get(f"doubtful-{source}")),
                posted.get(f"note-{source}", "").strip()[:400],
            )
            for source in ticked
        )

    def rows(self) -> list[dict[str, Any]]:
        """Each source with what was typed, else with what is known."""
        found = []
        for source in Source:
            known = self.known.get(source)
            back = (known.back_on if known else None) or self.on
            found.append(
                {
                    "source": source,
                    "known": known,
                    "ticked": source.value in self.posted.getlist("answers")
                    if self.posted is not None
                    else known is not None and known.back_on is None,
                    "back": self.typed(f"back-{source}", back.isoformat() if back else ""),
                    "doubtful": bool(self.typed(f"doubtful-{source}", known.doubtful if known else False)),
                    "note": self.typed(f"note-{source}", known.note if known else ""),
                }
            )
        return found


class MissingField(Composite):
    """Papers the family must still bring, each with a note."""

    def read(self, posted: Any) -> tuple[Missing, ...]:
        ticked = [paper for paper in Paper if paper.value in posted.getlist("missing")]
        return tuple(Missing(paper, posted.get(f"missing-{paper}", "").strip()[:200]) for paper in ticked)

    def rows(self) -> list[tuple[Paper, bool, str]]:
        """(paper, ticked, note) of each kind."""
        ticked = set(self.posted.getlist("missing")) if self.posted is not None else set()
        return [(p, p.value in ticked, self.typed(f"missing-{p}")) for p in Paper if p not in NEVER_MISSING]


class FiledField(Composite):
    """Owed papers that came in."""

    def __init__(self, label: Any = None, owed: Any = (), **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.owed = list(owed)

    def read(self, posted: Any) -> tuple[int, ...]:
        ticked = set(posted.getlist("filed"))
        return tuple(paper.id for paper in self.owed if str(paper.id) in ticked)

    def rows(self) -> list[tuple[Any, bool]]:
        """(paper, ticked) of each paper that is owed; a single one is ticked from the start."""
        ticked = set(self.posted.getlist("filed")) if self.posted is not None else None
        return [(p, len(self.owed) == 1 if ticked is None else str(p.id) in ticked) for p in self.owed]


class ParentsField(Composite):
    """Of father and mother: what keeps each from raising the child, from when until when."""

    def __init__(self, label: Any = None, known: Any = (), **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.known = {row.kind: row for row in known}

    def read(self, posted: Any) -> tuple[ParentTold, ...]:
        told = ((kind, self._state(posted, kind)) for kind in ParentKind)
        return tuple(
            ParentTold(
                kind,
                state,
                self.day_of(f"since-{kind}", label(kind)),
                self.day_of(f"until-{kind}", label(kind)),
                posted.get(f"about-{kind}", "").strip()[:200],
            )
            for kind, state in told
            if state is not None
        )

    def _state(self, posted: Any, kind: ParentKind) -> ParentState | None:
        return next((state for state in ParentState if state.value == posted.get(f"state-{kind}", "")), None)

    def rows(self) -> list[dict[str, Any]]:
        """Father and mother, with what was typed, else with what is known."""
        found = []
        for kind in ParentKind:
            known = self.known.get(kind)
            days = {name: getattr(known, name) for name in ("since", "until")} if known else {}
            texts = {name: self.typed(f"{name}-{kind}", day.isoformat() if day else "") for name, day in days.items()}
            found.append({
                "kind": kind, "states": options(ParentState),
                "state": self.typed(f"state-{kind}", known.state.value if known else ""),
                "since": texts.get("since", self.typed(f"since-{kind}")),
                "until": texts.get("until", self.typed(f"until-{kind}")),
                "about": self.typed(f"about-{kind}", known.note if known else ""),
            })  # fmt: skip
        return found


class ClauseField(Composite):
    """A clause: one of the common ones, or as typed."""

    def __init__(self, label: Any = None, common: Sequence[Clause] = (), **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.common = common

    def read(self, posted: Any) -> str:
        other = posted.get("clause_other", "").strip()[:120]
        return other or (posted.get("clause", "") if posted.get("clause", "") in {c.value for c in Clause} else "")

    def rows(self) -> list[tuple[Clause, bool]]:
        """(clause, chosen) of each common one."""
        return [(clause, self.typed("clause") == clause.value) for clause in self.common]


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
        _l("Months"),
        least=1,
        most=60,
        validators=[validators.Optional()],
        default=case.longest_months,
    ),
    "review_class": lambda ask, case: WordField(
        _l("Rechecked"),
        case.review_classes,
        default=case.file.benefit.review_class or ReviewClass.CHANGING,
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
    "agreed": lambda ask, case: BooleanField(_l("The family agrees that its situation is told there")),
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
