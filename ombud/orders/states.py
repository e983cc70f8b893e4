"""The life of an order. Read this first."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    DRAFT = "draft", pgettext_lazy("order", "Draft")
    DISCARDED = "discarded", pgettext_lazy("order", "Deleted draft")
    OPERATOR_REVIEW = "operator_review", pgettext_lazy("order", "Reviewed by the operator")
    AGENT_REVIEW = "agent_review", pgettext_lazy("order", "Reviewed by the agent")
    AGENT_ATTEST = "agent_attest", pgettext_lazy("order", "Attested by the agent")
    CUSTOMER_ATTEST = "customer_attest", pgettext_lazy("order", "Attested by the customer")
    CASE_OPEN = "case_open", pgettext_lazy("order", "Case at customer service")
    CONNECTING = "connecting", pgettext_lazy("order", "Being connected")
    ACTIVE = "active", pgettext_lazy("order", "Active")
    REJECTED_BY_OPERATOR = (
        "rejected_by_operator",
        pgettext_lazy("order", "Rejected by the operator"),
    )
    REJECTED_BY_AGENT = "rejected_by_agent", pgettext_lazy("order", "Rejected by the agent")
    REJECTED_BY_CUSTOMER = (
        "rejected_by_customer",
        pgettext_lazy("order", "Rejected by the customer"),
    )


# The states in which somebody decides. A chain, a settings row, puts some of them in an order.
DECIDING = (
    State.OPERATOR_REVIEW,
    State.AGENT_REVIEW,
    State.AGENT_ATTEST,
    State.CUSTOMER_ATTEST,
)
UNSENT = (State.DRAFT, State.DISCARDED)
# Sent, and neither connected nor refused: what is held where the agent's engagement has ended.
IN_FLIGHT = (*DECIDING, State.CASE_OPEN, State.CONNECTING)
REJECTIONS: dict[str, State] = {
    State.OPERATOR_REVIEW: State.REJECTED_BY_OPERATOR,
    State.AGENT_REVIEW: State.REJECTED_BY_AGENT,
    State.AGENT_ATTEST: State.REJECTED_BY_AGENT,
    State.CUSTOMER_ATTEST: State.REJECTED_BY_CUSTOMER,
}
REJECTED = (*dict.fromkeys(REJECTIONS.values()),)
MOVES = {
    State.DRAFT: {*DECIDING, State.DISCARDED},
    State.DISCARDED: {State.DRAFT},
    **{state: {*DECIDING, REJECTIONS[state], State.CASE_OPEN} - {state} for state in DECIDING},
    State.CASE_OPEN: {State.CONNECTING},
    State.CONNECTING: {State.ACTIVE},
}
