"""One object of the JSON facts as a table of its keys. Absent keys and null are the defaults of the fact itself."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any

from policy.json_kinds import BadFacts, Kind, word

PER_YEAR = {"week": 52, "month": 12, "year": 1}
"""How often a flow comes in a year; 52 weeks make one."""
PER = word(PER_YEAR)


@dataclass(frozen=True, slots=True)
class Field:
    """One key: the attribute it fills if named otherwise; ``required``; ``always``: written though the default."""

    key: str
    kind: Kind
    attr: str = ""
    required: bool = False
    always: bool = False

    @property
    def name(self) -> str:
        """The attribute the key fills."""
        return self.attr or self.key


@dataclass(frozen=True)
class Shape:
    """One object of the facts. ``flow``: its yearly amount, told ``per`` week, month (if left out) or year."""

    cls: type[Any]
    fields: tuple[Field, ...]
    flow: str = ""

    def read(self, given: object, path: str) -> Any:
        """The fact an object tells; raises BadFacts."""
        return self.cls(**self.told(given, path))

    def told(self, given: object, path: str) -> dict[str, Any]:
        """What an object tells, by attribute; raises BadFacts."""
        if not isinstance(given, Mapping):
            raise BadFacts(path, "object")
        unknown = next((key for key in given if key not in self._keys), None)
        if unknown is not None:
            raise BadFacts(join(path, unknown), "unknown")
        told = {}
        for field in self.fields:
            if given.get(field.key) is not None:
                told[field.name] = field.kind.read(given[field.key], join(path, field.key))
            elif field.required:
                raise BadFacts(join(path, field.key), "missing")
        if self.flow and self.flow in told:
            told[self.flow] *= PER_YEAR[PER.read(given.get("per") or "month", join(path, "per"))]
        return told

    def write(self, fact: Any) -> dict[str, object]:
        """The object of a fact: what differs from the defaults, and what always stands there."""
        told: dict[str, object] = {}
        for field in self.fields:
            value = getattr(fact, field.name)
            if value is not None and (field.always or value != self._defaults[field.name]):
                told[field.key] = field.kind.write(value)
                if field.name == self.flow:
                    told["per"] = "year"
        return told

    @property
    def kind(self) -> Kind:
        """The kind of a value that is such an object."""
        return Kind(self.read, self.write)

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(field.key for field in self.fields) | ({"per"} if self.flow else frozenset())

    @cached_property
    def _defaults(self) -> dict[str, object]:
        return {
            one.name: one.default if one.default_factory is MISSING else one.default_factory()
            for one in fields(self.cls)
        }


def join(path: str, key: object) -> str:
    """The path of a key below a path."""
    return f"{path}.{key}" if path else str(key)


def many(kind: Kind) -> Kind:
    """A list of such values, kept as a tuple."""

    def read(value: object, path: str) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise BadFacts(path, "list")
        return tuple(kind.read(one, f"{path}[{index}]") for index, one in enumerate(value))

    return Kind(read, lambda values: [kind.write(one) for one in values])
