"""Word templates of letters: what may be uploaded, versions kept, one active for a kind and scheme.

A template is a .docx without anything that runs or fetches: no macros, objects, outside links or fields that call for
other files. Nothing of it is unpacked before its sizes are known.
"""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from models import PaperTemplate
from policy.division_codes import in_township
from policy.letter_fields import WORDED
from policy.vocabulary import Role, Scheme
from workflows import audit
from workflows.actor import Actor
from workflows.reason import Reason, Refused, Stale

KEEPERS = (Role.SUPERVISOR,)
KILOBYTES = 1024
MOST_BYTES = KILOBYTES * 1024
MOST_PARTS, MOST_UNPACKED, MOST_PART, MOST_RATIO = 200, 20 * 1024 * 1024, 4 * 1024 * 1024, 100
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
NEEDED = ("[content_types].xml", "word/document.xml")
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How Word packs its parts."""
_RUNS = ("vbaproject", "vbadata", "activex", "embeddings/", "oleobject", "customui", "attachedtoolbars")
_RUNS_BY_TYPE = ("macroenabled", "vbaproject", "vbadata", "activex", "oleobject", "ms-office.control")
_RUNS_BY_LINK = frozenset({"vbaproject", "oleobject", "package", "control", "extensibility", "keymapcustomizations"})
_READ = (".xml", ".rels", ".svg")
_CALLS = re.compile(
    r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE|MACROBUTTON)\b", re.ASCII | re.IGNORECASE
)


def check(content: bytes) -> None:
    """Raise Refused unless this is a plain Word document that may be filled in."""
    if len(content) > MOST_BYTES:
        raise Refused([Reason("template_too_large", most=KILOBYTES)])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_directory(package.infolist())
            faults = _faults(package)
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, EOFError, zlib.error):
        raise Refused([Reason("template_not_docx")]) from None
    if faults:
        raise Refused(faults)


def keep(
    session: Session, actor: Actor, now: datetime, kind: str, scheme: str, name: str, content: bytes,
    fields: Sequence[str],
) -> PaperTemplate:  # fmt: skip
    """Keep a checked template as the next version of its kind and scheme; the caller commits."""
    _allow(actor)
    if kind not in WORDED or scheme not in ("", *Scheme):
        raise Refused([Reason("template_kind")])
    audit.attribute(session, actor, now)
    row = PaperTemplate(
        kind=kind, scheme=scheme, version=_last_version(session, kind, scheme) + 1, file_name=name[-200:],
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), fields=list(fields), content=content,
        uploaded_at=now, uploaded_by=actor.id, uploaded_by_name=actor.name, state="kept",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def tried(session: Session, actor: Actor, now: datetime, row: PaperTemplate) -> None:
    """Note that somebody saw it filled with a real case; the caller commits."""
    _allow(actor)
    audit.attribute(session, actor, now)
    row.tried_at = now
    session.flush()


def activate(session: Session, actor: Actor, now: datetime, row: PaperTemplate, version: int) -> None:
    """Offer it for its letters from now on, in place of the one so far; raises Refused, Stale. The caller commits."""
    _change(actor, row, version, "kept", "retired")
    if row.tried_at is None:
        raise Refused([Reason("template_not_tried")])
    audit.attribute(session, actor, now)
    for other in session.scalars(_of(row.kind, row.scheme).where(PaperTemplate.state == "active")):
        other.state, other.retired_at = "retired", now
    session.flush()
    row.state, row.activated_at, row.retired_at = "active", now, None
    session.flush()


def retire(session: Session, actor: Actor, now: datetime, row: PaperTemplate, version: int) -> None:
    """Offer it no longer; what was issued with it stays. Raises Refused, Stale. The caller commits."""
    _change(actor, row, version, "active")
    audit.attribute(session, actor, now)
    row.state, row.retired_at = "retired", now
    session.flush()


def active(session: Session, kind: str, scheme: Scheme) -> PaperTemplate | None:
    """The wording in force for a letter: that of its scheme before that of every scheme; None where there is none."""
    query = select(PaperTemplate).where(
        PaperTemplate.kind == kind, PaperTemplate.scheme.in_(("", scheme.value)), PaperTemplate.state == "active"
    )
    return session.scalars(query.order_by(PaperTemplate.scheme.desc()).options(undefer(PaperTemplate.content))).first()


def _allow(actor: Actor) -> None:
    if actor.role not in KEEPERS:
        raise Refused([Reason("not_your_role", roles=KEEPERS)])
    if in_township(actor.division_code):  # a wording is offered to every township
        raise Refused([Reason("not_in_your_division")])


def _change(actor: Actor, row: PaperTemplate, version: int, *states: str) -> None:
    _allow(actor)
    if row.row_version != version or row.state not in states:
        raise Stale(version, row.row_version)


def _of(kind: str, scheme: str):  # type: ignore[no-untyped-def]
    return select(PaperTemplate).where(PaperTemplate.kind == kind, PaperTemplate.scheme == scheme)


def _last_version(session: Session, kind: str, scheme: str) -> int:
    query = select(func.max(PaperTemplate.version)).where(PaperTemplate.kind == kind, PaperTemplate.scheme == scheme)
    return session.scalar(query) or 0


def _check_directory(parts: Sequence[zipfile.ZipInfo]) -> None:
    """Sizes and names, before anything is unpacked."""
    names = [part.filename.replace("\\", "/").lower() for part in parts]
    unread = any(part.flag_bits & 1 or part.compress_type not in PACKED for part in parts)
    if unread or any(needed not in names for needed in NEEDED):
        raise Refused([Reason("template_not_docx")])
    odd = any(name.startswith("/") or ":" in name or ".." in name.split("/") for name in names)
    swollen = any(p.file_size > MOST_PART or p.file_size > MOST_RATIO * max(p.compress_size, 1024) for p in parts)
    whole = sum(part.file_size for part in parts)
    if odd or len(set(names)) < len(names) or len(parts) > MOST_PARTS or swollen or whole > MOST_UNPACKED:
        raise Refused([Reason("template_not_docx")])


def _faults(package: zipfile.ZipFile) -> list[Reason]:
    """What no letter may hold, as Word would read it: whatever its parts are called, however they are written."""
    found = {"macros"} if any(mark in name.lower() for name in package.namelist() for mark in _RUNS) else set[str]()
    kinds = set[str]()
    for name in package.namelist():
        if not name.lower().endswith(_READ):
            continue
        try:
            tree = fromstring(package.read(name), forbid_dtd=True)
        except DefusedXmlException:
            found.add("doctype")
        except (ParseError, LookupError):  # an encoding nobody knows
            raise Refused([Reason("template_not_docx")]) from None
        else:
            kinds |= _kinds(tree)
            found |= _in_part(tree)
    faults = [Reason(f"template_{what}") for what in ("macros", "outside", "calls", "doctype") if what in found]
    if not faults and DOCUMENT not in kinds:
        faults.append(Reason("template_not_docx"))
    return faults


def _kinds(tree: Element) -> set[str]:
    """The kinds of parts that a package tells of; raises Refused for text in a part that is not read as such."""
    found = set[str]()
    for element in tree.iter():
        kind, name = element.get("ContentType"), element.get("PartName") or f".{element.get('Extension')}"
        if kind and kind.lower().endswith("xml") and not name.lower().endswith(_READ):
            raise Refused([Reason("template_not_docx")])
        found.add(kind or "")
    return found


def _in_part(tree: Element) -> set[str]:
    """What in one part could run, fetch or call; the pieces of a field's code are one code."""
    found, codes = set[str](), list[str]()
    for element in tree.iter():
        name, told = _local(element.tag), {_local(key): value for key, value in element.items()}
        kind, link = told.get("ContentType", "").lower(), told.get("Type", "").lower().rpartition("/")[2]
        if any(mark in kind for mark in _RUNS_BY_TYPE) or (name == "Relationship" and link in _RUNS_BY_LINK):
            found.add("macros")
        if told.get("TargetMode", "").lower() == "external" or name == "altChunk":
            found.add("outside")
        if name in ("fldChar", "fldSimple"):
            codes += ["\n", told.get("instr", ""), "\n"]
        elif name in ("instrText", "delInstrText"):
            codes.append(element.text or "")
    return found | ({"calls"} if _CALLS.search("".join(codes)) else set())


def _local(name: Any) -> str:
    """The name of an element or attribute without its namespace."""
    return str(name).rpartition("}")[2]
