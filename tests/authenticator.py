"""The app on a telephone that shows six digits."""

from datetime import datetime, timedelta, timezone

import pyotp

CHINA = timezone(timedelta(hours=8))


def code_at(secret: str, now: datetime) -> str:
    """The digits that it shows at this time, which is China's."""
    return pyotp.TOTP(secret).at(now.replace(tzinfo=CHINA))
