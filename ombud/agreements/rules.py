"""Who may do what with an agreement, and why not."""

from datetime import date

from django.utils.translation import gettext as _

from ombud.agreements import papers
from ombud.agreements.catalogue import STANDINGS, AgreementTerms, earliest, reminders_of
from ombud.agreements.models import Agreement, Named, Qualification
from ombud.agreements.states import OPEN, State
from ombud.lib import clock, days
from ombud.lib.errors import Reason, against, any_of, right, time
from ombud.lib.names import masked
from ombud.people.actors import Actor
from ombud.people.models import Grant, Organisation, Standing
from ombud.people.roles import Kind, Role
from ombud.people.rules import administrator_of

BEFORE_APPROVAL = (State.SUBMITTED, State.NEEDS_COMPLETION)


def submit(actor: Actor, operator: Organisation, side: str = "", number: str = "") -> list[Reason]:
    """Anybody applies; one application and one agreement an organisation and side."""
    applied = open_application(side, number)
    return against(
        (
            has_agreement(side, number),
            time("has_agreement", _("You already have this agreement."), masked_of(number)),
        ),
        (
            applied,
            time(
                "applied_already",
                _("Somebody has already applied for this organisation."),
                masked_in(applied) if applied else "",
            ),
        ),
        (
            side and AgreementTerms.objects.newest(operator, side) is None,
            time("no_terms", _("This agreement cannot be applied for yet.")),
        ),
    )


def deliver(actor: Actor, agreement: Agreement, what: str = "", **given) -> list[Reason]:
    return not_applicant(actor, agreement) or against(
        (not agreement.is_agents, time("not_asked_for", _("A customer shows no papers."))),
        (agreement.state not in BEFORE_APPROVAL, decided(agreement)),
    )


def tick(actor: Actor, agreement: Agreement, what: str = "") -> list[Reason]:
    shown = [one for one in agreement.papers.all() if one.what == what]
    return not_reviewer(actor, agreement) or against(
        (not agreement.is_agents, time("not_asked_for", _("A customer shows no papers."))),
        (agreement.state != State.SUBMITTED, decided(agreement)),
        (
            what and not shown,
            time("not_shown", _("This paper has not come yet."), agreement.applicant["name"]),
        ),
        (shown and shown[0].is_too_old, too_old(shown[0] if shown else None)),
        (
            shown and shown[0].ticked_at,
            time("ticked_already", _("This paper has been ticked already.")),
        ),
    )


def ask(actor: Actor, agreement: Agreement) -> list[Reason]:
    return reviews(actor, agreement)


def complete(actor: Actor, agreement: Agreement) -> list[Reason]:
    return not_applicant(actor, agreement) or against(
        (
            agreement.state == State.SUBMITTED,
            time("not_asked", _("Nothing is asked for: the application is under review.")),
        ),
        (agreement.state not in BEFORE_APPROVAL, decided(agreement)),
    )


def approve(actor: Actor, agreement: Agreement) -> list[Reason]:
    return reviews(actor, agreement) or [
        *against(
            (
                has_agreement(agreement.side, agreement.number),
                time("has_agreement", _("The organisation has this agreement already.")),
            ),
            (
                AgreementTerms.objects.newest(agreement.operator, agreement.side) is None,
                time("no_terms", _("There are no terms for this agreement yet.")),
            ),
        ),
        *(lacking_papers(agreement) if agreement.is_agents else []),
    ]


def lacking_papers(agreement: Agreement) -> list[Reason]:
    """What of an agent's papers has not come, is too old by now, or has not been ticked."""
    shown = {one.what: one for one in agreement.papers.all()}
    found = []
    for what, label in Qualification.What.choices:
        paper = shown.get(what)
        if paper is None:
            text = _("Missing: %(paper)s.") % {"paper": label}
            found.append(time("paper_missing", text, agreement.applicant["name"]))
        elif paper.is_too_old:
            found.append(too_old(paper))
        elif paper.ticked_at is None:
            found.append(time("not_ticked", _("Not ticked yet: %(paper)s.") % {"paper": label}))
    return found


def reject(actor: Actor, agreement: Agreement) -> list[Reason]:
    return not_reviewer(actor, agreement) or against(
        (agreement.state not in OPEN, decided(agreement)),
    )


def sign(actor: Actor, agreement: Agreement, signature=None) -> list[Reason]:
    """Only whom the link was sent to, and once; the e-ID tells whether it is the same person."""
    mine = agreement.signatory_of(actor)
    return signs(mine) or [
        *not_awaiting(agreement, mine),
        *run_out(mine, signature),
        *stale(agreement, signature),
    ]


