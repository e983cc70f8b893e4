"""Putting down what an application says: whom it names, what it shows, what becomes of both."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext as _

from ombud.agreements import letters, papers
from ombud.agreements.catalogue import AgreementTerms
from ombud.agreements.models import APPLICANT, CIRCLES, Agreement, Named, Qualification
from ombud.agreements.states import State
from ombud.cases import files
from ombud.cases.models import CASE, Case, Document
from ombud.lib import clock
from ombud.lib.errors import misshapen
from ombud.people import steps
from ombud.people.models import Grant, Membership, Organisation, Person, Standing
from ombud.people.roles import Role

REVIEW_DAYS = timedelta(days=14)
ROLES = {Named.Part.ADMINISTRATOR: Role.ADMINISTRATOR, Named.Part.CONTACT: Role.CONTACT}
PLAIN = ("name", "category", "email", "phone", "mode")


def open_case(operator: Organisation, side: str, typed: dict) -> Agreement:
    """The case of an application, which the operator sees from the first moment."""
    case = Case.objects.begin(Case.Kind.AGREEMENT, called(side, typed["name"]), operator)
    case.is_held = True
    case.admit(operator, "operator", CIRCLES["operator"])
    plain = {name: typed[name] for name in (*PLAIN, "number", "language", "applicant")}
    return Agreement.objects.create(case=case, side=side, operator=operator, **plain)


def called(side: str, name: str) -> dict[str, str]:
    """What the case is called in each language that the house speaks."""
    found = {}
    for language, _named in settings.LANGUAGES:
        with translation.override(language):
            found[language] = f"{papers.title_of(side)}: {name}"[:200]
    return found


def name_people(agreement: Agreement, typed: dict) -> None:
    """Whom the application names. A completion that leaves a personal number blank keeps it."""
    before = {(one.part, one.email): one.personal_number for one in agreement.people}
    agreement.named.all().delete()
    agreement.forget()
    for part, field, given in told(typed):
        row = Named(agreement=agreement, part=part, **{n: given[n] for n in NAMES})
        number = given["personal_number"] or before.get((part, row.email), "")
        if not number and part != Named.Part.CONTACT:
            raise misshapen(**{f"{field}.personal_number": needed()})
        row.set_personal_number(number)
        row.save()


NAMES = ("given", "family", "email", "phone")


def told(typed: dict) -> list[tuple[str, str, dict]]:
    """Everybody named, each with the part and the field; whoever is given twice counts once."""
    rows = [
        (str(Named.Part.ADMINISTRATOR), "administrator", typed["administrator"]),
        *(
            (str(Named.Part.SIGNATORY), f"signatories.{n}", one)
            for n, one in enumerate(typed["signatories"])
        ),
        *(
            (str(Named.Part.CONTACT), f"contacts.{n}", one)
            for n, one in enumerate(typed["contacts"])
        ),
    ]
    return list({(part, identity(one)): (part, at, one) for part, at, one in rows}.values())


def identity(one: dict) -> str:
    return one["personal_number"] or one["email"].lower()


def needed() -> str:
    return _("Needed: without it BankID cannot tell who it is.")


def correct(agreement: Agreement, typed: dict) -> None:
    for name in PLAIN:
        setattr(agreement, name, typed[name])
    agreement.save(update_fields=[*PLAIN])
    name_people(agreement, typed)


def await_review(agreement: Agreement) -> None:
    due_at = clock.now() + REVIEW_DAYS
    agreement.case.wait_for(agreement.operator, Role.REVIEWER, due_at=due_at)


def show(agreement: Agreement, what: str, document: str | None, **given) -> Qualification:
    """A paper in place of the one before it, which no longer counts."""
    file = put_in_place(agreement, document) if document else None
    paper, _new = Qualification.objects.update_or_create(
        agreement=agreement,
        what=what,
        defaults={
            "document": file,
            "shown_at": clock.now(),
            "ticked_at": None,
            "ticked_by": None,
            **given,
        },
    )
    return paper


def put_in_place(agreement: Agreement, key: str) -> Document:
    """A file that a guest has handed in by a link to this agreement, and that lies loose yet."""
    loose = Document.objects.loose().filter(key=key, case=agreement.case, person=None)
    document = loose.select_for_update(no_key=True).first()
    if document is None:
        raise misshapen(document=_("This file is not there. Give it again."))
    document.circle, document.loose_at = APPLICANT, None
    document.save(update_fields=["circle", "loose_at"])
    return document


def draw_up(agreement: Agreement, *, by) -> None:
    """Pin the terms and set the paper that is to be signed: some milliseconds, within the deed,
    since what is approved and what is signed must be one."""
    newest = AgreementTerms.objects.newest(agreement.operator, agreement.side)
    agreement.terms, agreement.approved_at = newest, clock.now()
    content = papers.typeset(agreement)
    name = f"{papers.title_of(agreement.side)} {agreement.case.number}.pdf"
    agreement.paper = files.put(
        ContentFile(content, name), "application/pdf", agreement.case, CASE, by=by
    )
    agreement.save(update_fields=["terms", "approved_at", "paper"])


def found(agreement: Agreement) -> Organisation:
    """The organisation, which may be known on the other side already: then it stays as it is until
    the agreement is signed."""
    known = agreement.known
    if known is None:
        known = Organisation.begin(
            agreement.name, agreement.number, agreement.side, portal=agreement.operator
        )
    known = Organisation.objects.locked(known)
    if not is_somebodys(known):
        become(agreement, known)
    return known


def is_somebodys(organisation: Organisation) -> bool:
    """Whether it has been more than an application: somebody belongs to it, or has signed."""
    members = Membership.objects.current().filter(organisation=organisation)
    return members.exists() or Standing.objects.is_signed(organisation)


def become(agreement: Agreement, organisation: Organisation) -> None:
    """The organisation is what the application says of it."""
    if agreement.side not in organisation.kinds:
        organisation.kinds = [*organisation.kinds, agreement.side]
    organisation.category = agreement.category or organisation.category
    organisation.email, organisation.phone = agreement.email, agreement.phone
    organisation.save(update_fields=["kinds", "category", "email", "phone"])


def admit(agreement: Agreement, *, by) -> None:
    """The organisation becomes party, and whom it names to log in can; nobody has a role to give
    others before the agreement is signed. Where the organisation is somebody's already, whoever
    does not belong there comes in when this one is signed: an application alone lets nobody in."""
    organisation = agreement.organisation
    assert organisation is not None
    agreement.case.admit(organisation, "agreement", CIRCLES["agreement"])
    agreement.case.admit(organisation, agreement.side, CIRCLES["party"])
    waits = [one.pk for one in agreement.people if comes_later(one, organisation)]
    let_in(agreement, [one for one in agreement.people if one.pk not in waits], by=by)


def comes_later(one: Named, organisation: Organisation) -> bool:
    """A new administrator, or somebody who does not belong there, where it is somebody's."""
    if Named.Part(one.part) not in ROLES or not is_somebodys(organisation):
        return False
    same = Person.objects.known_by(one.personal_number, one.email, organisation)
    if same is None:
        return True
    if one.part == Named.Part.ADMINISTRATOR:
        held = Grant.objects.holding(Role.ADMINISTRATOR, organisation)
        return not held.filter(person=same).exists()
    belongs = Membership.objects.current().filter(organisation=organisation, person=same)
    return not belongs.exists()


