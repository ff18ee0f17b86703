"""The sample county 珙县: its divisions, and the invented people who log in there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models import County, Division, User
from policy.vocabulary import Role
from workflows.office import SAMPLE_PASSWORD
from workflows.passwords import hash_password

COUNTY, COUNTY_NAME = "511526", "珙县"
ABOVE = (("51", None, "四川省"), ("5115", "51", "宜宾市"), (COUNTY, "5115", COUNTY_NAME))
TOWNSHIPS = {
    "511526100": ("巡场镇", "xunchang"),
    "511526101": ("孝儿镇", "xiaoer"),
    "511526102": ("底洞镇", "didong"),
    "511526103": ("上罗镇", "shangluo"),
    "511526200": ("玉和苗族乡", "yuhe"),
}
VILLAGES = {"001": "龙茶社区", "201": "新胜村", "202": "红星村", "203": "白果村", "204": "石牛村", "205": "双桥村"}
XUNCHANG, XIAOER, YUHE = "511526100", "511526101", "511526200"
XINSHENG, HONGXING, XIAOER_XINSHENG = f"{XUNCHANG}201", f"{XUNCHANG}202", f"{XIAOER}201"

# role, what follows the township in the login, and the division below the township
LOCAL = (
    (Role.VILLAGE_WORKER, "village", "201"),
    (Role.VILLAGE_WORKER, "village2", "202"),
    (Role.TOWNSHIP_OFFICER, "officer", ""),
    (Role.TOWNSHIP_OFFICER, "officer2", ""),
    (Role.TOWNSHIP_APPROVER, "approver", ""),
)
COUNTY_WIDE = (
    (Role.COUNTY_REVIEWER, "county.reviewer", "唐文静"),
    (Role.COUNTY_REVIEWER, "county.reviewer2", "谭勇"),
    (Role.COUNTY_APPROVER, "county.approver", "邓国强"),
    (Role.SUPERVISOR, "supervisor", "蒋海燕"),
    (Role.AUDITOR, "auditor", "范志明"),
    (Role.SYSTEM_ADMIN, "sysadmin", "余浩"),
    (Role.SECURITY_ADMIN, "security", "汪洁"),
)
LOCAL_NAMES = (
    "李春梅", "何永福", "王建军", "张丽华", "刘德全", "曾小红", "罗光明", "陈志远", "周雪梅", "赵大勇",
    "杨秀兰", "代兴华", "吴晓峰", "郑小芳", "孙正国", "熊开琼", "马世才", "胡俊杰", "朱玉梅", "郭永康",
    "古秀英", "陶正文", "侯明亮", "杨阿依", "项国富",
)  # fmt: skip


class Staff(NamedTuple):
    """Somebody of the office as they stand in an event."""

    id: int | None
    name: str
    role: Role | None


SYSTEM_STAFF = Staff(None, "system", None)


@dataclass(slots=True)
class Office:
    """Who works where: officers and the approver by township, workers by village, the county's people by role."""

    officers: dict[str, list[Staff]] = field(default_factory=dict)
    approvers: dict[str, Staff] = field(default_factory=dict)
    workers: dict[str, Staff] = field(default_factory=dict)
    county: dict[Role, list[Staff]] = field(default_factory=dict)


def villages() -> Iterator[tuple[str, str]]:
    """Code and name of every village, with its township's name before it."""
    for town, (town_name, _) in TOWNSHIPS.items():
        for end, name in VILLAGES.items():
            yield town + end, town_name + name


def people() -> list[tuple[Role, str, str, str]]:
    """Role, login, name and division code of everybody who logs in, the first of each role being the one to try."""
    names = iter(LOCAL_NAMES)
    local = [
        (role, f"{word}.{post}", next(names), town + end)
        for town, (_, word) in TOWNSHIPS.items()
        for role, post, end in LOCAL
    ]
    return local + [(role, login, name, COUNTY) for role, login, name in COUNTY_WIDE]


def sample_logins() -> list[tuple[Role, str, str, str]]:
    """Role, login, password and name of one person for each role, in the order of the roles, for printing."""
    first: dict[Role, tuple[Role, str, str, str]] = {}
    for role, login, name, _ in people():
        first.setdefault(role, (role, login, SAMPLE_PASSWORD, name))
    return [first[role] for role in Role]


def make_office(session: Session, started_on: date, now: datetime) -> Office:
    """Write county, divisions and people; flushed. Everybody has the sample's password, which is shown to all."""
    session.add(County(code=COUNTY, name=COUNTY_NAME, sample=True, started_on=started_on))
    session.add_all(_divisions(started_on))
    session.flush()
    hashed = hash_password(SAMPLE_PASSWORD)  # one for all: it guards nothing
    users = [_user(*person, hashed, started_on, now) for person in people()]
    session.add_all(users)
    session.flush()
    return _seated(users)


def _divisions(since: date) -> list[Division]:
    rows = [(code, parent, name) for code, parent, name in ABOVE]
    rows += [(code, COUNTY, name) for code, (name, _) in TOWNSHIPS.items()]
    rows += [(town + end, town, name) for town in TOWNSHIPS for end, name in VILLAGES.items()]
    return [Division(code=code, parent_code=parent, name=name, valid_from=since) for code, parent, name in rows]


def _user(role: Role, login: str, name: str, code: str, hashed: str, since: date, now: datetime) -> User:
    created = datetime(since.year, since.month, since.day, 9)
    return User(
        login=login, name=name, role=role, division_code=code, password_hash=hashed, password_changed_at=now,
        must_change_password=False, created_at=created,
    )  # fmt: skip


def _seated(users: list[User]) -> Office:
    office = Office()
    for user in users:
        staff, code = Staff(user.id, user.name, user.role), user.division_code
        if user.role is Role.VILLAGE_WORKER:
            office.workers[code] = staff
        elif user.role is Role.TOWNSHIP_OFFICER:
            office.officers.setdefault(code, []).append(staff)
        elif user.role is Role.TOWNSHIP_APPROVER:
            office.approvers[code] = staff
        elif user.role is not None:
            office.county.setdefault(user.role, []).append(staff)
    return office
