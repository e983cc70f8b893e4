"""Who may decide a step of an order: by the role it asks for, as the one who was chosen, or in the
place of a colleague."""

from django.utils.translation import gettext as _

from ombud.lib.errors import Reason, right
from ombud.orders.catalogue import Step
from ombud.orders.models import Order
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.people.roles import Role
from ombud.people.rules import administrator_of, lacks


def of(actor: Actor, order: Order, step: Step) -> list[Reason]:
    """Found once a request, as what the actor holds is: several deeds ask of the same step."""
    known: dict = actor.__dict__.setdefault("rights", {})
    people = (order.attestant_id, order.agent_id, order.office_id)
    asked = (order.pk, order.chain_id, step.state, *people)
    if asked not in known:
        known[asked] = found(actor, order, step)
    return known[asked]


def found(actor: Actor, order: Order, step: Step) -> list[Reason]:
    organisation = order.party(step.party) if has_party(order, step) else None
    scope = order.scope_of(step)
    chosen = order.attestant if step.who == "chosen" else None
    if actor.instead_of and actor.instead_of not in actor.wardrobe.colleagues:
        text = _("You no longer stand in for %(name)s.") % {"name": actor.instead_of}
        return [right("stand_in_over", text, str(actor.instead_of))]
    if actor.holds(step.role, organisation, scope):
        if step.who != "chosen" or actor.face == chosen:
            return []
        who = str(chosen or "") or administrator_of(organisation)
        return [right("not_chosen", _("Somebody else was chosen to attest this order."), who)]
    code, text = f"not_{step.role}", lacking(step, organisation)
    if chosen and actor.face != chosen:  # the role alone would not help
        return [right(code, text, str(chosen))]
    return [lacks(code, text, step.role, organisation)]


def lacking(step: Step, organisation: Organisation | None) -> str:
    return _("Only %(role)s at %(organisation)s decides here.") % {
        "role": Role(step.role).label,
        "organisation": organisation or _("the agent"),
    }


def has_party(order: Order, step: Step) -> bool:
    return step.party != "agent" or order.agent is not None
