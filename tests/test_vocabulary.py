"""One vocabulary: each deed has one word in every page, letter and signed text."""

import re
from collections.abc import Iterator

from django.test import SimpleTestCase

from ombud.config import words

# What the English source says → what the translation must say, as the beginning of a word.
SAID = {
    "sv": {
        r"\battest": r"attest",
        r"\breject": r"avslå|avslog|avslag",
        r"\breview": r"gransk",
        r"\bapprov": r"godkän|attest",
        r"\bMy approvals\b": r"Mina godkännanden",
        r"\bcases?\b(?! handler)": r"ärende",
        r"\bnotices?\b": r"avisering",
        r"\bAction (required|needed)\b": r"Åtgärd krävs",
        r"\bcustomer service\b": r"kundservice",
        r"\bAgent handler\b": r"Handläggare agent",
        r"\bcare units?\b": r"vårdenhet",
        r"\bstartup fee\b": r"startavgift",
        r"\bexc?l?\.? VAT\b": r"exkl\. moms",
        r"^Your turn\b": r"Din tur",
        r"^Waits for\b": r"Väntar på",
    },
    "nb": {
        r"\battest": r"attest",
        r"\breject": r"avslå|avslo|avslag",
        r"\breview": r"gjennomgå|gjennomgang|gransker",
        r"\bapprov": r"godkjen|attest",
        r"\bMy approvals\b": r"Mine godkjenninger",
        r"\bpersonal (?:identity )?number": r"fødselsnumm|fødselsnumre",
        r"\bnotices?\b": r"varsel|varsl",
        r"\bcases?\b": r"\bsak",
        r"\bcustomer service\b": r"kundeservice",
        r"\bAgent handler\b": r"Saksbehandler agent",
        r"\bstartup fee\b": r"oppstartsgebyr",
        r"\bexc?l?\.? VAT\b": r"ekskl\. mva\.",
    },
}

# The very words of what people press and look for.
READY = "Ready to connect: %(customer)s, %(number)s"
EXACT = {
    (None, "My approvals"): "Mina godkännanden",
    (None, "Notices"): "Aviseringar",
    (None, "Cases"): "Ärenden",
    (None, "Action required"): "Åtgärd krävs",
    (None, "Back without deciding"): "Tillbaka utan att besluta",
    (None, "Approve with BankID"): "Godkänn med BankID",
    (None, "Reject with BankID"): "Avslå med BankID",
    (None, "Show a new QR code"): "Visa ny QR-kod",
    (None, "Already handled by %(who)s %(when)s."): "Redan avgjord av %(who)s %(when)s.",
    (None, "Reject …"): "Avslå …",
    (None, "Attest: %(number)s from %(customer)s"): "Attestera: %(number)s från %(customer)s",
    (None, "Review: %(number)s from %(customer)s"): "Granska: %(number)s från %(customer)s",
    (None, "Rejected: %(number)s from %(customer)s"): "Avslagen: %(number)s från %(customer)s",
    (None, READY): "Klart att ansluta: %(customer)s, %(number)s",
    ("step", "Done"): "Klart",
    ("step", "Under way"): "Pågår",
    ("step", "Coming"): "Kommer",
    ("step", "Rejected"): "Avslaget",
    ("step", "Recalled"): "Återkallat",
    ("step", "Expired"): "Gick ut",
    ("step", "Never came to be"): "Blev inte aktuellt",
    ("step", "Not needed"): "Behövdes inte",
    ("order", "Copy and correct"): "Kopiera och rätta",
    (None, "Waiting for us"): "Väntar på oss",
    (None, "Nothing waits for you right now."): "Inget väntar på dig just nu.",
    (None, "Confirmed by SMS code"): "Bekräftad med SMS-kod",
    (None, "Code by SMS"): "Kod via SMS",
    (None, "You can close this window."): "Du kan stänga fönstret.",
}

