"""Forms of a record as a person in a browser meets them: what they show, and what is sent back changed."""

import html
import re

from sqlalchemy import select

from models import AuditEntry
from tests.views.answers import text

WHY = "录入错误，按身份证更正"
FORMS = {
    "household": "/household/{}/edit/",
    "member": "/member/{}/edit/",
    "visit": "/visit/{}/edit/",
    "income_line": "/income_line/{}/edit/",
    "spending_line": "/spending_line/{}/edit/",
    "asset": "/asset/{}/edit/",
    "obligor": "/obligor/{}/edit/",
}
FREE = {"household": "address", "member": "workplace", "visit": "met", "income_line": "note", "spending_line": "note"}


def wrongs(answer):
    """What a refused form says."""
    return re.findall(r'class="wrong"[^>]*>(.*?)</div>|role="alert"[^>]*>(.*?)</', text(answer), re.DOTALL)


def shown(browser, where):
    """What the form at an address would send if it were sent as it is shown."""
    page = browser.get(where).get_data(as_text=True)
    page = page[page.index('<form method="post" data-guard') :]
    found: list[tuple[str, str]] = []
    for tag in re.findall(r"<input[^>]*>", page):
        kind, name = re.search(r'type="(\w+)"', tag), re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if name and (kind is None or kind[1] not in ("checkbox", "radio") or " checked" in tag):
            found.append((name[1], html.unescape(value[1]) if value else ""))
    for name, inner in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        found.append((name, html.unescape(inner).strip("\r\n")))
    for name, inner in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option[^>]* selected[^>]*value="([^"]*)"|<option selected value="([^"]*)"', inner)
        found += [(name, first or second) for first, second in chosen]
    data: dict[str, list[str]] = {}
    for name, value in found:
        data.setdefault(name, []).append(value)
    return data


def send(browser, where, form=None, **changed):
    """Open the form, change some fields, send it with a reason."""
    data = dict(form or shown(browser, where))
    data["reason"] = [WHY]
    data.update({name: value if isinstance(value, list) else [value] for name, value in changed.items()})
    return browser.post(where, data=data)


def get(office, model, id):
    """The record as it stands now."""
    return office.read(lambda session: session.get(model, id))


def entries(office, **where):
    """What the record of changes holds of this."""

    def ask(session):
        return session.scalars(select(AuditEntry).filter_by(**where).order_by(AuditEntry.id)).all()

    return office.read(ask)
