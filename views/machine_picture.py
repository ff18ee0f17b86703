"""The machine as a picture: stages as boxes, steps as arrows, both read from the table of rules."""

from collections import defaultdict
from typing import NamedTuple

from flask_babel import gettext as _

from policy.stage_words import stage_word
from policy.vocabulary import Action, Scheme, Stage
from workflows.machine import RULES

WIDTH, HEIGHT = 1240, 670
BOX = (128, 50)
LINE = 17
"""From one line of words to the next."""
PLACES = {
    Stage.APPLIED: (75, 235), Stage.ACCEPTED: (283, 235), Stage.REVIEW: (491, 235), Stage.NOTICE: (699, 235),
    Stage.APPROVAL: (900, 235), Stage.ACTIVE: (1090, 235), Stage.WITHDRAWN: (75, 60), Stage.REFUSED: (491, 400),
    Stage.RECHECK: (1090, 420), Stage.EXITED: (150, 590), Stage.SUSPENDED: (760, 530), Stage.GRACE: (1090, 590),
}  # fmt: skip
BENDS = {
    (Stage.NOTICE, Stage.REVIEW): -110, (Stage.APPROVAL, Stage.REVIEW): -270, (Stage.REVIEW, Stage.APPROVAL): -190,
    (Stage.NOTICE, Stage.APPROVAL): -36, (Stage.APPROVAL, Stage.NOTICE): 36,
    (Stage.ACTIVE, Stage.RECHECK): -110, (Stage.RECHECK, Stage.ACTIVE): -110, (Stage.SUSPENDED, Stage.ACTIVE): -30,
    (Stage.RECHECK, Stage.SUSPENDED): -10, (Stage.RECHECK, Stage.EXITED): -30, (Stage.GRACE, Stage.EXITED): 16,
    (Stage.APPLIED, Stage.APPROVAL): -190, (Stage.APPLIED, Stage.ACTIVE): -300,
    (Stage.GRACE, Stage.ACTIVE): 165, (Stage.EXITED, Stage.WITHDRAWN): 170, (Stage.ACTIVE, Stage.EXITED): 70,
}  # fmt: skip
ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8)
ASIDE = (0, -40, 40)
"""Where the words of an arrow may stand: how far along it, and how far above or below; the first free spot is taken."""
MANY = 4
"""Steps that start from at least so many stages are written under the stage they lead to instead of being drawn."""
SHOWN = 2


class Box(NamedTuple):
    """A stage: its corner, its middle, its word in one line or two, and what leads to it from many stages."""

    stage: Stage
    x: float
    y: float
    words: tuple[str, ...]
    notes: tuple[str, ...]


class Arrow(NamedTuple):
    """The steps from one stage to another: the path, where the first of its words stands, and the words."""

    path: str
    x: float
    y: float
    words: tuple[str, ...]


class Picture(NamedTuple):
    """One scheme's machine."""

    scheme: Scheme
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


class Patch(NamedTuple):
    """Ground that is taken: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: "Patch") -> float:
        """How much ground two of them share."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide * high if wide > 0 and high > 0 else 0


FRAME = (Patch(-WIDTH, 0, 0, HEIGHT), Patch(WIDTH, 0, 2 * WIDTH, HEIGHT))
"""Left and right of the picture."""


def picture(scheme: Scheme) -> Picture:
    """Draw the rules of a scheme."""
    steps, notes = _steps(scheme)
    stages = [stage for stage in PLACES if any(stage in pair for pair in steps) or stage in notes]
    boxes = tuple(_box(scheme, stage, notes[stage]) for stage in stages)
    taken = [*FRAME, *(patch for box in boxes for patch in _ground(box))]
    return Picture(scheme, boxes, tuple(_arrow(pair, actions, taken) for pair, actions in steps.items()))


