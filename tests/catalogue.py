"""The settings rows of the tests: one service, a direct offer and one via agent."""

from ombud.orders.catalogue import Chain, Form, Offer, Price, Service, Terms


def words(text: str) -> dict:
    return {"sv": text, "nb": text, "en": text}


CERTIFY = {
    "sv": "Jag intygar att uppgifterna är kontrollerade "
    "och att vi kan ansluta kunden till tjänsten.",
    "en": "I certify that the details are checked and that we can connect the customer.",
}
REVIEW = {
    "state": "agent_review",
    "deed": "review",
    "role": "agent_handler",
    "scoped": True,
    "certify": CERTIFY,
    "chooses": True,
    "terms": True,
    "billing": True,
}
BOTH = ["bankid", "sms"]
AGENT_ATTEST = {
    "state": "agent_attest",
    "deed": "attest",
    "role": "attestant",
    "who": "chosen",
    "methods": BOTH,
}
CUSTOMER_ATTEST = {
    "state": "customer_attest",
    "deed": "attest",
    "role": "attestant",
    "methods": BOTH,
}
OPERATOR_REVIEW = {"state": "operator_review", "deed": "review", "role": "reviewer"}
ENGAGEMENT_ATTEST = {
    "state": "agent_attest",
    "deed": "attest",
    "role": "attestant",
    "methods": BOTH,
    "certify": words("I certify that we answer for it."),
}
CUSTOMER_MARK, AGENT_MARK = 1_234_500, 7_654_300

ROWS = [
    (Service, "npo", {"name": words("NPÖ"), "about": words("National patient overview")}),
    (Chain, "via-agent", {"steps": [REVIEW, AGENT_ATTEST, CUSTOMER_ATTEST]}),
    (Chain, "direct", {"steps": [CUSTOMER_ATTEST]}),
    (Chain, "engagement", {"steps": [OPERATOR_REVIEW, ENGAGEMENT_ATTEST]}),
    (
        Price,
        "npo",
        {
            "customer": {"startup": CUSTOMER_MARK, "recurring": 480_000},
            "agent": {"startup": AGENT_MARK, "recurring": 0},
        },
    ),
    (Terms, "npo", {"title": words("Terms"), "text": words("Be good.")}),
    (Terms, "npo-agent", {"title": words("Agent terms"), "text": words("Be better.")}),
    (Terms, "engagement", {"title": words("Engagement terms"), "text": words("Be an agent.")}),
    (Form, "engagement", {"fields": [{"name": "system", "label": words("System")}]}),
    (Form, "npo", {"fields": [{"name": "purpose", "label": words("Purpose")}]}),
    (
        Offer,
        "npo-agent",
        {
            "service": "npo",
            "connection": "agent",
            "about": words("Through your agent."),
            "chain": "via-agent",
            "price": "npo",
            "terms": "npo",
            "agent_terms": "npo-agent",
            "form": "npo",
        },
    ),
    (
        Offer,
        "npo-direct",
        {
            "service": "npo",
            "connection": "direct",
            "about": words("Connect yourself."),
            "chain": "direct",
            "price": "npo",
            "terms": "npo",
            "form": "npo",
        },
    ),
]


def publish(operator) -> None:
    for table, key, body in ROWS:
        table.objects.add(operator, key, body)
