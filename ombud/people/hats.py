"""Which organisation a person acts for: one person, several hats, one worn at a time."""

from ombud.lib import clock, counts, rows
from ombud.people import wardrobe
from ombud.people.models import Membership, Organisation, Person
from ombud.people.terms import CURRENT

CHOSEN = "organisation"
MOST = counts.CAP + 1

# What stands beside each membership m: the organisation o, how many notices are unread, the roles.
BESIDE = f"""{rows.columns(Membership, "m")}, {rows.columns(Organisation, "o")},
  (SELECT count(*) FROM (SELECT 1 FROM people_notice n
    WHERE n.person_id = m.person_id AND n.organisation_id = m.organisation_id
      AND n.read_at IS NULL AND n.over_at IS NULL LIMIT {MOST}) told), {wardrobe.HELD}"""
WORN = f"""SELECT {BESIDE}
FROM people_membership m JOIN people_organisation o ON o.id = m.organisation_id
WHERE m.person_id = %(person)s AND {CURRENT.format("m")} ORDER BY o.sort_key"""


def of(person: Person) -> list[Membership]:
    """The person's memberships by name, each with the number of its `unread` notices and its
    `wardrobe`."""
    values = {"person": person.pk, "now": clock.now()}
    return [as_hat(row, person) for row in rows.asked(WORN, values)]


def as_hat(row: tuple, person: Person) -> Membership:
    """The membership, out of what BESIDE has found."""
    width = rows.width(Membership)
    hat = rows.made(Membership, row[:width])
    hat.organisation = rows.made(Organisation, row[width:-2])
    hat.unread, held = row[-2:]
    hat.wardrobe = wardrobe.of_held(held, person)
    return hat


def ring_less(worn: list[Membership], organisation_id: int | None, number: int) -> None:
    """So many notices have been read since the hats were looked up."""
    for row in worn:
        if row.organisation_id == organisation_id:
            row.unread = max(0, row.unread - number)


def chosen(worn: list[Membership], organisation_id: int | None) -> Membership | None:
    """The chosen one while it lasts, else the first by name."""
    kept = (row for row in worn if row.organisation_id == organisation_id)
    return next(kept, worn[0] if worn else None)


def numbered(worn: list[Membership], number: str) -> Membership | None:
    """The hat of the organisation with this number, however it is written."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return next((row for row in worn if row.organisation.number == digits), None)
