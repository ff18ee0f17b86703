"""The folder of one county: database, secrets, uploads and backups; everything that is not code."""

import json
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

from models.sealing import Keys
from workflows.reason import Reason, Refused

DATABASE = "doudi.sqlite3"
SECRETS = "secrets.json"
CHINA = timezone(timedelta(hours=8))


class SecretsMissing(Refused):
    """The database holds data, but the file with its keys is not there."""

    def __init__(self, file: Path) -> None:
        super().__init__([Reason("secrets_missing", file=str(file))])
        self.file = file

    def __str__(self) -> str:
        return (
            f"{self.file} is missing, but the database holds data sealed with its keys. Put the file back from your "
            "copy; new keys would make every ID and account number unreadable."
        )


@dataclass(frozen=True)
class Secrets:
    """What must never leave this county: the key that signs cookies and the keys of sealed data."""

    cookie: str
    keys: Keys


class Instance(NamedTuple):
    """One county's folder, absolute, and the address of its database."""

    folder: Path
    database_url: str

    @classmethod
    def at(cls, folder: str | Path, database_url: str | None = None) -> "Instance":
        """The folder, made where it is missing and readable by its owner alone; SQLite inside it unless told else.

        The database is its owner's alone too: a folder that somebody made beforehand is often open to all.

        Raises Refused for the address of a database of another kind, or with another driver.
        """
        path = Path(folder).absolute()
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if database_url:
            return cls(path, _with_driver(database_url))
        with suppress(OSError):  # where that fails SQLite says so; its other files get the rights of this one
            os.close(os.open(path / DATABASE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return cls(path, f"sqlite:///{(path / DATABASE).as_posix()}")

    @property
    def secrets_file(self) -> Path:
        """Cookie key and sealing keys; without this file sealed data is lost."""
        return self.folder / SECRETS

    @property
    def backups(self) -> Path:
        """Where backups are kept."""
        return self.folder / "backups"

    @property
    def uploads(self) -> Path:
        """Where attachments are kept under generated names."""
        return self.folder / "uploads"

    @property
    def imports(self) -> Path:
        """Where sheets that are being imported are kept, sealed, until they are applied or given up."""
        return self.folder / "imports"

    @property
    def exports(self) -> Path:
        """Where large exports are kept, sealed, for a day."""
        return self.folder / "exports"

    def secrets(self, filled: Callable[[], bool]) -> Secrets:
        """Read the secrets, or make them for a new database; raises SecretsMissing when ``filled()`` says it is not."""
        if not self.secrets_file.exists():
            if filled():
                raise SecretsMissing(self.secrets_file)
            _make(self.secrets_file)
        kept = json.loads(self.secrets_file.read_text(encoding="utf-8"))
        return Secrets(kept.pop("cookie"), Keys.loads(json.dumps(kept)))


def _with_driver(url: str) -> str:
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    if not url.startswith(("postgresql+psycopg://", "sqlite://")):
        scheme, mark, _ = url.partition("://")  # what follows holds a password
        raise Refused([Reason("database_url", begins=scheme[:30] if mark else "…")])
    return url


def _make(path: Path) -> None:
    kept = {"cookie": secrets.token_hex(32), **json.loads(Keys.fresh().dumps())}
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of the same first start made it
        return
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        json.dump(kept, stream)
        stream.flush()
        os.fsync(stream.fileno())


def put(folder: Path, name: str, content: bytes, *, durable: bool = False) -> None:
    """Write a file for the office's own account alone; it stands there as a whole or not at all.

    ``durable``: content and name are on the disk, too, before a row tells of them.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        if durable:
            file.flush()
            os.fsync(file.fileno())
    part.replace(folder / name)
    if durable and os.name == "posix":
        directory = os.open(folder, os.O_RDONLY)
        os.fsync(directory)
        os.close(directory)


def cleared(file: Path) -> bool:
    """Remove a file that nobody needs; False where somebody has it open and the system (Windows) will not part with it.

    Whoever sweeps finds it again an hour later.
    """
    try:
        file.unlink(missing_ok=True)
    except PermissionError:
        return False
    return True


def written_at(file: Path) -> datetime:
    """When a file was last written, in China time; one that is gone meanwhile is too new for whoever sweeps."""
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, CHINA).replace(tzinfo=None)
    except FileNotFoundError:
        return datetime.max
