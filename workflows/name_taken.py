"""Two people, or two windows of one, who give the same name at once: whoever comes second is told, nothing is done."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflows.reason import Reason, Refused


def flush_named(session: Session, reason: Reason) -> None:
    """Write what is new under a name; Refused with the reason where somebody was quicker: the caller rolls back."""
    try:
        session.flush()
    except IntegrityError:
        raise Refused([reason]) from None
