"""Finding people by what somebody types: a name, the initials of its pinyin, a number, or a number mistyped by one.

Every member's name is kept as its pairs of neighbouring characters (upper case) and its initials (lower case).
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, delete, event, exists, false, insert, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapper, Session, object_session
from sqlalchemy.sql.functions import FunctionElement

from models import Member, NameIndex
from models.aside import Aside
from models.sealing import blind
from policy.identity import BadIdNumber, clean_number, parse_id_number
from workflows import behind, changes
from workflows.actor import Actor, scoped
from workflows.initials import letter

LONGEST = 12
LONGEST_NAME = 60
"""Characters of a name that are looked for, more than any name has: a statement grows with each of them."""
NUMBERS = frozenset({"id_no", "last4", "phone", "account", "certificate"})
"""Shapes that must not enter an address."""

# Where a character reads otherwise as a surname; two letters where families differ.
SURNAMES = {
    "单": "s", "曾": "z", "解": "x", "仇": "q", "区": "o", "查": "z", "翟": "z", "种": "c", "乐": "yl",
    "覃": "qt", "折": "s", "秘": "b", "繁": "p", "祭": "z", "召": "s", "隗": "wk", "么": "y", "乜": "n",
    "郇": "xh", "莘": "sx", "朝": "c",
    "尉迟": "yc", "万俟": "mq", "澹台": "tt", "长孙": "zs",
}  # fmt: skip
_GAPS = re.compile(r"[\s·•・‧.\-']+")
_SHAPES = (
    ("id_no", re.compile(r"[0-9]{17}[0-9X]")),
    ("id_no", re.compile(r"[0-9]{17}[0-9X](?=[1-7][1-4](B[0-9])?$).*")),  # a disability certificate begins with it
    ("case_no", re.compile(r"[A-Z]{0,4}[0-9]{6,12}-[0-9]{4}-[0-9]{1,6}")),
    ("phone", re.compile(r"1[0-9]{10}|0[0-9]{2,3}-?[0-9]{7,8}")),
    ("last4", re.compile(r"[0-9]{3}[0-9X]")),
    ("account", re.compile(r"[0-9]{16,17}|[0-9]{19}")),
    ("certificate", re.compile(r"[0-9]{6,30}")),
    ("initials", re.compile(r"[A-Z]{1,50}")),
)


class Shape(NamedTuple):
    """What a search term looks like, and the term as it is looked up.

    One of id_no, last4, case_no, phone, account, certificate, initials, name; "" for nothing typed.
    """

    kind: str
    term: str


def shape(typed: str) -> Shape:
    """Tell a search term by its shape; 18 characters are an ID number even when mistyped."""
    number = clean_number(typed)
    for kind, pattern in _SHAPES:
        if pattern.fullmatch(number):
            return Shape(kind, _looked_up(kind, number))
    name = normal(typed)[:LONGEST_NAME]
    return Shape("name" if name else "", name)


def _looked_up(kind: str, number: str) -> str:
    if kind == "initials":
        return number.lower()[:LONGEST]
    return number[:18] if kind == "id_no" else number.replace("-", "") if kind == "phone" else number


def normal(name: str) -> str:
    """A name without the points and blanks that one writes and another leaves out; upper case."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", name)).upper()


def tokens(name: str) -> set[str]:
    """What a name is found by: its pairs of neighbouring characters, and its initials."""
    plain = normal(name)
    return {plain[i : i + 2] for i in range(len(plain) - 1)} | {text[:LONGEST] for text in initials(plain) if text}


def initials(name: str) -> set[str]:
    """Pinyin initials of a name; two where its surname is read two ways."""
    for length in (2, 1):
        if len(name) >= length and (known := SURNAMES.get(name[:length])):
            rest = "".join(map(_initial, name[length:]))
            return {known + rest} if length == 2 else {first + rest for first in known}
    return {"".join(map(_initial, name))}


@cache
def _initial(character: str) -> str:
    """The first letter of a character's first reading; "" where it has none."""
    if character.isascii():
        return character.lower() if character.isalpha() else ""
    if (known := letter(character)) is not None:
        return known
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # how words read: 0.2 s and 40 MB, of no use for a sign
    from pypinyin import Style, lazy_pinyin  # rare signs alone need it

    found = str(lazy_pinyin(character, style=Style.FIRST_LETTER)[0])
    return found if found.isascii() else ""


# --- finding ----------------------------------------------------------------------------------------------------------


class _Begins(FunctionElement[bool]):
    """Whether a column begins with a text, said so that either engine can use its index."""

    inherit_cache = True


@compiles(_Begins)
def _like(element: Any, compiler: Any, **kw: Any) -> str:
    column, _, _, pattern = (compiler.process(part, **kw) for part in element.clauses)
    return f"({column} LIKE {pattern})"


@compiles(_Begins, "sqlite")
def _between(element: Any, compiler: Any, **kw: Any) -> str:
    column, low, high, _ = (compiler.process(part, **kw) for part in element.clauses)
    return f"({column} >= {low} AND {column} < {high})"


class _Holds(FunctionElement[bool]):
    """Whether a name without its points and blanks holds a text: all its pairs may stand there in another order."""

    inherit_cache = True


@compiles(_Holds)
def _plain_like(element: Any, compiler: Any, **kw: Any) -> str:
    name, pattern = (compiler.process(part, **kw) for part in element.clauses)
    for gap in "· .":
        name = f"replace({name}, '{gap}', '')"
    return f"(upper({name}) LIKE {pattern} ESCAPE '\\')"


