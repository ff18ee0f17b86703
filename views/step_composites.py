"""Fields of the dialogs that are posted as several controls; each comes back as it was typed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from policy.clauses import Clause
from policy.vocabulary import Paper, ParentKind, ParentState, Source
from views.composite_field import Composite
from views.formats import label, options
from workflows.facts import Answer, Missing, Surveyor
from workflows.facts_personal import ParentTold

SPARE_NAMES = 2
"""Empty lines for names, at least."""
NEVER_MISSING = frozenset({Paper.PHOTO, Paper.EXIT_FORM})
"""Papers that no application brings."""


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
    """The cross-check: one row for each source, asked or back, doubtful or not, with a note.

    A row in which a doubt or a note was changed is told, ticked or not: what somebody wrote is never left out silently.
    """

    def __init__(self, label: Any = None, known: Any = (), on: date | None = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.known, self.on = {row.source: row for row in known}, on

    def read(self, posted: Any) -> tuple[Answer, ...]:
        return tuple(
            Answer(source, self.day_of(f"back-{source}", label(source)), *self._found(posted, source))
            for source in Source
            if self._told(posted, source)
        )

    def _told(self, posted: Any, source: Source) -> bool:
        known = self.known.get(source)
        before = (known.doubtful, known.note) if known else (False, "")
        return source.value in posted.getlist("answers") or self._found(posted, source) != before

    @staticmethod
    def _found(posted: Any, source: Source) -> tuple[bool, str]:
        return bool(posted.get(f"doubtful-{source}")), posted.get(f"note-{source}", "").strip()[:400]

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
                    "ticked": self._told(self.posted, source)
                    if self.posted is not None
                    else known is not None and known.back_on is None,
                    "back": self.typed(f"back-{source}", back.isoformat() if back else ""),
                    "doubtful": bool(self.typed(f"doubtful-{source}", known.doubtful if known else False)),
                    "note": self.typed(f"note-{source}", known.note if known else ""),
                }
            )
        return found


class MissingField(Composite):
    """Papers the family must still bring, each with a note; a paper with a note is one of them, ticked or not."""

    def read(self, posted: Any) -> tuple[Missing, ...]:
        noted = ((paper, posted.get(f"missing-{paper}", "").strip()[:200]) for paper in Paper)
        return tuple(Missing(p, note) for p, note in noted if note or p.value in posted.getlist("missing"))

    def rows(self) -> list[tuple[Paper, bool, str]]:
        """(paper, ticked, note) of each kind."""
        named = {one.paper for one in self.read(self.posted)} if self.posted is not None else set()
        return [(p, p in named, self.typed(f"missing-{p}")) for p in Paper if p not in NEVER_MISSING]


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