def _box(scheme: Scheme, stage: Stage, notes: list[str]) -> Box:
    x, y = PLACES[stage]
    return Box(stage, x - BOX[0] / 2, y - BOX[1] / 2, _broken(_(stage_word(scheme, stage).label)), tuple(notes))


def _broken(word: str) -> tuple[str, ...]:
    """A word that is too wide for a box, in two lines."""
    first, _space, last = word.rpartition(" ")
    return (first, last) if first and width_of(word) > BOX[0] - 12 else (word,)


def width_of(word: str) -> float:
    """About how wide words are drawn, in units of the picture."""
    return sum(15 if ord(letter) > 0x2E7F else 7.5 for letter in word)


def _ground(box: Box) -> list[Patch]:
    under = box.y + BOX[1]
    notes = [
        Patch(box.x, under + LINE * n, box.x + width_of(note), under + LINE * (n + 1))
        for n, note in enumerate(box.notes)
    ]
    return [Patch(box.x - 4, box.y - 4, box.x + BOX[0] + 4, under + 4), *notes]


def _steps(scheme: Scheme) -> tuple[dict[tuple[Stage, Stage], list[Action]], dict[Stage, list[str]]]:
    steps, notes = defaultdict(list), defaultdict(list)
    for rule in RULES:
        if scheme in rule.schemes and rule.to is not None:
            if len(rule.from_) >= MANY:
                origin = _("any stage before the decision") if Stage.APPLIED in rule.from_ else _("any paid stage")
                notes[rule.to].append(f"{_(rule.action.label)} ← {origin}")
            for stage in rule.from_ if len(rule.from_) < MANY else ():
                if stage is rule.to:
                    notes[rule.to].append(f"↺ {_(rule.action.label)}")
                elif stage is not None:
                    steps[stage, rule.to].append(rule.action)
    return steps, notes


def _arrow(pair: tuple[Stage, Stage], actions: list[Action], taken: list[Patch]) -> Arrow:
    (x1, y1), (x2, y2), bend = PLACES[pair[0]], PLACES[pair[1]], BENDS.get(pair, 0)
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1)
    aside = bend if x2 >= x1 else -bend
    cx, cy = (x1 + x2) / 2 - (y2 - y1) / length * bend, (y1 + y2) / 2 + (x2 - x1) / length * aside
    (sx, sy), (ex, ey) = _edge((x1, y1), (cx, cy)), _edge((x2, y2), (cx, cy))
    words = tuple(_(action.label) for action in actions)
    path = f"M{sx:.0f} {sy:.0f} Q{cx:.0f} {cy:.0f} {ex:.0f} {ey:.0f}"
    middles = [
        (sx * (1 - t) ** 2 + 2 * cx * t * (1 - t) + ex * t**2, sy * (1 - t) ** 2 + 2 * cy * t * (1 - t) + ey * t**2 + d)
        for d in ASIDE for t in ALONG
    ]  # fmt: skip
    x, y = _free(middles, words, taken)
    return Arrow(path, x, y + 12, words)


def _free(middles: list[tuple[float, float]], words: tuple[str, ...], taken: list[Patch]) -> tuple[float, float]:
    """The first of these spots where the words cover nothing, else where they cover least; it is marked as taken."""
    wide, high = max(map(width_of, words)) / 2, LINE * len(words) / 2
    spots = [Patch(x - wide, y - high, x + wide, y + high) for x, y in middles]
    best = min(spots, key=lambda spot: sum(map(spot.shared, taken)))
    taken.append(best)
    return (best.left + best.right) / 2, best.top


def _edge(middle: tuple[float, float], towards: tuple[float, float]) -> tuple[float, float]:
    """Where the line from a box's middle towards a point leaves the box."""
    dx, dy = towards[0] - middle[0], towards[1] - middle[1]
    scale = min(BOX[0] / 2 / abs(dx) if dx else 9, BOX[1] / 2 / abs(dy) if dy else 9)
    return middle[0] + dx * scale, middle[1] + dy * scale
