"""A small office that matches departments' lists, one at a time."""

from datetime import date, datetime
from itertools import count

from models import MatchLine
from policy.figures import Figures
from policy.vocabulary import Role, Stage
from tests import factories
from tests.workflows.exchange import sheets
from tests.workflows.refusals import refused
from workflows.actor import Actor
from workflows.matching import running, settling
from workflows.matching.lists import read_list

NOW, FIGURES = datetime(2026, 3, 2, 9, 0), Figures.shipped()
TODAY = NOW.date()
FILES = count()
"""Each list is a file of its own; the same one is not matched again while its match is open."""
CARS = ["序号", "所有人", "身份证明号码", "号牌号码", "车辆类型", "购置价(元)"]
DEAD = ["姓名", "身份证号", "死亡日期", "火化日期"]
DISABLED = ["姓名", "身份证号", "残疾类别", "残疾等级", "乡镇", "村"]


class Office:
    """A small county, its reviewer and two township officers, and a list at a time."""

    def __init__(self, session):
        self.session, made = session, factories.office(session)
        self.county, self.here = (actor(made[role]) for role in (Role.COUNTY_REVIEWER, Role.TOWNSHIP_OFFICER))
        self.there = actor(made.elsewhere[Role.TOWNSHIP_OFFICER])

    def family(self, stage=Stage.ACTIVE, village=factories.VILLAGE, authorised=date(2026, 1, 5), **fields):
        home = factories.household(self.session, village, members=2, **fields)
        case = factories.benefit(self.session, home, stage, authorised_on=authorised) if stage else None
        return home, case

    def run(self, headers, *rows, by=None, name="名单.csv", **more):
        listed = read_list(sheets.csv_bytes([headers, *rows]), name, TODAY)
        told = {"file_name": name, "sha256": f"{next(FILES):064}", **more}
        made = running.run(self.session, by or self.county, listed, NOW, **told)
        self.session.commit()
        return made

    def lines(self, run, by=None):
        return self.session.scalars(settling.lines_of(by or self.county, run).order_by(MatchLine.id)).all()

    def cars(self, *people, **more):
        rows = [[n, p.name, p.id_no, f"川Q{n:05d}", "小型轿车", "86000"] for n, p in enumerate(people, 1)]
        return self.run(CARS, *rows, **more)

    def settle(self, line, outcome, reason="已核实情况", clause="", by=None, version=None):
        told = settling.Settlement(outcome, reason, clause)
        return settling.settle(self.session, by or self.county, line, told, NOW, FIGURES, version)

    def refusals(self, act):
        found = refused(act)
        self.session.rollback()
        return found


def actor(user):
    """The person as one who acts."""
    return Actor(user.id, user.name, user.role, user.division_code)
