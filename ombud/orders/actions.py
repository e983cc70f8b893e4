"""Everything that can happen to an order. Each action is one transaction:
lock, ask, change, record."""

from typing import Any

from django.db import transaction

from ombud.cases.events import record
from ombud.lib import jobs
from ombud.lib.errors import Misshapen, require
from ombud.orders import agents, catalogue, drafts, gaps, notices, papers, rules
from ombud.orders.catalogue import PARTIES
from ombud.orders.models import Order, Wanted
from ombud.orders.states import REJECTIONS, State
from ombud.people import journal, told
from ombud.people.actors import Actor
from ombud.people.links import Link
from ombud.people.models import Organisation
from ombud.servicecases import steps as servicecases
from ombud.signing.models import Signature

BAR_ANEW = "orders.bar_anew"


@transaction.atomic
def start_order(*, by: Actor, offer: str, **typed) -> Order:
    """Begin a draft that only the customer sees."""
    require(rules.start_order(by, offer, typed.get("office")))
    order = drafts.begin(by, offer)
    drafts.write(order, typed)
    filed = drafts.attach(order, typed.get("attachments"), by)
    record(order.case, "begun", by=by, circle="customer", offer=order.offer.key, **filed)
    return order


@transaction.atomic
def save(order: Order, *, by: Actor, **typed) -> Order:
    """Keep what was typed into a draft; what is not given stays as it is."""
    order = Order.objects.locked(order)
    require(rules.save(by, order, typed.get("office")))
    changed = drafts.write(order, typed)
    filed = drafts.attach(order, typed.get("attachments"), by)
    record(order.case, "saved", by=by, circle="customer", changed=changed, **filed)
    return order


@transaction.atomic
def discard(order: Order, *, by: Actor) -> Order:
    """Delete a draft: it leaves the lists; its history stays, and for a day it can be restored."""
    order = Order.objects.locked(order)
    require(rules.discard(by, order))
    order.become(State.DISCARDED)
    record(order.case, "discarded", by=by, circle="customer")
    return order


@transaction.atomic
def restore(order: Order, *, by: Actor) -> Order:
    """Take a deleted draft back as it was."""
    order = Order.objects.locked(order)
    require(rules.restore(by, order))
    order.become(State.DRAFT)
    record(order.case, "restored", by=by, circle="customer")
    return order


@transaction.atomic
def send(order: Order, *, by: Actor, accept_terms: bool, terms_version: int | None = None) -> Order:
    """Send a draft up the newest chain of its offer; from here on the agent sees it."""
    order = Order.objects.locked(order)
    agents.keep_engaged(order)
    require(rules.send(by, order, terms_version))
    moved = drafts.move_to_newest(order)
    if lacking := gaps.of(order):
        raise Misshapen(lacking)
    drafts.accept(order)
    order.advance(*drafts.ACCEPTED)
    record(
        order.case,
        "sent",
        by=by,
        tell=notices.sent(order),
        chain=str(order.chain),
        terms=str(order.terms),
        moved=moved,
        attachments=order.attachments_sha256(),
    )
    return order


@transaction.atomic
def approve(
    order: Order,
    *,
    by: Actor,
    signature: Signature,
    attestant: str = "",
    certify: bool = False,
    accept_terms: bool = False,
    billing: dict | None = None,
    note: str = "",
    alone: str = "",
) -> Order:
    """Review (sv. granska): vouch for the order under signature and choose who attests it."""
    order = Order.objects.locked(order)
    given: dict[str, Any] = {
        "attestant": attestant,
        "certify": certify,
        "accept_terms": accept_terms,
    }
    more: dict[str, Any] = {"billing": billing, "note": note, "alone": alone}
    require(rules.approve(by, order, signature=signature, **given, **more))
    if lacking := papers.lacking(order, **given, billing=billing):
        raise Misshapen(lacking)
    drafts.review(order, attestant, billing)
    approval = order.decide("approved", by, signature, papers.certified(order.step))
    order.advance()
    drafts.seat_chosen(order)
    record(
        order.case,
        "approved",
        by=by,
        tell=notices.approved(order, approval, by=by),
        words=papers.words(note=note, alone=alone),
        step=approval.step,
        signature=str(signature.pk),
    )
    return order


