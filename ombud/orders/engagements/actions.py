"""Everything that can happen to an engagement. Each action is one transaction:
lock, ask, change, record."""

from typing import Any

from django.db import transaction

from ombud.cases.events import record
from ombud.lib import clock
from ombud.lib.errors import require
from ombud.orders import papers as order_papers
from ombud.orders import steps as order_steps
from ombud.orders.engagements import affected, filing, notices, rules
from ombud.orders.engagements.catalogue import published
from ombud.orders.engagements.models import AGENT, Engagement
from ombud.orders.engagements.states import State
from ombud.people import steps
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.signing.models import Signature


@transaction.atomic
def apply_for_engagement(
    *,
    by: Actor,
    service: str,
    contact: dict,
    answers: dict,
    accept_terms: bool,
    terms_version: int | None = None,
) -> Engagement:
    """Apply for an engagement (sv. agentuppdrag) for one service; the operator reviews it first."""
    agent = Organisation.objects.locked(by.organisation) if by.organisation else None
    require(rules.apply_for_engagement(by, service, terms_version))
    assert agent is not None
    known, typed = published(agent, service), {"contact": contact, "answers": answers}
    filing.require_whole(known.form, typed)
    engagement = filing.open_case(agent, known, typed, by=by)
    filing.await_step(engagement)
    record(
        engagement.case,
        "applied",
        by=by,
        tell=notices.applied(engagement),
        service=engagement.key,
        terms=str(engagement.terms),
    )
    return engagement


@transaction.atomic
def ask(engagement: Engagement, *, by: Actor, note: str) -> Engagement:
    """Ask the agent to complete the application (sv. begära komplettering)."""
    engagement = Engagement.objects.locked(engagement)
    require(rules.ask(by, engagement))
    engagement.become(State.NEEDS_COMPLETION)
    filing.await_completion(engagement)
    told = notices.asked(engagement)
    record(engagement.case, "asked", by=by, tell=told, words={"note": note})
    return engagement


@transaction.atomic
def complete(
    engagement: Engagement, *, by: Actor, contact: dict, answers: dict, answer: str
) -> Engagement:
    """Complete the application; it is under review again."""
    engagement = Engagement.objects.locked(engagement)
    require(rules.complete(by, engagement))
    typed = {"contact": contact, "answers": answers}
    filing.require_whole(engagement.form, typed)
    filing.correct(engagement, typed)
    engagement.become(State.OPERATOR_REVIEW)
    filing.await_step(engagement)
    told = notices.to_review(engagement, is_anew=True)
    record(engagement.case, "completed", by=by, tell=told, words={"note": answer})
    return engagement


@transaction.atomic
def approve(engagement: Engagement, *, by: Actor) -> Engagement:
    """Find the application good; now the agent's own attestant is asked."""
    engagement = Engagement.objects.locked(engagement)
    require(rules.approve(by, engagement))
    filing.review(engagement, by=by)
    record(engagement.case, "approved", by=by, tell=notices.approved(engagement))
    return engagement


@transaction.atomic
def reject(engagement: Engagement, *, by: Actor, note: str) -> Engagement:
    """Reject the application in the review, and say why; the agent may apply anew."""
    engagement = Engagement.objects.locked(engagement)
    require(rules.reject(by, engagement))
    engagement.become(State.REJECTED_BY_OPERATOR)
    told = notices.rejected(engagement)
    record(engagement.case, "rejected", by=by, tell=told, words={"note": note})
    return engagement


@transaction.atomic
def withdraw(engagement: Engagement, *, by: Actor) -> Engagement:
    """Take the application back."""
    engagement = Engagement.objects.locked(engagement)
    require(rules.withdraw(by, engagement))
    was = engagement.state
    engagement.become(State.WITHDRAWN)
    record(engagement.case, "withdrawn", by=by, tell=notices.withdrawn(engagement, was))
    return engagement


@transaction.atomic
def attest(
    engagement: Engagement,
    *,
    by: Actor,
    signature: Signature,
    decision: str,
    note: str = "",
    alone: str = "",
) -> Engagement:
    """Attest for the agent under signature. From then on the agent can be chosen for the service,
    and orders that were held for want of the engagement go on."""
    engagement = Engagement.objects.locked(engagement)
    require(rules.attest(by, engagement, decision, signature, note=note, alone=alone))
    is_approved = decision == "approve"
    engagement.attested_at, engagement.signature = clock.now(), signature
    engagement.save(update_fields=["attested_at", "signature"])
    if is_approved:
        filing.put_in_force(engagement)
        number, scope = engagement.case.number, engagement.scope
        steps.stand(engagement.agent, AGENT, number, by=by, scope=scope)
        for order in affected.held(engagement):
            order_steps.resume(order, by=by)
    else:
        engagement.become(State.REJECTED_BY_AGENT)
    told = notices.attested(engagement) if is_approved else notices.rejected(engagement)
    record(
        engagement.case,
        "attested" if is_approved else "rejected",
        by=by,
        tell=told,
        words=order_papers.words(note=note, alone=alone),
        decision=decision,
        method=signature.method,
        signature=str(signature.pk),
    )
    return engagement


@transaction.atomic
def end(engagement: Engagement, *, by: Actor, note: str) -> Engagement:
    """End the engagement: nobody can choose the agent any more, and what is under way is held."""
    engagement = Engagement.objects.locked(engagement)
    require(rules.end(by, engagement))
    filing.stop(engagement, by=by)
    number = engagement.case.number
    steps.stand_down(engagement.agent, AGENT, number, by=by, scope=engagement.scope)
    concerned = affected.of(engagement)
    under_way = [order for one in concerned for order in one.under_way]
    for order in under_way:
        order_steps.hold(order, by=by)
    counts: dict[str, Any] = {"held": len(under_way), "customers": len(concerned)}
    told = notices.ended(engagement, counts)
    record(engagement.case, "ended", by=by, tell=told, words={"note": note}, **counts)
    return engagement
