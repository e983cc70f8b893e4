"""The exact words under which an engagement is attested, and the facts behind them."""

from django.template.loader import render_to_string

from ombud.lib.chain import canonical, sha256
from ombud.orders.approvals import named
from ombud.orders.engagements.models import Engagement
from ombud.people.actors import Actor
from ombud.people.roles import Role
from ombud.people.settings import said


def text(engagement: Engagement, decision: str, *, by: Actor | None = None, **given) -> str:
    """What is shown on the last page, and in the e-ID's app, in the present language."""
    step = engagement.step
    assert step is not None, "only a step that waits is signed"
    context = {
        "engagement": engagement,
        "decision": decision,
        "service": engagement.service_name,
        "certified": said(step.certify) if step.certify and decision == "approve" else "",
        "role": Role(step.role).label,
        "note": given.get("note", ""),
        "alone": given.get("alone", ""),
        "instead_of": by.instead_of if by else None,
    }
    return render_to_string("engagement/sign.txt", context).strip()


def facts(engagement: Engagement, decision: str, *, by: Actor | None = None, **given) -> dict:
    """All that was applied for and reviewed."""
    whose = {"instead_of": by.instead_of.pk} if by and by.instead_of else {}
    if not given.get("alone"):
        given.pop("alone", None)
    return {
        "number": engagement.case.number,
        "service": {"key": engagement.service.key, "version": engagement.service.version},
        "agent": named(engagement.agent),
        "operator": named(engagement.operator),
        "answers": engagement.answers,
        "contact": engagement.contact,
        "terms": {"key": engagement.terms.key, "version": engagement.terms.version},
        "terms_sha256": sha256(canonical(engagement.terms.body)),
        "reviewed_at": engagement.reviewed_at.isoformat() if engagement.reviewed_at else None,
        "step": engagement.state,
        "decision": decision,
        **whose,
        **given,
    }
