"""The terms of each service in the demo world: words as they might stand, in three versions."""

from demo.services import SERVICES, Service

TITLE = {
    "sv": "Tjänstevillkor för {service}",
    "nb": "Tjenestevilkår for {service}",
    "en": "Service terms for {service}",
}
PARAGRAPHS = {
    "sv": (
        "1. Avtalet\nDessa villkor gäller för {service} och kompletterar kundavtalet mellan"
        " kunden och Nordvård Tjänster (demo). Vid motstridigheter gäller kundavtalet först.",
        "2. Anslutning\nTjänsten ansluts för de vårdenheter som anges i beställningen. Kunden"
        " svarar för att uppgifterna om vårdenheterna är riktiga, också via agent.",
        "3. Kundens ansvar\n{special} Kunden utser en kontaktperson och meddelar ändringar utan"
        " dröjsmål.",
        "4. Personuppgifter\nKunden är personuppgiftsansvarig för behandlingen i sin verksamhet."
        " Leverantören är personuppgiftsbiträde enligt det biträdesavtal som ingår i kundavtalet.",
        "5. Avgifter\nStartavgift tas ut för varje beställning, också för tilläggsbeställningar."
        " Löpande avgifter faktureras kvartalsvis i förskott med 30 dagars betalningstid."
        " Alla avgifter anges exklusive moms.",
    ),
    "nb": (
        "1. Avtalen\nDisse vilkårene gjelder for {service} og utfyller kundeavtalen mellom kunden"
        " og Nordvård Tjänster (demo). Ved motstrid går kundeavtalen foran disse vilkårene.",
        "2. Tilkobling\nTjenesten kobles til for enhetene som er oppgitt i bestillingen. Kunden har"
        " ansvar for at opplysningene om enhetene er riktige, også ved tilkobling via agent.",
        "3. Kundens ansvar\n{special} Kunden utpeker en kontaktperson og melder endringer uten"
        " opphold.",
        "4. Personopplysninger\nKunden er behandlingsansvarlig for behandlingen i egen virksomhet."
        " Leverandøren er databehandler etter databehandleravtalen som inngår i kundeavtalen.",
        "5. Priser\nOppstartsgebyr betales for hver bestilling, også for tilleggsbestillinger."
        " Løpende gebyrer faktureres hvert kvartal på forskudd med 30 dagers betalingsfrist."
        " Alle priser er oppgitt uten merverdiavgift.",
    ),
    "en": (
        "1. The agreement\nThese terms hold for {service} and add to the customer agreement"
        " between the customer and Nordvård Tjänster (demo). The agreement goes first.",
        "2. Connection\nThe service is connected for the care units named in the order. The"
        " customer answers for the details of the units, also via an agent.",
        "3. The customer's duties\n{special} The customer names a contact person and tells of"
        " changes without delay.",
        "4. Personal data\nThe customer is controller of the processing in its own operations."
        " The supplier is processor under the data processing agreement in the customer agreement.",
        "5. Fees\nA startup fee is charged for each order, also for additional ones. Recurring fees"
        " are invoiced quarterly in advance, with 30 days to pay. All fees are given ex VAT.",
    ),
}
NOTICE_PERIOD = {
    "sv": "6. Uppsägning\nKunden kan säga upp tjänsten med {months} månaders uppsägningstid.",
    "nb": "6. Oppsigelse\nKunden kan si opp tjenesten med {months} måneders oppsigelsestid.",
    "en": "6. Termination\nThe customer may end the service at {months} months' notice.",
}
SECURITY = {
    "sv": "7. Säkerhet\nKunden och leverantören underrättar varandra inom 24 timmar om en händelse"
    " som kan påverka säkerheten eller tillgängligheten. Loggar bevaras i minst fem år.",
    "nb": "7. Sikkerhet\nKunden og leverandøren varsler hverandre innen 24 timer om hendelser som"
    " kan påvirke sikkerheten eller tilgjengeligheten. Logger oppbevares i minst fem år.",
    "en": "7. Security\nCustomer and supplier tell each other within 24 hours of any event that may"
    " affect security or availability. Logs are kept for at least five years.",
}
AGENT_TITLE = {
    "sv": "Villkor för agentuppdrag",
    "nb": "Vilkår for agentoppdrag",
    "en": "Terms of the agent engagement",
}
AGENT_TEXT = {
    "sv": "1. Uppdraget\nAgenten ansluter kunden till tjänsten och svarar för sitt eget system."
    " Agenten granskar varje beställning och intygar att kunden kan anslutas.\n\n"
    "2. Bemanning\nAgenten har alltid minst en handläggare för tjänsten och minst en attestant.\n\n"
    "3. Teknisk anslutning\nAgenten börjar först när båda parter har attesterat, och rapporterar"
    " när anslutningen är klar.\n\n"
    "4. Personuppgifter\nAgenten har ett eget biträdesavtal med varje kund som ansluts.",
    "nb": "1. Oppdraget\nAgenten kobler kunden til tjenesten og har ansvar for sitt eget system."
    " Agenten går gjennom hver bestilling og bekrefter at kunden kan kobles til.\n\n"
    "2. Bemanning\nAgenten har alltid minst én saksbehandler og én attestant for tjenesten.\n\n"
    "3. Teknisk tilkobling\nAgenten begynner først når begge parter har attestert, og melder fra"
    " når tilkoblingen er klar.\n\n"
    "4. Personopplysninger\nAgenten har egen databehandleravtale med hver kunde som kobles til.",
    "en": "1. The engagement\nThe agent connects the customer to the service and answers for its"
    " own system. The agent reviews each order and certifies that the customer can connect.\n\n"
    "2. Staff\nThe agent always has at least one handler for the service and one attestant.\n\n"
    "3. Technical connection\nThe agent begins only when both parties have attested, and reports"
    " when the connection is done.\n\n"
    "4. Personal data\nThe agent has a processing agreement of its own with each customer.",
}

AGENT_MORE = {
    "sv": "5. Fel och avbrott\nAgenten meddelar kundservice avbrott i det egna systemet samma dag.",
    "nb": "5. Feil og avbrudd\nAgenten melder avbrudd i eget system til kundeservice samme dag.",
    "en": "5. Faults\nThe agent tells customer service of outages in its system the same day.",
}


def of(version: int) -> list[tuple[str, dict]]:
    """The terms that come with a version: every service has two, every other one three."""
    told = [one for n, one in enumerate(SERVICES) if version < 3 or n % 2 == 0]
    agent = [("agent", agent_body(version))] if version < 3 else []
    agent += [("engagement", agent_body(2))] if version == 1 else []
    return [*((one.key, body(one, version)) for one in told), *agent]


def agent_body(version: int) -> dict:
    text = AGENT_TEXT
    if version > 1:
        text = {one: f"{words}\n\n{AGENT_MORE[one]}" for one, words in AGENT_TEXT.items()}
    return {"title": AGENT_TITLE, "text": text}


def body(service: Service, version: int) -> dict:
    names = service.name
    title = {language: TITLE[language].format(service=names[language]) for language in TITLE}
    return {"title": title, "text": {one: text(service, version, one) for one in TITLE}}


def text(service: Service, version: int, language: str) -> str:
    """Each version says a little more, or a little else."""
    facts = {"service": service.name[language], "special": service.special[language]}
    told = [paragraph.format(**facts) for paragraph in PARAGRAPHS[language]]
    months = 3 if version == 1 else 6 if version == 2 else 3
    told.append(NOTICE_PERIOD[language].format(months=months))
    if version > 1:
        told.append(SECURITY[language])
    return "\n\n".join(told)
