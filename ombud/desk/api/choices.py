"""What the one whose turn it is may choose from."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from ombud.cases.models import Case
from ombud.desk.api import envelope, shapes
from ombud.desk.api.answers import page, reads
from ombud.desk.api.gate import actor_of
from ombud.orders import attestants
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.ui.pieces import Option

router = Router(tags=["cases"])


@router.get("/cases/{slug:number}/attestants", response=shapes.Attestants, openapi_extra=reads(404))
def choose(request: HttpRequest, number: str) -> HttpResponse:
    """Whom the present review may choose to attest, by user name; the others with the reason."""
    actor = actor_of(request)
    case, _eyes = envelope.found(actor, number)
    found = attestants.of(reviewed_by(actor, case), actor, within(case))
    return page([shown(option) for option in found], None)


def within(case: Case) -> str:
    order: Any = case.matter
    return attestants.scope_of(order, order.step) if order.step else ""


def reviewed_by(actor: Actor, case: Case) -> Organisation:
    """The actor's own organisation, if it is the one that chooses now."""
    order: Any = case.matter
    step = order.step if case.kind == Case.Kind.ORDER else None
    if step is None or not step.chooses or not actor.is_here(order.party(step.party)):
        raise Http404
    return order.party(step.party)


def shown(option: Option) -> dict:
    why = option.barred or option.hint
    return {
        "username": option.value,
        "name": option.label,
        "allowed": not option.barred,
        "why": str(why or ""),
    }
