"""Papers that ticked boxes name: with their files to be issued, or without where only their standing changes."""

from collections.abc import Collection

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from models import Benefit, Event
from views.case_file import CaseFile, open_file
from views.context import actor, figures, today
from views.db import db
from views.panel.scoped import parse_id
from views.papers_kinds import KINDS, Kind, Print, choose
from views.papers_text import decider_of, name_of, office_code
from workflows.actor import scoped
from workflows.issuing import Sheet


def bare_sheet(benefit: Benefit, paper: Print) -> Sheet:
    """Enough of a sheet to tell whether the reader may issue it, or to set it aside, without the whole file."""
    return Sheet(
        paper.key, paper.kind.code, paper.kind.family, name_of(paper, benefit.scheme),
        _office_of(benefit, paper), benefit.township_code, benefit.village_code, paper.kind.numbered,
        benefit_id=benefit.id, event_id=paper.event.id,
    )  # fmt: skip


def _office_of(benefit: Benefit, paper: Print) -> str:
    return office_code(benefit, decider_of(benefit, paper)) if paper.kind.numbered else benefit.township_code


def _in_turn(benefit: Benefit, paper: Print) -> tuple[str, int]:
    """Papers of one office follow one another, so that two people issuing at once wait instead of meeting head on."""
    return _office_of(benefit, paper), paper.event.id


def in_order(keys: Collection[str]) -> list[tuple[CaseFile, Print]]:
    """The files and papers that these keys name, those of one office after one another; 404 as for one."""
    return sorted((named(key) for key in keys), key=lambda pair: _in_turn(pair[0].benefit, pair[1]))


def named(key: str) -> tuple[CaseFile, Print]:
    """The file and the paper that a ticked box names; answers 404 for what is not there or lies elsewhere."""
    kind, event_id = _parts(key)
    benefit_id = db.session.scalar(select(Event.benefit_id).where(Event.id == event_id)) or abort(404)
    file = open_file(db.session, actor(), str(benefit_id), figures(), today())
    return file, choose(file.events, kind, event_id) or abort(404)


def told(keys: Collection[str]) -> list[tuple[Benefit, Print]]:
    """The cases and papers that these keys name, without their files, in the same order; 404 as for one."""
    parts = [_parts(key) for key in keys]
    query = select(Event).join(Event.benefit).where(Event.id.in_([event_id for _, event_id in parts]))
    home = contains_eager(Event.benefit)
    query = query.options(home.joinedload(Benefit.household), home.joinedload(Benefit.member))
    events = {event.id: event for event in db.session.scalars(scoped(query, Benefit, actor()))}
    if any(event_id not in events or not kind.states(events[event_id]) for kind, event_id in parts):
        abort(404)
    pairs = [(events[event_id].benefit, Print(kind, events[event_id], 1, False)) for kind, event_id in parts]
    return sorted(pairs, key=lambda pair: _in_turn(*pair))


def _parts(key: str) -> tuple[Kind, int]:
    code, _, number = key.partition(":")
    return KINDS.get(code) or abort(404), parse_id(number) or abort(404)
