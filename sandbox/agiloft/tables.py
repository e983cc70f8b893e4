"""The tables of the one knowledge base: their columns, and the records they begin with."""

from dataclasses import asdict, dataclass
from typing import Any

KB = "Service"
CASE, CUSTOMER, COMPANY = "case", "contacts.customer", "company"
STATUSES = ("Requested", "Refused", "Sent", "Opened", "Signed", "Completed", "Failed")


@dataclass(frozen=True)
class Column:
    name: str
    label: str
    kind: str = "text"
    """text, number, date, choice, multichoice, linked, file or button"""
    choices: tuple[str, ...] = ()
    target: str = ""
    """Of a linked column: the table that it points into, by its column `name`."""
    locked: bool = False
    """Read, never written."""

    def as_row(self) -> dict[str, Any]:
        known = {"columnLabel": self.label, "columnName": self.name, "columnType": self.kind}
        more = {"columnTypeDomain": list(self.choices)} if self.choices else {}
        return known | more | ({"linkedTable": self.target} if self.target else {})


TABLES: dict[str, tuple[str, tuple[Column, ...]]] = {
    CASE: (
        "Service case",
        (
            Column("id", "ID", "number", locked=True),
            Column("summary", "Summary"),
            Column("description", "Description"),
            Column("wfstate", "State", "choice", ("Open", "Waiting", "In progress", "Closed")),
            Column("customer_name", "Customer"),
            Column("customer_mobile", "Mobile"),
            Column("customer_email", "E-mail"),
            Column("customer_address", "Street"),
            Column("customer_postcode", "Postcode"),
            Column("customer_city", "City"),
            Column("company_name", "Company", "linked", target=COMPANY),
            Column("object_type", "Object"),
            Column("brand", "Brand"),
            Column("model", "Model"),
            Column("serial", "Serial number"),
            Column("fault_text", "Fault"),
            Column("approved_cost", "Approved cost", "number"),
            Column("signed_at", "Signed", "date"),
            Column("signed_by", "Signed by"),
            Column("tags", "Tags", "multichoice", ("Warranty", "Express", "Spare unit")),
            Column("internal_note", "Internal note"),
            Column("attached_file", "Files", "file"),
            Column("ehub_request_id", "Request"),
            Column("ehub_request_status", "Request status", "choice", STATUSES),
            Column("ehub_failed_reason", "Why it failed"),
            Column("ehub_sms_count", "SMS sent", "number"),
            Column("ehub_last_sms_at", "Last SMS", "date"),
            Column("ehub_pressed_at", "Button pressed"),
            Column("ehub_pressed_by", "Button pressed by"),
            Column("ehub_button", "Request information", "button"),
            Column("ehub_continue_in", "Continues in", "choice", ("Undecided", "Ombud", "Agiloft")),
            Column("ehub_repair_number", "Repair case"),
        ),
    ),
    CUSTOMER: (
        "Customers",
        (
            Column("id", "ID", "number", locked=True),
            Column("ehub_customer_no", "Customer number"),
            Column("first_name", "First name"),
            Column("last_name", "Last name"),
            Column("cell_phone", "Mobile"),
            Column("email", "E-mail"),
            Column("street", "Street"),
            Column("postcode", "Postcode"),
            Column("city", "City"),
        ),
    ),
    COMPANY: (
        "Companies",
        (Column("id", "ID", "number", locked=True), Column("name", "Name")),
    ),
}

BEGINNING: dict[str, dict[str, dict[str, Any]]] = {
    CASE: {
        "10482": {
            "summary": "Trasig skärm",
            "description": "Kunden ringde: skärmen sprack när telefonen föll i golvet.",
            "wfstate": "Open",
            "customer_name": "Anna Ek",
            "customer_mobile": "0701234567",
            "object_type": "Mobiltelefon",
            "brand": "Nordfon",
            "internal_note": "Ring inte före tio.",
        },
        "10483": {
            "summary": "Tvättmaskin läcker",
            "wfstate": "Open",
            "customer_name": "Bo Lind",
            "customer_mobile": "08-123 45 67",
            "object_type": "Tvättmaskin",
        },
        "10484": {
            "summary": "Dator startar inte",
            "wfstate": "Open",
            "customer_name": "Cecilia Borg",
            "object_type": "Bärbar dator",
        },
    },
    CUSTOMER: {},
    COMPANY: {"1": {"name": "Acme"}, "2": {"name": "Nord: Syd"}},
}


def column(table: str, name: str) -> Column | None:
    return next((one for one in TABLES[table][1] if one.name == name), None)


@dataclass
class Options:
    """How this knowledge base is set up; each is a switch that a real one may have either way."""

    minutes: int = 15
    """How long a token lives (the KB's variable token_expires_in), 1 to 60."""
    delay_seconds: float = 0.0
    """WSDelay: how long every call is held."""
    legacy_auth: str = "both"
    """inline, bearer or both: what the EW operations take."""
    rest_group: bool = True
    """Whether the service user's group stands under Groups allowed for REST."""
    table_at_login: bool = True
    """Whether EWLogin asks for $table too."""
    spaced: bool = False
    """Whether EWREST answers have blanks around the sign of equality."""
    one_line: bool = True
    """Whether an action button answers on one line."""
    hidden: str = "internal_note"
    """Columns that the service user may not read, with commas between."""
    unstable: bool = False
    """Whether a page of a search may repeat what the one before has shown."""

    def as_row(self) -> dict[str, Any]:
        return asdict(self)
