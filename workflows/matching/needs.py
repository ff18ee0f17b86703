"""Who on a list may need aid and receives none: 漏保 candidates, with the place that should look into them."""

from collections.abc import Mapping
from typing import NamedTuple

from policy.division_codes import in_township
from policy.identity import BadIdNumber, disability_certificate
from policy.vocabulary import DisabilityKind
from workflows.actor import Actor
from workflows.exchange import words
from workflows.exchange.columns import header_key
from workflows.exchange.villages import Villages
from workflows.matching.kinds import Kind
from workflows.matching.lists import CERTIFICATES, Listed

SEVERE_LEVELS = (1, 2)
ALSO_AT_LEVEL_THREE = (DisabilityKind.INTELLECTUAL, DisabilityKind.MENTAL)


def could_be_eligible(kind: Kind, person: Listed) -> bool:
    """Whether the kind of list suggests it; of the disabled, levels 1 and 2, and level 3 of mind and intellect.

    民发〔2021〕57号 第八条. Where the list does not tell the level, everybody is looked into.
    """
    if not kind.suggests_need:
        return False
    if kind.code != "disability":
        return True
    what, level = disability_of(person.payload)
    return level is None or level in SEVERE_LEVELS or (level == 3 and what in ALSO_AT_LEVEL_THREE)


def disability_of(payload: Mapping[str, str]) -> tuple[DisabilityKind | None, int | None]:
    """Kind and level as the list tells them, in columns of their own or in the certificate number."""
    what: DisabilityKind | None = None
    level: int | None = None
    for header, text in payload.items():
        key = header_key(header)
        if key in CERTIFICATES:
            told, grade = _certificate(text)
            what, level = what or told, level or grade
        elif "等级" in key or "级别" in key:
            level = words.LEVELS.read(text) or level
        elif "残疾" in key and ("类" in key or "种" in key):
            what = words.DISABILITY_KIND.read(text, "残疾") or what
    return what, level


def _certificate(text: str) -> tuple[DisabilityKind | None, int | None]:
    try:
        told = disability_certificate(text)
    except BadIdNumber:
        return None, None
    return told.kind, told.level


class Places(NamedTuple):
    """Finds the village a list speaks of, by its columns or in an address."""

    villages: Villages
    county: str

    def of(self, person: Listed, actor: Actor) -> str:
        """The village's code; the township's, the actor's or the county's where no more is said."""
        town = self._town(person)
        if not town:
            return actor.division_code if in_township(actor.division_code) else self.county
        if person.village:
            return self.villages.village(town, person.village, person.township) or town
        here = [(name, code) for (above, name), code in self.villages.codes.items() if above == town]
        named = [code for name, code in here if name in person.address]
        return named[0] if len(named) == 1 else town

    def _town(self, person: Listed) -> str:
        if person.township:
            return self.villages.township(person.township) or ""
        named = [code for name, code in self.villages.townships.items() if name and name in person.address]
        return named[0] if len(named) == 1 else ""
