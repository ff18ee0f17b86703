"""How a county begins: its schema, its place in the country, and the two people who make all other accounts."""

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import County, Division, schema, sealing
from policy.division_codes import LEVELS, county_of, is_county, is_village, township_of
from policy.vocabulary import Role
from workflows import accounts, audit
from workflows.actor import SYSTEM
from workflows.backup import back_up
from workflows.office import GUARDED_FROM_START
from workflows.reason import Reason, Refused

ADMINS = {Role.SYSTEM_ADMIN: ("sysadmin", "系统管理员"), Role.SECURITY_ADMIN: ("secadmin", "安全管理员")}


class FirstLogin(NamedTuple):
    """A person who may log in once with this password, and must then choose another."""

    role: Role
    login: str
    password: str


class Place(NamedTuple):
    """A line of the list of divisions: official code, unpadded at its level, and name."""

    code: str
    name: str
    line: int = 0


def bring_up(engine: Engine, backups: Path, now: datetime, with_backup: bool = True) -> Path | None:
    """Bring the schema up to date, a database that holds data only after a backup; returns where that is.

    Raises Refused when no backup can be made, UnknownRevision when a newer program made the database.
    """
    if schema.is_current(engine):
        return None
    kept = back_up(engine, backups, now) if with_backup and schema.holds_data(engine) else None
    schema.upgrade(engine)
    return kept


def check_keys(session: Session) -> None:
    """Raise Refused when the secrets at hand are not those the county's data was sealed with."""
    county = session.scalar(select(County))
    if county and county.key_mark != sealing.blind("county", county.code):
        raise Refused([Reason("other_keys", county=county.name)])


def begin(session: Session, above: Iterable[Place], county: Place, below: Iterable[Place], now: datetime) -> None:
    """Make the county with what lies above it (province, city) and below it (townships, villages).

    Raises Refused, naming every bad line, when a county exists already or codes do not fit. The caller commits.
    """
    if session.scalar(select(County.code)):
        raise Refused([Reason("county_exists")])
    chain = [place for place in above if place.name]
    places = [*chain, county, *sorted(below, key=lambda place: len(place.code))]
    if faults := _faults(county, chain, places):
        raise Refused(faults)
    audit.attribute(session, replace(SYSTEM, channel="cli"), now)
    codes = {place.code for place in places}
    for place in places:
        session.add(Division(code=place.code, parent_code=_parent(place.code, codes), name=place.name))
        session.flush()
    guarded = [role.value for role in GUARDED_FROM_START]
    session.add(County(code=county.code, name=county.name, started_on=now.date(), second_factor_roles=guarded))
    session.flush()


def first_people(session: Session, county_code: str, now: datetime) -> list[FirstLogin]:
    """A system administrator and a security administrator, each with a one-use password; the caller commits."""
    system = replace(SYSTEM, channel="cli")
    made = []
    for role, (login, name) in ADMINS.items():
        user, password = accounts.create_user(session, system, login, name, county_code, now)
        accounts.grant_role(session, system, user.id, role, "建立县（区）时设立", now)
        made.append(FirstLogin(role, user.login, password))
    return made


def read_places(data: bytes) -> list[Place]:
    """Read a list of divisions: CSV with code and name, one a line; codes may be padded with zeros to 12 digits.

    A first line without a code is a heading. Raises Refused for a file that is neither UTF-8 nor GB18030.
    """
    rows = csv.reader(io.StringIO(_decoded(data)))
    lines = [Place(_unpadded(row[0].strip()), row[1].strip(), n) for n, row in enumerate(rows, 1) if len(row) > 1]
    return lines[1:] if lines and not lines[0].code.isdigit() else lines


def _decoded(data: bytes) -> str:
    for charset in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    raise Refused([Reason("file_charset")])


def _unpadded(code: str) -> str:
    if is_village(code) and code.endswith("000000"):
        return county_of(code)
    return township_of(code) if is_village(code) and code.endswith("000") else code


def _parent(code: str, codes: set[str]) -> str | None:
    longer = [level for level in LEVELS if level < len(code) and code[:level] in codes]
    return code[: longer[-1]] if longer else None


def _faults(county: Place, above: list[Place], places: list[Place]) -> list[Reason]:
    if not (county.code.isascii() and county.code.isdigit() and is_county(county.code)):
        return [Reason("county_code", division=county.code)]
    if not county.name:
        return [Reason("county_name")]
    codes, seen, faults = {place.code for place in places}, set[str](), []
    for place in places:
        if place is not county and place not in above:
            faults += _line_faults(place, county.code, codes, seen)
        seen.add(place.code)
    return faults


def _line_faults(place: Place, county: str, codes: set[str], seen: set[str]) -> list[Reason]:
    told = {"line": place.line, "division": place.code, "name": place.name}
    if not (place.code.isascii() and place.code.isdigit() and len(place.code) in (9, 12) and place.name):
        return [Reason("place_line", **told)]
    if not place.code.startswith(county):
        return [Reason("place_elsewhere", county=county, **told)]
    if place.code in seen:
        return [Reason("place_twice", **told)]
    if is_village(place.code) and township_of(place.code) not in codes:
        return [Reason("place_without_township", township=township_of(place.code), **told)]
    return []
