"""Orders from customers: every order in which one's organisation is agent, whoever it waits for."""

from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from ombud.cases import lists
from ombud.cases.models import Case
from ombud.desk import beside, words
from ombud.desk.frame import frame_of
from ombud.desk.views import cases
from ombud.orders.states import REJECTED, State
from ombud.people import keys, ways
from ombud.people.models import Standing
from ombud.people.roles import Kind
from ombud.ui import fragments
from ombud.ui.doors import door
from ombud.ui.pieces import Tab

PART = "agent"
STATES = {
    "us": [State.AGENT_REVIEW, State.AGENT_ATTEST, State.CASE_OPEN, State.CONNECTING],
    "customer": [State.CUSTOMER_ATTEST],
    "done": [State.ACTIVE, *REJECTED],
}


@dataclass(frozen=True)
class Asked:
    waits: str = ""
    service: str = ""
    q: str = ""
    sort: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, query) -> "Asked":
        waits = query.get("waits", "")
        names = {name: ways.said_in(query, name) for name in ("service", "q", "cursor")}
        names["sort"] = beside.known_sort(query.get("sort", ""))
        return cls(waits if waits in STATES else "", **names)

    @property
    def states(self) -> list[str]:
        """Orders only: the service cases that follow from them stand among the cases."""
        return [f"{Case.Kind.ORDER}.{state}" for state in STATES.get(self.waits, State)]

    def address(self, **changed) -> str:
        kept = {name: value for name, value in {**asdict(self), **changed}.items() if value}
        return f"{door('desk:agent_orders')}?{urlencode(kept)}".rstrip("?")


@require_safe
def agent_orders(request):
    here = request.actor.organisation
    if here is None or Kind.AGENT not in here.kinds:
        raise Http404
    asked = Asked.of(request.GET)
    sort = beside.sort(asked.sort, asked.cursor)
    page = lists.Query(
        held_for(request.actor, asked.service),
        asked.states,
        asked.q,
        False,
        request.actor.person.pk,
        None if sort else lists.read_cursor(asked.cursor),
        cases.LIMIT,
        beside.wanted(frame_of(request)),
        sort,
    ).page()
    rows, shown, further = page.rows, cases.columns(here, asked), page.next
    context = {
        "asked": asked,
        "tabs": tabs(asked),
        "capped": page.capped,
        "sorts": beside.sorts(asked.sort),
        "columns": shown,
        "rows": cases.rows_of(request, rows, shown),
        "services": services(here),
        "next": asked.address(cursor=further) if further else "",
        "first": asked.address(cursor="") if asked.cursor else "",
        "clear": Asked(asked.waits).address(),
    }
    return fragments.render(request, "desk/agent_orders.html", context, block="list")


def held_for(actor, service: str) -> list[str]:
    """The keys of the agent's part, or the one key of a service where a wider one is held."""
    whole = keys.party(actor.organisation.pk, PART)
    held = [key for key in keys.of(actor) if key == whole or key.startswith(f"{whole}/")]
    if not service:
        return held
    wanted = keys.party(actor.organisation.pk, PART, f"service:{service}")
    if whole in held or wanted in held:
        return [wanted]
    return [key for key in held if key.startswith(f"{wanted}/")]


def tabs(asked: Asked) -> list[Tab]:
    labels = {
        "": pgettext("orders", "All"),
        "us": _("Waiting for us"),
        "customer": _("Waiting for the customer"),
        "done": pgettext("orders", "Done"),
    }
    return [
        Tab(label, asked.address(waits=waits, cursor=""), None, asked.waits == waits)
        for waits, label in labels.items()
    ]


def services(organisation) -> list[tuple[str, str]]:
    """The services for which the organisation is agent."""
    held = Standing.objects.current().filter(organisation=organisation, what="agent")
    paths = (scope.split("/")[0] for scope in held.values_list("scope", flat=True))
    scopes = {path.removeprefix("service:") for path in paths}
    named = words.Scopes(organisation.portal).services
    return sorted(((key, named.get(key, key)) for key in scopes), key=lambda pair: pair[1])
