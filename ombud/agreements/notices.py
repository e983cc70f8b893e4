"""Who hears of what happens to an agreement, and why they do; guests get letters of their own."""

from django.utils import translation

from ombud.agreements.catalogue import AgreementTerms
from ombud.agreements.models import Agreement, Named
from ombud.lib import days
from ombud.people import holders
from ombud.people.models import Notice, Organisation, Person
from ombud.people.roles import Role
from ombud.people.settings import said


def to_review(agreement: Agreement, words: str) -> list[Notice]:
    """Every reviewer of the operator: it is their turn."""
    operator = agreement.operator
    return [
        one(agreement, person, operator, words, Role.REVIEWER, calls=words != "declined")
        for person in holders.of(operator, Role.REVIEWER)
    ]


def approved(agreement: Agreement) -> list[Notice]:
    """Each in the part that the application names; whoever has two hears of both. Whoever
    administers the organisation hears of those who come in with the signatures."""
    told = [(Named.Part.ADMINISTRATOR, "administrator"), (Named.Part.CONTACT, "contact")]
    here, why = agreement.organisation, Named.Part.ADMINISTRATOR
    assert here is not None
    later = [row for row in agreement.people if row.part in (why, Named.Part.CONTACT)]
    coming = list(dict.fromkeys(str(row) for row in later if row.person is None))
    return [
        *(
            one(agreement, person, here, words, part)
            for part, words in told
            for person in persons(agreement, part)
        ),
        *(
            one(agreement, who, here, "coming", why, coming=coming)
            for who in (holders.of(here, Role.ADMINISTRATOR) if coming else [])
        ),
    ]


def in_force(agreement: Agreement) -> list[Notice]:
    """Everybody has the paper; the administrator can give roles from now on."""
    told = [(Named.Part.ADMINISTRATOR, "in_force_roles"), (Named.Part.CONTACT, "in_force")]
    found = [
        one(agreement, person, agreement.organisation, words, part)
        for part, words in told
        for person in persons(agreement, part)
    ]
    operators = holders.of(agreement.operator, Role.REVIEWER)
    return [
        *once_each(found),
        *(one(agreement, who, agreement.operator, "in_force", "reviewer") for who in operators),
    ]


def lapsed(agreement: Agreement) -> list[Notice]:
    """The reviewer sends a new link; whoever administers the organisation hears why it waits."""
    here, why = agreement.organisation, Named.Part.ADMINISTRATOR
    assert here is not None
    administrators = holders.of(here, Role.ADMINISTRATOR)
    return [
        *to_review(agreement, "lapsed"),
        *(one(agreement, person, here, "lapsed", why) for person in administrators),
    ]


def once_each(found: list[Notice]) -> list[Notice]:
    """The administrator's letter says all that the contact person's says."""
    return list({notice.person_id: notice for notice in reversed(found)}.values())[::-1]


def terms(agreement: Agreement, row: AgreementTerms) -> list[Notice]:
    """Every contact person that the organisation has now, each in the own language."""
    assert agreement.organisation is not None
    found = []
    for person in holders.of(agreement.organisation, Role.CONTACT):
        with translation.override(person.language):
            more = {
                "version": row.version,
                "changes": said(row.read.changes),
                "burdening": row.read.burdening,
                "valid_on": days.plain(row.valid_from),
            }
        found.append(one(agreement, person, agreement.organisation, "terms", "contact", **more))
    return found


def persons(agreement: Agreement, part: str) -> list[Person]:
    found = [row.person for row in agreement.people if row.part == part and row.person]
    return list(dict.fromkeys(found))


def one(
    agreement: Agreement,
    person: Person,
    organisation: Organisation | None,
    words: str,
    why: str,
    *,
    calls: bool = False,
    **more,
) -> Notice:
    assert organisation is not None
    facts = {
        "customer": agreement.name,
        "operator": agreement.operator.name,
        "organisation": organisation.name,
        "side": agreement.side,
        "signatories": [str(row) for row in agreement.signatories],
        **more,
    }
    return Notice(
        person=person, organisation=organisation, words=words, why=why, calls=calls, data=facts
    )
