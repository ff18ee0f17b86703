"""A small county for tests: places, people who log in, families. Numbers are invented (area code 99….)."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from models import Attachment, Benefit, County, Division, Event, Household, Member, User, Visit
from policy.identity import check_digit
from policy.vocabulary import Action, Area, LeaveReason, Paper, Relation, Role, Scheme, Sex, Stage
from tests.clock import START
from workflows import audit, case_guard
from workflows.actor import SYSTEM

COUNTY = "511526"
TOWNSHIPS = {
    "511526100": "巡场镇",
    "511526101": "孝儿镇",
    "511526102": "底洞镇",
    "511526103": "上罗镇",
    "511526200": "玉和苗族乡",
}
VILLAGES = {"001": "龙茶社区", "201": "新胜村", "202": "红星村", "203": "白果村", "204": "石牛村", "205": "双桥村"}
XUNCHANG, XIAOER = "511526100", "511526101"
VILLAGE, OTHER_VILLAGE = "511526100201", "511526101201"
PASSWORD = "Xunchang-2026-rain"
JOINED = date(2020, 1, 1)
T = TypeVar("T")
_numbers = count(1)


@dataclass(frozen=True)
class Office:
    """People of the small county by role; township and village people sit in 巡场镇, ``elsewhere`` in 孝儿镇."""

    people: dict[Role, User]
    elsewhere: dict[Role, User]

    def __getitem__(self, role: Role) -> User:
        return self.people[role]


def places(session: Session, sample: bool = False) -> County:
    """珙县 with its five townships and six villages in each; flushed."""
    chain = [("51", None, "四川省"), ("5115", "51", "宜宾市"), (COUNTY, "5115", "珙县")]
    chain += [(code, COUNTY, name) for code, name in TOWNSHIPS.items()]
    chain += [(town + end, town, name) for town in TOWNSHIPS for end, name in VILLAGES.items()]
    divisions = [Division(code=code, parent_code=parent, name=name) for code, parent, name in chain]
    county = County(code=COUNTY, name="珙县", sample=sample, started_on=JOINED)
    keep(session, *divisions, county)
    return county


def office(session: Session, sample: bool = False) -> Office:
    """The small county with one person of each role, and a second township's own; flushed.

    Their logins are the role ("township_officer"), those of the second township end in "_2".
    """
    places(session, sample)
    here = {role: _user(role, login=role.value) for role in Role}
    local = (Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER)
    there = {role: _user(role, _place(role, XIAOER, OTHER_VILLAGE), login=f"{role}_2") for role in local}
    keep(session, *here.values(), *there.values())
    return Office(here, there)


def user(session: Session, role: Role | None, division_code: str | None = None, **fields: Any) -> User:
    """A person who logs in with ``PASSWORD``; flushed."""
    return keep(session, _user(role, division_code, **fields))


def _user(role: Role | None, division_code: str | None = None, **fields: Any) -> User:
    where = division_code or _place(role, XUNCHANG, VILLAGE)
    number = next(_numbers)
    usual: dict[str, Any] = {
        "login": f"{role.value if role else 'nobody'}{number}",
        "name": f"测试{number}",
        "password_hash": _hashed(PASSWORD),
        "password_changed_at": START,
        "must_change_password": False,
        "created_at": START,
    }
    return User(role=role, division_code=where, **{**usual, **fields})


def household(session: Session, village_code: str = VILLAGE, members: int = 1, **fields: Any) -> Household:
    """A family of so many people, head first; flushed."""
    number = next(_numbers)
    usual: dict[str, Any] = {
        "head_name": f"张{number}",
        "address": f"{number}组{number}号",
        "registered_on": JOINED,
        "created_at": datetime(2020, 1, 1, 9),
        "persons": members,
        "area": Area.RURAL,
    }
    row = Household(village_code=village_code, township_code=village_code[:9], **{**usual, **fields})
    keep(session, row)
    for position in range(members):
        head = position == 0
        member(session, row, name=row.head_name if head else f"李{number}{position}",
               relation=Relation.HEAD if head else Relation.SON)  # fmt: skip
    session.refresh(row)
    return row


def member(session: Session, home: Household, **fields: Any) -> Member:
    """A person in a household with a valid ID number of their own; flushed."""
    sex, birth = fields.get("sex", Sex.MALE), fields.get("birth", date(1960, 5, 17))
    usual: dict[str, Any] = {
        "name": "李四",
        "relation": Relation.OTHER,
        "sex": sex,
        "birth": birth,
        "joined_on": JOINED,
        "id_no": id_number(birth, sex),
    }
    usual |= fields
    number = usual.pop("id_no")
    row = Member(household=home, village_code=home.village_code, township_code=home.township_code, **usual)
    row.id_no = number
    return keep(session, row)


def leave(session: Session, person: Member, on: date, reason: LeaveReason = LeaveReason.MOVE) -> Member:
    """End a person's stay; flushed."""
    person.left_on, person.leave_reason = on, reason
    return keep(session, person)


def benefit(session: Session, home: Household, stage: Stage = Stage.ACTIVE, **fields: Any) -> Benefit:
    """A 低保 case at a stage with the event that put it there, past the machine; flushed."""
    number = next(_numbers)
    usual: dict[str, Any] = {
        "case_no": f"DB{home.township_code}{number:05d}",
        "household": home,
        "scheme": Scheme.DIBAO,
        "area": home.area,
        "persons": max(home.persons, 1),
        "stage_since": START.date(),
        "applied_on": JOINED,
        "created_at": START,
    }
    usual |= fields
    row = Benefit(stage=stage, village_code=home.village_code, township_code=home.township_code, **usual)
    put = Event(benefit=row, action=Action.TAKE_OVER, to_stage=stage, at=START, actor_name="测试",
                village_code=home.village_code, township_code=home.township_code)  # fmt: skip
    with case_guard.taking(session, row):
        return keep(session, row, put)


def id_number(birth: date = date(1960, 5, 17), sex: Sex = Sex.MALE) -> str:
    """A valid 18-digit number that no other test person has."""
    number = next(_numbers)
    order = f"{number // 5 % 100:02d}{number % 5 * 2 + (sex == Sex.MALE)}"
    area = f"99{number // 500 % 10000:04d}"
    first = f"{area}{birth:%Y%m%d}{order}"
    return first + check_digit(first)


def _place(role: Role | None, township: str, village: str) -> str:
    if role == Role.VILLAGE_WORKER:
        return village
    return township if role in (Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER) else COUNTY


def document(session: Session, visit: Visit) -> Attachment:
    """A photo somebody added to a visit before it was made."""
    row = Attachment(
        household_id=visit.household_id, visit_id=visit.id, paper=Paper.PHOTO, name="房屋.jpg", stored="a.jpg",
        media="image/jpeg", size=1, sha256="0" * 64, uploaded_at=START, township_code=visit.township_code,
        village_code=visit.village_code,
    )  # fmt: skip
    return keep(session, row)


def keep(session: Session, row: T, *more: Any) -> T:
    """Add and flush rows; where nobody is said to act, the system does, for this alone. Returns the first."""
    named = "audit_by" in session.info
    if not named:
        audit.attribute(session, SYSTEM, START)
    session.add_all([row, *more])
    session.flush()
    if not named:
        session.info.pop("audit_by")
    return row


@cache
def _hashed(password: str) -> str:
    from workflows.passwords import hash_password

    return hash_password(password)
