"""The figures of one place on one day, trial values first: what a calculation looks things up in, read once each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from policy.figure_keys import KNOWN_KEYS, Status
from policy.figures import BadFigure, Figure, Figures, MissingFigure, prefixes, read_figure
from policy.finding import Row
from policy.vocabulary import Area

TRIAL_CITE = "试算值"
_PLAIN = frozenset(key for key in KNOWN_KEYS if f"{key}.{Area.URBAN}" in KNOWN_KEYS)


@dataclass(slots=True)
class Book:
    """Figures bound to a place and a day. One book serves every family of that place: answers are kept."""

    figures: Figures
    place: str
    on: date
    trial: Mapping[str, Figure] = field(default_factory=dict)
    _today: dict[str, Figure | None] = field(default_factory=dict)
    _kept: dict[date, dict[str, Figure | None]] = field(default_factory=dict)
    _by_area: dict[tuple[str, Area | None, date], Figure] = field(default_factory=dict)
    _used: dict[str, tuple[Figure, Row]] = field(default_factory=dict)

    @classmethod
    def open(cls, figures: Figures, place: str, on: date, trial: Mapping[str, object] | None = None) -> "Book":
        """A book with trial values (元 as people write them), which win over every dated figure; raises BadFigure."""
        values = {key: trial_figure(key, value, place, on) for key, value in (trial or {}).items()}
        return cls(figures, place, on, values)

    def find(self, key: str, on: date | None = None) -> Figure | None:
        """The figure in force (on another day if one is given), or None where no rule is a lawful answer."""
        kept = self._kept.setdefault(on, {}) if on else self._today
        if key not in kept:
            kept[key] = self.trial.get(key) or self.figures.find(key, place=self.place, on=on or self.on)
        return kept[key]

    def no_higher(self, key: str) -> Figure | None:
        """The figure in force, or the nation's where a place's own is higher and the rule lets it only be lower."""
        found, nation = self.find(key), self.figures.find(key, place="", on=self.on)
        if found is None or nation is None or key in self.trial:
            return found
        return nation if found.multiple > nation.multiple else found

    def get(self, key: str, on: date | None = None) -> Figure:
        """The figure in force; raises MissingFigure with key, place and day."""
        figure = self.find(key, on)
        if figure is None:
            raise MissingFigure(key, self.place, on or self.on)
        return figure

    def by_area(self, key: str, area: Area | None, on: date | None = None) -> Figure:
        """A figure that may differ between town and country; of equally near places the plain key wins.

        Raises MissingFigure, also where town and country differ and the area is not known.
        """
        where = (key, area, on or self.on)
        if where not in self._by_area:
            self._by_area[where] = self._nearest_of(key, area, on)
        return self._by_area[where]

    def used(self, figure: Figure) -> Row:
        """The figure as a finding tells it; kept, so that thousands of findings need not write it anew."""
        kept = self._used.get(figure.key)
        if kept is None or kept[0] is not figure:
            kept = figure, {
                "value": figure.text, "place": figure.place or "全国", "from": figure.valid_from.isoformat(),
                "cite": figure.cite, "status": figure.status.value, "trial": figure.key in self.trial,
            }  # fmt: skip
            self._used[figure.key] = kept
        return kept[1]

    def _nearest_of(self, key: str, area: Area | None, on: date | None) -> Figure:
        plain = self.find(key, on) if key in KNOWN_KEYS else None
        parted = [figure for one in ([area] if area else list(Area)) if (figure := self.find(f"{key}.{one}", on))]
        options = [*parted, plain] if plain else parted
        nearest = max(options, key=lambda figure: (self.nearness(figure), figure.key in _PLAIN), default=None)
        unsure = nearest is not plain and len({figure.value for figure in parted}) > 1
        if nearest is None or unsure:
            raise MissingFigure(f"{key}.{area}" if area else key, self.place, on or self.on)
        return nearest

    def nearness(self, figure: Figure) -> tuple[bool, int]:
        """How close a figure is to the family: a trial before the rest, then the smaller division."""
        return figure.key in self.trial, len(figure.place)


def trial_figure(key: str, value: object, place: str, on: date) -> Figure:
    """A trial value as a figure in force that day alone; raises BadFigure as a row of a file would."""
    known = KNOWN_KEYS.get(key)
    unit = known.unit.written if known else ""
    where = next(iter(prefixes(place)), "")
    row = {"key": key, "unit": unit, "value": value, "place": where, "from": on, "to": on, "cite": TRIAL_CITE}
    return read_figure({**row, "status": Status.DERIVED.value})


__all__ = ["TRIAL_CITE", "BadFigure", "Book", "MissingFigure", "trial_figure"]
