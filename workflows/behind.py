"""A second thread on the connection of an import: it writes what is put together while the next is put together.

SQLite works outside the interpreter's lock, so both cores have something to do. The transaction stays one, and its
connection is used by one thread at a time: a statement of the caller waits until all that it handed over is done.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from threading import Condition, Thread, get_ident
from typing import Any, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

LEAST = 2_000
"""Fewer rows are written by the caller alone."""
MOST_WAITING = 6
"""So many pieces of work at most wait with what they are to write."""
HANDED_ON = 0.0001
"""After so many seconds the interpreter goes over to the other thread: it waits for its turn after each statement."""
_BEHIND = "behind"
Work = Callable[[Connection], Any]
_T = TypeVar("_T")


class Behind:
    """Does pieces of work in the order in which they came, and others whenever the connection is free."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._changed = Condition()
        self._next: deque[Work] = deque()
        self._sometime: deque[Work] = deque()
        self._at_work = self._free = self._over = False
        self._failure: BaseException | None = None
        self._thread = Thread(target=copy_context().run, args=(self._run,), name="behind", daemon=True)
        self._thread.start()

    def do(self, work: Work) -> None:
        """Have this done next, and let the connection be used until the caller needs it again."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._next) < MOST_WAITING or self._failure)
            self._raise()
            self._next.append(work)
            self._free = True
            self._changed.notify_all()

    def do_sometime(self, work: Work) -> None:
        """Have this done at any time before ``finish``."""
        with self._changed:
            self._sometime.append(work)

    def free(self) -> None:
        """Let the connection be used until the caller needs it again."""
        with self._changed:
            self._free = True
            self._changed.notify_all()

    def hold(self) -> None:
        """Wait for the connection, and for what was to be done in order."""
        if get_ident() == self._thread.ident:
            return
        with self._changed:
            self._free = False
            self._changed.wait_for(lambda: not self._at_work and (self._failure or not self._next))
            self._raise()

    def wait_for(self, told: Sequence[Any]) -> None:
        """Wait until an answer is there, or can no longer come; let the connection be used all the while."""
        with self._changed:
            self._free = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: told or self._failure or not (self._at_work or self._next))
            self._raise()

    def finish(self) -> None:
        """Wait until everything is done; raises what went wrong."""
        self.free()
        with self._changed:
            done: Callable[[], Any] = lambda: not self._at_work and not self._next and not self._sometime  # noqa: E731
            self._changed.wait_for(lambda: not self._at_work and (self._failure or done()))
            self._free = False
            self._raise()

    def end(self) -> None:
        """Leave what is not begun, and end the thread."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
        self._thread.join()

    def _raise(self) -> None:
        """Tell the caller once what went wrong; what waited behind it is gone."""
        if self._failure:
            failure, self._failure = self._failure, None
            raise failure

    def _run(self) -> None:
        while work := self._take():
            try:
                work(self.connection)
                failure = None
            except BaseException as error:  # noqa: BLE001 - the caller is told, whatever it is
                failure = error
            with self._changed:
                self._at_work = False
                if failure:
                    self._failure = failure
                    self._next.clear()
                    self._sometime.clear()
                self._changed.notify_all()

    def _take(self) -> Work | None:
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._next or (self._free and self._sometime))
            if self._over:
                return None
            self._at_work = True
            work = (self._next or self._sometime).popleft()
            self._changed.notify_all()
            return work


def at_work(session: Session) -> bool:
    """Whether writing is done behind the caller now."""
    return _BEHIND in session.info


def do(session: Session, work: Work) -> None:
    """Have this done next, behind the caller where there is a thread for it, else at once."""
    worker = session.info.get(_BEHIND)
    if worker:
        worker.do(work)
    else:
        work(session.connection())


def do_sometime(session: Session, work: Work) -> None:
    """Have this done before ``finish``, or at once where there is no thread."""
    worker = session.info.get(_BEHIND)
    if worker:
        worker.do_sometime(work)
    else:
        work(session.connection())


def ask(session: Session, question: Callable[[Connection], _T]) -> Callable[[], _T]:
    """Have this found out in its turn; what is returned waits for the answer."""
    told: list[_T] = []
    do(session, lambda connection: told.append(question(connection)))

    def answer() -> _T:
        if not told:
            session.info[_BEHIND].wait_for(told)
        return told[0]

    return answer


def free(session: Session) -> None:
    """Say that what was found is fetched, and the connection is not needed for a while."""
    if worker := session.info.get(_BEHIND):
        worker.free()


def finish(session: Session) -> None:
    """Wait until everything is done, as whoever looks something up by an index has to."""
    if worker := session.info.get(_BEHIND):
        worker.finish()


@contextmanager
def behind(session: Session, rows: int) -> Iterator[None]:
    """Inside, writing is done behind the caller where so many rows come to SQLite; what fails is raised here at last.

    Statements of the session wait by themselves; of what they find all is to be fetched at once.
    """
    connection = session.connection()
    if not (rows >= LEAST and connection.dialect.name == "sqlite" and connection.engine.url.database):
        yield
        return
    worker, usual = Behind(connection), sys.getswitchinterval()

    def hold(*_: Any) -> None:
        worker.hold()

    for name in ("before_cursor_execute", "rollback", "commit"):
        event.listen(connection, name, hold)
    session.info[_BEHIND] = worker
    sys.setswitchinterval(HANDED_ON)
    try:
        yield
        worker.finish()
    finally:
        sys.setswitchinterval(usual)
        del session.info[_BEHIND]
        worker.end()
        for name in ("before_cursor_execute", "rollback", "commit"):
            event.remove(connection, name, hold)
