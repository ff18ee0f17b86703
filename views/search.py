"""One box for everything: what was typed is told by its shape; numbers are posted and never enter an address.

An exact hit opens its record; several hits, a name or initials lead to a list; a number mistyped by one character
finds its neighbours.
"""

from collections.abc import Sequence
from types import SimpleNamespace

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import Row, Select, or_, select

from models import Benefit, Household, Member
from models.base import reading
from models.sealing import blind
from policy.vocabulary import Relation
from views.context import actor
from views.db import db
from views.links import case_url
from views.panel.filters import FoundFilter
from workflows import names
from workflows.actor import scoped

bp = Blueprint("search", __name__)
LONGEST = 60


@bp.get("/search/")
def page() -> ResponseReturnValue:
    """The search as a page, with every page of the reader's: what Ctrl+K offers, without script."""
    return render_template("panel/search.html")


@bp.post("/search/")
def index() -> ResponseReturnValue:
    """Find what was typed and go there; posted so that it stays out of addresses, it only reads."""
    with reading():
        return _find(request.form.get("q", "")[:LONGEST].replace("\x00", ""))


def _find(typed: str) -> ResponseReturnValue:
    found = names.shape(typed)
    if found.kind == "case_no" or (any(sign.isdigit() for sign in found.term) and found.kind == "name"):
        return _by_case(found.term)
    if found.kind in ("name", "initials"):
        return _by_name(typed)
    if found.kind:
        return _by_number(found)
    return redirect(url_for("home.index"))


def members(typed: str) -> Select[int] | None:
    """The ids of the people in reach whom the term names, by whatever it is; None for a term that names nobody."""
    found = names.shape(typed)
    if found.kind in ("name", "initials"):
        return _of_members(select(Member.id).where(Member.id.in_(names.find_members(typed))))
    return _number_query(found) if found.kind not in ("", "case_no") else None


def _by_name(typed: str) -> ResponseReturnValue:
    hits = _named(typed)
    if len(hits) == 1:
        return redirect(_family_of(hits[0]))
    if not hits and (sounds := _sounding_alike(typed)):
        flash(gettext("Nobody is called so; the names of these people begin with the same sounds."), "warn")
        return redirect(url_for("member.index_view", name=sounds))
    return redirect(url_for("member.index_view", name=typed.strip()))


def _sounding_alike(typed: str) -> str:
    """The initials of a name that nobody in reach bears, where somebody's name begins with the same; else ""."""
    if not 2 <= len(names.normal(typed)) <= 4:
        return ""
    known = sorted(names.initials(names.normal(typed)))
    return next((sounds for sounds in known if _named(sounds)), "")


def _named(typed: str) -> Sequence[Row[int, int]]:
    return _hits(_of_members(select(Member.id).where(Member.id.in_(names.find_members(typed)))))


def _by_case(term: str) -> ResponseReturnValue:
    mine = scoped(select(Benefit.id), Benefit, actor())
    id = db.session.scalar(mine.where(Benefit.case_no == term))
    if id:
        return redirect(case_url(id))
    close = mine.where(Benefit.case_no.in_(names.near_cases(term))).order_by(Benefit.case_no)
    near = db.session.scalars(close.limit(FoundFilter.MOST)).all()
    if not near:
        return _nothing()
    flash(gettext("Nobody has exactly this number; these numbers differ in one place."), "warn")
    return redirect(url_for("benefit.index_view", found=_joined(near)))


def _by_number(found: names.Shape) -> ResponseReturnValue:
    hits = _hits(_number_query(found))
    if not hits and found.kind == "id_no":
        near = _hits(names.find_near(found.term, actor()))
        if near:
            flash(gettext("Nobody has exactly this number; these numbers differ in one place."), "warn")
            return redirect(url_for("member.index_view", found=_joined([hit.id for hit in near])))
    if len(hits) == 1:
        return redirect(_family_of(hits[0]))
    return redirect(url_for("member.index_view", found=_joined([hit.id for hit in hits]))) if hits else _nothing()


def _number_query(found: names.Shape) -> Select[int]:
    term = found.term
    if found.kind == "id_no":
        return _of_few(select(Member.id).where(Member.id_no_hash == blind("id_no", term)))
    if found.kind == "last4":
        return _of_few(select(Member.id).where(Member.id_no_last4 == blind("id_no.last4", term)))
    hashes = {"phone": [Household.phone_hash], "account": [Household.account_hash, Household.one_card_hash]}
    columns = hashes.get(found.kind, [])
    hit = or_(Household.certificate_no == term, *(column == blind(found.kind, term) for column in columns))
    heads = select(Member.id).join(Household).where(Member.left_on.is_(None), Member.relation == Relation.HEAD)
    return _of_few(heads.where(hit))


def _of_few(query: Select[int]) -> Select[int]:
    """The people whom a number names, as far as the reader may see them.

    The codes are compared as expressions, so that no index on them is used: without statistics a database would
    otherwise read everybody of the township instead of the few that the number names.
    """
    codes = SimpleNamespace(township_code=Member.township_code + "", village_code=Member.village_code + "")
    return scoped(query, codes, actor())


def _of_members(query: Select[int]) -> Select[int]:
    return scoped(query, Member, actor())


def _hits(query: Select[int]) -> Sequence[Row[int, int]]:
    order = Member.left_on.is_not(None), Member.id
    return db.session.execute(query.add_columns(Member.household_id).order_by(*order).limit(FoundFilter.MOST)).all()


def _joined(ids: Sequence[int]) -> str:
    return ".".join(map(str, ids))


def _family_of(hit: Row[int, int]) -> str:
    return url_for("household.page", id=hit.household_id, _anchor=f"member-{hit.id}")


def _nothing() -> ResponseReturnValue:
    return render_template("panel/not_found.html"), 404


def register(app: Flask) -> None:
    """Add the search."""
    app.register_blueprint(bp)
