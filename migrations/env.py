"""What Alembic runs: always inside the transaction of ``models.schema``, never on a connection of its own."""

from typing import Any

from alembic import context

from models import Base
from models.base import Coded
from models.schema import compared


def _plain(kind: str, item: Any, autogen_context: Any) -> str | bool:
    # A migration must read the same when the vocabulary has grown.
    return f"sa.String(length={item.impl.length})" if kind == "type" and isinstance(item, Coded) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_plain,
    compare_type=True,
    include_object=compared(connection.dialect.name),
)
with context.begin_transaction():
    context.run_migrations()
