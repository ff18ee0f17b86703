"""New rows of a batch carried out: families founded, people added, and the cases that families come with noted."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import Session

from models import Household, ImportRow, IncomeLine, Member, NameIndex
from policy.vocabulary import Area
from workflows.exchange import staged, staged_lots
from workflows.exchange.founding import Families, People
from workflows.exchange.staged import Staged
from workflows.exchange.staged_lots import Part
from workflows.exchange.wanted import Flat
from workflows.loading import block, note

Case = tuple[int, int, str, Flat]
"""(row number, household, village, case) of a family to be taken over."""


class Adding:
    """Writes the new rows of a batch some thousands at a time; each is opened once."""

    def __init__(self, session: Session, batch_id: int, now: datetime, went: Callable[[int], None]) -> None:
        self.session, self.batch_id, self.now, self.went = session, batch_id, now, went
        heads, self.sizes, self.people = staged.founded(session, batch_id)
        self.homes = dict(zip(heads, block(session, Household, len(heads)), strict=True))
        """Ids of the families that are founded, by the hash of the head's number."""
        self.areas: dict[int, Area] = {}
        self.cases: list[Case] = []
        self.joined: set[int] = set()
        """Families that stood here before and that somebody joined."""
        self.tables: set[str] = set()

    @property
    def coming(self) -> dict[type[Any], int]:
        """How many rows come to which table."""
        return {Household: len(self.homes), Member: self.people, NameIndex: self.people, IncomeLine: self.people}

    def write(self) -> None:
        """Write them all: heads that lie in no lot, what lies in lots, then everybody else."""
        self.ids, self.written = block(self.session, Member, self.people), 0
        new = staged.of(self.batch_id, "new")
        with (
            Families(self.session, self.batch_id, self.now) as families,
            People(self.session, self.batch_id, self.now.date()) as people,
        ):
            for page in staged.opened(self.session, and_(new, staged.FOUNDS)):
                self._found(families, page)
                self._add(people, page)
            for part in staged_lots.in_lots(self.session, self.batch_id):
                self._add_part(families, people, part)
            for page in staged.opened(self.session, and_(new, staged.FOUNDS_NOT)):
                self._add(people, page)
            self.tables |= families.written | people.written

    def _found(self, families: Families, page: Sequence[Staged]) -> None:
        rows = [
            (self.homes[head], row.village_code, self.sizes[head], row.content["household"])
            for row in page if (head := row.head_hash)
        ]  # fmt: skip
        families.add(rows)
        self.areas.update((home, Area(told.get("area") or Area.RURAL)) for home, _, _, told in rows)

    def _add(self, people: People, page: Sequence[Staged]) -> None:
        """Write the people of a page, whose families stand."""
        rows, became = [], []
        for row in page:
            home = row.home_id or self.homes[row.head_hash or ""]
            if row.home_id:
                self.joined.add(home)
            content = row.content
            if "case" in content:
                self.cases.append((row.number, home, row.village_code, content["case"]))
            if row.person_hash:
                id = self._next(1)[0]
                rows.append((id, home, row.village_code, row.person_hash, content.get("member") or content["head"]))
                became.append((home if row.table == "household" else id, 1, row.id))
        people.add(rows)
        note(self.session, ImportRow, ("row_id", "row_version"), became)
        self.went(len(page))

    def _add_part(self, families: Families, people: People, part: Part) -> None:
        """Write what lies in lots: the families, then their people."""
        told, homes = part.told, list(map(self.homes.__getitem__, part.homes))
        if told.heads:
            founded, villages = [homes[at] for at in told.heads], [part.villages[at] for at in told.heads]
            sizes = [self.sizes[part.homes[at]] for at in told.heads]
            families.take(founded, villages, sizes, told.homes)
            self.areas.update(zip(founded, map(Area, told.homes["area"]), strict=True))
            for at, case in told.each_case():
                self.cases.append((part.numbers[told.heads[at]], founded[at], villages[at], case))
        ids = self._next(len(homes))
        people.take(ids, homes, part.villages, part.persons, told.people)
        staged_lots.became(self.session, part.ids, ids)
        self.went(len(homes))

    def _next(self, count: int) -> Sequence[int]:
        self.written += count
        return self.ids[self.written - count : self.written]
