"""The page's words: English is the source, Swedish stands beside it."""

SWEDISH = {
    "The phones on the table": "Telefonerna på bordet",
    "Sandbox – not real": "Sandlåda – inte på riktigt",
    "Phones": "Telefoner",
    "Faults and clock": "Fel och klocka",
    "Journal": "Journal",
    "Service desk": "Ärendesystem",
    "Skip to the content": "Till innehållet",
    "Every person of the demo has a phone here: what was sent to them, and their BankID app.": (
        "Varje person i demon har en telefon här: det som skickats till dem och deras BankID-app."
    ),
    "Find a person, organisation or role": "Sök person, organisation eller roll",
    "Search": "Sök",
    "Show all": "Visa alla",
    "No phone fits.": "Ingen telefon passar.",
    "No phones yet. They come with the demo world, or by POST /control/people.": (
        "Inga telefoner än. De kommer med demovärlden eller genom POST /control/people."
    ),
    "Without organisation": "Utan organisation",
    "On a screen right now": "På en skärm just nu",
    "Log in": "Logga in",
    "Sign": "Skriv under",
    "for {name}": "för {name}",
    "for anyone": "för vem som helst",
    "Choose a phone below to scan it with.": "Välj en telefon nedan att skanna med.",
    "Open the phone": "Öppna telefonen",
    "Nothing yet": "Inget ännu",
    "BankID waits": "BankID väntar",
    "All phones": "Alla telefoner",
    "Personal number": "Personnummer",
    "Phone": "Telefon",
    "Mail": "E-post",
    "SMS": "SMS",
    "BankID": "BankID",
    "{who} wants you to identify yourself": "{who} vill att du legitimerar dig",
    "{who} wants you to sign": "{who} vill att du skriver under",
    "Are you on the phone with {who} right now?": "Talar du i telefon med {who} just nu?",
    "My intention": "Min avsikt",
    "Approve": "Godkänn",
    "Cancel": "Avbryt",
    "No, I am not": "Nej, det gör jag inte",
    "The text exactly as signed": "Texten exakt som den skrivs under",
    "Also signed, but not shown in the app": "Skrivs också under, men visas inte i appen",
    "Nothing is open in the app.": "Inget är öppet i appen.",
    "A code is on the screen beside you": "En kod visas på skärmen bredvid dig",
    "Scan the QR code": "Skanna QR-koden",
    "When a QR code or a BankID link is on the screen, it can be scanned here.": (
        "När en QR-kod visas på skärmen kan den skannas här."
    ),
    "Codes meant for others": "Koder för andra",
    "Paste the text of a QR code": "Klistra in texten från en QR-kod",
    "Open": "Öppna",
    "Earlier": "Tidigare",
    "Approved": "Godkänd",
    "Cancelled": "Avbruten",
    "Failed": "Misslyckad",
    "Copy": "Kopiera",
    "Copied": "Kopierad",
    "No SMS yet.": "Inga SMS ännu.",
    "No mail yet.": "Ingen e-post ännu.",
    "This person has no phone number.": "Personen har inget telefonnummer.",
    "This person has no mail address.": "Personen har ingen e-postadress.",
    "As text": "Som text",
    "Links in this mail": "Länkar i brevet",
    "Whole mail, as it came": "Hela brevet, som det kom",
    "BankID on this device": "BankID på den här enheten",
    "Whose BankID is on this device?": "Vems BankID finns på den här enheten?",
    "Choose": "Välj",
    "Another person": "Någon annan",
    "Personal number, 12 digits": "Personnummer, 12 siffror",
    "Back to the service": "Tillbaka till tjänsten",
    "That did not work": "Det gick inte",
    "This BankID app is make-believe. It never leaves your computer.": (
        "Den här BankID-appen är på låtsas. Den lämnar aldrig din dator."
    ),
    "The clock": "Klockan",
    "Real time": "Verklig tid",
    "moved {offset}": "flyttad {offset}",
    "One hour on": "En timme fram",
    "One day on": "Ett dygn fram",
    "Three days on": "Tre dygn fram",
    "One week on": "En vecka fram",
    "Back to real time": "Tillbaka till verklig tid",
    "Let something go wrong": "Låt något gå fel",
    "The fault strikes the next times the part is used, then all is well again.": (
        "Felet inträffar de närmaste gångerna delen används, sedan är allt som vanligt."
    ),
    "What": "Vad",
    "Times": "Gånger",
    "Set": "Ställ in",
    "Waiting to strike": "Väntar på att inträffa",
    "Take away": "Ta bort",
    "No faults. All is well.": "Inga fel. Allt är som det ska.",
    "Mail server": "E-postserver",
    "When": "När",
    "Part": "Del",
    "The newest 200. All of it: GET /control/journal": (
        "De 200 senaste. Allt: GET /control/journal"
    ),
    "Nothing has happened yet.": "Inget har hänt ännu.",
    "In": "In",
    "Out": "Ut",
    "Here": "Här",
}

REFUSALS = {
    "No order answers to that link. It may be too old; start again.": (
        "Inget ärende svarar på länken. Den kan vara för gammal; börja om."
    ),
    "That is not the text of a BankID QR code.": "Det är inte texten från en BankID-kod.",
    "No order waits behind that QR code.": "Inget väntar bakom den QR-koden.",
    "That QR code is forged.": "QR-koden är förfalskad.",
    "That QR code is too old; it changes every second.": (
        "QR-koden är för gammal; den byts varje sekund."
    ),
    "The order is gone.": "Ärendet finns inte längre.",
    "The order is already open in another person's app.": (
        "Ärendet är redan öppet i en annan persons app."
    ),
    "The order is meant for another person's BankID.": (
        "Ärendet är avsett för en annan persons BankID."
    ),
    "The order wants another kind of BankID than the one on this phone.": (
        "Ärendet kräver ett annat slags BankID än det i den här telefonen."
    ),
    "Nothing is open in this person's BankID app.": "Inget är öppet i personens BankID-app.",
    "The order does not come from a telephone call.": "Ärendet kommer inte från ett samtal.",
    "A person is named by a personal number of 12 digits.": (
        "En person anges med ett personnummer på 12 siffror."
    ),
}
"""What the app says no with; a few that carry a detail stay in English."""

ROLES = {
    "administrator": {"sv": "administratör"},
    "orderer": {"sv": "beställare"},
    "attestant": {"sv": "attestant"},
    "agent_handler": {"sv": "handläggare agent"},
    "engagement_orderer": {"sv": "beställare agentuppdrag"},
    "contact": {"sv": "kontaktperson"},
    "case_handler": {"sv": "handläggare kundservice"},
    "reviewer": {"sv": "granskare"},
    "catalogue_admin": {"sv": "katalogadministratör"},
}

LANGUAGES = {"en": "English", "sv": "Svenska"}


def chosen(cookie: str, accepted: str) -> str:
    """The reader's choice, else the first language the browser asks for that we know."""
    if cookie in LANGUAGES:
        return cookie
    wanted = [one.split(";")[0].strip()[:2].lower() for one in accepted.split(",")]
    return next((one for one in wanted if one in LANGUAGES), "en")


def role(language: str, name: str) -> str:
    """A role as people call it; one that nobody knows stands as it came."""
    return ROLES.get(name, {}).get(language) or name.replace("_", " ")


def refusal(language: str, words: str) -> str:
    return REFUSALS.get(words, words) if language == "sv" else words


def say(language: str, words: str, **values: object) -> str:
    told = SWEDISH[words] if language == "sv" else words
    return told.format(**values) if values else told
