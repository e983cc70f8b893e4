"""Terms as they are read: in place on a page, and as a paper to keep."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from markupsafe import Markup

from ombud.lib import clock, days
from ombud.orders.catalogue import Offer, Terms
from ombud.people import settings
from ombud.people.actors import Actor
from ombud.people.roles import Kind
from ombud.ui import paper
from ombud.ui.paper import prose

UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')  # for the name of a file
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; object-src 'self'; style-src 'unsafe-inline';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Paper:
    content: bytes
    tag: str
    name: str


def text(row: Terms) -> Markup:
    """The words for a page, in the reader's language."""
    return drawn(row.pk, language_of(row))


def as_pdf(request: HttpRequest, row: Terms) -> HttpResponse:
    """The paper itself, or that the reader has it already."""
    kept = printed(row.pk, language_of(row), row.organisation.name)
    answer = HttpResponse(kept.content, content_type="application/pdf", headers=HEADERS)
    answer["Content-Disposition"] = content_disposition_header(False, kept.name) or "inline"
    answer["Content-Language"] = language_of(row)
    answer["ETag"] = kept.tag
    return get_conditional_response(request, etag=kept.tag, response=answer) or answer


def found(actor: Actor, key: str, version: int) -> Terms:
    """A version that has come into force, of the actor's portal or its own; the agents' terms are
    for agents and the operator."""
    here = actor.organisation
    holders = [holder for holder in (here, here and here.portal) if holder]
    rows = Terms.objects.filter(organisation__in=holders, key=key, version=version)
    rows = rows.filter(valid_from__lte=clock.now()).select_related("organisation")
    row = max(rows, key=lambda row: actor.is_here(row.organisation), default=None)
    if row is None or (is_agents(row) and not is_at_agents_side(actor)):
        raise Http404
    return row


def is_at_agents_side(actor: Actor) -> bool:
    kinds = actor.organisation.kinds if actor.organisation else []
    return Kind.AGENT in kinds or Kind.OPERATOR in kinds


def is_agents(row: Terms) -> bool:
    """No offer has ever asked a customer to accept them, and one asks agents."""
    asking = Offer.objects.filter(organisation=row.organisation)
    is_customers = asking.filter(body__terms=row.key).exists()
    return not is_customers and asking.filter(body__agent_terms=row.key).exists()


def language_of(row: Terms) -> str:
    """The reader's, if the terms speak it; else the one that they are shown in."""
    wanted = (translation.get_language() or "sv").partition("-")[0]
    told = row.read.text
    return next((one for one in (wanted, "sv", *told) if told.get(one)), "sv")


@lru_cache(maxsize=1000)
def drawn(pk: int, language: str) -> Markup:
    """Drawn once a process: terms are never edited."""
    row = settings.kept(Terms, pk)
    return prose.drawn(row.read.text.get(language, ""))


@lru_cache(maxsize=200)
def printed(pk: int, language: str, publisher: str) -> Paper:
    """Printed once a process; the same words are the same bytes."""
    row = settings.kept(Terms, pk)
    with translation.override(language):
        title = settings.said(row.read.title)
        named = _("%(title)s, version %(version)s") % {"title": title, "version": row.version}
        content = paper.pdf(
            paper.Paper(
                language=language,
                title=title,
                publisher=publisher,
                facts=(
                    (_("Version"), str(row.version)),
                    (_("Valid from"), days.dated(row.valid_from)),
                ),
                parts=tuple(prose.parts_of(row.read.text.get(language, ""))),
                foot=named,
                pages=_("Page {page} of {pages}"),
                day=days.local(row.valid_from).date(),
            )
        )
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return Paper(content, tag, f"{UNFIT.sub(' ', named).strip()}.pdf")
