"""The families of a county in plain text, as the rival of the panel holds them."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from benchmarks import stock
from models import Benefit, Household, Member, Visit
from models.base import reading
from views.db import db


def copy_families(ours: Flask, rival: Flask) -> None:
    """Give the rival the families of our county, unless it has them."""
    with ours.app_context():  # to its end: what is sealed there is read with the keys of ours
        engine = db.engine
        with rival.app_context(), Session(engine) as session, reading():
            stock.db.create_all()
            with stock.db.engine.begin() as plain:
                if plain.scalar(select(func.count(stock.Household.id))):
                    return
                for table, rows in _plain(session):
                    plain.execute(insert(table), rows)


def _plain(session: Session) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    for ours, plain, columns in TABLES:
        for rows in session.scalars(select(ours).order_by(ours.id).execution_options(yield_per=2_000)).partitions():
            yield plain.__table__, [{"id": row.id, **columns(row)} for row in rows]


def _household(row: Household) -> dict[str, Any]:
    return {
        "head_name": row.head_name,
        "township": row.township_code,
        "village": row.village_code,
        "address": row.address,
        "phone": row.phone,
    }


def _member(row: Member) -> dict[str, Any]:
    return {
        "household_id": row.household_id,
        "name": row.name,
        "id_no": row.id_no,
        "sex": str(row.sex),
        "birth": row.birth,
        "relation": str(row.relation),
        "township": row.township_code,
    }


def _benefit(row: Benefit) -> dict[str, Any]:
    return {
        "household_id": row.household_id,
        "scheme": str(row.scheme),
        "stage": str(row.stage),
        "township": row.township_code,
        "persons": row.persons,
        "monthly_fen": row.monthly_fen,
        "due": row.step_due_on,
        "review_due": row.review_due_on,
    }


def _visit(row: Visit) -> dict[str, Any]:
    return {"household_id": row.household_id, "township": row.township_code, "due": row.due_on, "done": row.done_on}


TABLES: tuple[tuple[Any, Any, Callable[[Any], dict[str, Any]]], ...] = (
    (Household, stock.Household, _household),
    (Member, stock.Member, _member),
    (Benefit, stock.Benefit, _benefit),
    (Visit, stock.Visit, _visit),
)
