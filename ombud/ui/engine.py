"""The one template engine: for pages, fragments, letters and texts to be signed."""

from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template import engines
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from jinja2 import Environment, StrictUndefined, Template, select_autoescape
from jinja2.runtime import Context

from ombud.lib import counts, days, identifiers, money, phones
from ombud.ui import marks
from ombud.ui.around import around
from ombud.ui.doors import door, url
from ombud.ui.framed import framed
from ombud.ui.kept import compiled
from ombud.ui.tongues import Facts, Worded

FILTERS = {
    "when": days.when,
    "day": days.named,
    "plain_day": days.plain,
    "moment": days.full,
    "iso": datetime.fromisoformat,
    "clock": days.at,
    "waited": days.waited,
    "due": days.due,
    "late": days.is_late,
    "money": money.text,
    "org": identifiers.org_text,
    "personal": identifiers.masked_person,
    "phone": phones.national,
    "capped": counts.capped,
}


class Known(Template):
    def _get_default_module(self, ctx: Context | None = None) -> Any:
        """What an import without context brings: no page has globals of its own, so it is the same
        for all, and need not be compared at every import."""
        if self._module is None:
            self._module = self.make_module()
        return self._module


def environment(language: str, **options) -> Environment:
    """The environment of one language; ombud/ui/tongues.py keeps one for each."""
    # Django turns escaping on for every file; a letter in plain text must not say "&amp;".
    options["undefined"] = StrictUndefined
    options["autoescape"] = select_autoescape(["html"], default=True, disabled_extensions=["txt"])
    options.setdefault("bytecode_cache", compiled(language))
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    env = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options)
    env.template_class = Known
    env.code_generator_class, env.context_class = Worded, Facts
    env.language = language  # type: ignore[attr-defined]
    env.policies["ext.i18n.trimmed"] = True  # as babel.cfg, or no message is found at run time
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals |= {
        "around": around,
        "framed": framed,
        "drawn_time": marks.timed(language),
        "drawn_person": marks.person_org,
        "drawn_icon": marks.remembered(env, "icons.html", "icon"),
        "drawn_tag": marks.remembered(env, "components/small.html", "tag_anew"),
    }
    known = static if settings.IS_TEST else cache(static)  # their names hold as long as we run
    env.globals |= {"url": url, "door": door, "static": known, "nonce": nonce, "TONGUES": TONGUES}
    env.globals |= {"whom_to_ask": whom_to_ask}
    env.filters |= FILTERS
    return env


def blocks(name: str, facts: dict) -> dict[str, str]:
    """Each block of a template by its name, on one line, in the present language."""
    template = engines["jinja2"].env.get_template(name)  # type: ignore[attr-defined]
    context = template.new_context(facts)
    return {
        name: " ".join("".join(block(context)).split()) for name, block in template.blocks.items()
    }


TONGUES = {"sv": "Svenska", "nb": "Norsk bokmål", "en": "English"}  # each in its own tongue


def whom_to_ask() -> dict[str, str]:
    """The installation's support: no database is asked."""
    return {**settings.SUPPORT, "name": settings.SUPPORT["name"] or str(_("Customer service"))}


def nonce(request: HttpRequest) -> str:
    """This answer's nonce for scripts, when a content security policy gives one."""
    return str(getattr(request, "csp_nonce", "") or "")
