"""The office: county, divisions, people who log in, their sessions, and what the office keeps for them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Coded, Versioned, ordered
from models.sealing import Sealed, blind, new_row_key
from policy.vocabulary import Relation, Role


def _key_mark(context: Any) -> str:
    return blind("county", context.get_current_parameters()["code"])


class County(Base):
    """The one county that this database belongs to; ``sample`` marks invented data whose logins may be shown.

    ``key_mark`` tells, before anything is unsealed, whether the keys in use are the ones this data was sealed with.
    """

    __tablename__ = "county"
    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    sample: Mapped[bool] = mapped_column(default=False)
    started_on: Mapped[date]
    key_mark: Mapped[str] = mapped_column(String(32), default=_key_mark)
    second_factor_roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    password_profile: Mapped[str] = mapped_column(String(12), default="dengbao")


class Division(Base):
    """区划: official code, unpadded at its level (2, 4, 6, 9, 12 digits); a code's prefix is its parent."""

    __tablename__ = "division"
    __table_args__ = (
        Index("ix_division_parent_code_name", "parent_code", "name", unique=True),
        ordered("valid_from", "valid_to"),
    )
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("division.code"))
    name: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    def __str__(self) -> str:
        return self.name


class User(Versioned, Base):
    """A person who logs in: one role, one division whose code is the prefix of all they may see."""

    __tablename__ = "user"
    __table_args__ = (Index("ix_user_division_code_id", "division_code", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(String(16), unique=True, default=new_row_key)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    role: Mapped[Role | None] = mapped_column(Coded(Role))
    division_code: Mapped[str] = mapped_column(String(12), ForeignKey("division.code"))
    active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    password_changed_at: Mapped[datetime]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    old_hashes: Mapped[list[str]] = mapped_column(JSON, default=list)
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_on: Mapped[bool] = mapped_column(default=False)
    totp_last_step: Mapped[int | None]
    recovery_hashes: Mapped[list[str]] = mapped_column(JSON, default=list)
    language: Mapped[str] = mapped_column(String(12), default="zh_Hans_CN")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    last_login_at: Mapped[datetime | None]
    totp = Sealed()
    division: Mapped[Division] = relationship(lazy="joined")

    def __str__(self) -> str:
        return self.name


class LoginSession(Base):
    """A logged-in browser; the cookie holds a random token, this row its hash. Ended means ended."""

    __tablename__ = "login_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    passed_second_factor: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(String(45))
    agent: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(24))
    user: Mapped[User] = relationship(lazy="joined")


class KnownBrowser(Base):
    """A browser in which somebody has logged in; its cookie holds a random mark, this row the mark's keyed hash."""

    __tablename__ = "known_browser"
    __table_args__ = (Index("ix_known_browser_user_id_mark_hash", "user_id", "mark_hash", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    mark_hash: Mapped[str] = mapped_column(String(32))
    agent: Mapped[str] = mapped_column(String(200))
    seen_at: Mapped[datetime]
    """When they last logged in by it."""


class LoginFailure(Base):
    """A failed login, counted per account and per address; the login is what was typed, known or not."""

    __tablename__ = "login_failure"
    __table_args__ = (
        Index("ix_login_failure_address_at", "address", "at"),
        Index("ix_login_failure_login_at", "login", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(45))
    login: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


class NearRelative(Versioned, Base):
    """近亲属备案: a relative of aid staff or of a village committee member (民发〔2021〕57号 art.11)."""

    __tablename__ = "near_relative"
    __table_args__ = (ordered("valid_from", "valid_to"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(String(16), unique=True, default=new_row_key)
    name: Mapped[str] = mapped_column(String(50))
    id_no_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    id_no_hash: Mapped[str] = mapped_column(String(32), index=True)
    relation: Mapped[Relation] = mapped_column(Coded(Relation))
    staff_name: Mapped[str] = mapped_column(String(50))
    staff_post: Mapped[str] = mapped_column(String(80))
    division_code: Mapped[str] = mapped_column(String(12), ForeignKey("division.code"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    id_no = Sealed(found_by="id_no")


class OneTimeKey(Base):
    """The key of a posted form: a second post with it shows the first one's result and does nothing."""

    __tablename__ = "one_time_key"
    key: Mapped[str] = mapped_column(String(43), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    body_hash: Mapped[str] = mapped_column(String(64))
    result: Mapped[str | None] = mapped_column(String(400))


class SavedView(Base):
    """A named query of a list, personal or shared in the county; ``usual``: what its owner's list begins with."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_user_id_page_name", "user_id", "page", "name", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    page: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool] = mapped_column(default=False)
    usual: Mapped[bool] = mapped_column(default=False, server_default=false())


class FirstDay(Base):
    """How far somebody is with the guided first day: the steps they have done, and whether they laid it aside."""

    __tablename__ = "first_day"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    done: Mapped[list[str]] = mapped_column(JSON, default=list)
    laid_aside: Mapped[bool] = mapped_column(default=False)


class Draft(Base):
    """A form that somebody has begun and not sent; sealed, because it holds a family's data."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_user_id_kind", "user_id", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(String(16), unique=True, default=new_row_key)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str] = mapped_column(String(24))
    division_code: Mapped[str] = mapped_column(String(12))
    """Where they worked when they began it: whoever works elsewhere by now neither opens nor sends it."""
    title: Mapped[str] = mapped_column(String(80))
    saved_at: Mapped[datetime]
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    content = Sealed()


class Job(Base):
    """Long work with progress, done outside a request; arguments are ids."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_id", "state", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    beat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Tick(Base):
    """When time was last worked through; one row, so that one process does it."""

    __tablename__ = "tick"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
