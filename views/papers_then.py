"""The family as it stood when a step was taken: what its events wrote later is looked through."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from models import Event, HouseholdEvent, Member
from policy.vocabulary import Relation, Unit
from views.case_file import CaseFile
from views.db import db


class Then:
    """Reads the columns of a case's family and members as they were at the moment of an event."""

    def __init__(self, file: CaseFile, event: Event) -> None:
        home = file.household.id
        query = select(HouseholdEvent.data).where(
            or_(HouseholdEvent.household_id == home, HouseholdEvent.other_id == home), HouseholdEvent.at > event.at
        )
        self.file, self.later = file, list(db.session.scalars(query.order_by(HouseholdEvent.id)))
        self.made = {key for data in self.later for key in data.get("made", ())}

    def value(self, key: str, name: str, now: Any) -> Any:
        """A column of ``table:id``: what the first later event that wrote it found there, else what it is now."""
        found = (data.get("changed", {}).get(key, {}).get(name) for data in self.later)
        return next((pair[0] for pair in found if pair is not None), now)

    @property
    def head(self) -> str:
        """Who headed the family."""
        return str(self.value(f"household:{self.file.household.id}", "head_name", self.file.household.head_name))

    @property
    def applicant(self) -> str:
        """Whose the application was: the person counted alone, else who headed the family."""
        benefit = self.file.benefit
        return benefit.member.name if benefit.unit is Unit.SINGLE and benefit.member else self.head

    @property
    def members(self) -> Sequence[Member]:
        """Who lived in the family, in the order of the file."""
        return [one for one in self.file.members if self._present(one)]

    def relation(self, member: Member) -> Relation:
        """What somebody was to the head."""
        return Relation(self.value(f"member:{member.id}", "relation", member.relation.value))

    def _present(self, member: Member) -> bool:
        key = f"member:{member.id}"
        return key not in self.made and self.value(key, "left_on", member.left_on) is None
