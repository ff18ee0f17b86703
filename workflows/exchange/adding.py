"""New rows of a batch carried out: families founded, people added, and the cases that families come with noted."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Household, ImportRow, IncomeLine, Member, NameIndex
from policy.vocabulary import Area
from workflows.exchange import staged
from workflows.exchange.founding import Families, People
from workflows.exchange.staged import Staged
from workflows.exchange.wanted import Flat
from workflows.loading import block, note

Case = tuple[int, int, str, Flat]
"""(row number, household, village, case) of a family to be taken over."""


class Adding:
    """Writes the new rows of a batch some thousands at a time; each is opened once."""

    def __init__(self, session: Session, batch_id: int, now: datetime, went: Callable[[int], None]) -> None:
        self.session, self.batch_id, self.now, self.went = session, batch_id, now, went
        heads = staged.founding(session, batch_id)
        self.homes = dict(zip(heads, block(session, Household, len(heads)), strict=True))
        """Ids of the families that are founded, by the hash of the head's number."""
        self.sizes = staged.people_by_head(session, batch_id)
        new = select(func.count(ImportRow.id)).where(staged.of(batch_id, "new"), ImportRow.person_hash.is_not(None))
        self.people = session.scalar(new) or 0
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
        """Write them all; who stands above the head of a new family is written after it."""
        self.ids = iter(block(self.session, Member, self.people))
        late: list[Staged] = []
        with (
            Families(self.session, self.batch_id, self.now) as families,
            People(self.session, self.batch_id, self.now.date()) as people,
        ):
            for page in staged.opened(self.session, staged.of(self.batch_id, "new")):
                self._found(families, page)
                late = self._add(people, late + page)
            self.tables |= families.written | people.written

    def _found(self, families: Families, page: Sequence[Staged]) -> None:
        rows = [
            (self.homes[row.head_hash], row.village_code, self.sizes.get(row.head_hash, 0), row.content["household"])
            for row in page if row.head_hash and row.head_hash == row.person_hash
        ]  # fmt: skip
        families.add(rows)
        self.areas.update((home, Area(told.get("area") or Area.RURAL)) for home, _, _, told in rows)

    def _add(self, people: People, page: Sequence[Staged]) -> list[Staged]:
        """Write the people of a page; returns those whose family does not stand yet."""
        rows, became, late, homes, areas, ids = [], [], [], self.homes, self.areas, self.ids
        for row in page:
            if row.home_id:
                home = row.home_id
                self.joined.add(home)
            else:
                home = homes[row.head_hash or ""]
                if home not in areas:
                    late.append(row)
                    continue
            content = row.content
            if "case" in content:
                self.cases.append((row.number, home, row.village_code, content["case"]))
            if row.person_hash:
                id = next(ids)
                rows.append((id, home, row.village_code, row.person_hash, content.get("member") or content["head"]))
                became.append((home if row.table == "household" else id, 1, row.id))
        people.add(rows)
        note(self.session, ImportRow, ("row_id", "row_version"), became)
        self.went(len(page) - len(late))
        return late
