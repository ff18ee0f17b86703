"""The administrators' desk: people, open sessions, the last backup; no case is in sight."""

import re
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import SQLColumnExpression, func, select

from models import LoginSession, User
from policy.vocabulary import Role
from views.context import actor, instance
from views.db import db
from views.permissions import allowed
from workflows import office

STAMP = "%Y%m%d-%H%M%S"


def admin_desk(role: Role | None) -> dict[str, Any]:
    """Tiles of the administrators; nothing for somebody whose role has not been granted yet."""
    if role is None:
        return {"tiles": [], "backup": None, "sessions": 0, "role": None}
    return {"tiles": _people(), "backup": backup_time(), "sessions": _sessions(), "role": role}


def backup_time() -> datetime | None:
    """When the newest backup of this county was made, by its name; None where there is none."""
    names = [file.stem.removeprefix("doudi-") for file in instance().backups.glob("doudi-*")]
    times = [datetime.strptime(name, STAMP) for name in names if re.fullmatch(r"\d{8}-\d{6}", name)]
    return max(times, default=None)


def _people() -> list[dict[str, Any]]:
    active, waiting = _count(User.active), _count(User.role.is_(None))
    url = url_for("users.index") if allowed("users.index") else ""
    return [
        _tile(gettext("Active accounts"), active, f"{url}?state=active"),
        _tile(gettext("Waiting for a role"), waiting, f"{url}?role=none", "due" if waiting else ""),
    ]


def _tile(label: str, count: int, url: str, tone: str = "") -> dict[str, Any]:
    return {"label": label, "count": f"{count:,}", "url": url, "tone": tone}


def _count(holds: SQLColumnExpression[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(office.people(actor()).where(holds).subquery())) or 0


def _sessions() -> int:
    seen = select(func.count(LoginSession.id)).where(LoginSession.ended_at.is_(None))
    people = office.people(actor()).with_only_columns(User.id)
    return db.session.scalar(seen.where(LoginSession.user_id.in_(people))) or 0
