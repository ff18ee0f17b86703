"""Templates are compiled once for each language with its words in them: hundreds on a page, each of them looked up."""

from typing import Any

from flask.templating import Environment
from flask_babel import get_locale
from jinja2 import BytecodeCache, Template, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer

from views.i18n import translated


class OfLanguages(Environment):
    """Gives a template as it is compiled for the language of the page; outside of a page, as it is written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages: dict[str, Environment] | None = {}
        """Environments of the languages by their codes; None in these themselves, whose templates name others."""

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        """The template; whoever forces another language for a while gets that one's."""
        if self.languages is None or not (locale := get_locale()):
            return super().get_template(name, parent, globals)
        code = str(locale)
        return (self.languages.get(code) or self._of(code)).get_template(name, parent, globals)

    def _of(self, code: str) -> Environment:
        assert self.languages is not None
        made = self.overlay()
        made.languages, made.code_generator_class = None, _Worded
        if self.bytecode_cache is not None:
            made.bytecode_cache = _Apart(code, self.bytecode_cache)
        return self.languages.setdefault(code, made)


class _Words(NodeTransformer):
    """Puts the word in the place of each ``_('Name')``; a message with values is put together when it is shown."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        called, given = node.node, node.args
        alone = len(given) == 1 and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        if alone and isinstance(called, nodes.Name) and called.name == "_" and isinstance(given[0], nodes.Const):
            return nodes.MarkSafe(nodes.Const(word(given[0].value), lineno=node.lineno), lineno=node.lineno)
        return self.generic_visit(node)


class _Worded(CodeGenerator):
    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        super().visit_Template(_Words().visit(node), frame)


class _Apart(BytecodeCache):
    """What was compiled for one language is kept apart from what was for another."""

    def __init__(self, code: str, kept: BytecodeCache) -> None:
        self.code, self.kept = code, kept

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The key of a template in this language."""
        return self.kept.get_cache_key(f"{self.code} {name}", filename)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket where the template was compiled before."""
        self.kept.load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.kept.dump_bytecode(bucket)


def word(text: str) -> str:
    """A message without values in the language of the page: a percent sign in it is written twice."""
    said = translated(text)
    return said % {} if "%" in said else said
