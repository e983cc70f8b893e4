"""Who hears of what happens to an information request, and why they do."""

from ombud.inquiries.models import Inquiry
from ombud.lib import phones
from ombud.people import holders
from ombud.people.models import Notice, Person
from ombud.people.roles import Role


def told(inquiry: Inquiry, words: str, **more) -> list[Notice]:
    """Whoever started it, or everybody who works on cases, as the portal has chosen."""
    return [one(inquiry, person, words, **more) for person in readers(inquiry)]


def readers(inquiry: Inquiry) -> list[Person]:
    everybody = holders.of(inquiry.portal, Role.CASE_HANDLER)
    starter = [person for person in everybody if person.pk == inquiry.starter_id]
    is_wide = inquiry.pace is None or inquiry.goes_by.told == "everybody"
    return everybody if is_wide or not starter else starter


def one(inquiry: Inquiry, person: Person, words: str, **more) -> Notice:
    facts = {
        "organisation": inquiry.portal.name,
        "reference": inquiry.number_told,
        "customer": inquiry.name,
        "mobile": phones.national(inquiry.mobile),
        "outcome": inquiry.outcome,
        **more,
    }
    return Notice(
        person=person,
        organisation=inquiry.portal,
        words=words,
        why=Role.CASE_HANDLER,
        calls=False,
        data=facts,
    )