def let_in(agreement: Agreement, people: list[Named], *, by) -> None:
    organisation = agreement.organisation
    assert organisation is not None
    for one in people:
        if role := ROLES.get(Named.Part(one.part)):
            known = {name: getattr(one, name) for name in (*NAMES, "personal_number")}
            one.person = steps.let_in(
                organisation, role, by=by, language=agreement.language, **known
            )
            one.save(update_fields=["person"])


def hand_over(before: Person, after: Person, organisation: Organisation) -> None:
    """Whom an agreement names goes on with another account."""
    named = Named.objects.filter(person=before, agreement__organisation=organisation)
    named.update(person=after)


def ask_to_sign(agreement: Agreement) -> None:
    for one in agreement.signatories:
        letters.to_sign(agreement, one)
    await_signature(agreement)


def await_signature(agreement: Agreement) -> None:
    """The signatories have the ball, unless one is left without a link that another waits for."""
    if agreement.state != State.AWAITING_SIGNATURE or agreement.has_lapsed:
        return
    due_at = clock.now() + letters.SIGNING_LIFE
    agreement.case.wait_for(agreement.organisation, "signatory", due_at=due_at)


def replace(agreement: Agreement, one: Named, given: dict) -> Named:
    """Somebody else signs in this one's place, whose link is dead."""
    if one.guest:
        agreement.case.pass_set.filter(pk=one.guest.pk).revoke()
    one.delete()
    new = Named(agreement=agreement, part=Named.Part.SIGNATORY, **{n: given[n] for n in NAMES})
    new.set_personal_number(given["personal_number"])
    new.save()
    agreement.forget()
    agreement.case.is_stirred = True
    return new


