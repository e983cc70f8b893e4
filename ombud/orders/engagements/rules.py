"""Who may do what with an engagement, and why not."""

from django.utils.translation import gettext as _

from ombud.lib import days
from ombud.lib.errors import Reason, against, any_of, right, time
from ombud.orders import methods
from ombud.orders.engagements import papers
from ombud.orders.engagements.catalogue import Published, published, through_agents
from ombud.orders.engagements.models import AGENT, Engagement
from ombud.orders.engagements.states import LIVE, OPEN, State
from ombud.people.actors import Actor
from ombud.people.models import Grant, Organisation, Standing
from ombud.people.roles import Kind, Role
from ombud.people.rules import administrator_of, lacks


def apply_for_engagement(
    actor: Actor, service: str = "", terms_version: int | None = None, **given
) -> list[Reason]:
    """An agent with an agreement and an attestant, once a service."""
    here = actor.organisation
    barred = not_orderer(actor, here)
    if barred or here is None:
        return barred
    known = published(here, service)
    return [
        *filter(None, [no_agreement(here), no_attestant(here)]),
        *not_published(known, service),
        *(held_already(here, service) if known.service else []),
        *(not_through_agents(here, service) if known.service else []),
        *against(
            (
                known.terms and terms_version not in (None, known.terms.version),
                time("terms_changed", _("The terms have a new version. Read it before you send.")),
            ),
        ),
    ]


def approve(actor: Actor, engagement: Engagement) -> list[Reason]:
    """The operator's reviewer; and the agent must still have an agreement."""
    return reviews(actor, engagement) or [*filter(None, [no_agreement(engagement.agent)])]


def ask(actor: Actor, engagement: Engagement) -> list[Reason]:
    return reviews(actor, engagement)


def complete(actor: Actor, engagement: Engagement) -> list[Reason]:
    return not_orderer(actor, engagement.agent) or against(
        (
            engagement.state == State.OPERATOR_REVIEW,
            time("not_asked", _("Nothing is asked for: the application is under review.")),
        ),
        (
            engagement.state not in (State.OPERATOR_REVIEW, State.NEEDS_COMPLETION),
            lambda: already(engagement),
        ),
    )


def reject(actor: Actor, engagement: Engagement) -> list[Reason]:
    waits = engagement.state in (State.OPERATOR_REVIEW, State.NEEDS_COMPLETION)
    return not_reviewer(actor, engagement) or against((not waits, lambda: already(engagement)))


def withdraw(actor: Actor, engagement: Engagement) -> list[Reason]:
    """Whoever may apply takes it back, as long as it has not been attested."""
    return not_orderer(actor, engagement.agent) or against(
        (engagement.state not in OPEN, lambda: already(engagement)),
    )


def attest(
    actor: Actor, engagement: Engagement, decision: str = "", signature=None, **given
) -> list[Reason]:
    """The agent's attestant, after the review; under signature."""
    barred = not_attestant(actor, engagement) or against(
        (
            engagement.state in (State.OPERATOR_REVIEW, State.NEEDS_COMPLETION),
            not_yet(engagement),
        ),
        (
            engagement.state not in OPEN,
            lambda: already(engagement),
        ),
    )
    step = engagement.step
    if barred or step is None:
        return barred
    alone = given.get("alone", "") if decision == "approve" else None
    barred = [
        *methods.four_eyes(actor, engagement, step, alone),
        *(filter(None, [no_agreement(engagement.agent)]) if decision == "approve" else []),
    ]
    if barred or signature is None:
        return barred
    way = methods.of(actor, engagement).get(signature.method, [methods.not_open_here()])
    return [*way, *stale(actor, engagement, decision, signature, **given)]


def end(actor: Actor, engagement: Engagement) -> list[Reason]:
    """Either party: at the agent whoever may apply, or its administrator; at the operator the
    reviewer."""
    agent, is_early = engagement.agent, engagement.state in OPEN
    own = any_of(not_orderer(actor, agent), not_administrator(actor, agent))
    early = _("The engagement has not begun yet. It can be withdrawn instead.")
    return (own if actor.is_here(agent) else not_reviewer(actor, engagement)) or against(
        (is_early, time("not_active", early)),
        (not is_early and engagement.state != State.ACTIVE, lambda: already(engagement)),
    )


# What must be in place, each said by itself where somebody is about to apply


def not_orderer(actor: Actor, agent: Organisation | None) -> list[Reason]:
    """The role belongs to agents alone."""
    if agent is None or Kind.AGENT not in agent.kinds:
        return [right("not_agent", _("Only an agent applies for engagements."))]
    text = _("You lack the role Engagement orderer at %(organisation)s.")
    lacking = lacks(
        "not_engagement_orderer",
        text % {"organisation": agent},
        Role.ENGAGEMENT_ORDERER,
        agent,
    )
    return against((not actor.holds(Role.ENGAGEMENT_ORDERER, agent), lacking))


