"""The life of an agent engagement, from the application on. Read this first."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    OPERATOR_REVIEW = "operator_review", pgettext_lazy("engagement", "Reviewed by the operator")
    NEEDS_COMPLETION = "needs_completion", pgettext_lazy("engagement", "To be completed")
    AGENT_ATTEST = "agent_attest", pgettext_lazy("engagement", "Attested by the agent")
    ACTIVE = "active", pgettext_lazy("engagement", "Active")
    REJECTED_BY_OPERATOR = (
        "rejected_by_operator",
        pgettext_lazy("engagement", "Rejected by the operator"),
    )
    REJECTED_BY_AGENT = "rejected_by_agent", pgettext_lazy("engagement", "Rejected by the agent")
    WITHDRAWN = "withdrawn", pgettext_lazy("engagement", "Withdrawn")
    ENDED = "ended", pgettext_lazy("engagement", "Ended")


# The states in which somebody decides: the steps that the chain of an engagement may have.
DECIDING = (State.OPERATOR_REVIEW, State.AGENT_ATTEST)
OPEN = (*DECIDING, State.NEEDS_COMPLETION)
# An agent has one of these at a time for a service; the database refuses a second.
LIVE = (*OPEN, State.ACTIVE)
REJECTED = (State.REJECTED_BY_OPERATOR, State.REJECTED_BY_AGENT)
MOVES = {
    State.OPERATOR_REVIEW: {
        State.NEEDS_COMPLETION,
        State.AGENT_ATTEST,
        State.REJECTED_BY_OPERATOR,
        State.WITHDRAWN,
    },
    State.NEEDS_COMPLETION: {
        State.OPERATOR_REVIEW,
        State.REJECTED_BY_OPERATOR,
        State.WITHDRAWN,
    },
    State.AGENT_ATTEST: {State.ACTIVE, State.REJECTED_BY_AGENT, State.WITHDRAWN},
    State.ACTIVE: {State.ENDED},
}
