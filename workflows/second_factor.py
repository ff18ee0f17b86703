"""Second factor: six digits every 30 seconds (TOTP, RFC 6238), each good once, and recovery codes kept as hashes."""

import hmac
import secrets
from datetime import datetime

import pyotp

from models import County, User, sealing
from workflows.sessions import Holder, Rules

STEP_SECONDS = 30
CHINA_SECONDS = 8 * 3600
EPOCH = datetime(1970, 1, 1)
RECOVERY_CODES = 8
RECOVERY_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"


def required(county: County | Rules, user: User | Holder) -> bool:
    """Whether this county asks the user's role for a second factor."""
    return user.role is not None and user.role.value in county.second_factor_roles


def begin(user: User) -> None:
    """Give the user a new secret that counts only once a code made from it was typed in."""
    user.totp, user.totp_on, user.totp_last_step = pyotp.random_base32(), False, None


def address_of(user: User, issuer: str) -> str:
    """The otpauth address that an authenticator app reads from the picture."""
    return pyotp.TOTP(user.totp).provisioning_uri(name=user.login, issuer_name=issuer)


def turn_on(user: User, code: str, now: datetime) -> list[str] | None:
    """Switch it on with a first code; return eight recovery codes to show once, or None when the code is wrong."""
    if user.totp is None or not _take_code(user, code, now):
        return None
    user.totp_on = True
    return renew_recovery_codes(user)


def turn_off(user: User) -> None:
    """Forget the secret and the recovery codes."""
    user.totp, user.totp_on, user.totp_last_step, user.recovery_hashes = None, False, None, []


def renew_recovery_codes(user: User) -> list[str]:
    """Eight new recovery codes; older ones no longer count."""
    codes = [f"{_signs(5)}-{_signs(5)}" for _ in range(RECOVERY_CODES)]
    user.recovery_hashes = [_hash(user, code) for code in codes]
    return codes


def accept(user: User, code: str, now: datetime) -> bool:
    """Whether this is a code not used before: six digits of now, one step early or late, or a recovery code."""
    text = "".join(code.split())
    return user.totp_on and (_take_code(user, text, now) or _take_recovery(user, text))


def _step(now: datetime) -> int:
    return (int((now - EPOCH).total_seconds()) - CHINA_SECONDS) // STEP_SECONDS


def _take_code(user: User, code: str, now: datetime) -> bool:
    otp, last = pyotp.TOTP(user.totp), user.totp_last_step
    for step in range(_step(now) - 1, _step(now) + 2):
        # Bytes, because compare_digest refuses text that is not ASCII.
        same = hmac.compare_digest(otp.generate_otp(step).encode(), "".join(code.split()).encode())
        if same and (last is None or step > last):
            user.totp_last_step = step
            return True
    return False


def _take_recovery(user: User, code: str) -> bool:
    hashed = _hash(user, code.lower())
    if hashed not in user.recovery_hashes:
        return False
    user.recovery_hashes = [kept for kept in user.recovery_hashes if kept != hashed]
    return True


def _hash(user: User, code: str) -> str:
    return sealing.blind(f"recovery.{user.row_key}", code.replace("-", ""))


def _signs(count: int) -> str:
    return "".join(secrets.choice(RECOVERY_SIGNS) for _ in range(count))
