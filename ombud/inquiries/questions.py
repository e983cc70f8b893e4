"""The form as the customer meets it: each question with its answer, and what was wrong with it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from ombud.inquiries import answers
from ombud.inquiries.catalogue import FieldBody, FormBody
from ombud.people.settings import said
from ombud.ui.forms import Field
from ombud.ui.pieces import Option

KINDS = {"long": "textarea", "phone": "tel", "choice": "radio", "yes": "radio"}
KEYBOARDS = {"phone": "tel", "email": "email", "postcode": "numeric", "number": "numeric"}
WIDTHS = {"postcode": "short", "number": "short", "phone": "half"}
FILLED_BY = {
    "given": "given-name",
    "family": "family-name",
    "street": "street-address",
    "postcode": "postal-code",
    "city": "address-level2",
    "mobile": "tel",
    "email": "email",
}


def fields(
    form: FormBody,
    page: str,
    typed: dict[str, str],
    known: dict[str, str],
    faults: Iterable[dict] = (),
) -> list[Field]:
    wrong: dict[str, list[str]] = {}
    for fault in faults:
        wrong.setdefault(fault["field"], []).append(str(fault["text"]))
    return [
        asked(field, typed, known, tuple(wrong.get(field.name, ())))
        for field in form.of_page(page)
        if field.kind != "photos"
    ]


def asked(
    field: FieldBody, typed: dict[str, str], known: dict[str, str], wrong: tuple[str, ...]
) -> Field:
    """A question. What is known is told masked, and kept if nothing is typed."""
    held = answers.known_of(field, known)
    return Field(
        field.name,
        said(field.label),
        KINDS.get(field.kind, "email" if field.kind == "email" else "text"),
        value=typed.get(field.name, ""),
        hint=hint(field, held),
        errors=wrong,
        required=field.required and not held,
        is_asked_for=field.required,
        options=options(field),
        autocomplete=FILLED_BY.get(field.name, ""),
        inputmode=KEYBOARDS.get(field.kind, ""),
        maxlength=None if field.kind in ("choice", "yes") else field.most,
        width=WIDTHS.get(field.kind, ""),
        rows=5,
    )


def hint(field: FieldBody, held: str) -> str:
    told = said(field.hint) if field.hint else ""
    if not held:
        return told
    known = _("We have %(value)s. Leave this empty if that is right.") % {
        "value": answers.masked(field, held)
    }
    return f"{told} {known}".strip()


def options(field: FieldBody) -> tuple[Option, ...]:
    if field.kind == "yes":
        return (Option(answers.YES, str(_("Yes"))), Option(answers.NO, str(_("No"))))
    return tuple(Option(one.value, said(one.label)) for one in field.options)


def photos_of(form: FormBody) -> FieldBody | None:
    """The question for photos, where there is one."""
    return next((field for field in form.fields if field.kind == "photos"), None)


def links(fields: Iterable[Field], faults: Iterable[dict] = ()) -> list[tuple[str, str]]:
    """For the error summary: where the fault is, and what it is."""
    told = [(f.id, f"{f.label}: {error}") for f in fields for error in f.errors]
    return told or [("photos", str(fault["text"])) for fault in faults]
