"""Who acts, and which rows belong to their division."""

from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select, false

from policy.division_codes import is_township, is_village
from policy.vocabulary import Role

SEES_CASES = frozenset(Role) - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}
FIELD = (Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER)
"""Those who meet the families."""
CALCULATORS = (Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER)
CONFIRMERS = (Role.TOWNSHIP_APPROVER, Role.COUNTY_APPROVER)
IMPORTERS = (Role.COUNTY_REVIEWER, Role.TOWNSHIP_OFFICER)
PREVIEWERS = (Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER, Role.SUPERVISOR)
"""Those who may preview what new figures would make of the county's amounts."""
ADJUSTERS = (Role.COUNTY_APPROVER, Role.SUPERVISOR)
"""Those who may carry out an adjustment of the county's amounts, and undo it."""

S = TypeVar("S", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True)
class Actor:
    """A person (or the system) as the workflows see them; ``channel`` says how they came: web, cli, import, system."""

    id: int | None
    name: str
    role: Role | None
    division_code: str
    channel: str = "web"

    @property
    def sees_cases(self) -> bool:
        """Administrators of the system see no case; a person without a role sees nothing."""
        return self.id is None or self.role in SEES_CASES


SYSTEM = Actor(None, "system", None, "", "system")


def within(actor: Actor, village_code: str) -> bool:
    """Whether a row of this village (or township) belongs to the actor's division."""
    return actor.sees_cases and village_code.startswith(actor.division_code)


def scoped(query: S, rows: Any, actor: Actor) -> S:
    """Narrow a query over ``rows`` (a table with both division codes) to what belongs to the actor's division.

    A database is one county, so a code of the county (or above, as an auditor of the city has) sees every row;
    ``accounts`` refuses a user whose division does not contain the county or lie in it.
    """
    code = actor.division_code
    if not actor.sees_cases:
        return query.where(false())
    if is_village(code):
        return query.where(rows.village_code == code)
    if is_township(code):
        return query.where(rows.township_code == code)
    return query
