"""Chance that falls the same way every time: one seeded generator, asked in one order."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Things with their weights, prepared for being drawn often."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.things = tuple(weights)
        self.sums = tuple(accumulate(weights.values()))


class Dice(Random):
    """``random.Random`` with the few throws a synthetic county needs, each a single call of ``random()``."""

    def chance(self, share: float) -> bool:
        """True in this share of throws."""
        return self.random() < share

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return least + int(self.random() * (most - least + 1))

    def one(self, things: Sequence[T]) -> T:
        """One of them, each as likely."""
        return things[int(self.random() * len(things))]

    def drawn(self, table: Weighted[T]) -> T:
        """One of them by weight."""
        return table.things[bisect_right(table.sums, self.random() * table.sums[-1])]
