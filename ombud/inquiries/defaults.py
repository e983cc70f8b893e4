"""What a new portal begins with: texts, form, terms and hours that work as they are."""

from ombud.people.models import Organisation

# Each fits one SMS with a shop's name of twenty letters and an address of fifty.
FIRST = {
    "sv": "{butik}: fyll i dina uppgifter för ärende {arende} och skriv under: {lank}"
    " Frågor? {telefon}",
    "nb": "{butik}: fyll ut opplysningene for sak {arende} og signer: {lank} Spørsmål? {telefon}",
    "en": "{butik}: fill in your details for case {arende} and sign: {lank} Questions? {telefon}",
}
REMINDERS = [
    {
        "sv": "{butik}: påminnelse 1 av 3, ärende {arende}. Fyll i dina uppgifter: {lank}"
        " Frågor? {telefon}",
        "nb": "{butik}: påminnelse 1 av 3, sak {arende}. Fyll ut opplysningene: {lank}"
        " Spørsmål? {telefon}",
        "en": "{butik}: reminder 1 of 3, case {arende}. Fill in your details: {lank}"
        " Questions? {telefon}",
    },
    {
        "sv": "{butik}: påminnelse 2 av 3, ärende {arende}. Vi börjar när du svarat: {lank}"
        " Frågor? {telefon}",
        "nb": "{butik}: påminnelse 2 av 3, sak {arende}. Vi begynner når du svarer: {lank}"
        " Spørsmål? {telefon}",
        "en": "{butik}: reminder 2 of 3, case {arende}. We begin once you answer: {lank}"
        " Questions? {telefon}",
    },
    {
        "sv": "{butik}: sista påminnelsen, ärende {arende}. Sedan slutar länken: {lank}"
        " Frågor? {telefon}",
        "nb": "{butik}: siste påminnelse, sak {arende}. Etterpå slutter lenken: {lank}"
        " Spørsmål? {telefon}",
        "en": "{butik}: last reminder, case {arende}. After this the link ends: {lank}"
        " Questions? {telefon}",
    },
]
UNSIGNED = {
    "sv": "{butik}: ärende {arende} är ifyllt men inte underskrivet. Skriv under: {lank}"
    " Frågor? {telefon}",
    "nb": "{butik}: sak {arende} er fylt ut, men ikke signert. Signer her: {lank}"
    " Spørsmål? {telefon}",
    "en": "{butik}: case {arende} is filled in but not signed. Sign here: {lank}"
    " Questions? {telefon}",
}


def field(name: str, page: str, kind: str, sv: str, nb: str, en: str, **more) -> dict:
    label = {"sv": sv, "nb": nb, "en": en}
    return {"name": name, "page": page, "kind": kind, "label": label, **more}


def known(name: str, kind: str, sv: str, nb: str, en: str, **more) -> dict:
    """A contact detail, which the other system may have told."""
    return field(name, "contact", kind, sv, nb, en, prefill=name, **more)


FIELDS = [
    known("given", "text", "Förnamn", "Fornavn", "First name", required=True, most=80),
    known("family", "text", "Efternamn", "Etternavn", "Last name", required=True, most=80),
    known("street", "text", "Gatuadress", "Gateadresse", "Street address", required=True),
    known("postcode", "postcode", "Postnummer", "Postnummer", "Postcode", required=True, most=10),
    known("city", "text", "Ort", "Sted", "Town", required=True, most=80),
    known("mobile", "phone", "Mobil", "Mobil", "Mobile", required=True, most=30),
    known("email", "email", "E-post", "E-post", "E-mail", most=150),
    field(
        "object",
        "matter",
        "text",
        "Vad ska lagas?",
        "Hva skal repareres?",
        "What is to be repaired?",
        required=True,
        prefill="object",
        hint={
            "sv": "Till exempel mobiltelefon, dator eller tvättmaskin.",
            "nb": "For eksempel mobiltelefon, datamaskin eller vaskemaskin.",
            "en": "For example a mobile phone, a computer or a washing machine.",
        },
    ),
    field("model", "matter", "text", "Märke och modell", "Merke og modell", "Make and model",
          required=True, prefill="model"),
    field("serial", "matter", "text", "Serienummer", "Serienummer", "Serial number", most=60),
    field("fault", "matter", "long", "Vad är felet?", "Hva er feilen?", "What is wrong?",
          required=True, most=2000),
    field("since", "matter", "text", "Sedan när?", "Siden når?", "Since when?", most=100),
    field("accessories", "matter", "text", "Tillbehör som följer med", "Tilbehør som følger med",
          "Accessories that come along"),
    field("photos", "matter", "photos", "Bilder", "Bilder", "Photos"),
]  # fmt: skip
TERMS = {
    "title": {
        "sv": "Villkor för reparation",
        "nb": "Vilkår for reparasjon",
        "en": "Terms of repair",
    },
    "text": {
        "sv": "Vi undersöker produkten först. Blir det dyrare än det högsta beloppet frågar vi dig"
        " igen innan vi lagar den.\n\nDu betalar när du hämtar produkten. Hämtas den inte inom tre"
        " månader efter att vi har meddelat att den är klar får vi sälja den för att täcka"
        " kostnaderna.\n\nPriserna är inkl. moms.",
        "nb": "Vi undersøker produktet først. Blir det dyrere enn det høyeste beløpet, spør vi deg"
        " igjen før vi reparerer det.\n\nDu betaler når du henter produktet. Hentes det ikke innen"
        " tre måneder etter at vi har meldt at det er klart, kan vi selge det for å dekke"
        " kostnadene.\n\nPrisene er inkl. mva.",
        "en": "We examine the product first. If it costs more than the highest sum, we ask you"
        " again before we repair it.\n\nYou pay when you collect the product. If it is not"
        " collected within three months after we have told you that it is ready, we may sell it to"
        " cover the costs.\n\nThe prices include VAT.",
    },
    "costs": [
        {
            "label": {"sv": "Undersökning", "nb": "Undersøkelse", "en": "Examination"},
            "kind": "fixed",
            "amount": 39500,
        }
    ],
    "ceiling": None,
}


def bodies(portal: Organisation, phone: str) -> dict[str, dict]:
    return {part: body(portal, part, phone) for part in ("texts", "form", "terms", "pace")}


def body(portal: Organisation, part: str, phone: str) -> dict:
    """One part as it is from the beginning, for this portal."""
    known: dict[str, dict] = {
        "texts": {
            "shop": portal.name[:40],
            "phone": phone,
            "first": FIRST,
            "reminders": REMINDERS,
            "unsigned": UNSIGNED,
        },
        "form": {"fields": FIELDS},
        "terms": TERMS,
        "pace": {},
    }
    return known[part]
