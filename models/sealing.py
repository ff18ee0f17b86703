"""Numbers that must not be read from the file: encrypted at rest, found by a separately keyed hash.

AES-256-GCM; the associated data is ``table.column:row_key``, so a sealed value moved to another row or
column does not open. The row key is made before the insert. Keys belong to an app: what works in its context has them.
"""

import json
import os
import secrets
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class NoKeys(RuntimeError):
    """Sealed data was touched before the keys were handed in."""


class WrongKey(RuntimeError):
    """A sealed value does not open: another key, or the value was moved or altered."""


@dataclass(frozen=True)
class Keys:
    """The county's secrets: 32 bytes each, never derived from one another."""

    seal: bytes
    blind: bytes
    chain: bytes

    @staticmethod
    def fresh() -> "Keys":
        return Keys(*(secrets.token_bytes(32) for _ in range(3)))

    @staticmethod
    def loads(text: str) -> "Keys":
        return Keys(**{name: bytes.fromhex(value) for name, value in json.loads(text).items()})

    def dumps(self) -> str:
        return json.dumps({name: getattr(self, name).hex() for name in ("seal", "blind", "chain")})

    @cached_property
    def cipher(self) -> "AESGCM":
        """Made for the first value: its library is a fourteenth of what a start would hold."""
        global _wrong_tag
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        _wrong_tag = InvalidTag
        return AESGCM(self.seal)

    @cached_property
    def hmac_begun(self) -> tuple[Any, Any]:
        """The two halves of an HMAC-SHA-256 with the blind key taken in: a copy costs a third of beginning anew."""
        padded = self.blind.ljust(64, b"\0")
        return sha256(bytes(sign ^ 0x36 for sign in padded)), sha256(bytes(sign ^ 0x5C for sign in padded))


_LAST_KEY = 2**64 - 1
_in_use: ContextVar[tuple[Keys, ...]] = ContextVar("keys", default=())
_wrong_tag: type[Exception] | tuple[()] = ()


def use(keys: Keys) -> None:
    """Seal and open with these keys until ``leave``, in this thread and in what is run in a copy of its context."""
    _in_use.set((*_in_use.get(), keys))


def leave() -> None:
    """Put away the keys taken last; those taken before them are in use again."""
    _in_use.set(_in_use.get()[:-1])


def keys() -> Keys:
    """The keys in use; raises NoKeys where nobody took any."""
    taken = _in_use.get()
    if not taken:
        raise NoKeys("no keys were handed in")
    return taken[-1]


def new_row_key() -> str:
    """A random name for a row, made before the insert, that its sealed values are bound to."""
    return secrets.token_hex(8)


def new_row_keys(count: int) -> list[str]:
    """So many row keys at once, counted on from a random one: side by side in their index they cost it little."""
    first = secrets.randbits(64)
    return [f"{key & _LAST_KEY:016x}" for key in range(first, first + count)]


def seal(where: str, row_key: str, text: str) -> bytes:
    """Encrypt ``text`` for the column ``where`` ("table.column") of the row ``row_key``."""
    nonce = os.urandom(12)
    return nonce + keys().cipher.encrypt(nonce, text.encode(), f"{where}:{row_key}".encode())


def seal_all(where: str, row_keys: Sequence[str], texts: Sequence[str | None]) -> list[bytes | None]:
    """Encrypt a column of many rows, as ``seal`` does one by one; what is empty stays None."""
    drawn, encrypt, place = os.urandom(12 * len(texts)), keys().cipher.encrypt, f"{where}:"
    return [
        (nonce := drawn[at : at + 12]) + encrypt(nonce, text.encode(), (place + key).encode()) if text else None
        for at, key, text in zip(range(0, len(drawn), 12), row_keys, texts, strict=True)
    ]


def unseal(where: str, row_key: str, blob: bytes) -> str:
    """Decrypt a sealed value; raises WrongKey when key, row or column do not fit."""
    cipher = keys().cipher
    try:
        return cipher.decrypt(blob[:12], blob[12:], f"{where}:{row_key}".encode()).decode()
    except _wrong_tag as error:
        raise WrongKey(f"{where} does not open") from error


