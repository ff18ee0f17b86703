"""What the rule of a case's own day asks beside the present one: 民发〔2012〕220号 before 2021-07-01."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FormerFacts:
    """By the figures of the day of acceptance: a case accepted before a change keeps its old rules.

    ``meeting_asked``: a democratic review is held of every application; ``disputed``: somebody objected.
    ``delegates_of_three``: of every three who review, so many are delegates. ``drawn``: the county visits by lot.
    """

    meeting_asked: bool = False
    disputed: bool = False
    delegates_of_three: int | None = None
    meeting_held: bool = False
    second_notice: bool = False
    second_held: bool = False
    drawn: bool = False
