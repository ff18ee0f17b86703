"""A second process that reckons slices of cases: ``python -m workflows.reckoning_helper``, spoken to in pickles.

Not a process pool: that would import again whatever program the first process runs, the whole panel or a command.
"""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from models.base import reading, tune
from policy.figures import MissingFigure
from workflows.reckoning_slice import Assessor, slice_of
from workflows.tallies import Plan

ROOT = Path(__file__).parent.parent
WORKING, DEAD = object(), object()
"""Instead of an answer: none yet, and none any more."""


class Helper:
    """The process as its parent sees it: slices are given, and answered in the same order."""

    def __init__(self, url: str, on: date, plans: Sequence[Plan], base: Plan | None) -> None:
        words = [sys.executable, "-m", "workflows.reckoning_helper"]
        self.process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.answers: Queue[Any] = Queue()
        self.gone = False
        self.reader = Thread(target=self._read, daemon=True)
        self.reader.start()
        self.give((url, on, plans, base))

    def give(self, what: Any) -> bool:
        """Hand something over; False when nobody is there any more."""
        assert self.process.stdin is not None
        if self.gone:
            return False
        try:
            pickle.dump(what, self.process.stdin)
            self.process.stdin.flush()
        except OSError:
            return False
        return True

    def take(self, wait: bool) -> Any:
        """The next answer, or WORKING, or DEAD."""
        try:
            answer = self.answers.get(wait)
        except Empty:
            return WORKING
        self.gone = answer is DEAD
        return answer

    def _read(self) -> None:
        assert self.process.stdout is not None
        try:
            while True:
                self.answers.put(pickle.load(self.process.stdout))
        except (EOFError, OSError, pickle.UnpicklingError):
            self.answers.put(DEAD)

    def __enter__(self) -> "Helper":
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.reader.join()  # the pipe is not closed under its reader
        self.process.communicate()


def serve(given: IO[bytes], answers: IO[bytes]) -> None:
    """Reckon slice after slice until nothing more is given."""
    url, on, plans, base = pickle.load(given)
    engine, assessor = tune(create_engine(url)), Assessor(on, plans, base)
    while ids := _next(given):
        with reading(), Session(engine) as session:
            try:
                answer: Any = slice_of(session, ids, assessor)
            except MissingFigure as missing:  # its key, place and day travel where it cannot
                answer = (missing.key, missing.place, missing.on)
        pickle.dump(answer, answers)
        answers.flush()


def _next(given: IO[bytes]) -> Any:
    try:
        return pickle.load(given)
    except EOFError:
        return None


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
