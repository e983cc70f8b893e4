"""Templates know their language: what never varies is translated once, when one is compiled.

A page says the same hundred words at every request; looked up each time they cost as much as all
its facts. So there is an environment for each language, and a word without a variable is text.
"""

from functools import cache
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

from django.conf import settings
from django.template.backends.jinja2 import Jinja2, Template
from django.utils import translation
from django.utils.module_loading import import_string
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from ombud.ui import marks
from ombud.ui.around import drawing

ASKED = {"_": 1, "gettext": 1, "pgettext": 2}  # and how many words each is given
PLAIN = (FunctionType, MethodType, BuiltinMethodType, type(cache(len)))
ABSENT = object()  # stands for an attribute that a thing does not have


class Translated(NodeTransformer):
    """Writes the words of one language into a template's tree."""

    def __init__(self, escapes: bool):
        self.escapes = escapes

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        said = [one.value for one in node.args if isinstance(one, nodes.Const)]
        is_dynamic = node.dyn_args or node.dyn_kwargs or len(said) != len(node.args)
        if is_dynamic or len(said) != ASKED.get(name):
            return node
        words = translation.pgettext(*said) if len(said) == 2 else translation.gettext(*said)
        # As jinja2.ext does at run time: words are ours and safe, a variable in them is escaped.
        text = Markup(words) if self.escapes else words
        if not node.kwargs:
            return nodes.Const(text % {}, lineno=node.lineno)
        pairs = [nodes.Pair(nodes.Const(one.key), one.value) for one in node.kwargs]
        return nodes.Mod(nodes.Const(text), nodes.Dict(pairs), lineno=node.lineno)


def written(value: Any) -> str:
    """What stands in a page for a value; most are safe already, and need no second look."""
    kind = type(value)
    if kind is Markup or (kind is str and not marks.UNSAFE(value)):
        return value
    return str(value) if kind is int else escape(value)


class Worded(CodeGenerator):
    """Compiles a template in its environment's language."""

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
        escapes = self.environment.autoescape
        translated = Translated(escapes(self.name) if callable(escapes) else escapes)
        with translation.override(self.environment.language):  # type: ignore[attr-defined]
            node = translated.visit(node)
        node.set_environment(self.environment)
        self.writeline("from ombud.ui.tongues import ABSENT, written")
        super().visit_Template(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Any) -> None:
        """As Jinja does it, but asked here: a page looks up a thing's facts six hundred times."""
        thing, found = self.temporary_identifier(), self.temporary_identifier()
        self.write(f"({found} if ({found} := getattr(({thing} := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, ABSENT)) is not ABSENT")
        self.write(f" else environment.getattr({thing}, {node.attr!r}))")

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("written(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Facts(Context):
    """A page's facts. A component or a plain function is called as it is: it is not asked first,
    as Jinja does each time, whether it wants the context."""

    def call(self, called: Any, /, *args: Any, **named: Any) -> Any:
        kind = type(called)
        if kind is not Macro and (kind not in PLAIN or hasattr(called, "jinja_pass_arg")):
            return super().call(called, *args, **named)
        if named:
            named.pop("_loop_vars", None)
            named.pop("_block_vars", None)
        return called(self.eval_ctx, *args, **named) if kind is Macro else called(*args, **named)


class Page(Template):
    def render(self, context: Any = None, request: Any = None) -> Any:
        facts = {} if context is None else context
        with drawing(facts):
            return super().render(facts, request)


class Tongues(Jinja2):
    """Django's engine, with an environment for each language; `environment` makes one."""

    def __init__(self, params: dict[str, Any]):
        options = params["OPTIONS"] | {"environment": "builtins.dict"}
        self.made = import_string(params["OPTIONS"]["environment"])
        self.spoken: dict[str, Environment] = {}
        super().__init__(params | {"OPTIONS": options})

    @property
    def env(self) -> Environment:
        language = translation.get_language() or settings.LANGUAGE_CODE
        if language not in self.spoken:
            self.spoken[language] = self.made(language, **self.options)
        return self.spoken[language]

    @env.setter
    def env(self, options: Any) -> None:
        self.options = options  # what Django would have made its one environment of

    def from_string(self, template_code: str) -> Page:
        return Page(self.env.from_string(template_code), self)

    def get_template(self, template_name: str) -> Page:
        return Page(super().get_template(template_name).template, self)