def decline(actor: Actor, agreement: Agreement) -> list[Reason]:
    mine = agreement.signatory_of(actor)
    return signs(mine) or [*not_awaiting(agreement, mine), *run_out(mine)]


def resend(
    actor: Actor, agreement: Agreement, signatory: int | None = None, **given
) -> list[Reason]:
    """The operator's reviewer, or the organisation's own administrator."""
    here = agreement.organisation
    own = actor.holds(Role.ADMINISTRATOR, here) if here else False
    meant = [one for one in agreement.signatories if one.pk == signatory]
    return any_of(
        not_reviewer(actor, agreement), [] if own else [not_administrator(agreement)]
    ) or against(
        (agreement.state in BEFORE_APPROVAL, not_approved()),
        (agreement.state in (State.ACTIVE, State.REJECTED), decided(agreement)),
        (
            signatory is not None and not meant,
            time("no_such_signatory", _("The agreement names no such signatory.")),
        ),
        (
            meant and meant[0].signed_at,
            time("signed_already", _("This signatory has signed already.")),
        ),
    )


def replace(
    actor: Actor, agreement: Agreement, signatory: int | None = None, **given
) -> list[Reason]:
    """As sending a new link; to somebody whom the agreement does not name as signatory yet."""
    number = given.get("personal_number") or ""
    others = [one for one in agreement.signatories if one.pk != signatory]
    is_named = number and any(one.personal_number == number for one in others)
    return [
        *resend(actor, agreement, signatory),
        *against(
            (is_named, time("named_already", _("This person is named as signatory already."))),
        ),
    ]


def remind(actor: Actor, agreement: Agreement, signatory: int | None = None) -> list[Reason]:
    """By the house alone, as often as the operator has said, and not of what is done."""
    meant = [one for one in agreement.signatories if one.pk == signatory and one.is_waited_for]
    is_due = meant and meant[0].reminders_due(reminders_of(agreement.operator)) > meant[0].reminded
    return against(
        (
            actor.person or actor.guest,
            right("not_the_system", _("The house itself reminds.")),
        ),
        (
            agreement.state != State.AWAITING_SIGNATURE or not is_due,
            time("not_due", _("The time has not come.")),
        ),
    )


def lapse(actor: Actor, agreement: Agreement) -> list[Reason]:
    """By the house alone, once, when nobody can sign any more before a new link is sent."""
    reviewer = agreement.case.turn_set.filter(role=Role.REVIEWER, until=None)
    return against(
        (
            actor.person or actor.guest,
            right("not_the_system", _("The house itself tells that a link has run out.")),
        ),
        (not agreement.has_lapsed, time("not_due", _("The time has not come."))),
        (reviewer.exists(), time("told_already", _("The reviewer has been told already."))),
    )


def set_signing_reminders(actor: Actor, operator: Organisation, **given) -> list[Reason]:
    return not_catalogue_admin(actor, operator)


def not_catalogue_admin(actor: Actor, operator: Organisation) -> list[Reason]:
    text = _("Only the operator's catalogue administrator does this.")
    held = actor.holds(Role.CATALOGUE, operator)
    return against((not held, right("not_catalogue_admin", text)))


def note(actor: Actor, agreement: Agreement) -> list[Reason]:
    reads = actor.holds(Role.REVIEWER, agreement.operator)
    reads = reads or actor.holds(Role.CASE_HANDLER, agreement.operator)
    text = _("Only %(operator)s writes inner notes here.") % {"operator": agreement.operator}
    return against((not reads, right("not_operator", text)))


def announce(
    actor: Actor,
    operator: Organisation,
    burdening: bool = False,
    valid_on: str = "",
    **given,
) -> list[Reason]:
    first = earliest(burdening)
    text = _("It may hold from %(day)s at the earliest.") % {"day": days.plain(first)}
    return [
        *not_catalogue_admin(actor, operator),
        *against((valid_on and date.fromisoformat(valid_on) < first, time("too_soon", text))),
    ]


def tell_terms(actor: Actor, agreement: Agreement, version: int = 0) -> list[Reason]:
    """Once a version, to those who have signed; the house itself tells."""
    told = agreement.case.events.filter(verb="agreement.terms_announced", data__version=version)
    return against(
        (
            actor.person or actor.guest,
            right("not_the_system", _("The house itself tells of new terms.")),
        ),
        (agreement.state != State.ACTIVE, time("not_signed", _("The agreement is not signed."))),
        (
            agreement.terms and agreement.terms.version >= version,
            time("signed_under_it", _("The agreement was made under these terms.")),
        ),
        (told.exists(), time("told_already", _("This version has been told of already."))),
    )


# Shared doubts


