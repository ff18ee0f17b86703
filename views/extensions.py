"""Extensions that pages refer to while they are being defined."""

from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

bootstrap = Bootstrap5()
csrf = CSRFProtect()
# By the address of the connection: X-Forwarded-For is whatever a stranger writes. No limit but where a page sets one.
limiter = Limiter(get_remote_address, storage_uri="memory://")
