"""How a ledger is told: its fields, its values, its states, and what happened to it."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from babel.numbers import format_decimal
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from ombud.lib import days, phones
from ombud.sync.columns import label
from ombud.sync.models import Field, Link
from ombud.sync.reckoning import NOT_VERIFIED
from ombud.sync.states import Side, State

TONES = {
    State.SYNCED: "done",
    State.PENDING: "info",
    State.CONFLICT: "turn",
    State.DEAD: "late",
    State.OFF: "neutral",
}

LET_STAND = pgettext_lazy("ledger", "Differs, and may")

# What happened, by its verb without the kind, where nothing more is told of it.
VERBS = {
    "linked": pgettext_lazy("event", "Linked to another system"),
    "to_mirror": pgettext_lazy("event", "To be written in the other system"),
    "mirrored": pgettext_lazy("event", "Written and checked in both systems"),
    "mirror_differs": pgettext_lazy("event", "The systems differ"),
    "mirror_failed": pgettext_lazy("event", "Could not be written in the other system"),
    "unmapped": pgettext_lazy("event", "No longer written in the other system"),
    "frozen": pgettext_lazy("event", "Goes on in one system"),
    "compared": pgettext_lazy("event", "A comparison was asked for"),
    "replayed": pgettext_lazy("event", "To be tried again"),
    "settled": pgettext_lazy("event", "A difference was settled"),
}


# What both systems write as a word of their own, told beside it.
CODES = {
    "request_status": {
        "Refused": pgettext_lazy("ledger value", "Refused"),
        "Sent": pgettext_lazy("ledger value", "Sent"),
        "Opened": pgettext_lazy("ledger value", "Opened"),
        "Signed": pgettext_lazy("ledger value", "Signed"),
        "Completed": pgettext_lazy("ledger value", "Completed"),
        "Failed": pgettext_lazy("ledger value", "Failed"),
    },
    "failed_reason": {
        "no_response": pgettext_lazy("ledger value", "No answer"),
        "undeliverable": pgettext_lazy("ledger value", "Could not be delivered"),
        "link_locked": pgettext_lazy("ledger value", "The link was locked"),
        "cancelled": pgettext_lazy("ledger value", "Taken back"),
    },
    "continue_in": {
        "Undecided": pgettext_lazy("ledger value", "Not chosen yet"),
    },
}


def value(link: Link, name: str, told: str | None) -> str:
    """A canonical value as it is read; nothing where there is none."""
    column = link.column(name)
    kind = column.kind if column else "text"
    if not told:
        return ""
    if kind == "phone" and told.startswith("+"):
        return phones.national(told)
    if kind == "date":
        return read_date(told)
    if kind == "number":
        return read_number(told)
    plain = str(CODES.get(name, {}).get(told, ""))
    return f"{plain} ({told})" if plain and plain != told else told


def read_date(told: str) -> str:
    """As it is read here; whatever is no moment stays as it stands there."""
    try:
        return days.full(datetime.fromisoformat(told).replace(tzinfo=days.STOCKHOLM))
    except ValueError:
        return told


def read_number(told: str) -> str:
    try:
        return format_decimal(Decimal(told), "#,##0.######", locale=get_language() or "sv")
    except InvalidOperation:
        return told


def error(row: Field) -> str:
    """Why it could not be written, or waits."""
    if row.error == NOT_VERIFIED:
        return _("It was written, and does not read back. May our user read this field?")
    return said(row.error)


def said(kept: str) -> str:
    """A fault as it is kept, in a sentence, with the other system's own words where they help."""
    if not kept:
        return ""
    code, bar, words = kept.partition("|")
    known = {
        "outage": _("The other system does not answer."),
        "taken": _("It is being spoken with already. Look again in a moment."),
        "locked": _("Somebody has the record open there."),
        "absent": _("There is no such record there."),
        "ambiguous": _("Several records there fit, and none was chosen."),
        "barred": _("Our user may not do this there."),
        "inner": _("Its address leads into a closed network, so it was not called."),
    }
    plain = known.get(code, "")
    if code in ("outage", "taken", "inner"):
        return plain
    told = _("The answer was: %(error)s") % {"error": words if bar else kept}
    return f"{plain} {told}".strip()


