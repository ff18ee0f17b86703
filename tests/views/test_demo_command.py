"""The command that makes a synthetic county: what it says, and whom it leaves alone."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Household, User
from tests import factories
from views.db import db


def run(app, *words):
    return app.test_cli_runner().invoke(args=["demo", *words])


def test_it_makes_a_county_and_says_who_may_log_in(app):
    told = run(app, "--households", "12", "--seed", "3", "--on", "2026-02-27")
    assert told.exit_code == 0, told.output
    assert "已生成 12 户" in told.output
    assert "xunchang.officer" in told.output and "乡镇经办人" in told.output
    with app.app_context(), Session(db.engine) as session:
        assert session.scalar(select(func.count(Household.id))) == 12


def test_an_empty_county_has_logins_and_no_family(app):
    assert run(app, "--empty").exit_code == 0
    with app.app_context(), Session(db.engine) as session:
        assert session.scalar(select(func.count(Household.id))) == 0
        assert session.scalar(select(func.count(User.id))) > 20


def test_a_second_time_it_says_how_to_begin_anew_and_the_chain_holds_afterwards(app):
    assert run(app, "--households", "3").exit_code == 0
    again = run(app, "--households", "2")
    assert again.exit_code == 1 and "--replace" in again.output
    assert run(app, "--households", "2", "--replace").exit_code == 0
    proof = app.test_cli_runner().invoke(args=["verify-audit"])
    assert proof.exit_code == 0, proof.output


def test_a_real_county_is_left_alone_even_when_told_to_replace(app):
    with app.app_context(), Session(db.engine) as session:
        factories.places(session)
        session.commit()
    refused = run(app, "--households", "2", "--replace")
    assert refused.exit_code == 1 and "珙县" in refused.output and "未作任何改动" in refused.output
