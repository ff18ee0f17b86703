"""Pages that every county is walked through: who asks, and how many statements each may take."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import User
from policy.vocabulary import Role
from tests.clock import START
from views.db import db
from workflows import demo

V, T, C, S = Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER, Role.COUNTY_REVIEWER, Role.SUPERVISOR
A_LIST, A_DESK, A_FAMILY, A_RECORD, A_FORM = 6, 8, 13, 13, 9
"""Statements: a list as the project promises; a desk adds warnings; a family, or a case with its hits, has 13 parts."""
# The first hundred families are the same in a county of any size, so the same numbers lead to the same pages.
PAGES: dict[str, tuple[Role, int]] = {
    "/desk/": (C, A_DESK),
    "/desk/?": (T, A_DESK + 1),  # who has letters to issue
    "/desk/queue": (C, A_DESK),
    "/household/": (C, A_LIST),
    "/household/?township=511526100&stage=in_force&sort=head_name": (C, A_LIST),
    "/household/?name=张": (C, A_LIST),
    "/household/?visit=overdue&review=near&cause=illness": (C, A_LIST),
    "/member/": (C, A_LIST),
    "/member/?sort=name": (C, A_LIST),
    "/member/?name=zx&standing=all": (C, A_LIST),
    "/benefit/": (C, A_LIST),
    "/benefit/?stage=open&sort=-step_due_on": (T, A_LIST),
    "/visit/?due=soon": (T, A_LIST),
    "/visit/?state=done": (C, A_LIST),
    "/owed_paper/": (C, A_LIST),
    "/audit/": (S, A_LIST),
    "/near-relatives/": (C, A_LIST),
    "/household/60/": (C, A_FAMILY),
    "/household/60/history/": (C, A_LIST),
    "/household/60/edit/": (S, A_FORM),
    "/household/60/visit/": (C, A_FORM),
    "/member/60/": (C, A_RECORD),
    "/visit/60/": (C, A_RECORD),
    "/case/60/": (C, A_RECORD),
    "/case/60/start_recheck/": (S, A_RECORD),
    "/files/case/60/": (C, A_FORM),
    "/apply/": (T, A_FORM),
    "/import/": (C, A_LIST),
    "/papers/notice/": (T, A_RECORD),
    "/papers/many/": (T, A_LIST),
    "/papers/many/?state=done": (C, A_LIST),
    "/papers/many/?state=aside": (T, A_LIST),
    "/account/": (C, A_LIST),
    "/round/?show=all": (V, A_LIST),
    "/leads/new": (V, A_LIST),
    "/help/machine": (V, A_LIST),
    "/figures/": (C, A_LIST),
    "/figures/?show=stale": (S, A_LIST),
    "/figures/dibao.standard.rural/": (S, A_FORM),
    "/figures/dibao.standard.rural/new": (S, A_LIST),
    "/comparison/": (C, A_LIST),
}


def settle(app: Flask, households: int) -> dict[Role, int]:
    """Fill the app's county with so many families; returns the first person of each role."""
    with app.app_context(), Session(db.engine) as session:
        demo.fill(session, households=households, seed=1, on=START.date(), now=START)
        first = select(User.id).order_by(User.id).limit(1)
        return {role: session.scalars(first.where(User.role == role)).one() for role in Role}