# Other words for the same deeds, and words of no public office.
NEVER = {
    "sv": [
        r"godkänn\w* med attest|attest-?godkännande|attestgodkänn",
        r"mina attest(er|eringar)|mina beslut|att-?göra-?lista",
        r"\b(neka|nekad|avböj|avvisa|underkän|förkasta|makulera|annullera)\w*",
        r"\bsigner\w*|\bsignatur\w*",
        r"\bvänligen\b|\bvar god\b|\bsnälla\b|\bnotifi\w*|\bnotis\w*|\bticket\b",
        r"uppstartskostnad|uppstartsavgift|\bex\.? moms|\bexklusive moms",
        r"\bemail\b|\be-mail\b|\bmail\b|\bapplikation\w*",
    ],
    "nb": [
        r"\bvennligst\b|\bvær så snill\b|\bnotifi\w*|\bnotifikasjon\w*",
        r"\b(avvis|forkast|nekt)\w*",
        r"\bemail\b|\be-mail\b|\bmail\b",
        r"\b(och|inte|ärende|beställ\w*|från|när|eller inte|någon)\b",
    ],
}

# English that a hurried hand leaves behind.
ENGLISH = (
    r"\b(please|submit|click|the|and|order|orders|approve|approval|reject|review|cancel|login|"
    r"log in|loading|error|wrong|waiting|notice|case|cases|you|your|with|must|not|back)\b"
)
NOT_WORDS = re.compile(r"%\(\w+\)[sd]|<[^>]*>|\S+@\S+|https?://\S+")
HEADERS = re.compile(r"If-Match|Idempotency-Key|Authorization: Bearer TOKEN|application/json")

ABOUT_A_CODE = r"\bSMS\b|\bcodes?\b"
OTHER_CODES = re.compile(r"QR code|security code", re.IGNORECASE)
SIGNING = {
    "sv": r"underskrift|skriv\w* under|skrev under|signer",
    "nb": r"underskrift|signatur|signer",
}


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """What the source says and what the catalogue makes of it, form by form."""
    for message in words.said(words.read(language)):
        source = message.id if isinstance(message.id, str) else message.id[-1]
        yield from ((source, told) for told in words.forms(message) if told)


def found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def bare(told: str) -> str:
    return HEADERS.sub("", NOT_WORDS.sub("", told))


class VocabularyTest(SimpleTestCase):
    def test_each_deed_and_thing_has_one_word(self):
        faults = [
            f"{language}: {source!r} says {told!r}, without {wanted!r}"
            for language, rules in SAID.items()
            for source, told in pairs(language)
            for said, wanted in rules.items()
            if found(said, bare(source)) and not found(wanted, told)
        ]
        self.assertEqual(faults, [])

    def test_what_people_press_and_look_for_is_said_in_these_very_words(self):
        told = {words.key(message): message.string for message in words.said(words.read("sv"))}
        faults = {
            said: told[said]
            for said, wanted in EXACT.items()
            if said in told and told[said] != wanted
        }
        self.assertEqual(faults, {})
        self.assertGreater(len(EXACT.keys() & told.keys()), 20)

    def test_no_other_word_is_used_for_a_deed(self):
        faults = [
            f"{language}: {told!r} has {pattern!r}"
            for language, patterns in NEVER.items()
            for _, told in pairs(language)
            for pattern in patterns
            if found(pattern, bare(told))
        ]
        self.assertEqual(faults, [])

    def test_a_code_by_sms_is_never_called_a_signature(self):
        faults = [
            f"{language}: {told!r}"
            for language, signing in SIGNING.items()
            for source, told in pairs(language)
            if found(ABOUT_A_CODE, OTHER_CODES.sub("", source)) and found(signing, told)
        ]
        self.assertEqual(faults, [])

    def test_nobody_is_shouted_at_or_begged(self):
        faults = [
            f"{language}: {source!r}, {told!r}"
            for language in words.LANGUAGES
            for source, told in pairs(language)
            if "!" in source + told or found(r"\bplease\b", source)
        ]
        self.assertEqual(faults, [])

    def test_no_english_is_left_behind(self):
        alike = words.same()
        faults = [
            f"{language}: {told!r}"
            for language in words.LANGUAGES
            for _, told in pairs(language)
            if told not in alike and found(ENGLISH, bare(told))
        ]
        self.assertEqual(faults, [])

    def test_the_catalogues_have_been_read(self):
        for language in words.LANGUAGES:
            self.assertGreater(len(list(pairs(language))), 500)
