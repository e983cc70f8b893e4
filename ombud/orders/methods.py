"""How a step may be signed, by whom, and what bars a way of signing."""

from datetime import timedelta
from typing import Protocol

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from ombud.lib import clock, phones
from ombud.lib.errors import Reason, against, right, time
from ombud.orders.catalogue import Policy, Step
from ombud.orders.models import Order
from ombud.people.actors import Actor
from ombud.people.models import Grant, Organisation, Person
from ombud.people.rules import administrator_of

SETTLED = timedelta(hours=24)
NAMED = 3


class OnRoad(Protocol):
    """What is decided step by step: an order, an engagement."""

    @property
    def step(self) -> Step | None: ...

    def scope_of(self, step: Step) -> str: ...

    def party(self, part: str) -> Organisation: ...

    def preparers(self, step: Step) -> set[Person]: ...


def of(actor: Actor, order: OnRoad) -> dict[str, list[Reason]]:
    """The ways that the present step knows, each with what bars it for the actor."""
    step = order.step
    if step is None or actor.person is None:
        return {}
    bars = {"bankid": against_bankid(actor.person), "sms": against_sms(actor, order, step)}
    return {method: bars[method] for method in step.methods}


def against_bankid(person: Person) -> list[Reason]:
    return against(
        (
            not person.personal_index,
            time("no_personal_number", _("Your account is not tied to a BankID yet.")),
        ),
    )


def against_sms(actor: Actor, order: OnRoad, step: Step) -> list[Reason]:
    person = actor.person
    assert person is not None
    since = person.phone_set_at
    return against(
        (
            same_person(actor, order, step),
            time(
                "same_person",
                _("Who prepared this attests it only by BankID: a fresh proof of who acts."),
            ),
        ),
        (
            not person.phone or not phones.is_mobile(person.phone),
            time("no_mobile", _("You have no mobile number in your profile.")),
        ),
        (
            since and since > clock.now() - SETTLED,
            time("new_mobile", _("Your mobile number was changed less than 24 hours ago.")),
        ),
    )


def four_eyes(actor: Actor, order: OnRoad, step: Step, alone: str | None = None) -> list[Reason]:
    """Under four eyes nobody decides on what the same natural person prepared; or only with a
    reason. `alone` is that reason, where the deed is about to be done."""
    policy = policy_for(actor, order, step)
    demands = _("%(organisation)s demands four eyes: another attestant decides.")
    asks = _("Say in at least 10 characters why you decide alone on what you prepared yourself.")
    return against(
        (
            policy == "forbid",
            right(
                "four_eyes",
                demands % {"organisation": order.party(step.party)},
                others(order, step),
            ),
        ),
        (
            policy == "reason" and alone is not None and len(alone.strip()) < 10,
            time("reason_needed", asks),
        ),
    )


def against_alone(order: Order) -> list[Reason]:
    """Under four eyes somebody else than who ordered must hold the role that attests."""
    found = []
    for step in order.steps:
        whose = order.customer if step.party == "customer" and step.who == "role" else None
        barred = order.barred_from(step) if whose else []
        if not (whose and barred):
            continue
        holding = Grant.objects.holding(step.role, whose, order.scope_of(step))
        if not holding.exclude(person__in=barred).exists():
            text = _("%(organisation)s demands four eyes, and nobody else than who orders attests.")
            who = administrator_of(whose)
            found.append(time("four_eyes_alone", text % {"organisation": whose}, who))
    return found


def policy_for(actor: Actor, order: OnRoad, step: Step) -> str:
    """What the organisation says to the actor; nothing is asked of who has prepared nothing."""
    if not same_person(actor, order, step):
        return "allow"
    return Policy.objects.of(order.party(step.party)).at(step.state)


def others(order: OnRoad, step: Step) -> str:
    """Who else can decide, by name; who gives the role where there is nobody."""
    return _others(order, step)


def names_of_others(order: OnRoad, step: Step) -> str:
    organisation = order.party(step.party)
    prepared = {person.pk for person in order.preparers(step)}
    holding = Grant.objects.holding(step.role, organisation, order.scope_of(step))
    able = Person.objects.filter(pk__in=holding.values("person")).exclude(pk__in=prepared)
    names = [str(person) for person in able.order_by("sort_key")[:NAMED]]
    return ", ".join(names) or str(administrator_of(organisation))


_others = lazy(names_of_others, str)  # looked up when it is read: most reasons are never shown


def same_person(actor: Actor, order: OnRoad, step: Step) -> bool:
    """Whether the actor, as a natural person, prepared what is now decided; or whoever's place
    the actor takes."""
    faces = [face for face in (actor.person, actor.face) if face]
    return any(same(face, other) for face in faces for other in order.preparers(step))


def same(one: Person, other: Person) -> bool:
    """The same account, or the same personal number behind two accounts."""
    return one == other or bool(one.personal_index and one.personal_index == other.personal_index)


def not_open_here() -> Reason:
    return time("method", _("This way of signing is not open here."))
