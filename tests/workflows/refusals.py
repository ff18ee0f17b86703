"""With which reasons something is refused, for tests of what is not lawful."""

from collections.abc import Callable
from typing import Any

import pytest

from workflows.reason import Refused


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    """The codes of a refusal that was caught, in the order in which a clerk reads them."""
    return [reason.code for reason in caught.value.reasons]


def refused(step: Callable[..., object], *given: Any, **more: Any) -> list[str]:
    """The codes with which ``step(*given, **more)`` is refused; the test fails where it is not."""
    with pytest.raises(Refused) as caught:
        step(*given, **more)
    return codes(caught)
