"""Marks of each place's sums and of a township's letters: the triggers that come with it lay them down."""

revision = "0036"
down_revision = "0034"


def upgrade() -> None:
    """No table changes: triggers are laid down anew after every migration."""


def downgrade() -> None:
    """Marks that an earlier program does not know are cleared away with the triggers."""
