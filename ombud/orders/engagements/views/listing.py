"""The engagements that one's organisation sees: an agent's own, the operator's all."""

from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from ombud.cases.models import Case
from ombud.lib.errors import Reason
from ombud.orders.catalogue import Service
from ombud.orders.engagements import pages, rules
from ombud.orders.engagements.models import AGENT, Engagement
from ombud.orders.engagements.states import OPEN, REJECTED, State
from ombud.people.actors import Actor
from ombud.people.models import Organisation, Standing
from ombud.people.roles import Kind
from ombud.people.settings import said
from ombud.ui import fragments
from ombud.ui.doors import door
from ombud.ui.pieces import Column, Tab

LIMIT = 25
VIEWS = {
    "open": [*OPEN],
    "active": [State.ACTIVE],
    "closed": [*REJECTED, State.WITHDRAWN, State.ENDED],
}


@require_safe
def page(request) -> HttpResponse:
    actor = request.actor
    here = actor.organisation
    if here is None or not {Kind.AGENT, Kind.OPERATOR} & set(here.kinds):
        raise Http404
    view, cursor = request.GET.get("view", ""), request.GET.get("cursor", "")
    view = view if view in VIEWS else ""
    rows, further = of(actor, view, cursor)
    uncased = [] if further or view not in ("", "active") else given_before(here)
    context = {
        "tabs": tabs(view),
        "view": view,
        "columns": columns(is_agent=Kind.AGENT in here.kinds),
        "rows": [*(row(one) for one in rows), *uncased],
        "uncased": uncased,
        "operator": here.portal or here,
        "next": address(view, further) if further else "",
        "first": address(view) if cursor else "",
        "is_agent": Kind.AGENT in here.kinds,
        "barred": barred(actor),
    }
    return fragments.render(request, "engagement/list.html", context, block="list")


def of(actor: Actor, view: str, cursor: str) -> tuple[list[Engagement], str]:
    """The newest first."""
    rows = Engagement.objects.filter(case__in=Case.objects.visible_to(actor))
    if view:
        rows = rows.filter(state__in=VIEWS[view])
    if cursor.isdecimal() and len(cursor) < 18:
        rows = rows.filter(pk__lt=int(cursor))
    joined = rows.select_related("case", "agent", "operator").order_by("-pk")
    found = list(joined[: LIMIT + 1])
    return found[:LIMIT], str(found[LIMIT - 1].pk) if len(found) > LIMIT else ""


def barred(actor: Actor) -> list[Reason]:
    """What stands against applying, whatever the service."""
    return rules.apply_for_engagement(actor)


def address(view: str, cursor: str = "") -> str:
    kept = {name: value for name, value in (("view", view), ("cursor", cursor)) if value}
    return f"{door('engagement:all')}?{urlencode(kept)}".rstrip("?")


def tabs(view: str) -> list[Tab]:
    labels = {
        "": pgettext("engagements", "All"),
        "open": pgettext("engagements", "Under way"),
        "active": pgettext("engagements", "Active"),
        "closed": pgettext("engagements", "Ended or rejected"),
    }
    return [Tab(label, address(name), None, view == name) for name, label in labels.items()]


def columns(*, is_agent: bool) -> list[Column]:
    named = {
        "service": _("Service"),
        "agent": _("Agent"),
        "state": pgettext("column", "State"),
        "at": pgettext("column", "Since"),
    }
    if is_agent:
        del named["agent"]
    return [Column(key, label, main=key == "service") for key, label in named.items()]


def row(engagement: Engagement) -> dict:
    """Since when it stands as it does, as far as the row itself tells."""
    moments = (engagement.ended_at, engagement.attested_at, engagement.reviewed_at)
    return {
        "id": engagement.case.number,
        "number": engagement.case.number,
        "href": engagement.get_absolute_url(),
        "service": engagement.service_name,
        "agent": engagement.agent.name,
        "state": State(engagement.state).label,
        "state_tone": LIST_TONES.get(engagement.state, pages.TONES[engagement.state]),
        "at": next((at for at in moments if at), engagement.applied_at),
    }


def given_before(here: Organisation) -> list[dict]:
    """What agents are for services without a case of it, below all the others: given before the
    house kept engagements as cases."""
    agents = Organisation.objects.filter(Q(pk=here.pk) | Q(portal=here))
    scope = Concat(Value("service:"), "key")
    live = Engagement.objects.filter(agent=OuterRef("organisation"), state=State.ACTIVE)
    cased = live.annotate(path=scope).filter(path=OuterRef("scope"))
    given = Standing.objects.current().filter(~Exists(cased), organisation__in=agents, what=AGENT)
    names = {f"service:{one.key}": said(one.read.name) for one in services(here)}
    found = given.select_related("organisation").order_by("-from_at", "-pk")
    return [uncased_row(one, names.get(one.scope, one.scope)) for one in found]


def services(here: Organisation) -> QuerySet[Service]:
    return Service.objects.current(here.portal or here)


def uncased_row(standing: Standing, service: str) -> dict:
    return {
        "number": "",
        "service": service,
        "agent": standing.organisation.name,
        "state": State.ACTIVE.label,
        "state_tone": pages.TONES[State.ACTIVE],
        "at": standing.from_at,
    }


LIST_TONES = dict.fromkeys(OPEN, "info") | {State.ENDED: "neutral"}