@transaction.atomic
def reject(order: Order, *, by: Actor, signature: Signature, note: str) -> Order:
    """Refuse the order in a review; the chain ends here, and later parties are never asked."""
    order = Order.objects.locked(order)
    require(rules.reject(by, order, signature=signature, note=note))
    approval = order.decide("rejected", by, signature)
    order.end_in(REJECTIONS[order.state])
    record(
        order.case,
        "rejected",
        by=by,
        tell=notices.rejected(order, by=by),
        words={"note": note},
        step=approval.step,
        signature=str(signature.pk),
    )
    return order


@transaction.atomic
def attest(
    order: Order,
    *,
    by: Actor,
    signature: Signature,
    decision: str,
    note: str = "",
    alone: str = "",
) -> Order:
    """Attest (sv. attest, no. attestasjon): decide under signature; the last approval opens
    the service case."""
    order = Order.objects.locked(order)
    require(rules.attest(by, order, decision, signature, note=note, alone=alone))
    is_approved = decision == "approve"
    approval = order.decide("approved" if is_approved else "rejected", by, signature)
    if is_approved:
        order.advance()
    else:
        order.end_in(REJECTIONS[order.state])
    if order.state == State.CASE_OPEN:
        task, is_direct = "release" if order.needs_release else "connect", not order.is_via_agent
        parties = (order.operator, order.customer)
        servicecases.open_for(order.case, *parties, task, by=by, behind=is_direct)
    event = record(
        order.case,
        "attested" if is_approved else "rejected",
        by=by,
        tell=notices.after_attest(order, approval, by=by),
        words=papers.words(note=note, alone=alone),
        step=approval.step,
        decision=decision,
        method=signature.method,
        signature=str(signature.pk),
    )
    notices.write_outside(order, event)
    return order


@transaction.atomic
def send_back(order: Order, *, by: Actor, note: str) -> Order:
    """Hand the order back to the step before, of the own organisation; no customer is troubled."""
    order = Order.objects.locked(order)
    require(rules.send_back(by, order))
    approval = order.decide("sent_back", by)
    order.retreat()
    record(
        order.case,
        "sent_back",
        by=by,
        circle=approval.circle,
        tell=notices.awaits(order),
        words={"note": note},
        step=approval.step,
    )
    return order


@transaction.atomic
def note(order: Order, *, by: Actor, text: str) -> Order:
    """Write a note that only the own organisation reads."""
    order = Order.objects.locked(order)
    require(rules.note(by, order))
    circle = f"{rules.part_of(by, order)}:inner"
    order.case.write(circle, text, by=by)
    record(order.case, "noted", by=by, circle=circle)
    return order


@transaction.atomic
def copy(order: Order, *, by: Actor) -> Order:
    """Copy a rejected or held order into a new draft, to be corrected and sent anew."""
    order = Order.objects.locked(order)
    require(rules.copy(by, order))
    draft = drafts.copy(order, by)
    filed = drafts.carry_over(order, draft)
    record(order.case, "copied", by=by, circle="customer", to=draft.case.number)
    copied = {"copied_from": order.case.number, **filed}
    record(draft.case, "begun", by=by, circle="customer", **copied)
    return draft


@transaction.atomic
def release(order: Order, *, by: Actor) -> Order:
    """Release the connection (sv. frisläpp): only now is the agent told that it may begin."""
    order = Order.objects.locked(order)
    require(rules.release(by, order))
    order.release()
    order.wait_for_connection()
    event = record(order.case, "released", by=by, tell=notices.released(order))
    notices.write_outside(order, event)
    servicecases.release_for(order.case, by=by)
    return order


