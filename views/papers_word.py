"""Filling an office's own wording of a letter: a Word template may name fields and nothing else.

What a template may say is a short list of its parts, not whatever the template language could do: names of known
fields, repetition over known lists, and whether a field is filled.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import force_locale
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from models import IssuedPaper
from policy.capitals import capitals
from policy.letter_fields import FIELDS, LISTS, month_of, named, near, reckoned, whose
from policy.paper_numbers import Number
from policy.vocabulary import Unit
from views.case_file import CaseFile
from views.context import today
from views.formats import full_day, yuan
from views.i18n import CHINESE
from views.papers_kinds import Print
from views.papers_survey import survey
from views.papers_text import letter
from workflows import issuing
from workflows.reason import Reason, Refused

PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.If, nodes.For, nodes.Name, nodes.Getattr,
         nodes.Not, nodes.And, nodes.Or)  # fmt: skip
OF_LOOP = frozenset({"index", "first", "last"})
MOST_NODES, MOST_BRACES = 5_000, 2_000
"""What of the template language a part may hold; the library's search for it grows with the square of the braces."""
TAGS = re.compile(r"<[^>]*>")
SAID = re.compile(r"(?P<words>\{[{%]-?\s*(?P<kind>\w*)(?:(?!\{[{%]|[}%]\}).)*(?P<end>[}%]\})?)", re.DOTALL)
ENDS = {"if": "endif", "for": "endfor"}
MIDDLES = ("else", "elif")
AROUND = {
    **{begin: ("", f"{{% {end} %}}") for begin, end in ENDS.items()},
    **dict.fromkeys(MIDDLES, ("{% if a %}", "{% endif %}")),
}
"""What a word needs before and after it to be read by itself."""
SHOWN = 40
"""Of what cannot be read so many characters are shown."""
ELSEWHERE = ("docProps/core.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml")


@dataclass
class Found:
    """What a template asks for: known fields, unknown ones with what was perhaps meant, and what it may not say."""

    fields: set[str] = field(default_factory=set)
    unknown: dict[str, list[str]] = field(default_factory=dict)
    forbidden: list[str] = field(default_factory=list)

    def faults(self) -> list[Reason]:
        """Why it is refused."""
        told = [
            Reason("template_unknown", name=name, near=tuple(hits)) if hits else Reason("template_strange", name=name)
            for name, hits in sorted(self.unknown.items())
        ]
        return told + [Reason("template_forbidden", what=what) for what in sorted(set(self.forbidden))]


def look(content: bytes) -> Found:
    """Read a checked template; raises Refused where it cannot be read as one."""
    found, part = Found(), ""
    try:
        for part in _parts(content):
            tree = environment().parse(part)
            if sum(1 for _ in tree.find_all(nodes.Node)) > MOST_NODES:
                raise Refused([Reason("template_not_docx")])
            _walk(tree, {}, found)
        return found
    except TemplateError:
        raise Refused([_fault(part)]) from None
    except (KeyError, ValueError, OSError, SyntaxError, RecursionError):
        raise Refused([Reason("template_not_docx")]) from None


def fill(content: bytes, values: dict[str, Any]) -> bytes:
    """The document with its fields filled; raises Refused where the template cannot be filled."""
    document, out = _open(content), io.BytesIO()
    try:
        document.render(values, environment(), autoescape=True)
    except TemplateError as error:
        raise Refused([Reason("template_syntax", what=str(error.message)[:120])]) from None
    document.save(out)
    return out.getvalue()


def environment() -> ImmutableSandboxedEnvironment:
    """A sandbox in which there is nothing but the fields: no functions, filters or tests."""
    env = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    env.globals.clear()
    env.filters.clear()
    env.tests.clear()
    return env


def values(file: CaseFile, paper: Print, number: Number | str | None, before: IssuedPaper | None) -> dict[str, Any]:
    """Every field of a letter; what a letter does not have is empty, never missing."""
    with force_locale(CHINESE):
        told = letter(file, paper)
        people = [(m["name"], str(m["relation"]), str(m["age"])) for m in survey(file, full=False)["members"]]
        found = {**_usual(told, number, before), **_particular(told)}
    return named(found, told.get("told", ()), people)


def _usual(told: dict[str, Any], number: Number | str | None, before: IssuedPaper | None) -> dict[str, str]:
    benefit, remedies = told["benefit"], told["remedies"]
    same = ("name", "addressee", "scheme", "money", "county", "township", "village", "office", "township_office",
            "county_office", "basis", "words")  # fmt: skip
    return {
        **{key: str(told[key]) for key in same}, "number": str(number or ""), "case_no": benefit.case_no,
        "persons": str(told["persons"]), "whose": told["ward"] or whose(benefit.unit is Unit.SINGLE),
        "applied_on": _day(benefit.applied_on), "accepted_on": _day(benefit.accepted_on),
        "organ": remedies.organ, "court": remedies.court,
        "done_on": _day(told["event"].at.date()), "on": _day(today() if before else told["on"]),
        "review_days": str(remedies.days), "court_months": str(remedies.months),
        "replaces": str(issuing.number_of(before) or "") if before else "",
    }  # fmt: skip