def state(book) -> list[str]:
    """A ledger in two or three sentences."""
    return [sentence(book), *also(book), *since(book.link), *why(book)]


def also(book) -> list[str]:
    """What differs besides what could not be written."""
    count = book.counts[State.CONFLICT] if book.state == State.DEAD else 0
    return [differs(count)] if count else []


def differs(count: int) -> str:
    return ngettext(
        "Differs in %(n)s field: say which is right.",
        "Differs in %(n)s fields: say which is right.",
        count,
    ) % {"n": count}


def sentence(book) -> str:
    name, counts = book.link.system.name, book.counts
    if book.state == State.DEAD:
        count = counts[State.DEAD]
        told = ngettext(
            "%(n)s field could not be written in %(system)s.",
            "%(n)s fields could not be written in %(system)s.",
            count,
        )
    elif book.state == State.CONFLICT:
        return differs(counts[State.CONFLICT])
    elif book.state == State.PENDING:
        count = counts[State.PENDING]
        told = ngettext(
            "%(n)s field is on its way to %(system)s.",
            "%(n)s fields are on their way to %(system)s.",
            count,
        )
    elif book.state == State.OFF:
        count, told = 0, _("The link to %(system)s is switched off. What is written waits.")
    elif not book.rows:
        count, told = 0, _("Nothing has been written to %(system)s yet.")
    elif count := sum(row.is_let_stand for row in book.rows):
        told = ngettext(
            "%(n)s difference has been let stand. In all else both systems hold the same.",
            "%(n)s differences have been let stand. In all else both systems hold the same.",
            count,
        )
    else:
        count, told = 0, _("Written and checked: both systems hold the same.")
    return told % {"n": count, "system": name}


def since(link: Link) -> list[str]:
    if link.compared_at is None:
        return [_("Not compared yet.")]
    return [_("Last compared %(when)s.") % {"when": days.moment(link.compared_at)}]


def why(book) -> list[str]:
    """What is waited for, where that is known."""
    if book.link.error:
        return [_("The last try failed: %(error)s") % {"error": said(book.link.error)}]
    later = [row.due_at for row in book.rows if row.state == State.PENDING and row.tries]
    if later:
        return [_("The next try is %(when)s.") % {"when": days.moment(min(later))}]
    return []


def happened(event) -> str:
    """An event of the circle "sync" in a sentence; nothing where it is of another."""
    verb = event.verb.partition(".")[2]
    names = ", ".join(label(name) for name in event.data.get("fields", []))
    side = event.data.get("took") or event.data.get("side") or ""
    facts = {
        "fields": names,
        "record": event.data.get("record", ""),
        "field": label(event.data.get("field", "")),
        "side": Side(side).label if side in Side.values else "",
    }
    return words(verb) % facts


def words(verb: str) -> str:
    return {
        "linked": pgettext("event", "The case was linked to record %(record)s"),
        "to_mirror": pgettext("event", "To be written in the other system: %(fields)s"),
        "mirrored": pgettext("event", "Written and checked in both systems: %(fields)s"),
        "mirror_differs": pgettext("event", "The systems differ: %(fields)s"),
        "mirror_failed": pgettext("event", "Could not be written: %(fields)s"),
        "unmapped": pgettext("event", "No longer mapped, and owed no more: %(fields)s"),
        "frozen": pgettext("event", "The case goes on in one system: %(side)s"),
        "compared": pgettext("event", "A comparison was asked for"),
        "replayed": pgettext("event", "To be tried again: %(fields)s"),
        "settled": pgettext("event", "%(field)s was settled: %(side)s"),
    }.get(verb, "")


def check(name: str) -> str:
    """What was tried, in words."""
    return {
        "login": _("Logging in"),
        "table": _("The table is there"),
        "fields": _("Every field of the map is there"),
        "writing": _("The fields may be written"),
        "notifications": _("We are told when the button is pressed"),
    }.get(name, name)


def outcome(why: str, code: str = "") -> str:
    if code:
        return said(f"{code}|{why}")
    return {
        "no_probe": _("Not tried: no record is named for it."),
        "not_tried": _("Not tried: what stands before it failed."),
    }.get(why, why)
