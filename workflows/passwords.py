"""Passwords: hashed with Argon2id outside any transaction, and what a county asks of a new one."""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workflows.reason import Reason

# OWASP's floor: 19 MiB, two passes, one lane; about 30 ms on an office PC.
PASSES, MEMORY_KIB = 2, 19 * 1024
_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)

LONGEST = 128
REMEMBERED = 5
# Without 0/O, 1/l/I: a one-use password is read from paper.
ONE_USE_KINDS = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789")

# The middles of passwords people choose in an office; a password that is one of these once digits and signs
# at its ends are taken away is common, as is a run of one key or of neighbours.
_WORDS = (
    "password admin administrator root guest user test welcome letmein login abc qwe qwer"
    " qwerty qwertyuiop asd asdf asdfgh asdfghjkl zxc zxcvbn zxcvbnm qaz qazwsx qazwsxedc wsx iloveyou woaini"
    " aini monkey dragon master sunshine princess football baseball superman michael shadow computer internet"
    " woaizhongguo zhongguo china mima wodemima nihao minzheng minzhengju dibao doudi doudibao shehuijiuzhu"
    " jiuzhu gongxian sichuan xiangzhen taobao weixin baidu tencent huawei q w e a z x s d"
)
COMMON = frozenset(_WORDS.split())
# How people disguise a word: p@ssw0rd.
DISGUISE = str.maketrans("@0134$5!7", "aoleassit")
RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")


class Profile(NamedTuple):
    """What a county asks of passwords: length in characters, kinds out of four, days to change."""

    least: int
    kinds: int
    days: int | None


PROFILES = {
    # GB/T 22239-2019 computing environment, identity check: complex, and changed at intervals.
    "dengbao": Profile(least=10, kinds=3, days=90),
    # OWASP ASVS 6.2 and NIST SP 800-63B: long, no kinds, changed only when it may be known.
    "modern": Profile(least=15, kinds=0, days=None),
}


def hash_password(password: str) -> str:
    """The Argon2id hash to store; takes about 30 ms, so never inside a write transaction."""
    return _hasher.hash(_normal(password))


def verify_password(hashed: str | None, password: str) -> bool:
    """Whether the password is the stored one; for nobody (``None``) it works as long and says no."""
    try:
        return _hasher.verify(hashed or _nobodys_hash(), _normal(password)) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(hashed: str) -> bool:
    """Whether a stored hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(hashed)


def one_use_password() -> str:
    """A random first password that keeps every profile's kinds: read aloud, typed once, then changed."""
    signs = "".join(ONE_USE_KINDS)
    while True:
        made = "-".join("".join(secrets.choice(signs) for _ in range(5)) for _ in range(3))
        if all(any(sign in kind for sign in made) for kind in ONE_USE_KINDS):
            return made


def faults(password: str, profile: Profile, names: Iterable[str] = (), old_hashes: Iterable[str] = ()) -> list[Reason]:
    """Every reason why this may not be the new password; verifying old hashes takes 30 ms each."""
    text = _normal(password)
    found = []
    if len(text) < profile.least:
        found.append(Reason("password_short", least=profile.least, have=len(text)))
    if len(text) > LONGEST:
        found.append(Reason("password_long", most=LONGEST))
    if kinds(text) < profile.kinds:
        found.append(Reason("password_kinds", least=profile.kinds, have=kinds(text)))
    if is_common(text):
        found.append(Reason("password_common"))
    if _holds_name(text, names):
        found.append(Reason("password_name"))
    if not found and any(verify_password(old, text) for old in old_hashes):
        found.append(Reason("password_used", count=REMEMBERED))
    return found


def kinds(password: str) -> int:
    """How many of the four kinds occur: small letters, capitals, digits, others."""
    return sum(bool(re.search(kind, password)) for kind in ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]"))


def is_common(password: str) -> bool:
    """Whether people guess this first: a known word with digits around it, one key, or neighbouring keys."""
    low = password.lower()
    core = low.strip("0123456789!@#$%^&*()_+-=.,~?/ ")
    plain = re.sub(r"[^a-z0-9]", "", low)
    runs = any(plain in run or plain in run[::-1] for run in RUNS)
    known = core in COMMON or core.translate(DISGUISE) in COMMON
    return known or len(core) < 3 or runs or len(set(low)) < 5


def _holds_name(password: str, names: Iterable[str]) -> bool:
    low = password.lower()
    return any(len(name) >= 2 and name.lower() in low for name in names)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))