def _begins(column: Any, text: str) -> Any:
    return _Begins(column, text, text + chr(0x10FFFF), _literally(text) + "%")


def _literally(text: str) -> str:
    """What LIKE takes for this text alone."""
    return re.sub(r"([%_\\])", r"\\\1", text)


def find_members(typed: str) -> Select[Any]:
    """Ids of the members whose name holds what was typed, or whose initials begin so; none for anything else."""
    found, index, member = shape(typed), NameIndex.__table__, Member.__table__
    if found.kind == "initials":
        return select(index.c.member_id).where(_begins(index.c.token, found.term))
    if found.kind != "name":
        return select(member.c.id).where(false())
    if len(found.term) == 1:
        return select(member.c.id).where(_begins(member.c.name, found.term))
    first, *others = (found.term[i : i + 2] for i in range(len(found.term) - 1))
    query = select(index.c.member_id).where(index.c.token == first)
    for pair in others:
        also = index.alias()
        query = query.where(index.c.member_id.in_(select(also.c.member_id).where(also.c.token == pair)))
    holds = _Holds(member.c.name, f"%{_literally(found.term)}%")
    return query.join(member, member.c.id == index.c.member_id).where(holds) if others else query


def common(typed: str) -> bool:
    """Whether so little was typed that a good part of a county may bear it: one character, one or two initials."""
    found = shape(typed)
    return 0 < len(found.term) <= {"name": 1, "initials": 2}.get(found.kind, 0)


def bears(typed: str) -> Any:
    """Whether a member that was found otherwise bears such a name; the same people as ``find_members`` names."""
    found, index = shape(typed), NameIndex.__table__.c
    if found.kind == "initials":
        mine = index.member_id == Member.id
        return exists().where(mine, Aside(_begins(index.token, found.term))).correlate(Member)
    if found.kind == "name" and len(found.term) == 1:
        return _begins(Member.name, found.term)
    return Member.id.in_(find_members(typed))


def find_near(typed: str, actor: Actor) -> Select[Any]:
    """Ids of the members under the actor whose ID number differs from the one typed in one place (or a swap)."""
    hashes = [blind("id_no", number) for number in near_numbers(clean_number(typed))]
    return scoped(select(Member.id), Member, actor).where(Member.id_no_hash.in_(hashes))


def near_numbers(number: str) -> list[str]:
    """The possible ID numbers that one wrong character, or two neighbours swapped, would turn into this one."""
    changed = {number[:i] + c + number[i + 1 :] for i in range(len(number)) for c in "0123456789X" if c != number[i]}
    changed |= {number[:i] + number[i + 1] + number[i] + number[i + 2 :] for i in range(len(number) - 1)}
    return sorted(filter(_possible, changed - {number})) if len(number) == 18 else []


def near_cases(term: str) -> list[str]:
    """The case numbers that one wrong digit would turn into this one."""
    places = [i for i, sign in enumerate(term[:40]) if sign.isascii() and sign.isdigit()]
    return [term[:i] + digit + term[i + 1 :] for i in places for digit in "0123456789" if digit != term[i]]


def _possible(number: str) -> bool:
    try:
        return bool(parse_id_number(number))
    except BadIdNumber:
        return False


# --- keeping ----------------------------------------------------------------------------------------------------------

_RENAMED = "names_changed"


def index_rows(names: Iterable[tuple[int, str]]) -> list[dict[str, Any]]:
    """Rows of the name index for (member id, name), to be inserted set-based."""
    return [{"token": token, "member_id": member} for member, name in names for token in sorted(tokens(name))]


def index_many(session: Session, bearers: Mapping[str, Iterable[int]]) -> None:
    """Make new people findable, given by what each is found by; in its order the table grows at its end alone."""
    lite = session.connection().dialect.name == "sqlite"
    members = "value FROM json_each(:members)" if lite else "unnest(CAST(:members AS integer[]))"
    told = [
        {"token": token, "members": str(list(ids)) if lite else list(ids)} for token, ids in sorted(bearers.items())
    ]
    many = f"INSERT INTO name_index (token, member_id) SELECT :token, {members}"
    if told:
        behind.do(session, lambda connection: connection.execute(text(many), told))


def _joined(mapper: Mapper[Any], connection: Connection, row: Member) -> None:
    _note(row, False)


def _renamed(mapper: Mapper[Any], connection: Connection, row: Member) -> None:
    if changes.changes(row, ("name",)):
        _note(row, True)


def _note(row: Member, again: bool) -> None:
    session = object_session(row)
    assert session is not None
    session.info.setdefault(_RENAMED, []).append((row.id, row.name, again))


@event.listens_for(Session, "before_flush")
def _forget(session: Session, context: Any, instances: Any) -> None:
    session.info.pop(_RENAMED, None)


@event.listens_for(Session, "after_flush")
def _index(session: Session, context: Any) -> None:
    noted = session.info.pop(_RENAMED, ())
    if again := [member for member, _, renamed in noted if renamed]:
        session.connection().execute(delete(NameIndex).where(NameIndex.member_id.in_(again)))
    if rows := index_rows((member, name) for member, name, _ in noted):
        session.connection().execute(insert(NameIndex), rows)


event.listen(Member, "after_insert", _joined)
event.listen(Member, "after_update", _renamed)
