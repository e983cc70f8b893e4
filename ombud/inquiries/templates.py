"""The texts of messages: what may stand in them, what they become, and how many parts it takes."""

import re

from django.utils.translation import gettext as _

from ombud.lib import segments

LINK = "lank"
PLACES = ("butik", "arende", LINK, "telefon")  # as the customer's own staff know them
PLACE = re.compile(r"\{([^{}]*)\}")
ADDRESS = re.compile(r"https?:|www\.|\b[\w-]+\.(?:se|no|com|net|org|nu|io|eu|info)\b", re.I)
MOST_PARTS = 4


def faults(template: str) -> list[str]:
    """What is wrong with a text, each as a sentence."""
    named = PLACE.findall(template)
    unknown = sorted({name for name in named if name not in PLACES})
    bare = PLACE.sub("", template)
    found = [
        (unknown, _("Unknown placeholder: %(names)s.") % {"names": named_in(unknown)}),
        ("{" in bare or "}" in bare, _("A brace is left open.")),
        (LINK not in named, _("The text needs the link: write {lank} where it is to stand.")),
        (named.count(LINK) > 1, _("The link may stand in the text only once.")),
        (
            ADDRESS.search(bare),
            _("The text holds an address of its own. Only {lank} may lead anywhere."),
        ),
    ]
    return [text for holds, text in found if holds]


def faults_of_name(name: str) -> list[str]:
    """A name that is put into messages leads nowhere, and holds no place of its own."""
    found = [
        ("{" in name or "}" in name, _("A brace is left open.")),
        (
            ADDRESS.search(name),
            _("The text holds an address of its own. Only {lank} may lead anywhere."),
        ),
    ]
    return [text for holds, text in found if holds]


def named_in(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def filled(template: str, **known: str) -> str:
    return PLACE.sub(lambda found: known[found[1]], template)


def measured(text: str) -> segments.Segments:
    return segments.count(text)