def _particular(told: dict[str, Any]) -> dict[str, str]:
    """What only some letters have."""
    amount, before = told.get("amount_fen"), told.get("before_fen")
    return {
        "amount": yuan(amount) if amount is not None else "", "capitals": capitals(amount) if amount else "",
        "exit_money": yuan(told["exit_money"]["amount_fen"]) if told.get("exit_money") else "",
        "before": yuan(before) if before is not None else "", "month": month_of(told["month"]),
        "months": str(told.get("months") or ""), "until": _day(told.get("until")),
        "survey_by": _day(told.get("survey_by")), "decide_by": _day(told.get("decide_by")),
        "reckoned": reckoned(told["found"].result if told.get("found") else {}),
    }  # fmt: skip


def _day(day: Any) -> str:
    return full_day(day) if day else ""


def _open(content: bytes) -> Any:
    """The document, filled in its text, heads and feet alone: what ``look`` has read, and nothing besides."""
    from docxtpl import DocxTemplate

    class Plain(DocxTemplate):
        def render_properties(self, *_: Any) -> None:
            """Nothing is filled there."""

        def render_footnotes(self, *_: Any) -> None:
            """Nothing is filled there."""

    return Plain(io.BytesIO(content))


def _readable(text: str) -> str:
    """The text of a part, when it has no more braces than a letter; raises Refused."""
    if text.count("{") + text.count("}") > MOST_BRACES:
        raise Refused([Reason("template_not_docx")])
    return text


def _parts(content: bytes) -> Iterator[str]:
    """The text of the document, its heads and feet as the template language reads it; fields elsewhere are refused."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in set(package.namelist()) & set(ELSEWHERE):
            if any(sign in package.read(name) for sign in (b"{{", b"{%", b"{#")):
                raise Refused([Reason("template_elsewhere")])
    document = _open(content)
    document.render_init()
    if getattr(document.docx.element, "body", None) is None:
        raise Refused([Reason("template_not_docx")])
    yield document.patch_xml(_readable(document.get_xml()))
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        for _, part in document.get_headers_footers(uri):
            yield document.patch_xml(_readable(document.get_part_xml(part)))


def _fault(part: str) -> Reason:
    """What of a text that cannot be read is wrong, in the words that were typed."""
    text = TAGS.sub("", part)
    opened: list[tuple[str, str]] = []
    for said in SAID.finditer(text):
        words, kind = said["words"], said["kind"]
        if not said["end"]:
            return Reason("template_syntax", what=words[:SHOWN].strip())
        if opened and kind == opened[-1][1]:
            opened.pop()
        elif (kind in MIDDLES and not opened) or not _reads(words.join(AROUND.get(kind, ("", "")))):
            return Reason("template_syntax", what=words[:SHOWN])
        elif kind in ENDS:
            opened.append((words[:SHOWN], ENDS[kind]))
    if opened:
        words, end = opened[-1]
        return Reason("template_unended", what=words, end=f"{{% {end} %}}")
    return Reason("template_syntax", what="")


def _reads(words: str) -> bool:
    try:
        environment().parse(words)
    except TemplateError:
        return False
    return True


def _walk(node: nodes.Node, loops: dict[str, str], found: Found) -> None:
    """Note what a part names; ``loops`` says which list a loop's own name goes through."""
    if not isinstance(node, PLAIN):
        found.forbidden.append(type(node).__name__)
        return
    if isinstance(node, nodes.For):
        loops = _loop(node, loops, found)
        for child in (*node.body, *node.else_):
            _walk(child, loops, found)
        return
    if isinstance(node, nodes.Getattr):
        _attribute(node, loops, found)
        return
    if isinstance(node, nodes.Name):
        _name(node.name, {*FIELDS, *LISTS}, found)
        return
    for child in node.iter_child_nodes():
        _walk(child, loops, found)


def _loop(node: nodes.For, loops: dict[str, str], found: Found) -> dict[str, str]:
    one, rows = node.target, node.iter
    plain = not loops and node.test is None and not node.recursive
    if not (plain and isinstance(one, nodes.Name) and isinstance(rows, nodes.Name)):
        found.forbidden.append("For")
        return loops
    _name(rows.name, LISTS, found)
    return {one.name: rows.name}


def _attribute(node: nodes.Getattr, loops: dict[str, str], found: Found) -> None:
    base = node.node.name if isinstance(node.node, nodes.Name) else ""
    if base == "loop" and loops and node.attr in OF_LOOP:
        return
    if base not in loops:
        found.forbidden.append(f"{base}.{node.attr}")
        return
    known = LISTS.get(loops[base], {})
    if node.attr not in known:
        found.unknown[f"{base}.{node.attr}"] = [f"{base}.{hit}" for hit in near(node.attr, known)]


def _name(name: str, known: Any, found: Found) -> None:
    if name in known:
        found.fields.add(name)
    else:
        found.unknown[name] = near(name, known)
