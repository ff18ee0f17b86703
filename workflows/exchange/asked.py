"""How a file is to be read and what its silence means: by itself, or as somebody decided on the page."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

CHARSETS = ("utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5")
BLANKS = ("keep", "clear")
COMPLETE = ("", "families", "places")


@dataclass(frozen=True)
class Asked:
    """What was decided about a file; what is empty is found out.

    ``mapping`` gives columns (0-based) by field and leaves out all others; ``blanks`` says whether an empty cell means
    "no news" or "clear"; ``complete`` whether who is missing may have left: of the families listed, or of the places.
    ``only`` are the row numbers that matter, where not all do.
    """

    charset: str = ""
    sheet: str = ""
    header_row: int = 0
    header_rows: int = 0
    layout: str = ""
    mapping: Mapping[str, int] = field(default_factory=dict)
    skip_hidden: bool = False
    blanks: str = "keep"
    complete: str = ""
    create_villages: bool = False
    only: Sequence[int] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Asked":
        """As it was kept with a batch; names of other versions are passed over."""
        known = {one.name for one in fields(cls)}
        told = {name: value for name, value in kept.items() if name in known}
        return cls(**told | {"only": tuple(told.get("only", ()))})

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a batch."""
        return asdict(self) | {"mapping": dict(self.mapping), "only": list(self.only)}

    def but(self, **changes: Any) -> "Asked":
        """The same with some things decided otherwise."""
        return replace(self, **changes)

    def joined(self, other: "Asked") -> "Asked":
        """Where the columns are from here, charset and what silence means from there."""
        return self.but(
            charset=other.charset, blanks=other.blanks, complete=other.complete, skip_hidden=other.skip_hidden,
            create_villages=other.create_villages, only=other.only,
        )  # fmt: skip


AS_IT_LOOKS = Asked()
