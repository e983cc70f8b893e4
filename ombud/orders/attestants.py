"""Who can be chosen to attest, and why the others of the organisation cannot."""

from typing import Any

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from ombud.lib.errors import Reason, against, time
from ombud.orders import methods
from ombud.orders.catalogue import Policy, Step
from ombud.orders.models import Order
from ombud.people import stand_ins
from ombud.people.actors import Actor
from ombud.people.models import Grant, Membership, Organisation, Person, StandIn
from ombud.people.roles import Role
from ombud.people.rules import administrator_of
from ombud.ui.pieces import Option

MOST_OTHERS = 20


def of(organisation: Organisation, chooser: Actor, scope: str = "") -> list[Option]:
    """Those who can first, by name, with who is away; the others with the reason."""
    holding = Grant.objects.holding(Role.ATTESTANT, organisation, scope).values("person")
    can = list(with_absence(holding, organisation))
    members = Membership.objects.current().filter(organisation=organisation).values("person")
    others = Person.objects.filter(pk__in=members, is_active=True).exclude(pk__in=holding)
    four_eyes = Policy.objects.of(organisation).at("agent_attest")
    return [
        *(one(person, chooser, four_eyes) for person in can),
        *(
            Option(person.username, str(person), barred=_("Lacks the role Attestant."))
            for person in others.order_by("sort_key")[:MOST_OTHERS]
        ),
    ]


def with_absence(holding, organisation: Organisation):
    """In the same statement: until when each is away now, and who stands in."""
    rows = StandIn.objects.current().filter(organisation=organisation)
    mine = rows.covering(Role.ATTESTANT).filter(instead_of=OuterRef("pk")).order_by("pk")
    name = Concat("person__given", Value(" "), "person__family")
    return (
        Person.objects.filter(pk__in=holding)
        .annotate(away_until=Subquery(mine.values("until_at")[:1]))
        .annotate(deputy=Subquery(mine.annotate(name=name).values("name")[:1]))
        .order_by("sort_key")
    )


def one(person: Any, chooser: Actor, four_eyes: str) -> Option:
    away = stand_ins.Away(person.away_until, person.deputy).words if person.deputy else ""
    if not is_same(person, chooser):
        return Option(person.username, str(person), hint=away)
    if four_eyes == "forbid":
        barred = _("Reviews the order; your organisation demands that another attests.")
        return Option(person.username, str(person), barred=barred)
    own = _("The same person: attests only by BankID.")
    if four_eyes == "reason":
        own = _("The same person: attests only by BankID, and says why.")
    return Option(person.username, str(person), hint=" ".join(filter(None, [own, away])))


def reasons(actor: Actor, order: Order, step: Step, username: str) -> list[Reason]:
    """What bars this one from being chosen."""
    organisation = order.party(step.party)
    holding = Grant.objects.holding(Role.ATTESTANT, organisation, scope_of(order, step))
    chosen = holding.select_related("person").filter(person__username=username).first()
    lacks = _("This person may not attest for %(organisation)s.") % {"organisation": organisation}
    another = _("Reviews the order; your organisation demands that another attests.")
    is_own = chosen is not None and is_same(chosen.person, actor)
    return against(
        (
            not step.chooses or chosen is None,
            time("not_attestant", lacks, administrator_of(organisation)),
        ),
        (
            is_own and Policy.objects.of(organisation).at("agent_attest") == "forbid",
            time("four_eyes", another),
        ),
    )


def scope_of(order: Order, step: Step) -> str:
    """Within what the one who is chosen in this step must hold the role."""
    return order.office_scope if step.party == "customer" else ""


def is_same(person: Person, actor: Actor) -> bool:
    """The same natural person, or whose place the actor takes."""
    faces = [face for face in (actor.person, actor.face) if face]
    return any(methods.same(face, person) for face in faces)
