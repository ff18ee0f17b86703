"""The county and its people as the verbs need them: who acts, which rules of login hold, who may see whom."""

import unicodedata
from collections.abc import Collection

from sqlalchemy import Select, false, literal, or_, select
from sqlalchemy.orm import Session

from models import County, User
from policy.vocabulary import Role
from workflows.actor import Actor
from workflows.passwords import PROFILES, Profile
from workflows.reason import Reason, Refused

ADMINS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
# In a county of its own right these log in with two factors from the first day; the sample county asks nobody.
GUARDED_FROM_START = (
    Role.TOWNSHIP_APPROVER, Role.COUNTY_APPROVER, Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN,
)  # fmt: skip
# Every login of the sample county has this password; its login page shows it, no other county's does.
SAMPLE_PASSWORD = "Bamboo-Sea-2021"  # noqa: S105 - of invented people


def county(session: Session) -> County:
    """The county of this database; raises Refused when none was set up."""
    row: County | None = session.scalar(select(County))
    if row is None:
        raise Refused([Reason("no_county")])
    return row


def profile_of(session: Session) -> Profile:
    """What this county asks of passwords."""
    return PROFILES[county(session).password_profile]


def actor_of(user: User, channel: str = "web") -> Actor:
    """The user as the verbs see them."""
    return Actor(user.id, user.name, user.role, user.division_code, channel)


def who_began(session: Session, user_id: int | None) -> Actor:
    """Whoever began long work, with the role they have now; nobody's any more where the account was closed."""
    user = session.get_one(User, user_id)
    return Actor(user.id, user.name, user.role if user.active else None, user.division_code)


def normal_login(text: str) -> str:
    """A login as it is kept and compared: half-width, small letters, no blanks around it."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def need(actor: Actor, *roles: Role) -> None:
    """Raise Refused unless the actor holds one of the roles, or is the system itself (setting up, command line)."""
    if actor.id is not None and actor.role not in roles:
        raise Refused([Reason("role_may_not", role=actor.role)])


def people(actor: Actor) -> Select[User]:
    """The users an administrator sees: those under their division, and those whose division contains it."""
    if actor.id is not None and actor.role not in ADMINS:
        return select(User).where(false())
    code = actor.division_code
    above = literal(code).startswith(User.division_code)
    return select(User).where(or_(User.division_code.startswith(code), above))


def names_of(session: Session, user_ids: Collection[int | None]) -> dict[int, str]:
    """Names by id, of users who did what a page tells of; None stands for the system and is left out."""
    query = select(User.id, User.name).where(User.id.in_(user_ids))
    return dict(session.execute(query).all()) if user_ids else {}


def name_of(session: Session, user_id: int | None) -> str:
    """The name of one user; empty for the system."""
    return names_of(session, {user_id}).get(user_id or 0, "")


def person(session: Session, actor: Actor, user_id: int) -> User:
    """One of the people the administrator sees; raises Refused for any other id."""
    user: User | None = session.scalar(people(actor).where(User.id == user_id))
    if user is None:
        raise Refused([Reason("no_such_person")])
    return user
