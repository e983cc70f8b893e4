"""Who may do what with an order, and why not. Actions ask before they act, doors before they
show a button. A rule also takes the deed's arguments, where they matter, each with a default."""

from datetime import timedelta

from django.utils.translation import gettext as _

from ombud.lib import clock, days
from ombud.lib.errors import Reason, against, any_of, right, time
from ombud.orders import agents, attestants, guards, holding, methods, papers, places, rights
from ombud.orders.catalogue import TABLES, Offer, ServiceBody, Step
from ombud.orders.models import Approval, Order
from ombud.orders.states import State
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.people.roles import Role
from ombud.people.rules import administrator_of, lacks

UNDO = timedelta(hours=24)
AGAIN = timedelta(days=7)


def start_order(actor: Actor, offer: str = "", office: int | None = None, **given) -> list[Reason]:
    found = guards.reasons(actor)
    if found or not offer or actor.organisation is None:
        return found
    if barred := places.reasons(actor, actor.organisation, office):
        return barred
    row = Offer.objects.newest(actor.organisation, offer)
    return against(
        (row is None, time("no_such_offer", _("This offer cannot be ordered."))),
        (row and not is_open_to(actor.organisation, row), not_open()),
    )


def tell_agent(
    actor: Actor, organisation: Organisation, offer: str = "", agent: str = ""
) -> list[Reason]:
    """Whoever may order tells an agent that cannot be chosen what is lacking; once a day."""
    found = against(
        (not places.orders_here(actor, organisation), guards.not_orderer(organisation)),
    )
    if found or not (offer and agent):
        return found
    row = Offer.objects.newest(organisation, offer)
    if row is None or row.read.connection == "direct" or not is_open_to(organisation, row):
        return [time("no_such_offer", _("This offer cannot be ordered."))]
    return agents.against_telling(organisation, row, agent)


def is_open_to(
    organisation: Organisation, offer: Offer, service: ServiceBody | None = None
) -> bool:
    """A pilot offer is open to the pilots it names; a service to its customer categories."""
    pilots = offer.read.pilots
    service = service or papers.service_of(offer)
    open_to_kind = not service.categories or organisation.category in service.categories
    return open_to_kind and (not pilots or organisation.number in pilots)


def not_open() -> Reason:
    return right(
        "not_open", _("This offer is not open to your organisation."), _("customer service")
    )


def orders(actor: Actor, order: Order) -> bool:
    """Whether the actor orders in the customer's name, for the office that the order names."""
    return actor.holds(Role.ORDERER, order.customer, order.office_scope)


def save(actor: Actor, order: Order, office: int | None = None, **given) -> list[Reason]:
    barred = against(
        (not orders(actor, order), lambda: guards.not_orderer(order.customer)),
        (order.state != State.DRAFT, lambda: already(order)),
    )
    return barred or places.reasons(actor, order.customer, office)


def discard(actor: Actor, order: Order) -> list[Reason]:
    return against(
        (not orders(actor, order), lambda: guards.not_orderer(order.customer)),
        (order.state != State.DRAFT, lambda: time("not_draft", _("Only a draft can be deleted."))),
    )


def restore(actor: Actor, order: Order) -> list[Reason]:
    is_discarded = order.state == State.DISCARDED
    too_late = is_discarded and order.discarded_at + UNDO < clock.now()
    return against(
        (not orders(actor, order), lambda: guards.not_orderer(order.customer)),
        (
            not is_discarded,
            lambda: time("not_discarded", _("Only a deleted draft can be restored.")),
        ),
        (
            too_late,
            lambda: time("too_late", _("A deleted draft can be restored for 24 hours.")),
        ),
    )


def send(actor: Actor, order: Order, terms_version: int | None = None, **given) -> list[Reason]:
    barred = save(actor, order)
    if barred:
        return barred
    guarded = [guards.agreement(order.customer), guards.attestant_for(order)]
    return [
        *filter(None, guarded),
        *places.against_closed(order.office),
        *agents.against_chosen(order),
        *methods.against_alone(order),
        *against(
            (
                terms_version is not None and terms_version != papers.newest_terms(order),
                time("terms_changed", _("The terms have a new version. Read it before you send.")),
            ),
        ),
    ]


