"""What the texts of a column mean: all of them at once where they are plain, else each by itself, and kept."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from policy.identity import identities
from workflows.exchange import values
from workflows.exchange.values import BadCell
from workflows.loading import MOST_KNOWN, Known

DIGIT, CHINESE, PLAIN_SIGNS = (re.compile(f"[{signs}]*") for signs in ("0-9", "\u4e00-\u9fa5", "\u4e00-\u9fa50-9"))


class Plain(NamedTuple):
    """Texts that mean what they say: empty, or of such signs alone and so long."""

    signs: re.Pattern[str]
    most: int
    least: int = 1

    def holds(self, texts: Sequence[str]) -> bool:
        """Whether all of these texts are."""
        if not self.signs.fullmatch("".join(texts)) or max(map(len, texts)) > self.most:
            return False
        return self.least == 1 or all(len(text) >= self.least for text in texts if text)


class Meanings(Known):
    """What each text met so far reads as, also as the BadCell of what is wrong with it; ``met``: there was one."""

    def __init__(self, read: Callable[[str], Any], empty: Any, plain: Plain | None = None) -> None:
        super().__init__(read)
        self.empty, self.plain, self.met = empty, plain, False

    def column(self, texts: Sequence[str]) -> Sequence[Any]:
        """What the cells of a column read as; most say the same in each row, and what is met again is shared."""
        if texts and texts[0] == texts[-1] and texts.count(texts[0]) == len(texts):
            return [self[texts[0]]] * len(texts)
        if self.plain and self.plain.holds(texts):
            if len(self) >= MOST_KNOWN:
                self.clear()
            return list(map(self.setdefault, texts, texts))
        return list(map(self.__getitem__, texts))

    def __missing__(self, text: str) -> Any:
        if len(self) >= MOST_KNOWN:
            self.clear()
        try:
            found = self.find(text) if text else None
        except BadCell as bad:
            self.met, found = True, bad.with_traceback(None)
        found = self[text] = self.empty if found is None or found == "" else found
        return found


class People(Meanings):
    """Whom each number means as of a day; good ones are read many at once."""

    def __init__(self, on: date) -> None:
        super().__init__(partial(values.person, on=on), None)
        self.on = on

    def column(self, texts: Sequence[str]) -> Sequence[Any]:
        """The people of a column."""
        if len(self) + len(texts) > MOST_KNOWN:
            self.clear()
        fresh = [text for text in dict.fromkeys(texts) if text not in self]
        self.update(zip(fresh, identities(fresh, self.on), strict=False))
        return super().column(texts)
