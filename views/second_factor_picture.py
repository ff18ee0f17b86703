"""The picture an authenticator app scans: drawn here as SVG, so that the secret goes to no other host."""

from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from models import User
from workflows import second_factor


def picture(user: User) -> dict[str, Any]:
    """``secret`` in groups of four to type by hand, ``qr`` as inline SVG; both empty before a secret is made."""
    secret = user.totp
    if secret is None:
        return {"secret": "", "qr": ""}
    import segno  # draws for who sets up a second factor, and is not loaded for anybody else

    code = segno.make(second_factor.address_of(user, gettext("Doudi")), error="m")
    drawn = code.svg_inline(scale=5, border=2, svgclass="qr", lineclass=None, title=gettext("Picture to scan"))
    return {"secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)), "qr": Markup(drawn)}  # noqa: S704 - drawn by us
