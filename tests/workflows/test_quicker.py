"""The same name given twice at once: one is kept, the other is told in a sentence and has done nothing."""

from functools import partial

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from models import SavedView
from models.base import reading
from policy.vocabulary import Role
from tests import databases, factories
from tests.at_once import held_up
from workflows import saved_views
from workflows.reason import Refused


@pytest.mark.postgres
@pytest.mark.parametrize("renames", [False, True], ids=["two saved", "one saved and one renamed"])
def test_one_of_two_views_kept_under_a_name_at_once_is_refused_on_a_server(
    migrated_postgres_url: str, renames: bool
) -> None:
    with databases.opened(migrated_postgres_url) as engine:
        user = _office(engine, renames)
        told: list[str] = []
        with reading(False), Session(engine) as first:
            saved_views.save(first, user, "benefit", "超期", "due=overdue")
            other = held_up(engine, partial(_second, engine, user, renames, told))  # what becomes of the first
            first.commit()
        other.join()
        assert told == ["view_name_taken" if renames else "view_kept_meanwhile"]
        with Session(engine) as session:
            named = SavedView.name == "超期"
            assert session.scalar(select(func.count(SavedView.id)).where(named)) == 1
            assert session.scalar(select(SavedView.query).where(named)) == "due=overdue"


def _office(engine: Engine, renames: bool) -> int:
    with reading(False), Session(engine) as session:
        user = factories.office(session)[Role.SUPERVISOR].id
        if renames:
            saved_views.save(session, user, "benefit", "旧名", "due=today")
        session.commit()
        return user


def _second(engine: Engine, user: int, renames: bool, told: list[str]) -> None:
    with reading(False), Session(engine) as session:
        try:
            if renames:
                view = session.scalars(select(SavedView)).one()
                saved_views.rename(session, view, "超期")
            else:
                saved_views.save(session, user, "benefit", "超期", "due=today")
            session.commit()
        except Refused as refused:
            session.rollback()
            told += [reason.code for reason in refused.reasons]
