"""What a form on a page would send if it were sent as it is shown."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.area: str | None = None
        self.select: str | None = None
        self.chosen: list[str] = []
        self.written: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        its = dict(attributes)
        name, kind = its.get("name"), its.get("type") or "text"
        if tag == "input" and name and kind not in ("submit", "button", "file"):
            if kind not in ("checkbox", "radio") or "checked" in its:
                self._add(name, its.get("value") or "")
        elif tag == "textarea" and name:
            self.area, self.written = name, []
        elif tag == "select" and name:
            self.select, self.chosen = name, []
        elif tag == "option" and self.select and "selected" in its:
            self.chosen.append(its.get("value") or "")

    def handle_data(self, data: str) -> None:
        self.written.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self._add(self.area, "".join(self.written).strip("\r\n"))
            self.area = None
        elif tag == "select" and self.select:
            for value in self.chosen:
                self._add(self.select, value)
            self.select = None

    def _add(self, name: str, value: str) -> None:
        self.found.setdefault(name, []).append(value)


def shown(page: str) -> dict[str, list[str]]:
    """Fields by name of the longest form of a page: the one that holds the record."""
    forms = [part.partition("</form>")[0] for part in page.split("<form")[1:]]
    parser = _Form()
    parser.feed("<form" + max((form for form in forms if "post" in form.partition(">")[0].lower()), key=len))
    return parser.found
