"""What is written into an order: its draft, what sending pins, what a review adds."""

from ombud.cases import placing
from ombud.cases.models import CASE, Case, next_number
from ombud.lib import clock, rows
from ombud.orders import places
from ombud.orders.catalogue import Chain, Form, Offer, Price, Service, Terms
from ombud.orders.models import CIRCLES, CareUnit, Order
from ombud.people.actors import Actor
from ombud.people.models import Office, Organisation, Person
from ombud.people.settings import newest

PINNED = ("service", "offer", "price", "terms", "agent_terms", "form", "chain")
PLAIN = {"source": "source", "answers": "answers", "contact": "contact", "units": "units"}
MORE = ("agent", "attachments", "billing", "offer", "office")
ACCEPTED = (*PINNED, "agent", "source", "accepted_at", "sent_at")


def begin(by: Actor, offer_key: str, office: Office | None = None) -> Order:
    """A draft: a case, its customer and its orderer; for the office, or where the orderer may."""
    customer, person = by.organisation, by.face
    assert customer is not None and person is not None
    office = office or places.first(by, customer)
    offer = Offer.objects.newest(customer, offer_key)
    pinned = pins(offer)
    request = next_number("REQ")
    names = pinned["service"].read.name
    case = Case.objects.begin(Case.Kind.ORDER, names, offer.organisation, request=request)
    case.is_held = True
    case.admit(customer, "customer", CIRCLES["customer"], scope=office.scope if office else "")
    case.seat(person, customer, "orderer", CIRCLES["customer"])
    return Order.objects.create(
        case=case,
        customer=customer,
        operator=offer.organisation,
        orderer=person,
        office=office,
        customer_billing=customer.billing,
        contact={"name": str(person), "email": person.email, "phone": person.phone},
        **pinned,
    )


def pins(offer: Offer) -> dict:
    """The newest rows that an offer points at."""
    body = offer.read
    keys = {
        "service": (Service, body.service),
        "price": (Price, body.price),
        "terms": (Terms, body.terms),
        "chain": (Chain, body.chain),
        "form": (Form, body.form),
        "agent_terms": (Terms, body.agent_terms),
    }
    found = newest([(table, offer.organisation, key) for table, key in keys.values()])
    return {"offer": offer, **dict(zip(keys, found, strict=True))}


def write(order: Order, typed: dict) -> list[str]:
    """Put what was given in its place; the names of what changed."""
    given = {name: value for name, value in typed.items() if value is not None}
    changed = [name for name in given if name in (*PLAIN, *MORE)]
    if "offer" in given:
        repin(order, Offer.objects.newest(order.customer, given["offer"]))
    if "agent" in given:
        order.agent = Organisation.objects.filter(number=given["agent"]).first()
    if "office" in given:
        move(order, Office.objects.filter(pk=given["office"]).first())
    if "billing" in given:
        order.customer_billing = given["billing"]
    for name, field in PLAIN.items():
        if name in given:
            setattr(order, field, given[name])
    order.save()
    return sorted(changed)


def move(order: Order, office: Office | None) -> None:
    """From now on the draft is for this office: whoever orders for another does not see it."""
    if office == order.office:
        return
    order.office = office
    order.case.move_party(order.customer, "customer", order.office_scope)


def attach(order: Order, keys: list[str] | None, by: Actor) -> dict:
    """These files from now on, if any were given; what the event tells of it."""
    if keys is None:
        return {}
    order.__dict__.pop("attached", None)  # what was read of them holds no more
    return placing.place(order.case, keys, circle=CASE, by=by).told()


def repin(order: Order, offer: Offer) -> None:
    """Point the order at an offer's newest rows. What was typed stays."""
    for name, row in pins(offer).items():
        setattr(order, name, row)
    if not order.is_via_agent:
        order.agent, order.source = None, ""


def move_to_newest(order: Order) -> list[str]:
    """A draft moves to the newest rows when it is sent; the names of those that moved."""
    before = {name: getattr(order, f"{name}_id") for name in PINNED}
    repin(order, Offer.objects.newest(order.operator, order.offer.key))
    return [name for name in PINNED if getattr(order, f"{name}_id") != before[name]]


def accept(order: Order) -> None:
    """The terms are accepted, the parties come in, and the whole road is planned. What changes in
    the order itself (ACCEPTED) is kept when it moves on."""
    order.accepted_at = order.sent_at = clock.now()
    order.case.call(order.titles())
    learn_units(order)
    others: list[tuple] = []
    if order.agent and order.is_via_agent:
        others.append((order.agent, "agent", CIRCLES["agent"], {"scope": order.scope}))
    order.case.admit_all([*others, (order.operator, "operator", CIRCLES["operator"], {})])
    road = [order.planned(step) for step in order.steps]
    rows.put_all(road)
    order.coming = {row.step: row for row in road}


def learn_units(order: Order) -> None:
    """The organisation's units are known from its first order on."""
    known = [CareUnit(organisation=order.customer, **unit) for unit in order.units]
    rows.put_all(known, "ON CONFLICT DO NOTHING")


def review(order: Order, attestant: str, billing: dict | None) -> None:
    """What a review adds: who attests, and the invoice of the reviewer's own organisation."""
    step = order.step
    assert step is not None
    if attestant:
        order.attestant = Person.objects.get(username=attestant)
    if billing and step.billing:
        order.agent_billing = billing
    rows.keep(order, "attestant", "agent_billing")


def seat_chosen(order: Order) -> None:
    """Being the one who approves is itself the right to read."""
    step = order.step
    if step and step.who == "chosen" and order.attestant:
        organisation = order.party(step.party)
        order.case.seat(order.attestant, organisation, step.role, CIRCLES[step.party])


def copy(order: Order, by: Actor) -> Order:
    is_open = order.office is not None and order.office.closed_at is None
    draft = begin(by, order.offer.key, order.office if is_open else None)
    for name in (*PLAIN.values(), "customer_billing", "agent"):
        setattr(draft, name, getattr(order, name))
    draft.copied_from = order.case
    draft.save()
    return draft


def carry_over(order: Order, draft: Order) -> dict:
    """Its files stand in the copy too; what the event tells of it."""
    return placing.copy(order.attachments(), draft.case).told()
