"""Which organisation a person acts for: one person, several hats, one worn at a time."""

from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

from ombud.people.models import Membership, Organisation, Person

CHOSEN = "organisation"
MOST = 101  # counts stop at 100: "100+"

UNREAD = """(SELECT count(*) FROM (SELECT 1 FROM people_notice n
    WHERE n.person_id = people_membership.person_id
      AND n.organisation_id = people_membership.organisation_id
      AND n.read_at IS NULL AND n.over_at IS NULL LIMIT %s) told)"""


def of(person: Person) -> list[Membership]:
    """The person's memberships by name, each with the number of its `unread` notices."""
    rows = Membership.objects.current().filter(person=person).select_related("organisation")
    counted = rows.annotate(unread=RawSQL(UNREAD, [MOST], output_field=IntegerField()))
    return list(counted.order_by("organisation__sort_key"))


def wears(person: Person, organisation: Organisation) -> bool:
    return Membership.objects.current().filter(person=person, organisation=organisation).exists()


def chosen(worn: list[Membership], organisation_id: int | None) -> Membership | None:
    """The chosen one while it lasts, else the first by name."""
    kept = (row for row in worn if row.organisation_id == organisation_id)
    return next(kept, worn[0] if worn else None)


def numbered(worn: list[Membership], number: str) -> Membership | None:
    """The hat of the organisation with this number, however it is written."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return next((row for row in worn if row.organisation.number == digits), None)
