"""Which organisation a person acts for: one person, several hats, one worn at a time."""

from ombud.people.models import Membership, Organisation, Person

CHOSEN = "organisation"


def of(person: Person) -> list[Membership]:
    rows = Membership.objects.current().filter(person=person).select_related("organisation")
    return list(rows.order_by("organisation__sort_key"))


def wears(person: Person, organisation: Organisation) -> bool:
    return Membership.objects.current().filter(person=person, organisation=organisation).exists()


def chosen(person: Person, organisation_id: int | None) -> Membership | None:
    """The chosen one while it lasts, else the first by name."""
    worn = of(person)
    kept = (row for row in worn if row.organisation_id == organisation_id)
    return next(kept, worn[0] if worn else None)
