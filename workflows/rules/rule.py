"""One permitted move, and what the tables of several schemes share: roles, stages, checks."""

from dataclasses import dataclass

from policy.vocabulary import Action, Role, Scheme, Stage
from workflows import checks as c
from workflows.actor import ADJUSTERS as ADJUSTERS
from workflows.actor import CONFIRMERS as CONFIRMERS
from workflows.actor import FIELD as FIELD
from workflows.actor import Actor
from workflows.checks import Check
from workflows.inputs import InputCheck

S, A, R = Stage, Action, Role
OFFICER = (R.TOWNSHIP_OFFICER,)
TAKERS = (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER)
SYSTEM: tuple[Role, ...] = ()
BEFORE_APPROVAL = (S.APPLIED, S.ACCEPTED, S.REVIEW, S.NOTICE)
SURVEYED = (c.two_surveyors, c.crosscheck_back)
DECIDER = (c.confirmer_has_authority, c.not_own_review, c.county_has_visited, c.county_has_given_opinion)
RECHECKED = (
    c.recheck_visited, c.opinion_given, c.confirmer_has_authority, c.not_own_review, c.county_has_visited,
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One permitted move: ``checks`` ask the facts, ``inputs`` what was given; ``by_time``: the system may too."""

    schemes: tuple[Scheme, ...]
    from_: tuple[Stage | None, ...]
    action: Action
    to: Stage | None
    """The stage afterwards; None keeps the stage."""
    roles: tuple[Role, ...]
    clause: str
    checks: tuple[Check, ...] = ()
    inputs: tuple[InputCheck, ...] = ()
    by_time: bool = False
    in_batch: bool = False
    """Taken for many cases at once (undoing an import, adjusting to new figures), never by a button."""
    back_to: tuple[Stage, ...] = ()
    """Stages to which it leads instead of ``to``, where the case stood in one of them before the step it takes back."""

    def allows(self, actor: Actor) -> bool:
        """Whether the actor's role may take this step; the system only where time alone may."""
        return self.by_time if actor.id is None and actor.role is None else actor.role in self.roles
