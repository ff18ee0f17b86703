"""The schema as a whole: whether a database holds data."""

from sqlalchemy import Engine, exists, inspect, select

from models.office import County, User


def holds_data(engine: Engine) -> bool:
    """Whether a county was begun in this database."""
    if not inspect(engine).has_table(County.__tablename__):
        return False
    with engine.connect() as connection:
        return bool(connection.scalar(select(exists(select(County.code)) | exists(select(User.id)))))
