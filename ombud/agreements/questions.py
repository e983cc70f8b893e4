"""The questions of an application, and what was answered, from form to shape and back."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ombud.agreements.models import Agreement, Category, Named
from ombud.people.roles import BY_LINK, Role
from ombud.ui.forms import Field
from ombud.ui.pieces import Option

SLOTS = {"signatories": 3, "contacts": 2}
PARTS = {"given", "family", "email", "phone", "personal_number"}
PLAIN = ("name", "category", "email", "phone", "mode")
SAME = {"signatories": "signatory_is_administrator", "contacts": "contact_is_administrator"}

Errors = Mapping[str, list[str]]


def typed(post: QueryDict) -> dict[str, Any]:
    """What was typed, in the shape's own order; a group that is left blank is not there."""
    found: dict[str, Any] = {name: one(post, name) for name in PLAIN}
    found["administrator"] = person(post, "administrator")
    for group, slots in SLOTS.items():
        rows = [person(post, f"{group}.{n}") for n in range(slots)]
        if one(post, SAME[group]):
            rows[0] = dict(found["administrator"])
        given = [row for row in rows if any(row.values())]
        found[group] = given or rows[:1]
    return found


def person(post: QueryDict, prefix: str) -> dict[str, str]:
    return {name: one(post, f"{prefix}.{name}") for name in sorted(PARTS)}


def one(post: QueryDict, name: str) -> str:
    return (post.get(name) or "").strip()


def as_typed(agreement: Agreement) -> dict[str, Any]:
    """An application as it stands, to be completed; personal numbers are never shown again."""
    rows = {part: [one for one in agreement.people if one.part == part] for part in Named.Part}
    return {
        **{name: getattr(agreement, name) for name in PLAIN},
        "administrator": shown(rows[Named.Part.ADMINISTRATOR][0]),
        "signatories": [shown(row) for row in rows[Named.Part.SIGNATORY]],
        "contacts": [shown(row) for row in rows[Named.Part.CONTACT]],
    }


def shown(row: Named) -> dict[str, str]:
    plain = {name: getattr(row, name) for name in ("given", "family", "email", "phone")}
    return {**plain, "personal_number": "", "known": row.masked_number}


# Fields


def organisation(values: Mapping[str, Any], errors: Errors, is_agent: bool) -> list[Field]:
    asked = [
        Field("name", _("The organisation's name"), value=values.get("name", "")),
        Field(
            "email",
            _("The organisation's e-mail"),
            "email",
            values.get("email", ""),
            autocomplete="email",
        ),
        Field(
            "phone",
            _("Phone"),
            "tel",
            values.get("phone", ""),
            required=False,
            autocomplete="tel",
            width="half",
        ),
    ]
    if not is_agent:
        asked.insert(1, category(values))
    return with_errors(asked, errors)


def category(values: Mapping[str, Any]) -> Field:
    options = tuple(Option(value, str(label)) for value, label in Category.choices)
    return Field(
        "category",
        _("What kind of organisation is it?"),
        "radio",
        values.get("category", ""),
        options=options,
    )


WHOSE = {
    "administrator": Role.ADMINISTRATOR.label,
    "signatories": BY_LINK["signatory"],
    "contacts": Role.CONTACT.label,
}


def mode(values: Mapping[str, Any], errors: Errors) -> Field:
    options = (
        Option(
            "severally", pgettext("signing", "Alone"), _("It is enough that one of them signs.")
        ),
        Option("jointly", pgettext("signing", "Jointly"), _("All of them must sign.")),
    )
    asked = Field(
        "mode",
        _("If there are several: do they sign alone or jointly?"),
        "radio",
        values.get("mode") or "severally",
        options=options,
    )
    return with_errors([asked], errors)[0]


def somebody(prefix: str, given: Mapping[str, str], errors: Errors, *, identified: bool) -> list:
    """Names, address and number of one person; `identified`: BankID must know who it is."""
    known = given.get("known", "")
    hint = _("Kept sealed and never shown. BankID tells by it that it is the right person.")
    if known:
        hint = _("%(number)s is known. Leave it blank to keep it.") % {"number": known}
    asked = [
        Field("given", _("First name"), width="half", autocomplete="off"),
        Field("family", _("Last name"), width="half", autocomplete="off"),
        Field("email", _("E-mail"), "email", autocomplete="off"),
        Field("phone", _("Mobile"), "tel", required=False, width="half", autocomplete="off"),
        Field(
            "personal_number",
            _("Personal number"),
            hint=hint,
            required=identified and not known,
            width="short",
            inputmode="numeric",
            autocomplete="off",
        ),
    ]
    for field in asked:
        field.value = given.get(field.name, "")
        field.name = f"{prefix}.{field.name}"
    return with_errors(asked, errors)


def group(name: str, values: Mapping[str, Any], errors: Errors) -> list[dict]:
    """The slots of a group: those that are filled in stand open, and always the first."""
    rows = list(values.get(name) or [])
    identified = name == "signatories"
    return [
        {
            "fields": somebody(
                f"{name}.{n}", rows[n] if n < len(rows) else {}, errors, identified=identified
            ),
            "open": n < len(rows),
        }
        for n in range(max(SLOTS[name], len(rows)))
    ]


def applicant(values: Mapping[str, Any], errors: Errors) -> list[Field]:
    given = values.get("applicant") or {}
    asked = [
        Field("applicant.name", _("Your name"), value=given.get("name", ""), autocomplete="name"),
        Field(
            "applicant.email",
            _("Your e-mail"),
            "email",
            given.get("email", ""),
            hint=_("The link to follow the application is sent here."),
            autocomplete="email",
        ),
    ]
    return with_errors(asked, errors)


def with_errors(asked: list[Field], errors: Errors) -> list[Field]:
    for field in asked:
        field.errors = tuple(errors.get(field.name, ()))
    return asked


def faults(no) -> dict[str, list[str]]:
    """What was wrong, by the field's whole name."""
    found: dict[str, list[str]] = {}
    for fault in no.errors if no else ():
        texts = found.setdefault(fault["field"], [])
        if str(fault["text"]) not in texts:
            texts.append(str(fault["text"]))
    return found


def links(asked: list[Field]) -> list[tuple[str, str]]:
    """For the error summary: where the fault is, whose it is, and what it is."""
    return [
        (field.id, f"{whose(field.name)}{field.label}: {error}")
        for field in asked
        for error in field.errors
    ]


def whose(name: str) -> str:
    """Of which person a question is, where several are asked the same: "Signatory 2, "."""
    part, *place = name.split(".")[:-1] or [""]
    if part not in WHOSE:
        return ""
    number = f" {int(place[0]) + 1}" if place else ""
    return f"{WHOSE[part]}{number}, "
