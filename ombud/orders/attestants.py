"""Who can be chosen to attest, and why the others of the organisation cannot."""

from django.utils.translation import gettext as _

from ombud.orders import methods
from ombud.orders.catalogue import Policy
from ombud.people.actors import Actor
from ombud.people.models import Grant, Membership, Organisation, Person
from ombud.people.roles import Role
from ombud.ui.pieces import Option

MOST_OTHERS = 20


def of(organisation: Organisation, chooser: Actor) -> list[Option]:
    """Those who can first, by name; the others with the reason."""
    holding = Grant.objects.holding(Role.ATTESTANT, organisation).values("person")
    can = list(Person.objects.filter(pk__in=holding).order_by("sort_key"))
    members = Membership.objects.current().filter(organisation=organisation).values("person")
    others = Person.objects.filter(pk__in=members, is_active=True).exclude(pk__in=holding)
    four_eyes = Policy.objects.of(organisation).four_eyes
    return [
        *(one(person, chooser, four_eyes) for person in can),
        *(
            Option(person.username, str(person), barred=_("Lacks the role Attestant."))
            for person in others.order_by("sort_key")[:MOST_OTHERS]
        ),
    ]


def one(person: Person, chooser: Actor, four_eyes: bool) -> Option:
    faces = [face for face in (chooser.person, chooser.face) if face]
    if not any(methods.same(face, person) for face in faces):
        return Option(person.username, str(person))
    if four_eyes:
        barred = _("Reviews the order; your organisation demands that another attests.")
        return Option(person.username, str(person), barred=barred)
    return Option(person.username, str(person), hint=_("The same person: attests only by BankID."))
