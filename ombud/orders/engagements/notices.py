"""Who hears of what happens to an engagement, and why they do."""

from typing import Any

from django.utils import translation

from ombud.orders.engagements.models import Engagement
from ombud.orders.engagements.states import State
from ombud.people import holders
from ombud.people.models import Notice, Organisation, Person
from ombud.people.roles import Role
from ombud.people.settings import said


def applied(engagement: Engagement) -> list[Notice]:
    """The receipt for whoever applied, and the reviewers, whose turn it is."""
    receipt = one(engagement, engagement.applicant, engagement.agent, "received", "applicant")
    return [receipt, *to_review(engagement)]


def to_review(engagement: Engagement, *, is_anew: bool = False) -> list[Notice]:
    operator = engagement.operator
    return to(engagement, operator, Role.REVIEWER, "review", calls=True, is_anew=is_anew)


def asked(engagement: Engagement) -> list[Notice]:
    """Whoever may apply at the agent: to complete it."""
    return to(engagement, engagement.agent, Role.ENGAGEMENT_ORDERER, "asked", calls=True)


def approved(engagement: Engagement) -> list[Notice]:
    """The attestants, whose turn it is; whoever applied hears that it has moved on."""
    agent = engagement.agent
    called = to(engagement, agent, Role.ATTESTANT, "attest", calls=True)
    return once_each([*called, *to(engagement, agent, Role.ENGAGEMENT_ORDERER, "reviewed")])


def rejected(engagement: Engagement) -> list[Notice]:
    """Whoever applied; and the reviewers, where it was the agent's own attestant who refused."""
    told = to(engagement, engagement.agent, Role.ENGAGEMENT_ORDERER, "rejected")
    if engagement.state == State.REJECTED_BY_AGENT:
        told += to(engagement, engagement.operator, Role.REVIEWER, "rejected")
    return once_each(told)


def attested(engagement: Engagement) -> list[Notice]:
    """In force: the agent hears what comes next, the operator that it may be in touch."""
    agent, operator = engagement.agent, engagement.operator
    return once_each(
        [
            *to(engagement, agent, Role.ENGAGEMENT_ORDERER, "active"),
            *to(engagement, agent, Role.ADMINISTRATOR, "active"),
            *to(engagement, operator, Role.REVIEWER, "active"),
        ]
    )


def withdrawn(engagement: Engagement, was: str) -> list[Notice]:
    """Whoever it waited for, or has reviewed it."""
    told = to(engagement, engagement.operator, Role.REVIEWER, "withdrawn")
    if was == State.AGENT_ATTEST:
        told += to(engagement, engagement.agent, Role.ATTESTANT, "withdrawn")
    return told


def ended(engagement: Engagement, counts: dict[str, Any]) -> list[Notice]:
    """Both parties, with how many orders it stops and how many customers it concerns."""
    agent, operator = engagement.agent, engagement.operator
    people = [
        *to(engagement, agent, Role.ENGAGEMENT_ORDERER, "ended", **counts),
        *to(engagement, agent, Role.ADMINISTRATOR, "ended", **counts),
        *to(engagement, operator, Role.REVIEWER, "ended", **counts),
        *to(engagement, operator, Role.CASE_HANDLER, "ended", **counts),
    ]
    handlers = holders.of(agent, Role.AGENT_HANDLER, engagement.scope)
    why = Role.AGENT_HANDLER
    people += [one(engagement, who, agent, "ended", why, **counts) for who in handlers]
    return once_each(people)


def to(
    engagement: Engagement,
    organisation: Organisation,
    role: str,
    words: str,
    *,
    calls: bool = False,
    **more: Any,
) -> list[Notice]:
    """Everybody who holds the role there, and may act if it calls."""
    turn = engagement.case.asked
    barred = turn.not_persons if calls and turn else []
    told = [
        one(engagement, person, organisation, words, role, calls=calls, **more)
        for person in holders.of(organisation, role)
        if person.pk not in barred
    ]
    for notice in told:
        notice.not_persons = barred
    return told


def once_each(told: list[Notice]) -> list[Notice]:
    """Whoever has two roles hears once: of what calls, else of what stands first."""
    first = sorted(told, key=lambda notice: not notice.calls)
    kept: dict[tuple, Notice] = {}
    for notice in first:
        kept.setdefault((notice.person.pk, notice.organisation.pk), notice)
    return list(kept.values())


def one(
    engagement: Engagement,
    person: Person,
    organisation: Organisation,
    words: str,
    why: str,
    *,
    calls: bool = False,
    **more: Any,
) -> Notice:
    turn = engagement.case.asked
    with translation.override(person.language):
        facts = {
            "agent": engagement.agent.name,
            "operator": engagement.operator.name,
            "organisation": organisation.name,
            "service": said(engagement.service.read.name),
            "state": str(engagement.state),
        }
    return Notice(
        person=person,
        organisation=organisation,
        words=words,
        why=why,
        calls=calls,
        by_when=turn.due_at if calls and turn else None,
        data=facts | more,
    )
