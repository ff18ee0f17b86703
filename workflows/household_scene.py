"""An event of a family about to be checked and written: what the modules of the single kinds work on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Household, Member
from models.sealing import blind
from policy.figures import Figures
from workflows.actor import Actor, within
from workflows.household_event_input import Happened
from workflows.people import Person
from workflows.reason import Reason
from workflows.registry import count_persons


@dataclass
class Scene:
    """An event about to be checked and written: the family, who is there, and whom it turns out to be about."""

    session: Session
    household: Household
    happened: Happened
    actor: Actor
    now: datetime
    figures: Figures
    about: Member | None = None
    names: list[str] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.households = self.households or [self.household]
        for person in self.happened.people:
            if stay := self.stay_elsewhere(person):
                self._touch(stay.household)
        if (other := self.other) is not None:
            self._touch(other)

    @property
    def on(self) -> date:
        return self.happened.on

    @property
    def present(self) -> list[Member]:
        """Who is in the family now."""
        return [member for member in self.household.members if member.present]

    @property
    def member(self) -> Member | None:
        """The member the event names; None where nobody of this family is named."""
        return next((m for m in self.household.members if m.id == self.happened.member), None)

    @property
    def other(self) -> Household | None:
        """The second family of a merge, where it lies under the actor."""
        found = self.session.get(Household, self.happened.other) if self.happened.other else None
        return found if found is not None and within(self.actor, found.village_code) else None

    def stay_elsewhere(self, person: Person) -> Member | None:
        """The stay of a person in another family under the actor, from which they would come."""
        query = select(Member).where(Member.id_no_hash == blind("id_no", person.id_no), Member.left_on.is_(None))
        stay = self.session.scalars(query).first()
        if stay is None or stay.household_id == self.household.id or not within(self.actor, stay.village_code):
            return None
        return stay

    def tell(self, member: Member) -> None:
        """The event is about this person (too)."""
        self.about = self.about or member
        self.names.append(member.name)

    def _touch(self, household: Household) -> None:
        if household not in self.households:
            self.households.append(household)


class Act(NamedTuple):
    """One kind of event: every reason against it, and what it writes."""

    check: Callable[[Scene], Sequence[Reason]]
    write: Callable[[Scene], None]


def recount(s: Scene) -> None:
    """Keep the number of persons of every family touched; one of which nobody is left is dissolved."""
    for household in s.households:
        s.session.flush()
        s.session.expire(household, ["members"])
        count_persons(s.session, household)
        if household.persons == 0 and household.dissolved_on is None:
            household.dissolved_on = max(s.on, household.registered_on)
    s.session.flush()
