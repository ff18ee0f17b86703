"""Documents of a family, a case or a visit: kept under generated names, offered under the name they came with.

A row never lacks its file: the file is whole on disk before the row is written. A file whose row was rolled back does
no harm and is swept. Nothing is deleted; a document is withdrawn with a reason.
"""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select, union
from sqlalchemy.orm import Session

from models import Attachment, Benefit, Household, Visit
from policy.vocabulary import Paper
from workflows import audit
from workflows.actor import Actor, within
from workflows.file_kinds import KINDS, Kind, kind_of
from workflows.instance import cleared, put, written_at
from workflows.photo_marks import without_marks
from workflows.reason import Reason, Refused

MEGABYTES = 10
MOST_BYTES = MEGABYTES * 1024 * 1024
MOST_FILES = 20
LONGEST_NAME = 200
LONGEST_REASON = 200
UNCLAIMED = timedelta(days=1)
_NO_NAME = frozenset('<>:"|?*／＼')  # full-width strokes too: what tells the name in plain letters writes them as such
_STORED = re.compile(r"[0-9a-f]{32}\.[a-z]{3,4}(\.part)?")


class Upload(NamedTuple):
    """A file as it came: the name its owner gave it, and what is in it."""

    name: str
    content: bytes


class Owner(NamedTuple):
    """What a document goes with: always a family, perhaps one of its cases or visits."""

    household: Household
    benefit: Benefit | None = None
    visit: Visit | None = None


def store(
    session: Session, actor: Actor, now: datetime, folder: Path, owner: Owner, paper: Paper, uploads: Sequence[Upload]
) -> list[Attachment]:
    """Keep files with their rows, all or none; raises Refused with a reason for each file that is not taken.

    Of photos the marks of the camera (place, time, device) are left out.
    """
    named = [Upload(clean_name(upload.name), upload.content) for upload in uploads if upload.name or upload.content]
    reasons = [] if within(actor, owner.household.village_code) else [Reason("not_in_your_division")]
    taken = [_taken(upload, reasons) for upload in named]
    if not named:
        reasons.append(Reason("file_missing"))
    if len(named) > MOST_FILES:
        reasons.append(Reason("too_many_files", most=MOST_FILES))
    if reasons:
        raise Refused(reasons)
    audit.attribute(session, actor, now)
    rows = [
        _keep(folder, owner, paper, upload.name, file, actor, now)
        for upload, file in zip(named, taken, strict=True) if file
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    return rows


def withdraw(session: Session, actor: Actor, now: datetime, document: Attachment, why: str) -> None:
    """Take a document back with a reason; it stays on record. Raises Refused."""
    reasons = [
        Reason("not_in_your_division") if not within(actor, document.village_code) else None,
        Reason("withdrawn_before") if document.withdrawn_at else None,
        Reason("why_missing") if len(why.strip()) < 2 else None,
    ]
    if found := [reason for reason in reasons if reason]:
        raise Refused(found)
    audit.attribute(session, actor, now, why.strip())
    document.withdrawn_at, document.withdrawn_why = now, why.strip()[:LONGEST_REASON]
    session.flush()


def path_of(folder: Path, document: Attachment) -> Path:
    """Where the file of a document lies; the stored name is ours and never holds a path."""
    return folder / Path(document.stored).name


def of(session: Session, owner: Owner) -> Sequence[Attachment]:
    """The documents of a visit, of a case (with its visits' and the family's own), or all of a family; latest first."""
    visit, case = owner.visit, owner.benefit
    kind = "visit" if visit is not None else "case" if case is not None else "home"
    ids = {"home": owner.household.id, "case": case and case.id, "visit": visit and visit.id}
    return session.scalars(_of(kind), ids).all()


@cache
def _of(kind: str) -> Select[Attachment]:
    """The statement of ``of`` for a visit, a case or a family, put together once."""
    query, of_home = select(Attachment), Attachment.household_id == bindparam("home")
    if kind == "visit":
        query = query.where(Attachment.visit_id == bindparam("visit"))
    elif kind == "case":
        of_case = select(Attachment.id).where(Attachment.benefit_id == bindparam("case"))
        photos = select(Attachment.id).join(Visit).where(Visit.benefit_id == bindparam("case"))
        of_all = select(Attachment.id).where(of_home, Attachment.benefit_id.is_(None))
        query = query.where(Attachment.id.in_(union(of_case, photos, of_all)))
    else:
        query = query.where(of_home)
    return query.order_by(Attachment.withdrawn_at.is_not(None), Attachment.id.desc())


def sweep(session: Session, folder: Path, now: datetime) -> int:
    """Remove files that no row has claimed for a day; returns how many."""
    if not folder.is_dir():
        return 0
    old = [file for file in folder.iterdir() if _STORED.fullmatch(file.name) and now - written_at(file) > UNCLAIMED]
    claimed = set(session.scalars(select(Attachment.stored))) if old else set[str]()
    lost = [file for file in old if file.name not in claimed]
    return sum(cleared(file) for file in lost)


def clean_name(name: str) -> str:
    """The last part of the name a file came with, without signs that no name holds; its ending is kept when cut."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in _NO_NAME).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return plain if len(plain) <= LONGEST_NAME else stem[: LONGEST_NAME - len(ending) - 1] + dot + ending[:20]


def _taken(upload: Upload, reasons: list[Reason]) -> tuple[Kind, bytes] | None:
    """The kind of a file and what is kept of it; None, with one more reason, where it is not taken."""
    name, kinds = upload.name, "、".join(sorted(KINDS))
    ending = name.rpartition(".")[2].lower()
    if not upload.content:
        reasons.append(Reason("file_empty", name=name))
    elif len(upload.content) > MOST_BYTES:
        reasons.append(Reason("file_too_large", name=name, most=MEGABYTES))
    elif ending not in KINDS:
        reasons.append(Reason("file_kind", name=name, kinds=kinds))
    elif (kind := kind_of(ending, upload.content)) is None or (
        kept := without_marks(kind.ending, upload.content)
    ) is None:
        reasons.append(Reason("file_not_what_it_says", name=name, kinds=kinds))
    else:
        return kind, kept
    return None


def _keep(
    folder: Path, owner: Owner, paper: Paper, name: str, file: tuple[Kind, bytes], actor: Actor, now: datetime
) -> Attachment:
    kind, content = file
    stored = f"{secrets.token_hex(16)}.{kind.ending}"
    put(folder, stored, content, durable=True)
    home = owner.household
    benefit, visit = owner.benefit or (owner.visit.benefit if owner.visit else None), owner.visit
    return Attachment(
        household_id=home.id, benefit_id=benefit.id if benefit else None, visit_id=visit.id if visit else None,
        township_code=home.township_code, village_code=home.village_code, paper=paper, name=name, stored=stored,
        media=kind.media, size=len(content), sha256=hashlib.sha256(content).hexdigest(), uploaded_at=now,
        uploaded_by=actor.id,
    )  # fmt: skip
