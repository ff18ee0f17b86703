"""Rosters for the small county of the factories: families as rows, read, staged and applied in one go."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import ImportBatch, User
from policy.figures import Figures
from tests import factories
from tests.workflows.exchange import sheets
from workflows.actor import Actor
from workflows.exchange.apply import apply_batch
from workflows.exchange.layouts import HOUSEHOLDS, MEMBERS
from workflows.exchange.reading import Sheet, read_sheet
from workflows.exchange.staging import stage

NOW = datetime(2026, 3, 2, 9, 0)
FIGURES = Figures.shipped()
PLACE = {"所属省": "四川省", "所属市": "宜宾市", "所属区": "珙县", "所属街": "巡场镇", "所属社": "新胜村"}
HEAD, WIFE, SON = sheets.HEAD, sheets.WIFE, sheets.SON
HOUSEHOLD = sheets.HOUSEHOLD | PLACE
HEAD_ROW = sheets.HEAD_MEMBER | PLACE | {"户月保障金额": "760", "合计": "760"}
WIFE_ROW = sheets.MEMBER | PLACE
SON_ROW = WIFE_ROW | {"姓名": "张小样", "身份证号": SON, "与户主关系": "子", "性别": "男", "出生日期": "1970-06-15"}


def person(number: int, **changes: Any) -> dict[str, Any]:
    """A row of a head of a family of one, with a number of its own."""
    own = sheets.id_no("19600517", number)
    sex = "男" if int(own[16]) % 2 else "女"
    usual = {"姓名": f"户主{number}", "身份证号": own, "户主身份证号": own, "性别": sex, "出生日期": "1960-05-17"}
    return HEAD_ROW | usual | changes


def actor(user: User) -> Actor:
    return Actor(user.id, user.name, user.role, user.division_code)


def members(*rows: dict[str, Any]) -> Sheet:
    """A sheet of 低保人员."""
    return read_sheet(sheets.csv_bytes(sheets.table(MEMBERS, *rows)), "低保人员.csv")


def households(*rows: dict[str, Any]) -> Sheet:
    """A sheet of 低保家庭."""
    return read_sheet(sheets.csv_bytes(sheets.table(HOUSEHOLDS, *rows)), "低保家庭.csv")


def staged(session: Session, sheet: Sheet, who: Actor, **more: Any) -> ImportBatch:
    batch = stage(session, sheet, who, NOW, file_name="名册.csv", sha256="0" * 64, **more)
    session.commit()
    return batch


def applied(session: Session, sheet: Sheet, who: Actor, **more: Any) -> ImportBatch:
    batch = staged(session, sheet, who, **more)
    apply_batch(session, batch.id, who, NOW, FIGURES)
    session.commit()
    return batch


def office(session: Session) -> factories.Office:
    made = factories.office(session)
    session.commit()
    return made