def unseal_all(where: str, row_keys: Sequence[str], blobs: Sequence[bytes | None]) -> list[str]:
    """Decrypt a column of many rows, as ``unseal`` does one by one; "" for what is empty."""
    decrypt, place = keys().cipher.decrypt, f"{where}:"
    try:
        return [
            decrypt(blob[:12], blob[12:], (place + key).encode()).decode() if blob else ""
            for key, blob in zip(row_keys, blobs, strict=True)
        ]
    except _wrong_tag as error:
        raise WrongKey(f"{where} does not open") from error


def opener(where: str) -> Callable[[str, bytes], str]:
    """``unseal`` for many values of one column: called with row key and sealed value."""
    decrypt, prefix = keys().cipher.decrypt, f"{where}:".encode()

    def open_one(row_key: str, blob: bytes) -> str:
        try:
            return decrypt(blob[:12], blob[12:], prefix + row_key.encode()).decode()
        except _wrong_tag as error:
            raise WrongKey(f"{where} does not open") from error

    return open_one


def seal_bytes(where: str, name: str, data: bytes) -> bytes:
    """Encrypt a file's content for the place ``where`` under its own ``name``."""
    nonce = os.urandom(12)
    return nonce + keys().cipher.encrypt(nonce, data, f"{where}:{name}".encode())


def unseal_bytes(where: str, name: str, blob: bytes) -> bytes:
    """Decrypt a file's content; raises WrongKey when key, place or name do not fit."""
    cipher = keys().cipher
    try:
        return cipher.decrypt(blob[:12], blob[12:], f"{where}:{name}".encode())
    except _wrong_tag as error:
        raise WrongKey(f"{where} {name} does not open") from error


def blind(kind: str, text: str) -> str:
    """The keyed hash by which a number is found; ``kind`` keeps ID numbers, accounts and last-fours apart."""
    inner, outer = (half.copy() for half in keys().hmac_begun)
    inner.update(f"{kind}:{text}".encode())
    outer.update(inner.digest())
    found: str = outer.hexdigest()[:32]
    return found


def blind_all(kind: str, texts: Sequence[str]) -> list[str]:
    """The keyed hashes of many numbers, as ``blind`` has them one by one."""
    (inner, outer), place = keys().hmac_begun, f"{kind}:"
    found: list[str] = []
    for text in texts:
        one, other = inner.copy(), outer.copy()
        one.update((place + text).encode())
        other.update(one.digest())
        found.append(other.hexdigest()[:32])
    return found


class Sealed:
    """An attribute kept in ``<name>_sealed``; ``found_by`` adds ``<name>_hash``, ``last4`` adds ``<name>_last4``."""

    def __init__(self, found_by: str | None = None, last4: bool = False) -> None:
        self.found_by, self.last4 = found_by, last4

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        blob = getattr(row, f"{self.name}_sealed")
        return None if blob is None else unseal(self._where(row), row.row_key, blob)

    def __set__(self, row: Any, text: str | None) -> None:
        if row.row_key is None:
            row.row_key = new_row_key()
        if text == self.__get__(row):
            return
        for column, value in self.columns(self._where(row), row.row_key, text or None).items():
            setattr(row, column, value)

    def columns(self, where: str, row_key: str, text: str | None) -> dict[str, Any]:
        """The column values that keep ``text``; for set-based writing as well."""
        values: dict[str, Any] = {f"{self.name}_sealed": None if text is None else seal(where, row_key, text)}
        if self.found_by:
            values[f"{self.name}_hash"] = None if text is None else blind(self.found_by, text)
        if self.last4:
            values[f"{self.name}_last4"] = None if text is None else blind(f"{self.found_by}.last4", text[-4:])
        return values

    def _where(self, row: Any) -> str:
        return f"{row.__tablename__}.{self.name}"
