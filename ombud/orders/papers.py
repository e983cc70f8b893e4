"""The exact words that are signed, and the facts behind them."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ombud.lib.chain import canonical, sha256
from ombud.orders import references
from ombud.orders.catalogue import Fees, Offer, Service, ServiceBody, Step, Terms
from ombud.orders.models import Order
from ombud.people.actors import Actor
from ombud.people.models import Person
from ombud.people.roles import Role
from ombud.people.settings import said


def text(order: Order, decision: str, *, by: Actor | None = None, **given) -> str:
    """What is shown on the last page, and in the e-ID's app, in the present language."""
    words = {name: given.get(name, "") for name in ("note", "alone")}
    return written(order, decision, named(given.get("attestant", "")), by=by, **words)


def sketch(
    order: Order,
    decision: str,
    attestant: str = "",
    note: str = "",
    *,
    alone: str | None = None,
    by: Actor | None = None,
) -> str:
    """The same words in the same order while they are being filled in: in brackets what is yet to
    come. `alone` is None where nobody asks for it."""
    chooses = order.step is not None and order.step.chooses and decision == "approve"
    to_choose = _("[whom you choose]") if chooses else ""
    reason = _("[the reason you give]")
    to_write = reason if decision == "reject" else _("[your comment, if any]")
    return written(
        order,
        decision,
        named(attestant) or to_choose,
        note=note.strip() or to_write,
        alone="" if alone is None else alone.strip() or reason,
        by=by,
    )


def named(username: str) -> str:
    return str(Person.objects.filter(username=username).first() or "") if username else ""


def written(
    order: Order, decision: str, chosen: str, *, note: str, alone: str, by: Actor | None
) -> str:
    step = order.step
    assert step is not None, "only a step that waits is signed"
    context = {
        "order": order,
        "step": step,
        "decision": decision,
        "organisation": order.party(step.party),
        "fees": order.fees(step.party),
        "currency": order.price.read.currency,
        "service": said(order.service.read.name),
        "role": Role(step.role).label,
        "per_unit": per_unit,
        "per_period": per_period,
        "certified": certified(step) if decision == "approve" else "",
        "chosen": chosen,
        "note": note,
        "alone": alone,
        "instead_of": by.instead_of if by else None,
        "attached": len(order.attachments()),
    }
    return render_to_string("order/sign.txt", context).strip()


def facts(order: Order, decision: str, *, by: Actor | None = None, **given) -> dict:
    """What the signer's own organisation sees of the order: nothing of the other party's own."""
    step = order.step
    assert step is not None, "only a step that waits is signed"
    own = order.view_of_party(step.party) if step.party != "operator" else {}
    known = order_facts(order)
    whose = {"instead_of": by.instead_of.pk} if by and by.instead_of else {}
    if not given.get("alone"):
        given.pop("alone", None)
    return {
        **{name: known[name] for name in FACTS},
        **own,
        "number": order.case.number,
        "step": step.state,
        "decision": decision,
        "terms_sha256": sha256(canonical(order.terms.body)),
        **whose,
        **given,
    }


def words(**texts: str) -> dict[str, str] | None:
    """The free text of an event, where there is any."""
    return {name: text for name, text in texts.items() if text} or None


FACTS = """service offer customer agent source units answers contact attachments terms chain
    earlier""".split()


def order_facts(order: Order) -> dict:
    decided = order.approvals.filter(outcome="approved").order_by("pk")
    return {
        **order.view_of_case(),
        "customer": {"name": order.customer.name, "number": order.customer.number},
        "earlier": [
            {"step": row.step, "signature": str(row.signature_id), "certified": row.certified}
            for row in decided
        ],
    }


def per_unit(fees: Fees) -> str:
    return _("per unit") if fees.per == "unit" else _("per order")


def per_period(fees: Fees) -> str:
    words = {"year": _("and year"), "quarter": _("and quarter"), "month": _("and month")}
    return words[fees.period]


def lacking(
    order: Order,
    attestant: str = "",
    certify: bool = False,
    accept_terms: bool = False,
    billing: dict | None = None,
    **given,
) -> list[dict]:
    """What a review of the present step must give and does not, field by field."""
    step = order.step
    assert step is not None
    found: list[tuple[object, str, str]] = [
        (step.certify and not certify, "certify", _("Tick that you certify this.")),
        (step.chooses and not attestant, "attestant", _("Choose who attests.")),
        (step.terms and not accept_terms, "accept_terms", _("Accept the terms.")),
    ]
    if step.billing:
        given_reference = (billing or {}).get("reference") or ""
        wrong = references.fault(order.party(step.party), given_reference)
        found.append((wrong, "billing.reference", wrong))
    return [{"field": field, "text": text} for holds, field, text in found if holds]


def certified(step: Step | None) -> str:
    """What the decider certifies, word for word, in the present language."""
    return said(step.certify) if step and step.certify else ""


def service_of(offer: Offer) -> ServiceBody:
    row = Service.objects.newest(offer.organisation, offer.read.service)
    assert row is not None, f"{offer} names no service"
    return row.read


def newest_terms(order: Order) -> int:
    """The version of the terms that the order would be sent under now."""
    offer = Offer.objects.newest(order.operator, order.offer.key) or order.offer
    row = Terms.objects.newest(order.operator, offer.read.terms)
    return row.version if row else order.terms.version
