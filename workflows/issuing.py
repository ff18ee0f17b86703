"""Issuing a paper: its number is given once, and what was printed is kept as it was.

The row of the office's counter is the lock: whoever holds it sees every paper of the office that was issued before,
so a number is given once, and a transaction that fails gives its number back.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from models import IssuedPaper, PaperCounter, PaperStyle, SetAsidePaper
from models.base import own_insert
from models.sealing import new_row_key, seal_bytes, unseal_bytes
from policy.division_codes import is_county
from policy.paper_numbers import Number
from policy.vocabulary import Role
from workflows import audit, paper_words
from workflows.actor import Actor, scoped, within
from workflows.reason import Reason, Refused, Stale

TOWNSHIP = (Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER)
COUNTY = (Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER, Role.SUPERVISOR)
FORMS = (Role.VILLAGE_WORKER, *TOWNSHIP, *COUNTY)
LONGEST_WHY = 200
_FILE = "issued_paper.file"


@dataclass(frozen=True)
class Sheet:
    """What is to be issued: ``key`` says what it states, ``numbered`` whether it takes one of the office's numbers."""

    key: str
    kind: str
    family: str
    title: str
    office_code: str
    township_code: str
    village_code: str
    numbered: bool = True
    addressee: str = ""
    case_no: str = ""
    benefit_id: int | None = None
    event_id: int | None = None


class Printed(NamedTuple):
    """What comes out of the printer: the page's body, the same with whole numbers if any, the style, a Word file."""

    body: str
    style: str
    full: str | None = None
    file: bytes | None = None
    template_id: int | None = None


Render = Callable[[Number | None, IssuedPaper | None], Printed]
"""Prints a sheet under its number; given the one it replaces, if any."""


def issue(
    session: Session, actor: Actor, now: datetime, sheet: Sheet, render: Render, after: int | None = None, why: str = ""
) -> IssuedPaper:
    """Issue a paper, or give back the one that was issued; the caller commits.

    A correction names in ``after`` the issue it replaces, and says ``why``. Raises Refused; Stale when another
    correction came first. A paper that was set aside is taken back first.
    """
    if faults := faults_of(actor, sheet, after is not None, why):
        raise Refused(faults)
    audit.attribute(session, actor, now, why.strip())
    last = hold_register(session, sheet.office_code, now.year)
    before = latest(session, sheet.key)
    if before is None and session.scalar(select(SetAsidePaper.id).where(SetAsidePaper.key == sheet.key)):
        raise Refused([Reason("paper_set_aside")])
    if after is None and before is not None:
        return before
    if after is not None and (before is None or before.id != after):
        raise Stale(after, before.id if before else 0)
    number = _next(session, sheet, now.year, last) if sheet.numbered else None
    return _keep(session, actor, now, sheet, number, before, why, render(number, before))


def faults_of(actor: Actor, sheet: Sheet, again: bool = False, why: str = "") -> list[Reason]:
    """Why this person may not issue it: numbers of an office are given by that office, forms by whoever works."""
    roles = FORMS if not sheet.numbered else COUNTY if is_county(sheet.office_code) else TOWNSHIP + COUNTY
    faults = [] if actor.role in roles else [Reason("not_your_role", roles=roles)]
    if not within(actor, sheet.village_code):
        faults.append(Reason("not_in_your_division"))
    if again and len(why.strip()) < 2:
        faults.append(Reason("why_missing"))
    return faults


def latest(session: Session, key: str) -> IssuedPaper | None:
    """The latest issue of what this key states."""
    query = select(IssuedPaper).where(IssuedPaper.key == key).order_by(IssuedPaper.turn.desc()).limit(1)
    return session.scalars(query).first()


def latest_of(session: Session, keys: Sequence[str], by: Actor | None = None) -> dict[str, IssuedPaper]:
    """The latest issue by key, of those that were issued (under ``by`` alone, where named)."""
    query = select(IssuedPaper).where(IssuedPaper.key.in_(keys)).order_by(IssuedPaper.turn)
    query = query if by is None else scoped(query, IssuedPaper, by)
    return {row.key: row for row in session.scalars(query)} if keys else {}


