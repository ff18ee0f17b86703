"""What an answer says, and how many rows a table has after it."""

import html

from sqlalchemy import func, select

from views.db import db


def text(answer):
    """The page as a person reads it, entities read."""
    return html.unescape(answer.get_data(as_text=True))


def count(app, model):
    """How many rows of a model there are."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))
