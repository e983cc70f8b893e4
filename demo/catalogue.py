"""What can be ordered in the demo world: settings rows of its operator, in the order they came."""

from demo import terms
from demo.places import BY_KEY as PLACES
from demo.services import SERVICES, said

Row = tuple[str, str, dict]  # thing, key, body

CERTIFY = said(
    "Jag intygar att uppgifterna är kontrollerade och att vi kan ansluta kunden till tjänsten.",
    "Jeg bekrefter at opplysningene er kontrollert og at vi kan koble kunden til tjenesten.",
    "I certify that the details are checked and that we can connect the customer to the service.",
)
BOTH = ["bankid", "sms"]
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
ANSWER_FOR = said(
    "Jag intygar att vi har den bemanning och det system som villkoren kräver.",
    "Jeg bekrefter at vi har den bemanningen og det systemet som vilkårene krever.",
    "I certify that we have the staff and the system that the terms demand.",
)
ENGAGEMENT = [
    {"state": "operator_review", "deed": "review", "role": "reviewer", "due_days": 10},
    {
        "state": "agent_attest",
        "deed": "attest",
        "role": "attestant",
        "methods": BOTH,
        "certify": ANSWER_FOR,
    },
]
CHAINS = {
    "direct": [CUSTOMER_ATTEST],
    "via-agent": [REVIEW, AGENT_ATTEST, CUSTOMER_ATTEST],
    "engagement": ENGAGEMENT,
}

DIRECT = said(
    "Ni ansluter er själva och har kontakten med kundservice.",
    "Dere kobler dere til selv og har kontakten med kundeservice.",
    "You connect yourselves and deal with customer service directly.",
)
VIA_AGENT = said(
    "Ert system ansluts av en agent, som granskar och godkänner beställningen före er attest.",
    "Systemet deres kobles til av en agent, som går gjennom bestillingen før dere attesterer.",
    "An agent connects your system, and reviews and approves the order before you attest it.",
)
PILOT = said(
    "Pilot: bokning direkt i vårdsystemets kalender. Öppen för inbjudna pilotkunder.",
    "Pilot: timebestilling direkte i systemets kalender. Åpen for inviterte pilotkunder.",
    "Pilot: appointments straight in the care system's calendar. Open to invited pilot customers.",
)
JOURNALIS = {"key": "journalis", "name": "Journalis"}
VARDFLODE = {"key": "vardflode", "name": "Vårdflöde"}
SOURCES = {"webcert": [JOURNALIS, VARDFLODE], "tidbokning": [JOURNALIS, VARDFLODE]}


def kronor(startup: int, recurring: int, per: str = "unit", period: str = "year") -> dict:
    return {"startup": startup * 100, "recurring": recurring * 100, "per": per, "period": period}


# What a customer pays, and an agent where it pays too
PRICES = {
    "journalen": (kronor(12_500, 4_800), kronor(2_500, 0)),
    "npo": (kronor(12_500, 3_600), kronor(2_500, 0)),
    "pascal": (kronor(8_000, 2_400), None),
    "webcert": (kronor(9_500, 350, period="month"), kronor(1_500, 600, per="order")),
    "sakerhetstjanster": (kronor(18_000, 24_000, per="order"), kronor(4_000, 0)),
    "eira": (kronor(5_000, 86_000, per="order"), None),
    "tidbokning": (kronor(14_000, 1_950, period="quarter"), kronor(2_500, 0)),
    "eremiss": (kronor(16_500, 5_200), kronor(3_000, 1_200)),
    "sdk": (kronor(22_000, 1_100, period="quarter"), None),
    "hsa": (kronor(0, 12_000, per="order"), None),
    "sob": (kronor(7_500, 3_900), None),
    "utbud": (kronor(4_500, 1_200), None),
}
VIA = ("journalen", "npo", "pascal", "webcert", "sakerhetstjanster", "tidbokning", "eremiss", "sdk")
RELEASED = ("journalen",)  # the operator says when the agent may begin
DIRECTLY = ("npo", "pascal", "webcert", "sakerhetstjanster", "eira", "sdk", "hsa", "sob", "utbud")


def field(name: str, label: dict[str, str], kind: str = "text", **more) -> dict:
    return {"name": name, "label": label, "kind": kind, **more}


