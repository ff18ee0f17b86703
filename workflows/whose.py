"""Whose a case is: the family's, or one person's own, which that person takes along to another family."""

from sqlalchemy import or_
from sqlalchemy.sql.elements import ColumnElement

from models import Benefit
from policy.vocabulary import PERSONAL, Scheme

NAMED = (Scheme.TEKUN, Scheme.DIBAO)
"""Schemes under which a case may be one person's own: 特困 (43号 第四条), 低保 of who entered alone (57号 第八条)."""
OWN: ColumnElement[bool] = or_(Benefit.scheme.in_(PERSONAL), Benefit.scheme.in_(NAMED) & Benefit.member_id.is_not(None))
"""Subsidies and children's money are always a person's own, those others where the case names the person."""


def own(benefit: Benefit) -> bool:
    """Whether the case is one person's own."""
    if benefit.scheme not in NAMED:
        return benefit.scheme in PERSONAL
    return benefit.member_id is not None or getattr(benefit, "member", None) is not None  # a row has columns alone