def copy(actor: Actor, order: Order) -> list[Reason]:
    return against(
        (not orders(actor, order), lambda: guards.not_orderer(order.customer)),
        (
            not (order.is_rejected or order.held_at),
            lambda: time(
                "not_rejected", _("Only a rejected or held order is copied and corrected.")
            ),
        ),
    )


def approve(
    actor: Actor, order: Order, attestant: str = "", signature=None, **given
) -> list[Reason]:
    """Also where the deed's arguments are known: the chosen attestant, and what was signed."""
    step = step_for(order, "review")
    barred = decide(actor, order, step, "review")
    if barred or step is None:
        return barred
    barred = methods.four_eyes(actor, order, step, given.get("alone"))
    if barred:
        return barred
    return [
        *(attestants.reasons(actor, order, step, attestant) if attestant else []),
        *stale(actor, order, "approve", signature, attestant=attestant, **given),
    ]


def reject(actor: Actor, order: Order, signature=None, **given) -> list[Reason]:
    step = step_for(order, "review")
    barred = decide(actor, order, step, "review")
    return barred or stale(actor, order, "reject", signature, **given)


def attest(actor: Actor, order: Order, decision: str = "", signature=None, **given) -> list[Reason]:
    step = step_for(order, "attest")
    barred = decide(actor, order, step, "attest")
    if barred or step is None:
        return barred
    alone = given.get("alone", "") if decision == "approve" else None
    barred = methods.four_eyes(actor, order, step, alone)
    if barred or signature is None:
        return barred
    way = methods.of(actor, order).get(signature.method, [methods.not_open_here()])
    return [*way, *stale(actor, order, decision, signature, **given)]


def send_back(actor: Actor, order: Order) -> list[Reason]:
    step = step_for(order, "attest")
    place = order.chain.read.place_of(order.state) or 0
    before = order.steps[place - 1] if step and place else None
    return decide(actor, order, step, "attest") or against(
        (
            before is None or step is None or before.party != step.party,
            time(
                "nobody_before", _("There is nobody of your own organisation to send it back to.")
            ),
        ),
    )


def note(actor: Actor, order: Order) -> list[Reason]:
    return against(
        (
            part_of(actor, order) is None,
            lambda: right("not_party", _("Only those who take part write notes here.")),
        ),
    )


def release(actor: Actor, order: Order) -> list[Reason]:
    """The operator lets the agent begin, where the offer says that it does."""
    is_early = order.state == State.DRAFT or order.is_waiting
    return against(
        (order.held_at and order.waits_for_release, lambda: holding.reason(order)),
        (
            not actor.holds(Role.CASE_HANDLER, order.operator),
            lambda: holding.not_releasing(order),
        ),
        (
            not order.needs_release,
            lambda: time(
                "not_on_the_road",
                _("The agent of this order begins without the operator's release."),
            ),
        ),
        (order.needs_release and is_early, lambda: not_yet(order)),
        (
            order.needs_release and not is_early and not order.waits_for_release,
            lambda: already(order),
        ),
    )


def start(actor: Actor, order: Order) -> list[Reason]:
    barred = connecting(actor, order, State.CASE_OPEN) or holding.reasons(order)
    return barred or against((order.waits_for_release, lambda: holding.waits_for_release(order)))


def report_connected(actor: Actor, order: Order) -> list[Reason]:
    return connecting(actor, order, State.CONNECTING) or holding.reasons(order)


def publish(actor: Actor, operator: Organisation, thing: str = "") -> list[Reason]:
    return against(
        (
            not actor.holds(Role.CATALOGUE, operator),
            lacks(
                "not_catalogue_admin",
                _("Only the operator's catalogue administrator does this."),
                Role.CATALOGUE,
                operator,
            ),
        ),
        (thing and thing not in TABLES, time("no_such_thing", _("There is no such setting."))),
    )


def report_dead_end(actor: Actor, order: Order, state: str = "") -> list[Reason]:
    """Told by the house alone, and not again within a week."""
    since = clock.now() - AGAIN
    told = order.case.events.filter(verb="order.dead_end", at__gt=since, data__step=state)
    return against(
        (actor.person is not None, right("not_the_house", _("This happens by itself."))),
        (told.exists(), time("told_already", _("This has been told already."))),
    )


def set_four_eyes(actor: Actor, organisation: Organisation) -> list[Reason]:
    return against(
        (
            not actor.holds(Role.ADMINISTRATOR, organisation),
            right(
                "not_administrator",
                _("Only an administrator decides on four eyes."),
                administrator_of(organisation),
            ),
        ),
    )


