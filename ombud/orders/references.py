"""What the reference on an organisation's invoices must look like, as the organisation has said."""

import re

from django.utils.translation import gettext as _

from ombud.lib import rows
from ombud.orders.catalogue import Reference, ReferenceBody
from ombud.people import settings
from ombud.people.models import Organisation

KINDS = {"four": r"[89]\d{3}", "digits": r"\d{4,10}"}
# A pattern of one's own: letters, figures and classes, each perhaps repeated a counted number of
# times, and not many of varying length, so that no text takes long to try.
PIECE = r"(?:\[[A-Za-z0-9 ._/-]{1,40}\]|\\d|[A-Za-z0-9 ._/-])"
PLAIN = re.compile(rf"(?:{PIECE}(?:\{{\d{{1,2}}(?:,\d{{1,2}})?\}}|\?)?)+")
VARYING = re.compile(r",\d{1,2}\}|\?")
MOST_VARYING = 3
NEWEST = """SELECT id FROM orders_reference WHERE organisation_id = %s AND key = 'invoice'
ORDER BY version DESC LIMIT 1"""


def of(organisation: Organisation) -> ReferenceBody:
    """The organisation's own; where it has said nothing, anything will do."""
    found = rows.asked(NEWEST, [organisation.pk])
    return settings.row(Reference, found[0][0]).read if found else ReferenceBody()


def fault(organisation: Organisation, reference: str) -> str:
    """What is wrong with a reference, in words; nothing if nothing is."""
    body = of(organisation)
    if not reference:
        return _("Give the reference for the invoice.")
    if fits(body, reference):
        return ""
    return _("%(organisation)s writes its references so: %(words)s") % {
        "organisation": organisation,
        "words": words(body),
    }


def fits(body: ReferenceBody, reference: str) -> bool:
    pattern = KINDS.get(body.kind, body.pattern)
    return body.kind == "any" or re.fullmatch(pattern, reference.strip()) is not None


def words(body: ReferenceBody) -> str:
    """What it should look like; of anything there is nothing to say."""
    known = {
        "four": _("four digits that begin with 8 or 9, as 8123."),
        "digits": _("four to ten digits, as 12345."),
        "own": _("as %(example)s.") % {"example": body.example},
    }
    return known.get(body.kind, "")


def hint(organisation: Organisation) -> str:
    told = words(of(organisation))
    return f"{told[0].upper()}{told[1:]}" if told else ""


def is_plain(pattern: str) -> bool:
    """Whether a pattern may be tried: it can be read, and never takes long."""
    if PLAIN.fullmatch(pattern) is None or len(VARYING.findall(pattern)) > MOST_VARYING:
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
