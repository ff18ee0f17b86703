"""Commands for accounts that no page may touch: an administrator's forgotten password or lost telephone."""

from dataclasses import replace

import click
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import User
from views.commands import verb
from views.context import now
from views.db import db
from workflows import accounts
from workflows.actor import SYSTEM
from workflows.office import normal_login
from workflows.reason import Reason, Refused


@click.command("reset-password", help="Give an account a new one-use password, an administrator's too.")
@click.argument("login")
@click.option("--reason", required=True, help="Why; it stays on record.")
@click.option("--second-factor", is_flag=True, help="Forget the second factor as well.")
@verb
def reset_password(login: str, reason: str, second_factor: bool) -> None:
    """Reset, record, and print the password once."""
    by = replace(SYSTEM, channel="cli")
    with Session(db.engine) as session:
        user_id = session.scalar(select(User.id).where(User.login == normal_login(login)))
        if user_id is None:
            raise Refused([Reason("no_such_person")])
        if second_factor:
            accounts.reset_second_factor(session, by, user_id, reason, now())
        session.commit()
        user, password = accounts.reset_password(session, by, user_id, reason, now())
        session.commit()
        click.echo(gettext("Password of %(login)s for one use, shown only now:", login=user.login))
        click.echo(f"  {password}")
