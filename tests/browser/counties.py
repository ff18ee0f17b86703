"""Small counties of the five places, each begun as an office begins, on a day its own document was in force."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from playwright.sync_api import Page
from sqlalchemy.orm import Session

import models
from models import Household, IncomeLine, Member, SpendingLine, User
from policy.vocabulary import Action, Area, IncomeKind, Relation, Role, Sex, SpendingKind
from tests import factories
from tests.browser.test_journey import Office
from tests.signing_in import browser_of
from tests.workflows.driver import FIGURES, Driver
from workflows import audit, calculating, setup
from workflows.actor import SYSTEM
from workflows.facts import Given
from workflows.setup import Place

NAMES = {
    Role.VILLAGE_WORKER: "何村务", Role.TOWNSHIP_OFFICER: "王经办", Role.TOWNSHIP_APPROVER: "李审核",
    Role.COUNTY_REVIEWER: "赵复核", Role.COUNTY_APPROVER: "周审批",
}  # fmt: skip


@dataclass(frozen=True)
class County:
    """A county with what lies above it, one township, one village, and the day on which it begins work."""

    above: tuple[Place, ...]
    here: Place
    township: Place
    village: Place
    day: date
    area: Area = Area.RURAL

    def code_for(self, role: Role) -> str:
        """Where a person of this role sits."""
        if role is Role.VILLAGE_WORKER:
            return self.village.code
        return self.township.code if role in (Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER) else self.here.code


def county(named: str, *codes: str, day: date, area: Area = Area.RURAL) -> County:
    """A county from names and codes in one order: what lies above it, itself, its township, its village."""
    *above, here, township, village = map(Place, codes, named.split())
    return County(tuple(above), here, township, village, day, area)


GONGXIAN = county(
    "四川省 宜宾市 珙县 巡场镇 新胜村", "51", "5115", "511526", "511526100", "511526100201", day=date(2020, 7, 1)
)
NANGUAN = county(
    "吉林省 长春市 南关区 新春街道 平阳社区", "22", "2201", "220102", "220102001", "220102001001",
    day=date(2018, 5, 14), area=Area.URBAN,
)  # fmt: skip
SIXIAN = county(
    "安徽省 宿州市 泗县 墩集镇 石梁村", "34", "3413", "341324", "341324101", "341324101201", day=date(2020, 5, 11)
)
MANGSHI = county(
    "云南省 德宏州 芒市 勐戛镇 三角岩村", "53", "5331", "533103", "533103101", "533103101201", day=date(2021, 6, 7)
)
YANPING = county(
    "福建省 南平市 延平区 夏道镇 洋坑村", "35", "3507", "350702", "350702101", "350702101201", day=date(2021, 6, 7)
)


class Story(Driver):
    """A family of one of these counties and its case; what is calculated, the rules of the place calculate."""

    def __init__(self, session: Session, where: County, people: dict[Role, User], now: datetime) -> None:
        self.session, self.now, self.where = session, now, where
        self.office = people  # type: ignore[assignment]
        audit.attribute(session, SYSTEM, now)

    def family(self, name: str, address: str, persons: int) -> Household:
        """Register the family, without its people."""
        self.home = factories.household(
            self.session, self.where.village.code, 0, head_name=name, persons=persons, address=address,
            area=self.where.area, registered_on=date(2015, 1, 1), created_at=self.now,
        )  # fmt: skip
        return self.home

    def person(self, name: str, relation: Relation, birth: date, sex: Sex = Sex.MALE, **fields: object) -> Member:
        """Add a person to the family."""
        joined = max(birth, date(2015, 1, 1))
        facts = {"name": name, "relation": relation, "birth": birth, "sex": sex, "joined_on": joined, **fields}
        return factories.member(self.session, self.home, **facts)

    def earns(self, person: Member, yuan_a_year: int, kind: IncomeKind = IncomeKind.WAGE) -> Member:
        """Add a line of income."""
        factories.keep(self.session, IncomeLine(member_id=person.id, kind=kind, year_fen=yuan_a_year * 100))
        return person

    def spends(self, person: Member, yuan_a_year: int, kind: SpendingKind) -> Member:
        """Add a line of spending."""
        factories.keep(self.session, SpendingLine(member_id=person.id, kind=kind, year_fen=yuan_a_year * 100))
        return person

    def calculated(self, *_: object, **__: object) -> "Story":
        """Calculate as the button does."""
        officer = self.actor(Role.TOWNSHIP_OFFICER)
        calculating.calculate(self.session, self.case, officer, self.now, FIGURES)
        return self

    def good(self, action: Action) -> Given:
        """What a clerk would type, with the amount that was calculated."""
        given = super().good(action)
        found = self.facts().finding if hasattr(self, "case") else None
        return replace(given, clause="", amount_fen=found.payable_fen if found else given.amount_fen)


class Desks(Office):
    """The county's people at their browsers, logged in without the way through the login page."""

    ids: dict[Role, int]

    def log_in(self, page: Page, role: Role) -> None:
        cookie = browser_of(self.app, self.ids[role], self.clock.at).get_cookie("doudi")
        page.context.add_cookies([{"name": "doudi", "value": cookie.value, "url": self.base}])


def begin(session: Session, where: County, now: datetime) -> dict[Role, User]:
    """Begin a county as an office does, with a person of each role; the second factor is another test's business."""
    setup.begin(session, where.above, where.here, [where.township, where.village], now)
    audit.attribute(session, SYSTEM, now)
    session.get_one(models.County, where.here.code).second_factor_roles = []
    return {
        role: factories.user(
            session, role, where.code_for(role), login=role.value, name=NAMES.get(role, "管理员"),
            password_changed_at=now, created_at=now,
        )
        for role in Role
    }  # fmt: skip