def reviews(actor: Actor, agreement: Agreement) -> list[Reason]:
    waits = agreement.state == State.NEEDS_COMPLETION
    return not_reviewer(actor, agreement) or against(
        (
            waits,
            time(
                "not_your_turn",
                _("The application waits to be completed."),
                agreement.applicant["name"],
            ),
        ),
        (not waits and agreement.state != State.SUBMITTED, decided(agreement)),
    )


def not_reviewer(actor: Actor, agreement: Agreement) -> list[Reason]:
    operator = agreement.operator
    text = _("Only a reviewer at %(operator)s decides here.") % {"operator": operator}
    return against(
        (
            not actor.holds(Role.REVIEWER, operator),
            right("not_reviewer", text, administrator_of(operator)),
        ),
    )


def not_administrator(agreement: Agreement) -> Reason:
    text = _("Only a reviewer, or the organisation's administrator, sends the link again.")
    return right("not_administrator", text, administrator_of(agreement.organisation))


def not_applicant(actor: Actor, agreement: Agreement) -> list[Reason]:
    """Whoever applied acts by the secret link alone."""
    passes = agreement.case.pass_set.unrevoked().current()
    passes = passes.filter(pk=actor.guest or 0, purpose="status")
    return against(
        (
            actor.guest is None or not passes.exists(),
            right("not_applicant", _("Only whoever applied does this.")),
        ),
    )


def signs(mine: Named | None) -> list[Reason]:
    return against(
        (
            mine is None,
            right(
                "not_signatory",
                _("Only whom the agreement names as signatory signs, by the link sent there."),
            ),
        ),
    )


def not_awaiting(agreement: Agreement, mine: Named | None) -> list[Reason]:
    assert mine is not None
    can = agreement.state == State.AWAITING_SIGNATURE
    return against(
        (mine.signed_at, time("signed_already", _("You have signed the agreement already."))),
        (
            mine.declined_at,
            time("declined_already", _("You have declined to sign. Ask for a new link."), ""),
        ),
        (not can and not mine.signed_at and not mine.declined_at, decided(agreement)),
    )


def run_out(mine: Named | None, signature=None) -> list[Reason]:
    """Whoever began to sign while the link held was in time, however slow the app is."""
    assert mine is not None and mine.guest is not None
    asked_at, until_at = signature.begun_at if signature else clock.now(), mine.guest.until_at
    text = _("The link has run out. Ask for a new one.")
    return against((until_at and until_at <= asked_at, time("link_run_out", text)))


def stale(agreement: Agreement, signature) -> list[Reason]:
    """A signature covers what was shown: changed in between, it counts for nothing."""

    def render():
        return papers.text(agreement), papers.facts(agreement)

    changed = signature is not None and not signature.is_of(render)
    text = _("The agreement has changed since it was shown. Read it again and sign anew.")
    return against((changed, time("stale", text)))


def too_old(paper: Qualification | None) -> Reason:
    text = _("%(paper)s is older than three months.") % {"paper": paper}
    return time("paper_too_old", text)


def not_approved() -> Reason:
    return time("not_approved", _("The application has not been approved yet."))


def decided(agreement: Agreement) -> Reason:
    """Who was faster, and when."""
    last = agreement.case.events.filter(person__isnull=False).exclude(verb="agreement.noted")
    event = last.select_related("person").last()
    if agreement.state in BEFORE_APPROVAL:
        return not_approved()
    if agreement.state == State.ACTIVE:
        return time("in_force", _("The agreement has been signed, and is in force."))
    if event is None:
        return time("already_handled", _("Already handled by somebody else."))
    facts = {"who": event.person, "when": days.clocked(event.at)}
    return time("already_handled", _("Already handled by %(who)s %(when)s.") % facts)


# What an applicant may be told


def has_agreement(side: str, number: str) -> bool:
    """A current one. One that has ended, or an older one, stands in nobody's way."""
    held = Standing.objects.current().filter(organisation__number=number)
    return bool(side) and held.filter(what=STANDINGS[side]).exists()


def open_application(side: str, number: str) -> Agreement | None:
    return Agreement.objects.filter(side=side, number=number, state__in=OPEN).first()


def masked_of(number: str) -> str:
    """The administrator, masked, and no more than one."""
    organisation = Organisation.objects.filter(number=number).first()
    if organisation is None:
        return ""
    holding = Grant.objects.holding(Role.ADMINISTRATOR, organisation).select_related("person")
    first = holding.order_by("pk").first()
    return masked(str(first.person)) if first else _("customer service")


def masked_in(agreement: Agreement) -> str:
    rows = [one for one in agreement.people if one.part == Named.Part.ADMINISTRATOR]
    return masked(str(rows[0])) if rows else _("customer service")


def side_of(raw: str) -> str | None:
    return raw if raw in (Kind.CUSTOMER, Kind.AGENT) else None