def not_administrator(actor: Actor, agent: Organisation) -> list[Reason]:
    text = _("Only %(role)s at %(organisation)s decides here.")
    facts = {"role": Role.ADMINISTRATOR.label, "organisation": agent}
    lacking = lacks("not_administrator", text % facts, Role.ADMINISTRATOR, agent)
    return against((not actor.holds(Role.ADMINISTRATOR, agent), lacking))


def no_agreement(agent: Organisation) -> Reason | None:
    if Standing.objects.is_held(agent, "agent_agreement"):
        return None
    text = _("%(organisation)s has no active agent agreement.") % {"organisation": agent}
    return time("agent_no_agreement", text, administrator_of(agent))


def no_attestant(agent: Organisation) -> Reason | None:
    if Grant.objects.is_held(Role.ATTESTANT, agent):
        return None
    text = _("Nobody can attest for %(organisation)s yet.") % {"organisation": agent}
    return time("no_attestant", text, administrator_of(agent))


def not_published(known: Published, service: str) -> list[Reason]:
    return against(
        (
            not known.is_whole,
            time(
                "not_published",
                _("Engagements cannot be applied for yet: the operator has published no terms."),
                _("customer service"),
            ),
        ),
        (
            service and known.service is None,
            time("no_such_service", _("There is no such service.")),
        ),
    )


def not_through_agents(agent: Organisation, service: str) -> list[Reason]:
    text = _("This service is not ordered through an agent.")
    return against((service not in through_agents(agent), time("not_through_agents", text)))


def held_already(agent: Organisation, service: str) -> list[Reason]:
    """One that waits or holds; also one from before the house kept them."""
    live = Engagement.objects.filter(agent=agent, key=service, state__in=LIVE)
    found = live.select_related("case").first()
    is_active = found is not None and found.state == State.ACTIVE
    is_held = is_active or Standing.objects.is_held(agent, AGENT, f"service:{service}")
    open_already = _("This has been applied for already: %(number)s.")
    return against(
        (is_held, time("has_engagement", _("You have an engagement for this service."))),
        (
            found is not None and not is_held,
            time("applied_already", open_already % {"number": found.case if found else ""}),
        ),
    )


# Shared doubts


def reviews(actor: Actor, engagement: Engagement) -> list[Reason]:
    waits = engagement.state == State.NEEDS_COMPLETION
    completes = _("The application waits to be completed.")
    return not_reviewer(actor, engagement) or against(
        (waits, time("not_your_turn", completes, str(engagement.applicant))),
        (
            not waits and engagement.state != State.OPERATOR_REVIEW,
            lambda: already(engagement),
        ),
    )


def not_reviewer(actor: Actor, engagement: Engagement) -> list[Reason]:
    operator = engagement.operator
    text = _("Only a reviewer at %(operator)s decides here.") % {"operator": operator}
    return against(
        (
            not actor.holds(Role.REVIEWER, operator),
            lacks("not_reviewer", text, Role.REVIEWER, operator),
        ),
    )


def not_attestant(actor: Actor, engagement: Engagement) -> list[Reason]:
    agent = engagement.agent
    text = _("Only %(role)s at %(organisation)s decides here.")
    facts = {"role": Role.ATTESTANT.label, "organisation": agent}
    lacking = lacks("not_attestant", text % facts, Role.ATTESTANT, agent)
    return against((not actor.holds(Role.ATTESTANT, agent), lacking))


def not_yet(engagement: Engagement) -> Reason:
    text = _("The application waits for %(operator)s to review it first.")
    operator = engagement.operator
    return time("not_your_turn", text % {"operator": operator}, str(operator))


def stale(actor: Actor, engagement: Engagement, decision: str, signature, **given) -> list[Reason]:
    """A signature covers what was shown: changed in between, it counts for nothing."""

    def render():
        asked = {"by": actor, **given}
        return papers.text(engagement, decision, **asked), papers.facts(
            engagement, decision, **asked
        )

    changed = not signature.is_of(render)
    text = _("The application has changed since it was shown. Read it again and sign anew.")
    return against((changed, time("stale", text)))


def already(engagement: Engagement) -> Reason:
    """Who was faster, and when."""
    done = engagement.case.events.filter(person__isnull=False)
    last = done.exclude(verb="engagement.signed").select_related("person").last()
    if last is None:
        return time("already_handled", _("Already handled by somebody else."))
    facts = {"who": last.person, "when": days.clocked(last.at)}
    return time("already_handled", _("Already handled by %(who)s %(when)s.") % facts)
