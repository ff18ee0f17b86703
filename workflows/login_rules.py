"""How this county lets people in: which roles need a second factor, and what passwords must be."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from models import County
from policy.vocabulary import Role
from workflows import audit
from workflows.actor import Actor
from workflows.office import county, need
from workflows.passwords import PROFILES
from workflows.reason import Reason, Refused


def set_rules(
    session: Session, actor: Actor, roles: Iterable[Role], profile: str, reason: str, now: datetime
) -> County:
    """Change the county's rules of login; by the security administrator, with a reason. The caller commits."""
    need(actor, Role.SECURITY_ADMIN)
    row, wanted = county(session), {role.value for role in roles}
    faults = [] if reason.strip() else [Reason("reason_missing")]
    if wanted == set(row.second_factor_roles) and profile == row.password_profile:
        faults.append(Reason("rules_unchanged"))
    if profile not in PROFILES:
        faults.append(Reason("profile_unknown"))
    if faults:
        raise Refused(faults)
    audit.attribute(session, actor, now, reason.strip())
    row.second_factor_roles = [role.value for role in Role if role.value in wanted]
    row.password_profile = profile
    session.flush()
    return row
