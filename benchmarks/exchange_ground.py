"""What the stages of the benchmark of sheets have in common: a clock, what one took, where files lie."""

import resource
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks import rosters

Steps = dict[str, float]


@dataclass
class Took:
    """What a stage took, step by step (processor seconds), its peak in megabytes, and the size of what it made.

    ``wall`` are the seconds that somebody waits, which the work of others lengthens; 0 where they were not taken.
    """

    steps: Steps
    megabytes: float
    bytes: int = 0
    wall: float = 0.0

    @property
    def seconds(self) -> float:
        """All steps together."""
        return sum(self.steps.values())


class Clock:
    """Laps in processor seconds of this process and its children, which no other program can lengthen much.

    ``wall`` adds up the seconds that the laps took.
    """

    wall = 0.0

    def restart(self) -> None:
        self.at, self.since = _spent(), perf_counter()

    def lap(self) -> float:
        before, self.at = self.at, _spent()
        since, self.since = self.since, perf_counter()
        self.wall += self.since - since
        return self.at - before


def _spent() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measured(steps: Steps, clock: Clock, size: int = 0) -> Took:
    """With the peak of this process and its children; Linux tells it in kilobytes."""
    used = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Took(steps, max(used) / 1024, size, clock.wall)


def sheet_of(folder: Path, members: int) -> Path:
    """The roster as CSV, made once."""
    path = folder / f"members-{members}.csv"
    if not path.exists():
        path.write_bytes(rosters.csv_of(members))
    return path


def database_of(folder: Path, members: int) -> Path:
    """Where the import of so many people leaves its county."""
    return folder / f"exchange-{members}.sqlite3"
