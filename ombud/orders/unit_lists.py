"""Care units as they are ticked, typed one by one, or pasted as a list."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ombud.lib import identifiers
from ombud.orders.models import CareUnit, Order

PARTED = re.compile(r"[;,\t]|\s{2,}")
NAMED = re.compile(r"(SE\d{10}[-\u2010-\u2015\u2212][A-Z0-9]+)\s+(\S.*)", re.IGNORECASE)
UNSURE = re.compile(r"[-\u2010-\u2015\u2212]\s*\w+\s")


@dataclass(frozen=True)
class Line:
    """What became of one line: added, there before, or wrong."""

    typed: str
    word: str
    is_good: bool


@dataclass(frozen=True)
class Listed:
    """A unit on the page, ticked or not."""

    hsa_id: str
    name: str
    is_ticked: bool


def of(order: Order) -> list[Listed]:
    """The customer's known units and those of the order, each once."""
    chosen = {unit["hsa_id"]: unit["name"] for unit in order.units}
    known = dict(CareUnit.objects.filter(organisation=order.customer).values_list("hsa_id", "name"))
    names = {**known, **{one: name or known.get(one, "") for one, name in chosen.items()}}
    rows = [Listed(hsa_id, name, hsa_id in chosen) for hsa_id, name in names.items()]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.hsa_id))


def ticked(order: Order, values: list[str]) -> list[dict]:
    """The units with these HSA-ids, with the names that are known."""
    names = {row.hsa_id: row.name for row in of(order)}
    return [{"hsa_id": value, "name": names[value]} for value in values if value in names]


def added(units: list[dict], pasted: str) -> tuple[list[dict], list[Line]]:
    """The units with each good line of the pasted added; and what became of every line."""
    found, told = list(units), []
    for typed in filter(None, (line.strip() for line in pasted.splitlines())):
        told.append(one(found, typed))
    return found, told


def one(units: list[dict], typed: str) -> Line:
    number, name = parted(typed)
    try:
        hsa_id = identifiers.hsa_id(number)
    except identifiers.NotAUnit:
        return Line(typed.strip("; "), _("Wrong characters in the HSA-id"), False)
    if any(unit["hsa_id"] == hsa_id for unit in units):
        return Line(typed.strip("; "), pgettext("unit", "Already there"), True)
    units.append({"hsa_id": hsa_id, "name": name})
    return Line(typed.strip("; "), pgettext("unit", "Added"), True)


def parted(typed: str) -> tuple[str, str]:
    """HSA-id and name. Where nothing else parts them a blank after a whole id does; any other
    blank after the dash could be either, and is wrong."""
    number, *rest = (part.strip() for part in PARTED.split(typed, maxsplit=1))
    if rest:
        return number, rest[0]
    if named := NAMED.fullmatch(number):
        return named[1], named[2]
    return ("" if UNSURE.search(number) else number), ""