def set_reference(actor: Actor, organisation: Organisation, **given) -> list[Reason]:
    text = _("Only an administrator says what references look like.")
    who = administrator_of(organisation)
    return against(
        (
            not actor.holds(Role.ADMINISTRATOR, organisation),
            right("not_administrator", text, who),
        ),
    )


def connecting(actor: Actor, order: Order, state: str) -> list[Reason]:
    """The agent connects; customer service may too, and does alone in a direct order."""
    by_agent = order.agent and actor.holds(Role.AGENT_HANDLER, order.agent, order.scope)
    by_operator = actor.holds(Role.CASE_HANDLER, order.operator)
    too_early = order.state in (State.DRAFT, State.CASE_OPEN) or order.is_waiting
    return against(
        (not (by_agent or by_operator), lambda: not_connecting(actor, order)),
        (order.state != state and too_early, lambda: not_yet(order)),
        (order.state != state and not too_early, lambda: already(order)),
    )


def not_connecting(actor: Actor, order: Order) -> Reason:
    text = _("Only the agent and customer service work on the connection.")
    part = part_of(actor, order) or ""
    if part in CONNECTING:
        return lacks("not_connecting", text, CONNECTING[part], actor.organisation)
    return right("not_connecting", text, str(order.agent or order.operator))


CONNECTING = {"agent": Role.AGENT_HANDLER, "operator": Role.CASE_HANDLER}


def decide(actor: Actor, order: Order, step: Step | None, deed: str) -> list[Reason]:
    """Whether the actor is who this step of the order waits for."""
    known = steps_of(order, deed)
    if not known:
        return [time("not_on_the_road", _("This is not a step of this order."))]
    lacking = {one.state: rights.of(actor, order, one) for one in known}
    own = [one for one in known if not lacking[one.state]]
    if not own:
        return any_of(*lacking.values())
    if step in own:
        return holding.reasons(order)
    is_early = order.state == State.DRAFT or order.is_waiting
    decided = decision_in(order, own)
    return [not_yet(order) if is_early and not decided else already(order, decided)]


def steps_of(order: Order, deed: str) -> list[Step]:
    return [step for step in order.steps if step.deed == deed]


def own_steps(actor: Actor, order: Order, deed: str) -> list[Step]:
    """The steps of this deed in which the actor may decide."""
    return [step for step in steps_of(order, deed) if not rights.of(actor, order, step)]


def step_for(order: Order, deed: str) -> Step | None:
    return order.step if order.step and order.step.deed == deed else None


def decision_in(order: Order, steps: list[Step]) -> Approval | None:
    """The latest decision in these steps."""
    states = [step.state for step in steps]
    rows = [row for row in order.road if row.step in states and row.decided_at]
    return rows[-1] if rows else None


def stale(actor: Actor, order: Order, decision: str, signature, **given) -> list[Reason]:
    """A signature covers what was shown: changed in between, it counts for nothing."""

    def render():
        asked = {"by": actor, **given}
        return papers.text(order, decision, **asked), papers.facts(order, decision, **asked)

    changed = signature is not None and not signature.is_of(render)
    text = _("The order has changed since it was shown. See what changed and sign anew.")
    return against((changed, time("stale", text)))


def part_of(actor: Actor, order: Order) -> str | None:
    """The part that the actor's organisation has in the order."""
    parts = {"customer": order.customer, "agent": order.agent, "operator": order.operator}
    return next((part for part, whose in parts.items() if actor.is_here(whose)), None)


def not_yet(order: Order) -> Reason:
    if order.state == State.DRAFT:
        return time("not_sent", _("The order has not been sent yet."), str(order.orderer))
    return time("not_your_turn", _("The order waits for somebody else first."))


def already(order: Order, decided: Approval | None = None) -> Reason:
    """Who was faster, and when: who decided, else who did the last thing that was done."""
    last = order.last_deed
    who = decided.decided_by if decided else last and last.person
    at = decided.decided_at if decided else last and last.at
    if not (who and at):
        return time("already_handled", _("Already handled by somebody else."))
    facts = {"who": who, "when": days.clocked(at)}
    return time("already_handled", _("Already handled by %(who)s %(when)s.") % facts)
