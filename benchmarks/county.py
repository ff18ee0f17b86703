"""Synthetic counties of a size, each built once in a folder of its own and used again."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from benchmarks import tenfold
from models import Benefit, Household, Member
from models.base import refresh_statistics
from views.db import db
from workflows import demo, setup
from workflows.instance import DATABASE

AT_ONCE = 200_000
"""Families that the demo writes; a larger county is one of a tenth put down ten times."""
TIMES = 10
MEMBERS_A_FAMILY = 2.67
MOMENT = datetime(2026, 11, 21, 10)
"""The time of every county, so that one built earlier has today's cases due today."""


@dataclass(frozen=True)
class Built:
    """What was built and what it took."""

    households: int
    members: int
    cases: int
    seconds: float
    cpu_seconds: float
    megabytes: float


def households_of(members: int) -> int:
    """How many families hold so many members."""
    return round(members / MEMBERS_A_FAMILY)


def opened(folder: Path, households: int, url: str | None = None) -> Flask:
    """The app of a county, its clock standing still, without CSRF tokens and rate limits; ``url``: its own database."""
    usual = {"CLOCK": lambda: MOMENT, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False, "TESTING": True}
    elsewhere = {"DATABASE_URL": url} if url else {}
    return create_app({"INSTANCE": folder / str(households), **elsewhere, **usual})


def build(folder: Path, households: int, anew: bool = True, url: str | None = None) -> Built | None:
    """Build the county of a size; None when it stands already and is not wanted anew."""
    home = folder / str(households)
    if anew:
        shutil.rmtree(home, ignore_errors=True)
    app = opened(folder, households, url)
    with app.app_context(), Session(db.engine) as session:
        setup.bring_up(db.engine, app.extensions["doudi"].backups, MOMENT)
        times = TIMES if households > AT_ONCE else 1
        standing, part = session.scalar(select(func.count(Household.id))) or 0, households // times
        if standing == part * times:
            return None
        began, cpu = perf_counter(), process_time()
        if standing != part:
            demo.fill(session, households=part, seed=1, on=MOMENT.date(), now=MOMENT, replace_sample=True)
    with app.app_context():
        if times > 1:
            tenfold.multiply(db.engine, times)
        took, cpu = perf_counter() - began, process_time() - cpu
        refresh_statistics(db.engine)  # as the server does with its first tick
        with Session(db.engine) as session:
            made = [session.scalar(select(func.count(model.id))) or 0 for model in (Household, Member, Benefit)]
    size = 0.0 if url else (home / DATABASE).stat().st_size / 1e6
    return Built(made[0], made[1], made[2], took, cpu, size)
