"""近亲属备案: relatives of aid staff and village committee members; their cases need the county's own visit.

民发〔2021〕57号 第十一条, 第二十条.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Benefit, Division, Member, NearRelative, Obligor
from models.sealing import blind
from policy.figures import Figures
from policy.identity import BadIdNumber, parse_id_number
from policy.vocabulary import OPEN, Relation, Role
from workflows import audit
from workflows.actor import SYSTEM, Actor, within
from workflows.casework import mark_near_relative
from workflows.reason import Reason, Refused, unchanged

KEEPERS = (Role.COUNTY_REVIEWER,)
NEAR = (
    Relation.SPOUSE, Relation.PARENT, Relation.SON, Relation.DAUGHTER, Relation.SIBLING, Relation.GRANDPARENT,
    Relation.GRANDCHILD,
)  # fmt: skip
"""近亲属 as 民发〔2012〕220号 names them: spouse, parents, children, siblings, grandparents, grandchildren."""


@dataclass(frozen=True)
class Entry:
    """What the register says of one relative."""

    name: str
    id_no: str
    relation: Relation | None
    staff_name: str
    staff_post: str
    division_code: str


def register(session: Session, actor: Actor, entry: Entry, now: datetime, figures: Figures) -> NearRelative:
    """Enter a relative; open cases of the family are marked at once. Refused with every reason; caller commits."""
    number, faults = _faults(session, actor, entry, now.date())
    if faults:
        raise Refused(faults)
    assert entry.relation is not None
    audit.attribute(session, actor, now)
    row = NearRelative(
        name=entry.name.strip(), id_no=number, relation=entry.relation, staff_name=entry.staff_name.strip(),
        staff_post=entry.staff_post.strip(), division_code=entry.division_code, valid_from=now.date(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    _mark_cases(session, row.id_no_hash, now.date(), figures)
    return row


def register_all(
    session: Session, actor: Actor, entries: Sequence[Entry], now: datetime, figures: Figures
) -> list[tuple[int, list[Reason]]]:
    """Enter a whole list, or nothing of it: by line (from 0) what is wrong; empty where all went in. Caller commits."""
    wrong, seen = [], dict[str, int]()
    for line, entry in enumerate(entries):
        number, faults = _faults(session, actor, entry, now.date())
        if number and seen.setdefault(number, line) != line:
            faults.append(Reason("relative_twice", line=seen[number] + 1))
        if faults:
            wrong.append((line, faults))
    if not wrong:
        for entry in entries:
            register(session, actor, entry, now, figures)
    return wrong


def sweep(session: Session, now: datetime, figures: Figures) -> int:
    """Mark the open cases of families that somebody registered has joined since, or must support; how many.

    One statement finds them, from the register on; the caller commits.
    """
    entries = select(NearRelative.id_no_hash).where(NearRelative.valid_to.is_(None))
    living = select(Member.household_id).where(Member.id_no_hash.in_(entries), Member.left_on.is_(None))
    bound = select(Obligor.household_id).where(Obligor.id_no_hash.in_(entries))
    query = select(Benefit).where(
        or_(Benefit.household_id.in_(living), Benefit.household_id.in_(bound)), Benefit.stage.in_(OPEN),
        Benefit.near_relative.is_(False),
    )  # fmt: skip
    found = session.scalars(query.order_by(Benefit.id)).all()
    if found:
        audit.attribute(session, SYSTEM, now)
    for case in found:
        mark_near_relative(session, case, figures, now.date())
    return len(found)


def strike(
    session: Session,
    actor: Actor,
    row: NearRelative,
    reason: str,
    version: int,
    now: datetime,
    last: date | None = None,
) -> None:
    """End an entry with a reason on a day (today if none), when post or kinship has ended; caller commits.

    The row stays, and cases keep their mark. Refused for a day ahead or before the entry.
    """
    if actor.role not in KEEPERS:
        raise Refused([Reason("not_your_role", roles=KEEPERS)])
    unchanged(row, version)
    faults = [] if reason.strip() else [Reason("reason_missing")]
    if last is not None and not row.valid_from <= last <= now.date():
        faults.append(Reason("relative_end_day", first=row.valid_from))
    if faults:
        raise Refused(faults)
    audit.attribute(session, actor, now, reason.strip())
    row.valid_to = last or now.date()
    session.flush()


def _faults(session: Session, actor: Actor, entry: Entry, on: date) -> tuple[str, list[Reason]]:
    number, faults = "", []
    if actor.role not in KEEPERS:
        faults.append(Reason("not_your_role", roles=KEEPERS))
    if not entry.division_code:
        faults.append(Reason("division_missing"))
    elif not within(actor, entry.division_code) or session.get(Division, entry.division_code) is None:
        faults.append(Reason("not_in_your_division"))
    if not (entry.name.strip() and entry.staff_name.strip() and entry.staff_post.strip() and entry.relation):
        faults.append(Reason("relative_incomplete"))
    if entry.relation is not None and entry.relation not in NEAR:
        faults.append(Reason("relation_not_near"))
    try:
        number = parse_id_number(entry.id_no, on=on).number
    except BadIdNumber as bad:
        faults.append(Reason("relative_bad_id", fault=bad.code))
    if number and _registered(session, number):
        faults.append(Reason("relative_registered"))
    return number, faults


def _registered(session: Session, number: str) -> bool:
    same = NearRelative.id_no_hash == blind("id_no", number)
    return session.scalar(select(NearRelative.id).where(same, NearRelative.valid_to.is_(None))) is not None


def _mark_cases(session: Session, id_no_hash: str, on: date, figures: Figures) -> None:
    """The open cases of the families where this person lives, or which they are bound to support."""
    living = select(Member.household_id).where(Member.id_no_hash == id_no_hash, Member.left_on.is_(None))
    bound = select(Obligor.household_id).where(Obligor.id_no_hash == id_no_hash)
    of_family = or_(Benefit.household_id.in_(living), Benefit.household_id.in_(bound))
    for case in session.scalars(select(Benefit).where(of_family, Benefit.stage.in_(OPEN))).all():
        mark_near_relative(session, case, figures, on)
