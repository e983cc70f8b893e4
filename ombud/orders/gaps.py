"""What a draft still lacks before it can be sent, field by field."""

from django.utils.translation import gettext as _

from ombud.orders import references
from ombud.orders.catalogue import FieldBody
from ombud.orders.models import Order
from ombud.people.settings import said


def of(order: Order) -> list[dict]:
    """Faults in the shape of the form's: field and sentence."""
    service, offer = order.service.read, order.offer.read
    found = []
    if order.is_via_agent and order.agent is None:
        found.append(("agent", _("Choose the agent.")))
    if offer.sources and order.is_via_agent and not order.source:
        found.append(("source", _("Choose the source system.")))
    if service.units and not order.units:
        found.append(("units", _("Give at least one care unit.")))
    if not order.contact.get("name"):
        found.append(("contact.name", _("Name a contact person.")))
    if not (order.contact.get("email") or order.contact.get("phone")):
        found.append(("contact.email", _("Give an e-mail address or a phone number.")))
    if wrong := references.fault(order.customer, order.customer_billing.get("reference") or ""):
        found.append(("billing.reference", wrong))
    found += [(f"answers.{f.name}", lacks(f)) for f in unanswered(order)]
    return [{"field": field, "text": text} for field, text in found]


def labelled(order: Order) -> list[dict]:
    """The same away from the form: a question of the offer's own is named by its label."""
    fields = order.form.read.fields if order.form else []
    labels = {f"answers.{field.name}": said(field.label) for field in fields}
    return [{**gap, "label": labels.get(gap["field"], "")} for gap in of(order)]


def lacks(field: FieldBody) -> str:
    return _("Tick the box to go on.") if field.kind == "check" else _("Fill this in.")


def unanswered(order: Order) -> list[FieldBody]:
    fields = order.form.read.fields if order.form else []
    return [f for f in fields if f.required and order.answers.get(f.name) in (None, "", False)]
