"""Languages of the panel: Chinese by default, English on request; catalogues compiled from fragments."""

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from flask import Blueprint, Flask, g, has_request_context, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import Babel, Domain, get_locale

CHINESE = "zh_Hans_CN"
ENGLISH = "en"
TRANSLATIONS = Path(__file__).parent / "translations"
FRAGMENTS = TRANSLATIONS / CHINESE

language = Blueprint("language", __name__)


class Catalogues(Domain):
    """The catalogue of the page's language, looked up once for all the hundreds of words of a page.

    Flask-Babel looks for it anew for each; a language that is forced for a while (``force_locale``) is noticed.
    """

    def get_translations(self) -> NullTranslations:
        """The catalogue in force here; an empty one outside of any request or application."""
        here = _of_babel()
        locale = getattr(here, "babel_locale", None)
        kept = getattr(here, "catalogue", None)
        if locale is not None and kept is not None and kept[0] is locale:
            found: NullTranslations = kept[1]
            return found
        found = super().get_translations()
        if here is not None:
            here.catalogue = (getattr(here, "babel_locale", None), found)
        return found


_catalogues = Catalogues()


def _of_babel() -> Any:
    """What Flask-Babel keeps for this request; None outside of any application."""
    try:
        return g.get("_flask_babel")
    except RuntimeError:
        return None


def catalogue() -> NullTranslations:
    """The catalogue of the page's language: what is kept for it is kept for that language."""
    return _catalogues.get_translations()


def translated(text: str) -> str:
    """A message without values in the language of the page, as the hundreds of words of templates want it."""
    return str(_catalogues.get_translations().ugettext(text))


class CatalogueClash(ValueError):
    """Two fragments translate the same message differently; the message and both files are named."""


def normalise(code: object) -> str:
    """Return ``en`` for any English code and ``zh_Hans_CN`` for everything else, however odd."""
    return ENGLISH if isinstance(code, str) and code.strip().lower().startswith("en") else CHINESE


def html_lang() -> str:
    """Return the ``lang`` attribute of the page (BCP 47)."""
    return "en" if str(get_locale()) == ENGLISH else "zh-CN"


def fragments() -> list[Path]:
    """Return the catalogue fragments in a stable order."""
    return sorted(FRAGMENTS.glob("*.po"))


def merge(paths: Iterable[Path]) -> Catalog:
    """Return one catalogue of all fragments; raise CatalogueClash when two disagree."""
    merged = Catalog(locale=CHINESE, charset="utf-8")
    seen: dict[tuple[object, str | None], tuple[object, str]] = {}
    for path in paths:
        with path.open("rb") as file:
            for message in read_po(file, locale=CHINESE):
                if not message.id:
                    continue
                key = (message.id, message.context)
                earlier = seen.setdefault(key, (message.string, path.name))
                if earlier[0] != message.string:
                    raise CatalogueClash(f"{message.id!r}: {earlier[1]} and {path.name} differ")
                merged.add(message.id, message.string, context=message.context)
    return merged


def compile_catalogue(target: Path = FRAGMENTS / "LC_MESSAGES" / "messages.mo") -> bool:
    """Compile the fragments where ``target`` is made of others; return whether it was written.

    What it is made of stands beside it: the fragments of a new version are often older than what was compiled before.
    """
    paths, beside = fragments(), target.with_suffix(".of")
    stats = [(path.name, path.stat()) for path in paths]
    made_of = "".join(f"{name} {stat.st_size} {stat.st_mtime_ns}\n" for name, stat in stats).encode()
    if target.exists() and beside.exists() and beside.read_bytes() == made_of:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    compiled = BytesIO()
    write_mo(compiled, merge(paths))
    return _put(target, compiled.getvalue()) and _put(beside, made_of)


def _put(file: Path, content: bytes) -> bool:
    """Whole or not at all, whoever else starts now; readable for whoever starts next.

    False where another process has the file open and the system (Windows) keeps it there: the next start does it.
    """
    with NamedTemporaryFile(dir=file.parent, suffix=".tmp", delete=False) as draft:
        draft.write(content)
    written = Path(draft.name)
    written.chmod(0o644)
    try:
        written.replace(file)
    except PermissionError:
        written.unlink()
        return False
    return True


def chosen_language() -> str:
    """Return the language of this request: the session's choice, else Chinese."""
    return normalise(session.get("lang") if has_request_context() else None)


def _chosen_locale() -> Locale:
    return _locale(chosen_language())


@cache
def _locale(code: str) -> Locale:
    """Read once: Flask-Babel would put it together for each request."""
    return Locale.parse(code)


def _same_site(address: str | None) -> str:
    parts = urlsplit(address or "")
    if parts.netloc not in ("", request.host) or not parts.path.startswith("/") or parts.path.startswith("//"):
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")


@language.post("/language")
def choose() -> ResponseReturnValue:
    """Keep the posted language in the session and return to the page it was chosen on."""
    session["lang"] = normalise(request.form.get("lang"))
    return redirect(_same_site(request.referrer))


def init_i18n(app: Flask) -> None:
    """Compile the catalogue and give the app its languages, ``html_lang()`` and POST /language."""
    compile_catalogue()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    # Times are naive China time already: UTC here means "do not shift".
    babel = Babel(app, default_locale=CHINESE, default_timezone="UTC", locale_selector=_chosen_locale)
    babel.domain_instance = catalogues = _catalogues
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: catalogues.get_translations().ugettext(text),
        ngettext=lambda one, many, n: catalogues.get_translations().ungettext(one, many, n),
        pgettext=lambda context, text: catalogues.get_translations().upgettext(context, text),
        npgettext=lambda context, one, many, n: catalogues.get_translations().unpgettext(context, one, many, n),
        newstyle=True,
    )
    app.jinja_env.globals.update(html_lang=html_lang, get_locale=get_locale)
    app.register_blueprint(language)
