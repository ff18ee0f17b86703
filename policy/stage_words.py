"""What a stage is called under a scheme: aid that is paid once is not received month by month."""

from typing import Protocol

from policy.vocabulary import Scheme, Stage
from policy.word import Word


class OfAid(Word):
    """What the stages of 临时救助 are called where the word of the monthly schemes would say something else."""

    ACTIVE = "active", "Awaiting payment"
    EXITED = "exited", "Closed"


class Stands(Protocol):
    """Whatever has a scheme and stands at a stage."""

    @property
    def scheme(self) -> Scheme:
        """Under which scheme."""

    @property
    def stage(self) -> Stage:
        """At which stage."""


def stage_word(scheme: Scheme, stage: Stage) -> Word:
    """The word for a stage under a scheme: what is granted but unpaid 待发放, what is paid 已办结."""
    if scheme is Scheme.TEMPORARY and stage in (Stage.ACTIVE, Stage.EXITED):
        return OfAid(stage.value)
    return stage


def stage_of(case: Stands) -> Word:
    """Where a case stands, in the word of its scheme."""
    return stage_word(case.scheme, case.stage)