PURPOSE = field(
    "purpose",
    said(
        "Vad ska ni använda tjänsten till?",
        "Hva skal dere bruke tjenesten til?",
        "What will you use the service for?",
    ),
    "textarea",
    hint=said("Några meningar räcker.", "Noen setninger er nok.", "A few sentences are enough."),
)
START = field(
    "start",
    said("När vill ni komma igång?", "Når vil dere komme i gang?", "When do you want to begin?"),
    hint=said("Till exempel mars 2027.", "For eksempel mars 2027.", "For example March 2027."),
    required=False,
)
USERS = field("users", said("Antal användare", "Antall brukere", "Number of users"), "number")
PROCESSING = field(
    "processing_agreement",
    said(
        "Vi har ett eget personuppgiftsbiträdesavtal med agenten",
        "Vi har en egen databehandleravtale med agenten",
        "We have a data processing agreement of our own with the agent",
    ),
    "check",
)
TECHNICIAN = field(
    "technician",
    said(
        "Agentens tekniska kontakt, e-post",
        "Agentens tekniske kontakt, e-post",
        "The agent's technical contact, e-mail",
    ),
    "email",
    required=False,
    technical=True,
)
EDITION = field(
    "edition",
    said("Hur ska Webcert användas?", "Hvordan skal Webcert brukes?", "How will Webcert be used?"),
    "select",
    options=[
        {
            "value": "integrated",
            "label": said(
                "Integrerat i journalsystemet",
                "Integrert i journalsystemet",
                "Within the record system",
            ),
        },
        {"value": "standalone", "label": said("Fristående", "Frittstående", "On its own")},
    ],
)
SYSTEM = field(
    "system",
    said(
        "Genom vilket system ansluts kunderna?",
        "Gjennom hvilket system kobles kundene til?",
        "Through which system are customers connected?",
    ),
)
TESTED = field(
    "tested",
    said(
        "Systemet är testat mot tjänstens testmiljö",
        "Systemet er testet mot tjenestens testmiljø",
        "The system has been tested against the service's test environment",
    ),
    "check",
)
FORMS = {
    "engagement": [SYSTEM, TESTED],
    "direct": [PURPOSE, START],
    "agent": [PURPOSE, START, PROCESSING, TECHNICIAN],
    "webcert": [EDITION, PURPOSE, START],
    "licences": [USERS, START],
}
OWN_FORMS = {"eira": "licences", "hsa": "licences"}


def rows(version: int) -> list[Row]:
    """What is published at the first, second and third time: later ones bring only new terms."""
    told = [("terms", key, body) for key, body in terms.of(version)]
    return [*first_things(), *told, *offers()] if version == 1 else told


def first_things() -> list[Row]:
    services = [("service", one.key, service_body(one)) for one in SERVICES]
    chains = [("chain", key, {"steps": steps}) for key, steps in CHAINS.items()]
    forms = [("form", key, {"fields": fields}) for key, fields in FORMS.items()]
    return [*services, *chains, *[price(key) for key in PRICES], *forms]


def service_body(one) -> dict:
    plain = {"name": one.name, "about": one.about, "units": one.units}
    return {**plain, "categories": list(one.categories), "personal_data": one.personal_data}


def price(key: str) -> Row:
    customer, agent = PRICES[key]
    return "price", key, {"customer": customer, "agent": agent}


def offers() -> list[Row]:
    direct = [offer(key, "direct", DIRECT) for key in DIRECTLY]
    via = [offer(key, "agent", VIA_AGENT, sources=SOURCES.get(key, [])) for key in VIA]
    pilots = [PLACES["norrsund"].number]
    pilot = {"sources": [VARDFLODE], "pilots": pilots}
    return [*direct, *via, offer("tidbokning", "agent", PILOT, name="tidbokning-pilot", **pilot)]


def offer(service: str, connection: str, about: dict, *, name: str = "", **more) -> Row:
    is_via = connection == "agent"
    form = "webcert" if service == "webcert" else "agent" if is_via else "direct"
    body = {
        "service": service,
        "connection": connection,
        "about": about,
        "chain": "via-agent" if is_via else "direct",
        "price": service,
        "terms": service,
        "agent_terms": "agent" if is_via else "",
        "form": OWN_FORMS.get(service, form),
        "release": is_via and service in RELEASED,
    }
    return "offer", name or f"{service}-{connection}", {**body, **more}
