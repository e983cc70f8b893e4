"""Which of our names is which column there, which way it goes, and when two values are the same."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from ombud.lib import days, phones

Kind = Literal["text", "choice", "number", "date", "phone", "linked"]
FILE = "file-"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
SHAPES = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")


class Column(BaseModel):
    """One row of the map."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    # A counted repetition of \w would weigh seven megabytes in every process.
    column: Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]*$", max_length=80)]
    kind: Kind = "text"
    direction: Literal["out", "in", "both"] = "out"
    choices: list[Annotated[str, Field(max_length=80)]] = []
    """Labels that a choice must offer, since they are written."""


def row(column: str, kind: Kind = "text", direction: str = "out", choices: str = "") -> dict:
    row = {"column": column, "kind": kind, "direction": direction}
    return {**row, "choices": choices.split()} if choices else row


STATUSES = "Refused Sent Opened Signed Completed Failed"

# What a new link begins with; each system may say otherwise.
USUAL = {
    "summary": row("summary", direction="in"),
    "pressed_at": row("ehub_pressed_at", direction="in"),
    "pressed_by": row("ehub_pressed_by", direction="in"),
    "customer_name": row("customer_name", direction="both"),
    "customer_mobile": row("customer_mobile", "phone", "both"),
    "customer_email": row("customer_email", direction="both"),
    "customer_address": row("customer_address", direction="both"),
    "customer_postcode": row("customer_postcode", direction="both"),
    "customer_city": row("customer_city", direction="both"),
    "object_type": row("object_type", direction="both"),
    "brand": row("brand", direction="both"),
    "model": row("model", direction="both"),
    "serial": row("serial", direction="both"),
    "fault": row("fault_text", direction="both"),
    "approved_cost": row("approved_cost", "number"),
    "signed_at": row("signed_at", "date"),
    "signed_by": row("signed_by"),
    "request_id": row("ehub_request_id"),
    "request_status": row("ehub_request_status", "choice", choices=STATUSES),
    "failed_reason": row("ehub_failed_reason"),
    "sms_count": row("ehub_sms_count", "number"),
    "last_sms_at": row("ehub_last_sms_at", "date"),
    "repair_number": row("ehub_repair_number"),
    "continue_in": row("ehub_continue_in", "choice", choices="Undecided Ombud Agiloft"),
}
LABELS = {
    "summary": _("Summary"),
    "pressed_at": _("Button pressed"),
    "pressed_by": _("Button pressed by"),
    "customer_name": _("Name"),
    "customer_mobile": _("Mobile"),
    "customer_email": _("E-mail"),
    "customer_address": _("Street address"),
    "customer_postcode": _("Postcode"),
    "customer_city": _("Town"),
    "object_type": _("What is to be mended"),
    "brand": _("Make"),
    "model": _("Model"),
    "serial": _("Serial number"),
    "fault": _("What is wrong"),
    "approved_cost": _("Approved cost"),
    "signed_at": _("Signed"),
    "signed_by": _("Signed by"),
    "request_id": _("Request number"),
    "request_status": _("State of the request"),
    "failed_reason": _("Why it failed"),
    "sms_count": _("SMS sent"),
    "last_sms_at": _("Last SMS"),
    "repair_number": _("Repair number"),
    "continue_in": _("Goes on in"),
}


def label(name: str) -> str:
    return str(_("File") if name.startswith(FILE) else LABELS.get(name, name))


def canonical(kind: str, value: Any) -> str | None:
    """The one way to write a value down, so that two are compared by what they mean."""
    if value is None or value == "" or value == []:
        return None
    if kind == "number":
        return number(value)
    if kind == "date":
        return moment(value)
    if kind == "phone":
        return telephone(str(value))
    if isinstance(value, list):
        return ", ".join(sorted(str(one) for one in value))
    return "\n".join(line.rstrip() for line in str(value).strip().splitlines()) or None


def number(value: Any) -> str:
    try:
        plain = Decimal(str(value).replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return str(value).strip()
    return format(plain.normalize() if plain != plain.to_integral() else plain.quantize(1), "f")


def moment(value: Any) -> str:
    """To the minute, as the clock on the wall says: the other system knows no zones."""
    if isinstance(value, datetime):
        there = value.astimezone(days.STOCKHOLM) if value.tzinfo else value
        return f"{there:%Y-%m-%dT%H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%dT00:00}"
    words = str(value).strip()
    return read_moment(words) or words


def read_moment(words: str) -> str:
    """ISO, or "May 08 2025 15:00"; nothing where it is neither."""
    try:
        told = datetime.fromisoformat(words)
        return moment(told if told.tzinfo else told.replace(tzinfo=days.STOCKHOLM))
    except ValueError:
        pass
    month, _blank, rest = words.partition(" ")
    if month not in MONTHS:
        return ""
    for shape in ("%d %Y %H:%M", "%d %Y %H:%M:%S", "%d %Y"):
        try:
            told = datetime.strptime(rest, shape).replace(tzinfo=UTC)
        except ValueError:
            continue
        return f"{told.replace(month=MONTHS.index(month) + 1):%Y-%m-%dT%H:%M}"
    return ""


def telephone(words: str) -> str:
    try:
        return phones.parse(words)
    except phones.NotAPhone:
        return words.strip()


def written(kind: str, value: str | None) -> Any:
    """A canonical value as it is sent."""
    if value is None or kind not in ("number", "date"):
        return value
    if kind == "number":
        return float(value) if "." in value else int(value)
    told = datetime.fromisoformat(value)
    return f"{MONTHS[told.month - 1]} {told:%d %Y %H:%M}"
