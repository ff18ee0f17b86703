"""Stages to filter lists by, in the words that their rows bear: aid paid once awaits payment, then is closed."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l

from models import Benefit
from models.benefit import of_scheme
from policy.stage_words import OfAid
from policy.vocabulary import Scheme, Stage

Choices = dict[str, tuple[Any, Callable[..., Any]]]
_OF_BOTH = {Stage.ACTIVE: _l("Receiving, or awaiting payment"), Stage.EXITED: _l("Exited, or closed")}


def _of_aid(stage: Stage) -> Any:
    return of_scheme(Scheme.TEMPORARY) & (Benefit.stage == stage)


EACH: Choices = {
    **{s.value: (_OF_BOTH.get(s, _l(s.label)), lambda s=s: Benefit.stage == s) for s in Stage},
    "awaiting_payment": (_l(OfAid.ACTIVE.label), lambda: _of_aid(Stage.ACTIVE)),
    "closed": (_l(OfAid.EXITED.label), lambda: _of_aid(Stage.EXITED)),
}
"""Each stage of every scheme, and those of 临时救助 that are called otherwise."""