def replacing(session: Session, id: int) -> IssuedPaper | None:
    """The issue that took the place of this one; None while it holds."""
    return session.scalars(select(IssuedPaper).where(IssuedPaper.replaces_id == id)).first()


def of_case(session: Session, benefit_id: int) -> Sequence[IssuedPaper]:
    """Everything issued in a case, in order."""
    query = select(IssuedPaper).where(IssuedPaper.benefit_id == benefit_id).order_by(IssuedPaper.id)
    return session.scalars(query).all()


def opened(session: Session, id: int) -> IssuedPaper:
    """An issued paper with what was printed."""
    parts = undefer(IssuedPaper.body_sealed), undefer(IssuedPaper.full_sealed), undefer(IssuedPaper.file_sealed)
    return session.scalars(select(IssuedPaper).where(IssuedPaper.id == id).options(*parts)).one()


def number_of(row: IssuedPaper) -> Number | None:
    """The number of an issued paper; None for a form."""
    return Number(row.word, row.year, row.serial) if row.word and row.serial else None


def file_of(row: IssuedPaper) -> bytes | None:
    """The Word file that was issued, if it was one."""
    return None if row.file_sealed is None else unseal_bytes(_FILE, row.row_key, row.file_sealed)


def intact(row: IssuedPaper) -> bool:
    """Whether what is kept is what was printed."""
    return digest_of(row.body) == row.digest


def digest_of(text: str) -> str:
    """SHA-256 of a printed body or style sheet."""
    return hashlib.sha256(text.encode()).hexdigest()


def hold_register(session: Session, office_code: str, year: int) -> int:
    """Hold the office's counter of this year until the transaction ends; returns the last number given."""
    table = PaperCounter
    key = {"office_code": office_code, "year": year}
    session.execute(own_insert(session, table).values(**key, last=0).on_conflict_do_nothing())
    held = update(table).filter_by(**key).values(last=table.last).returning(table.last)
    return int(session.execute(held.execution_options(synchronize_session=False)).scalar_one())


def _next(session: Session, sheet: Sheet, year: int, last: int) -> Number:
    counter = update(PaperCounter).filter_by(office_code=sheet.office_code, year=year).values(last=last + 1)
    session.execute(counter.execution_options(synchronize_session=False))
    return Number(paper_words.words(session)[sheet.office_code], year, last + 1)


def _keep(
    session: Session, actor: Actor, now: datetime, sheet: Sheet, number: Number | None, before: IssuedPaper | None,
    why: str, printed: Printed,
) -> IssuedPaper:  # fmt: skip
    style = digest_of(printed.style)
    session.execute(own_insert(session, PaperStyle).values(digest=style, text=printed.style).on_conflict_do_nothing())
    row = IssuedPaper(
        row_key=new_row_key(), key=sheet.key, kind=sheet.kind, family=sheet.family, benefit_id=sheet.benefit_id,
        event_id=sheet.event_id, case_no=sheet.case_no, office_code=sheet.office_code, year=now.year, on=now.date(),
        at=now, actor_id=actor.id, actor_name=actor.name, title=sheet.title[:120], addressee=sheet.addressee[:80],
        township_code=sheet.township_code, village_code=sheet.village_code, why=why.strip()[:LONGEST_WHY], style=style,
        word=number.word if number else None, serial=number.serial if number else None,
        turn=before.turn + 1 if before else 1, replaces_id=before.id if before else None,
        digest=digest_of(printed.body), template_id=printed.template_id,
    )  # fmt: skip
    row.body, row.full = printed.body, printed.full
    row.file_sealed = seal_bytes(_FILE, row.row_key, printed.file) if printed.file is not None else None
    session.add(row)
    session.flush()
    return row
