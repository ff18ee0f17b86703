"""The machine as a picture: stages as boxes, steps as arrows, both read from the table of rules."""

from collections import defaultdict
from typing import NamedTuple

from flask_babel import gettext as _

from policy.vocabulary import Action, Scheme, Stage
from workflows.machine import RULES

WIDTH, HEIGHT = 1240, 540
BOX = (118, 44)
PLACES = {
    Stage.APPLIED: (80, 190), Stage.ACCEPTED: (275, 190), Stage.REVIEW: (480, 190), Stage.NOTICE: (685, 190),
    Stage.APPROVAL: (880, 190), Stage.ACTIVE: (1090, 190), Stage.WITHDRAWN: (80, 60), Stage.REFUSED: (685, 330),
    Stage.RECHECK: (1090, 330), Stage.EXITED: (275, 470), Stage.SUSPENDED: (785, 470), Stage.GRACE: (1090, 470),
}  # fmt: skip
BENDS = {
    (Stage.NOTICE, Stage.REVIEW): -70, (Stage.APPROVAL, Stage.REVIEW): -190, (Stage.REVIEW, Stage.APPROVAL): -120,
    (Stage.ACTIVE, Stage.RECHECK): -44, (Stage.RECHECK, Stage.ACTIVE): -44, (Stage.SUSPENDED, Stage.ACTIVE): -30,
    (Stage.RECHECK, Stage.SUSPENDED): -10, (Stage.RECHECK, Stage.EXITED): 20, (Stage.GRACE, Stage.EXITED): -64,
    (Stage.APPLIED, Stage.APPROVAL): -150, (Stage.APPLIED, Stage.ACTIVE): -250,
    (Stage.GRACE, Stage.ACTIVE): 170, (Stage.ACTIVE, Stage.EXITED): 60,
}  # fmt: skip
MANY = 4
"""A step that may start from so many stages is told under the box it leads to, not drawn from each."""
SHOWN = 2


class Box(NamedTuple):
    """A stage: its corner, its middle, its word, and what leads to it from many stages."""

    stage: Stage
    x: float
    y: float
    word: str
    notes: tuple[str, ...]


class Arrow(NamedTuple):
    """The steps from one stage to another: the path, where its words stand, and the words."""

    path: str
    x: float
    y: float
    words: tuple[str, ...]


class Picture(NamedTuple):
    """One scheme's machine."""

    scheme: Scheme
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def picture(scheme: Scheme) -> Picture:
    """Draw the rules of a scheme."""
    steps, notes = _steps(scheme)
    stages = [stage for stage in PLACES if any(stage in pair for pair in steps) or stage in notes]
    boxes = tuple(_box(stage, notes[stage]) for stage in stages)
    return Picture(scheme, boxes, tuple(_arrow(pair, actions) for pair, actions in steps.items()))


def _box(stage: Stage, notes: list[str]) -> Box:
    x, y = PLACES[stage]
    return Box(stage, x - BOX[0] / 2, y - BOX[1] / 2, _(stage.label), tuple(notes))


def _steps(scheme: Scheme) -> tuple[dict[tuple[Stage, Stage], list[Action]], dict[Stage, list[str]]]:
    steps, notes = defaultdict(list), defaultdict(list)
    for rule in RULES:
        if scheme in rule.schemes and rule.to is not None:
            if len(rule.from_) >= MANY:
                origin = _("any stage before the decision") if Stage.APPLIED in rule.from_ else _("any paid stage")
                notes[rule.to].append(f"{_(rule.action.label)} ← {origin}")
            for stage in rule.from_ if len(rule.from_) < MANY else ():
                if stage is not None:
                    steps[stage, rule.to].append(rule.action)
    return steps, notes


def _arrow(pair: tuple[Stage, Stage], actions: list[Action]) -> Arrow:
    (x1, y1), (x2, y2), bend = PLACES[pair[0]], PLACES[pair[1]], BENDS.get(pair, 0)
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1)
    aside = bend if x2 >= x1 else -bend
    cx, cy = (x1 + x2) / 2 - (y2 - y1) / length * bend, (y1 + y2) / 2 + (x2 - x1) / length * aside
    (sx, sy), (ex, ey) = _edge((x1, y1), (cx, cy)), _edge((x2, y2), (cx, cy))
    words = tuple(_(action.label) for action in actions)
    path = f"M{sx:.0f} {sy:.0f} Q{cx:.0f} {cy:.0f} {ex:.0f} {ey:.0f}"
    return Arrow(path, (sx + 2 * cx + ex) / 4, (sy + 2 * cy + ey) / 4, words)


def _edge(middle: tuple[float, float], towards: tuple[float, float]) -> tuple[float, float]:
    """Where the line from a box's middle towards a point leaves the box."""
    dx, dy = towards[0] - middle[0], towards[1] - middle[1]
    scale = min(BOX[0] / 2 / abs(dx) if dx else 9, BOX[1] / 2 / abs(dy) if dy else 9)
    return middle[0] + dx * scale, middle[1] + dy * scale
