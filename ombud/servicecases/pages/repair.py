"""What the page of a repair shows, told in words."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import format_decimal
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from ombud.cases import timeline
from ombud.cases.models import CASE, Document, Event
from ombud.cases.sight import Eyes
from ombud.lib import days, money, sizes
from ombud.lib.errors import misshapen
from ombud.servicecases import linked
from ombud.servicecases.matching import DOUBTED, MATCHED
from ombud.servicecases.models import Line, Repair
from ombud.servicecases.states.repair import Side, State
from ombud.ui.pieces import Attached, Said

KINDS = {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG"}
SHOWN_BYTES = 3 * 1024 * 1024  # a larger picture is a link: no phone fetches it unasked


def told(repair: Repair, eyes: Eyes) -> dict[str, Any]:
    events = list(timeline.of(repair.case, eyes))
    card = repair.card.root()
    return {
        "repair": repair,
        "case": repair.case,
        "state": State(repair.state).label,
        "card": card,
        "how": how(repair),
        "doubles": repair.how.get("doubles", []),
        "lines": repair.current_lines(),
        "quantities": {line.pk: quantity(line) for line in repair.current_lines()},
        "sums": sums(repair),
        "costs": costs(repair),
        "warning": warning(repair),
        "linked": linked.status(repair.case),
        "side": str(Side(repair.side).label),
        "is_elsewhere": repair.side == Side.AGILOFT,
        **files(repair.photos()),
        "notes": notes(repair, eyes),
        "signings": [signing(one) for one in events if one.verb == "repair.signed"],
        "events": [happened(one) for one in events],
    }


def how(repair: Repair) -> str:
    """Which card it was linked to, and what was done to it."""
    outcome = repair.how.get("outcome")
    if outcome == MATCHED:
        filled = len(repair.how.get("filled", []))
        changed = len(repair.how.get("changed", []))
        more = []
        if filled:
            more.append(
                ngettext("%(n)s field filled in", "%(n)s fields filled in", filled) % {"n": filled}
            )
        if changed:
            more.append(
                ngettext("%(n)s field changed", "%(n)s fields changed", changed) % {"n": changed}
            )
        return ", ".join([_("Known card"), *more])
    if repair.how.get("other_signer"):
        return _("New card without a personal number: signed under another name")
    if outcome == DOUBTED:
        return _("New card, perhaps of a customer who has one already")
    return _("New card") if outcome else ""


def quantity(line: Line) -> str:
    """As it is read: "1", "1,5"."""
    return format_decimal(line.quantity, "#,##0.##", locale=get_language() or "sv")


def costs(repair: Repair) -> list[tuple[str, str]]:
    """What the customer has approved, each with the amount."""
    named = {
        "fixed": _("Fixed price"),
        "approximate": _("Approximate price"),
        "ceiling": pgettext("cost", "At most"),
    }
    found = [(label, getattr(repair, name)) for name, label in named.items()]
    return [(label, amount(repair, value)) for label, value in found if value is not None]


def amount(repair: Repair, value: int) -> str:
    return money.text(value, repair.currency)


def sums(repair: Repair) -> dict[str, str]:
    lines = repair.current_lines()
    without = sum(line.without_vat for line in lines)
    return {
        "without": amount(repair, without),
        "vat": amount(repair, repair.total - without),
        "total": amount(repair, repair.total),
        "limit": amount(repair, repair.limit) if repair.limit is not None else "",
    }


def warning(repair: Repair) -> str:
    """The invoice basis has passed what the customer has said yes to."""
    if not repair.over:
        return ""
    facts = {"total": amount(repair, repair.total), "over": amount(repair, repair.over)}
    if repair.limit is None:
        text = _(
            "The invoice basis is %(total)s, and the customer has approved no price. Ask for a"
            " signed yes before it is invoiced."
        )
        return text % facts
    facts["limit"] = amount(repair, repair.limit)
    if repair.ceiling is None and repair.approximate is not None:
        text = _(
            "The invoice basis is %(total)s. An approximate price may be passed by 15 percent at"
            " most: the limit is %(limit)s, passed by %(over)s. Send a new request for the customer"
            " to sign before it is invoiced."
        )
        return text % facts
    text = _(
        "The invoice basis is %(total)s. The customer has approved %(limit)s, passed by %(over)s."
        " Send a new request for the customer to sign before it is invoiced."
    )
    return text % facts


def files(rows: list[Document]) -> dict[str, list]:
    """Pictures that are small enough to be shown, and the rest as links."""
    attached = [
        Attached(
            name=row.name,
            href=reverse("desk:document", args=[row.key]),
            size=sizes.text(row.size),
            kind=KINDS.get(row.media_type, row.media_type),
            key=str(row.key),
        )
        for row in rows
    ]
    pictures = {
        str(row.key)
        for row in rows
        if row.media_type.startswith("image/") and row.size <= SHOWN_BYTES
    }
    return {
        "pictures": [one for one in attached if one.key in pictures],
        "papers": [one for one in attached if one.key not in pictures],
    }


def notes(repair: Repair, eyes: Eyes) -> list[Said]:
    if not eyes.see(CASE):
        return []
    rows = repair.case.message_set.filter(circle=CASE).select_related("person", "organisation")
    return [
        Said(str(row.person), str(row.organisation), row.at, row.body)
        for row in rows.order_by("at", "pk")
    ]


def signing(event: Event) -> dict[str, Any]:
    """What stands in the note of a signature."""
    words = timeline.words_of(event)
    return {
        "who": words.get("name", ""),
        "terms": words.get("terms", ""),
        "evidence": event.data.get("evidence", ""),
        "form": event.data.get("form", ""),
        "at": event.data.get("signed_at", ""),
    }


def happened(event: Event) -> dict[str, Any]:
    words = timeline.words_of(event)
    note = words.get("note", "")
    return {"event": event, "text": verb(event, words), "note": note}


def verb(event: Event, words: dict) -> str:
    name = event.verb.partition(".")[2]
    what = words.get("what", "")
    known = {
        "opened": pgettext("event", "The repair was opened"),
        "signed": pgettext("event", "The customer signed"),
        "noted": pgettext("event", "A note was written"),
        "filed": pgettext("event", "Pictures were added or removed"),
        "line_added": pgettext("event", "A line was added to the invoice basis"),
        "line_removed": pgettext("event", "A line was removed from the invoice basis"),
        "closed": pgettext("event", "The repair was closed"),
    }
    if name == "moved":
        label = State(event.data["status"]).label
        return pgettext("event", "The status was changed: %(status)s") % {"status": label}
    if name == "continued":
        side = str(Side(event.data["side"]).label)
        return pgettext("event", "It was chosen to go on in %(side)s") % {"side": side}
    if name == "closed" and event.data.get("outcome") == State.CANCELLED:
        return pgettext("event", "The repair was cancelled")
    text = known.get(name) or linked.said_of(event.verb)
    return f"{text}: {what}" if what else text


def sentences(repair: Repair, turn, is_mine: bool) -> list[str]:
    """Where it stands, in at most three sentences."""
    if not repair.is_worked_on:
        closed = repair.case.closed_at
        first = (
            _("The repair was cancelled.")
            if repair.state == State.CANCELLED
            else _("The repair is closed.")
        )
        return [first, *([_("Closed %(when)s.") % {"when": days.when(closed)}] if closed else [])]
    if repair.side == Side.AGILOFT:
        return [
            _("The repair goes on in %(side)s. Here it can only be read.") % {"side": "Agiloft"}
        ]
    first = (
        _("Your turn: work on the repair.")
        if is_mine
        else _("Waits for %(provider)s: a case handler is to work on the repair.")
        % {"provider": repair.provider}
    )
    since = [_("Since %(when)s.") % {"when": days.when(turn.since)}] if turn else []
    return [first, *since, chosen(repair)]


def chosen(repair: Repair) -> str:
    if repair.side == Side.UNDECIDED:
        return _("It has not been chosen yet where the case and its invoice go on.")
    return _("The case and its invoice go on in %(side)s.") % {"side": Side(repair.side).label}


# What is typed on the page of a line


def line_typed(post) -> dict[str, Any]:
    """As the shape of a line wants it: kronor become öre, a comma is a point."""
    typed = {name: (post.get(name) or "").strip() for name in ("what", "unit")}
    quantity = (post.get("quantity") or "1").strip().replace(",", ".")
    vat = post.get("vat") or "25"
    return {
        **typed,
        "quantity": quantity,
        "unit_price": minor(post.get("unit_price") or ""),
        "vat": int(vat) if vat.isdecimal() else vat,
    }


def minor(raw: str) -> int:
    """ "1 250,50" as it is typed, in minor units."""
    plain = re.sub(r"[\s\u00a0]|kr$", "", raw.strip().lower()).replace(",", ".")
    plain = plain.replace("\u2212", "-")
    try:
        whole = Decimal(plain) * 100
        if whole != int(whole):
            raise InvalidOperation
    except (InvalidOperation, ValueError, OverflowError) as no:
        text = _("Write the price in kronor without VAT, as 1 250 or 1 250,50.")
        raise misshapen(unit_price=text) from no
    return int(whole)


def rates() -> list[tuple[int, str]]:
    return [(rate, f"{rate} %") for rate in Line.RATES]
