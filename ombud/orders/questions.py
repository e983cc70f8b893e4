"""The questions of a draft as fields of a page, and the answers to them as a deed takes them."""

from collections.abc import Iterable
from typing import Any, Protocol

from django.http import QueryDict
from django.utils.translation import gettext as _

from ombud.lib import phones
from ombud.orders import places, references
from ombud.orders.answers import Kept
from ombud.orders.catalogue import FieldBody
from ombud.people.actors import Actor
from ombud.people.models import Office, Organisation
from ombud.people.settings import said
from ombud.ui.forms import Field
from ombud.ui.pieces import Option

WIDGETS = {"check": "checkbox"}


class Asks(Protocol):
    """What has a form of its own and a contact: an order, an engagement."""

    form: Any
    answers: Any
    contact: Any


def answers(order: Asks, kept: Kept) -> list[Field]:
    """The fields of the offer's own form."""
    return [answer(order, body, kept) for body in form_fields(order)]


def form_fields(order: Asks) -> list[FieldBody]:
    return order.form.read.fields if order.form else []


def answer(order: Asks, body: FieldBody, kept: Kept) -> Field:
    name = f"answers.{body.name}"
    options = tuple(Option(one.value, said(one.label)) for one in body.options)
    return Field(
        name,
        said(body.label),
        kind=WIDGETS.get(body.kind, body.kind),
        value=given(kept, name, order.answers.get(body.name)),
        hint=said(body.hint) if body.hint else "",
        errors=tuple(kept.errors.get(name, ())),
        required=body.required,
        options=options,
        inputmode={"number": "numeric", "tel": "tel"}.get(body.kind, ""),
        maxlength=2000 if body.kind == "textarea" else None,
    )


def given(kept: Kept, name: str, stored) -> str:
    if kept.typed:
        return kept.value(name)
    return "" if stored is None or stored is False else str(stored)


def contact(order: Asks, kept: Kept) -> list[Field]:
    """Whom the agent and customer service turn to."""
    stored = readable(order.contact)
    rows = [
        ("name", _("Name"), "text", "name", "", True),
        ("email", _("E-mail"), "email", "email", "email", True),
        ("phone", _("Phone"), "tel", "tel", "tel", False),
    ]
    return [
        Field(
            f"contact.{name}",
            label,
            kind=kind,
            value=kept.value(f"contact.{name}", stored.get(name, "")),
            errors=tuple(kept.errors.get(f"contact.{name}", ())),
            required=required,
            autocomplete=autocomplete,
            inputmode=inputmode,
            maxlength=200,
            width="half",
        )
        for name, label, kind, autocomplete, inputmode, required in rows
    ]


def office(actor: Actor, customer: Organisation, present: Office | None, kept: Kept) -> list[Field]:
    """For which of the customer's offices the order is; not asked where there are none."""
    known = places.open_to(actor, customer)
    if not known and present is None:
        return []
    is_wide = places.orders_for_all(actor, customer)
    return [
        Field(
            "office",
            _("Office"),
            kind="select",
            value=kept.value("office", present.pk if present else ""),
            hint=_("Whoever orders or attests for another office does not see the order."),
            errors=tuple(kept.errors.get("office", ())),
            required=not is_wide,
            is_asked_for=True,
            blank=_("The whole organisation") if is_wide else "",
            options=tuple(Option(str(one.pk), str(one)) for one in known),
            width="half",
        )
    ]


def readable(given: dict) -> dict:
    """A contact as it is read: the phone number in its national form, if it is one."""
    phone = given.get("phone", "")
    try:
        return {**given, "phone": phones.national(phones.parse(phone)) if phone else ""}
    except phones.NotAPhone:
        return given


def billing(stored: dict, kept: Kept, payer: Organisation) -> list[Field]:
    """Where the payer's own invoice goes."""
    hints = {"reference": references.hint(payer)}
    rows = [
        ("reference", _("Your reference on the invoice"), "text", 200, "half", True),
        ("address", _("Invoice address"), "textarea", 500, "", False),
        ("e_invoice", _("E-invoice address (GLN or Peppol)"), "text", 200, "half", False),
    ]
    return [
        Field(
            f"billing.{name}",
            label,
            kind=kind,
            value=kept.value(f"billing.{name}", stored.get(name, "")),
            hint=hints.get(name, ""),
            errors=tuple(kept.errors.get(f"billing.{name}", ())),
            required=required,
            maxlength=most,
            width=width,
            rows=3,
        )
        for name, label, kind, most, width, required in rows
    ]


def typed(order: Asks, post: QueryDict) -> dict:
    """What the page of details gives to the deed, without the units."""
    office = {"office": post.get("office", "").strip() or places.WHOLE} if "office" in post else {}
    return {
        **office,
        "answers": {body.name: read(body, post) for body in form_fields(order)},
        "contact": group(post, "contact", ("name", "email", "phone")),
        "billing": group(post, "billing", ("reference", "address", "e_invoice")),
    }


def group(post: QueryDict, prefix: str, names: Iterable[str]) -> dict[str, str]:
    return {name: post.get(f"{prefix}.{name}", "") for name in names}


def read(body: FieldBody, post: QueryDict) -> str | int | bool:
    raw = post.get(f"answers.{body.name}", "").strip()
    if body.kind == "check":
        return raw == "on"
    return int(raw) if body.kind == "number" and raw.isdigit() else raw
