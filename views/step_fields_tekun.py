"""Fields of the dialogs of 特困: whose support it is, the six items, the wish, agreement, home, why support ends."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField, validators

from models import Attachment, Member
from policy.vocabulary import EndReason, HomeGround, Mode, Paper, SelfCare, Unit, Word
from views.composite_field import Composite
from views.db import db
from views.formats import day, label
from views.numbers import whole
from views.panel.fields import strip

YES, NO = "yes", "no"


class SelfCareField(Composite):
    """The six items, each met or not; what nobody answered stays unanswered."""

    def read(self, posted: Any) -> tuple[tuple[SelfCare, bool], ...]:
        answers = {item: posted.get(f"care-{item}", "") for item in SelfCare}
        return tuple((item, answer == YES) for item, answer in answers.items() if answer in (YES, NO))

    def rows(self) -> list[tuple[SelfCare, str]]:
        """(item, what was answered) of each."""
        return [(item, self.typed(f"care-{item}")) for item in SelfCare]


def people(case: Any) -> list[Member]:
    """Who is supported by the case: the one person, or the whole family."""
    benefit = case.file.benefit
    present = [member for member in case.file.members if member.present]
    return [m for m in present if benefit.unit is Unit.HOUSEHOLD or m.id == benefit.member_id]


def _person(ask: Any, case: Any) -> Any:
    named = [SelectChoice(member.id, member.name) for member in people(case)]
    return SelectField(_l("Person"), choices=named, coerce=_number, validate_choice=False)


def _number(value: Any) -> int | None:
    return whole(str(value))


def _radio(text: Any, words: type[Word] | Sequence[Word]) -> Any:
    known = {word.value: word for word in words}
    return RadioField(
        text, choices=lambda: [SelectChoice(code, label(word)) for code, word in known.items()],
        coerce=lambda value: known.get(str(value)), validate_choice=False, default=None,
    )  # fmt: skip


def _line(text: Any, longest: int, default: str = "") -> Any:
    most = validators.Length(max=longest, message=_l("At most %(max)d characters."))
    return StringField(text, filters=[strip], default=default, validators=[most])


def _file(ask: Any, case: Any) -> Any:
    """The signed agreement among the documents of the case."""
    mine = (Attachment.benefit_id == case.file.benefit.id, Attachment.paper == Paper.AGREEMENT)
    query = select(Attachment).where(*mine, Attachment.withdrawn_at.is_(None)).order_by(Attachment.id.desc())
    found = [SelectChoice(row.id, f"{row.name} · {day(row.uploaded_at)}") for row in db.session.scalars(query)]
    return SelectField(
        _l("Document with the signatures"), choices=[SelectChoice("", "—"), *found], coerce=_number,
        validate_choice=False,
    )  # fmt: skip


def _health(ask: Any, case: Any) -> Any:
    return _radio(_l("Is there an illness that homes must not take in?"), HomeGround)


FIELDS: dict[str, Callable[[Any, Any], Any]] = {
    "person": _person,
    "self_care": lambda ask, case: SelfCareField(_l("Self-care")),
    "mode": lambda ask, case: _radio(_l("Chosen support"), Mode),
    "wish_by": lambda ask, case: _line(_l("Expressed by"), 50),
    "consent": lambda ask, case: BooleanField(_l("The consent to move into a home is signed")),
    "guardian": lambda ask, case: _line(_l("Guardian"), 50),
    "file": _file,
    "home": lambda ask, case: _line(_l("Support home"), 100),
    "ground": _health,
    "recovered": lambda ask, case: BooleanField(
        _l("Of who was referred before: a hospital's certificate that the illness is over is on file")
    ),
    "reporter": lambda ask, case: _line(_l("Noticed by"), 50),
    "end_reason": lambda ask, case: _radio(_l("Why support ends"), EndReason),
    "leave_signed": lambda ask, case: BooleanField(_l("The person has signed the wish to leave")),
}
GIVEN_NAMES = {
    "wish_by": "by_name", "guardian": "by_name", "reporter": "by_name", "consent": "form_signed",
    "leave_signed": "form_signed", "recovered": "form_signed", "file": "file_id",
}  # fmt: skip
"""Where the name of a field is not that of the ``Given`` it fills."""