@transaction.atomic
def start(order: Order, *, by: Actor) -> Order:
    """Start the technical connection; from here on nobody recalls the order."""
    order = Order.objects.locked(order)
    require(rules.start(by, order))
    order.become(State.CONNECTING)
    order.wait_for_connection()
    record(order.case, "started", by=by, tell=notices.started(order))
    return order


@transaction.atomic
def report_connected(order: Order, *, by: Actor) -> Order:
    """Report the connection done: the service is active."""
    order = Order.objects.locked(order)
    require(rules.report_connected(by, order))
    order.become(State.ACTIVE)
    record(order.case, "connected", by=by, tell=notices.connected(order))
    if not order.is_via_agent:
        servicecases.go_on(order.case, by=by)
    return order


@transaction.atomic
def report_dead_end(order: Order, *, by: Actor, state: str, tell: bool, stopped: int) -> Order:
    """Write down, where its own organisation reads it, that nobody can take a step to come."""
    order = Order.objects.locked(order)
    require(rules.report_dead_end(by, order, state))
    party = PARTIES[State(state)]
    told = notices.dead_end(order, order.party(party), state, stopped) if tell else []
    circle = f"{party}:inner"
    record(order.case, "dead_end", by=by, circle=circle, tell=told, step=state, stopped=stopped)
    return order


@transaction.atomic
def publish(operator: Organisation, *, by: Actor, thing: str, key: str, body: dict) -> Link:
    """Add a version of a settings row; orders already on their way keep theirs."""
    operator = Organisation.objects.locked(operator)
    require(rules.publish(by, operator, thing))
    row = catalogue.TABLES[thing].objects.add(operator, key, body)
    if lacking := catalogue.dangling(operator, thing, row.body):
        raise Misshapen(lacking)
    return journal.note(operator, f"{thing}.published", by=by, key=key, version=row.version)


@transaction.atomic
def set_four_eyes(
    organisation: Organisation,
    *,
    by: Actor,
    agent_review: str,
    agent_attest: str,
    customer_attest: str,
    operator_review: str,
) -> Link:
    """Say step by step whether who prepared an order may decide on it too. It holds at once."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.set_four_eyes(by, organisation))
    steps = {
        "agent_review": agent_review,
        "agent_attest": agent_attest,
        "customer_attest": customer_attest,
        "operator_review": operator_review,
    }
    row = catalogue.Policy.objects.add(organisation, "order", {"steps": steps})
    jobs.queue(BAR_ANEW, organisation=organisation.pk)
    return journal.note(organisation, "four_eyes.set", by=by, version=row.version, **steps)


@transaction.atomic
def tell_agent(organisation: Organisation, *, by: Actor, offer: str, agent: str) -> Link:
    """Tell an agent's administrators that a customer wanted to order through it, and what bars
    that."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.tell_agent(by, organisation, offer, agent))
    wanted, row = agents.named(agent), catalogue.Offer.objects.newest(organisation, offer)
    assert wanted is not None
    service = row.read.service
    barred = agents.against_choosing(wanted, f"service:{service}", row.read.sources)
    Wanted.objects.create(customer=organisation, agent=wanted, service=service)
    facts = {
        "customer": organisation.name,
        "agent": wanted.name,
        "service": papers.service_of(row).name,
        "lacks": [reason.code for reason in barred],
    }
    told.tell(told.administrators(wanted, "wanted", facts))
    return journal.note(organisation, "agent.told", by=by, key=service, agent=wanted.name)


@transaction.atomic
def set_reference(
    organisation: Organisation, *, by: Actor, kind: str, pattern: str = "", example: str = ""
) -> Link:
    """Say what the references on the organisation's invoices look like, from now on."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.set_reference(by, organisation))
    body = {"kind": kind, "pattern": pattern, "example": example}
    row = catalogue.Reference.objects.add(organisation, "invoice", body)
    return journal.note(organisation, "reference.set", by=by, version=row.version)
