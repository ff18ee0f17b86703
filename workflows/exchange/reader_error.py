"""The one way in which the reading child says no."""

from __future__ import annotations

TYPE_CHECKING = False  # the child waits for no library that it can do without
if TYPE_CHECKING:
    from typing import Any


class Bad(Exception):
    """The file cannot be read: a code and what the sentence about it needs."""

    def __init__(self, code: str, **args: Any) -> None:
        super().__init__(code)
        self.code, self.args_ = code, args