def redraw(agreement: Agreement, *, by) -> list[Named]:
    """Set the paper anew, under the same terms. Whoever signed the one before signs this one too: a
    signature covers what was shown, and no more. Those are told."""
    name = f"{papers.title_of(agreement.side)} {agreement.case.number}.pdf"
    content = ContentFile(papers.typeset(agreement), name)
    agreement.paper = files.put(content, "application/pdf", agreement.case, CASE, by=by)
    agreement.save(update_fields=["paper"])
    again = [one for one in agreement.signatories if one.signed_at]
    for one in again:
        one.signed_at, one.signature = None, None
        one.save(update_fields=["signed_at", "signature"])
        letters.to_sign(agreement, one, "sign_anew")
    return again


def close_links(agreement: Agreement) -> None:
    """Nobody signs any more."""
    agreement.case.pass_set.filter(purpose=letters.SIGN).revoke()
    agreement.case.is_stirred = True


def withdraw(agreement: Agreement, *, by) -> None:
    """An approved application that was rejected in the end: whom it alone let in goes again."""
    close_links(agreement)
    organisation = agreement.organisation
    for one in agreement.people:
        role = ROLES.get(Named.Part(one.part))
        if organisation and role and one.person and (since := let_in_at(agreement, one)):
            steps.let_out(organisation, one.person, role, since=since, by=by)


def let_in_at(agreement: Agreement, one: Named) -> datetime | None:
    """When this person first was let in for this part; None where another agreement of the
    organisation names the person so, and holds or may come to hold."""
    named = Named.objects.filter(
        part=one.part, person=one.person, agreement__organisation=agreement.organisation
    ).select_related("agreement")
    approved = [row.agreement for row in named.order_by("agreement__approved_at")]
    others = [row for row in approved if row != agreement and row.state != State.REJECTED]
    return None if others else approved[0].approved_at


def await_completion(agreement: Agreement) -> None:
    """Whoever applied has the ball, and has only a link."""
    last = agreement.case.pass_set.unrevoked().filter(purpose=letters.STATUS).last()
    assert last is not None, "an application has a link from its first moment"
    agreement.case.wait_for_guest(last, "applicant")


def await_reviewer(agreement: Agreement) -> None:
    """Nobody is left who would sign: the reviewer sends a new link, or ends it."""
    agreement.case.wait_for(agreement.operator, Role.REVIEWER)


def put_in_force(agreement: Agreement, *, by) -> Organisation:
    """Signed by all who must: the agreement holds, and everybody has the paper."""
    assert agreement.organisation is not None
    agreement.organisation = Organisation.objects.locked(agreement.organisation)
    become(agreement, agreement.organisation)
    let_in(agreement, [one for one in agreement.people if one.person is None], by=by)
    agreement.active_at = clock.now()
    agreement.save(update_fields=["active_at"])
    agreement.become(State.ACTIVE)
    for one in agreement.signatories:
        letters.to_keep(agreement, one)
    letters.to_applicant(agreement, "in_force")
    return agreement.organisation
