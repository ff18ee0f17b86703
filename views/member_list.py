"""What the list of members shows: one row of facts each, read by columns in one statement."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models import Household, Member
from models.sealing import unseal

PERSON, HOME = Member.__table__.c, Household.__table__.c
READ = (
    "id", "row_key", "id_no_sealed", "name", "household_id", "relation", "sex", "birth", "disability_kind",
    "disability_level", "illness", "illness_name", "labour", "township_code", "village_code",
)  # fmt: skip


class Head(NamedTuple):
    """Who heads the family of a line."""

    head_name: str


class Told:
    """What was read of a person, by the names of the columns: whole objects cost a page three times as much."""

    def __init__(self, names: Sequence[str], values: Sequence[Any]) -> None:
        self.__dict__.update(zip(names, values, strict=True))

    def __getattr__(self, name: str) -> Any:
        """Nothing else is there."""
        raise AttributeError(name)

    @property
    def id_no(self) -> str | None:
        """The ID number in full, opened when it is asked for; pages show its end."""
        return unseal("member.id_no", self.row_key, self.id_no_sealed) if self.id_no_sealed else None


class MemberRow(Told):
    """A line of the list."""

    def __init__(self, head_name: str, *values: Any) -> None:
        super().__init__(READ, values)
        self.household = Head(head_name)


def load(session: Session, ids: Sequence[int]) -> list[MemberRow]:
    """The lines of these members, in this order."""
    found = {row.id: row for row in (MemberRow(*one) for one in session.execute(_read(), {"ids": list(ids)}))}
    return [found[id] for id in ids if id in found]


@cache
def _read() -> Any:
    columns = (HOME.head_name, *(PERSON[name] for name in READ))
    rows = select(*columns).join_from(Member.__table__, Household.__table__)
    return rows.where(PERSON.id.in_(bindparam("ids", expanding=True)))
