"""What the customer types, read by the form that the request is pinned to; and how it is shown."""

import re
from typing import Any

from django.utils.translation import gettext as _

from ombud.inquiries.catalogue import FieldBody, FormBody
from ombud.lib import phones
from ombud.lib.shapes import is_keepable
from ombud.people.forms import an_email
from ombud.people.settings import said

YES, NO = "yes", "no"
POSTCODE = re.compile(r"([0-9]{3}) ?([0-9]{2})")
ABROAD = re.compile(r"[0-9]{4}")  # as in Norway
HOME = "SE"
DOTS = "•••"
THING = {"object", "brand", "model", "fault"}  # what is known of it tells nothing of a person


class Foreign(Exception):
    """Something that no page of ours sends."""


def read(form: FormBody, page: str, typed: dict[str, str]) -> dict[str, str]:
    """The answers on one page as they were typed, for the draft: nothing is judged but that it can
    be kept. What is not asked for here is foreign."""
    asked = {field.name: field for field in form.of_page(page) if field.kind != "photos"}
    if unknown := set(typed) - set(asked):
        raise Foreign(", ".join(sorted(unknown)))
    found = {}
    for name, raw in typed.items():
        if not is_keepable(raw) or not is_offered(asked[name], raw):
            raise Foreign(name)
        found[name] = raw.strip()[: asked[name].most + 50]
    return found


def is_offered(field: FieldBody, raw: str) -> bool:
    if field.kind == "choice":
        return raw in ("", *(option.value for option in field.options))
    return field.kind != "yes" or raw in ("", YES, NO)


def judged(
    form: FormBody,
    page: str,
    typed: dict[str, str],
    known: dict[str, str],
    photos: int = 0,
    *,
    region: str = HOME,
) -> tuple[dict[str, str], list[dict]]:
    """The answers of a page in their proper shape, and what is wrong with the others. `region`: the
    country whose numbers and postcodes the customer writes."""
    good, faults = {}, []
    for field in form.of_page(page):
        if field.kind == "photos":
            if field.required and not photos:
                faults.append({"field": field.name, "text": _("Give at least one photo.")})
            continue
        try:
            good[field.name] = proper(field, value_of(field, typed, known), region)
        except ValueError as no:
            faults.append({"field": field.name, "text": str(no)})
    return good, faults


def value_of(field: FieldBody, typed: dict[str, str], known: dict[str, str]) -> str:
    """What was typed, else what the other system told: that need not be typed again."""
    return str(typed.get(field.name) or "").strip() or known_of(field, known)


def known_of(field: FieldBody, known: dict[str, str]) -> str:
    return str(known.get(field.prefill) or "") if field.prefill else ""


def is_given(field: FieldBody, typed: dict[str, str]) -> bool:
    """Whether the customer has typed it; else it may be what we knew before."""
    return bool(str(typed.get(field.name) or "").strip())


def proper(field: FieldBody, raw: str, region: str = HOME) -> str:
    """In the shape in which it is kept; ValueError tells what is wrong."""
    if not raw:
        if field.required:
            raise ValueError(_("Fill this in."))
        return ""
    if len(raw) > field.most:
        most = {"most": field.most}
        raise ValueError(_("Write at most %(most)s characters.") % most)
    if field.kind == "phone":
        return a_phone(field, raw, region)
    if field.kind == "postcode":
        return a_postcode(raw, region)
    return SHAPES.get(field.kind, str)(raw)


def a_phone(field: FieldBody, raw: str, region: str) -> str:
    """Without a country's number in front it is of the customer's own country."""
    number = phones.parse(raw, region)
    if "mobile" in (field.name, field.prefill) and not phones.is_mobile(number):
        raise ValueError(_("This is not a mobile number."))
    return number


def a_postcode(raw: str, region: str) -> str:
    plain = " ".join(raw.split())
    if found := POSTCODE.fullmatch(plain):
        return f"{found[1]} {found[2]}"
    if region == HOME:
        raise ValueError(_("Write the postcode with five figures, as 123 45."))
    if not ABROAD.fullmatch(plain):
        raise ValueError(_("Write the postcode with four or five figures, as 0150."))
    return plain


def a_number(raw: str) -> str:
    if not re.fullmatch(r"\d{1,9}", raw):
        raise ValueError(_("Write a whole number."))
    return str(int(raw))


SHAPES: dict[str, Any] = {
    "email": an_email,
    "number": a_number,
}


# How it is shown


def shown(field: FieldBody, value: str) -> str:
    if field.kind == "phone" and value.startswith("+"):
        return phones.national(value)
    if field.kind == "choice":
        return next((said(one.label) for one in field.options if one.value == value), value)
    if field.kind == "yes" and value:
        return str(_("Yes")) if value == YES else str(_("No"))
    return value


def masked(field: FieldBody, value: str) -> str:
    """Enough to recognise it by, and no more: whoever holds the link need not be the customer. What
    is to be repaired is told whole, since nobody can sign for what cannot be read."""
    if field.prefill in THING:
        return shown(field, value)
    if field.kind == "phone":
        return f"{DOTS} {DOTS} {value[-2:]}"
    if field.kind == "email":
        name, _at, host = value.partition("@")
        return f"{name[:1]}{DOTS}@{host[:1]}{DOTS}"
    return " ".join(f"{word[:1]}{DOTS}" for word in value.split())


def lines(form: FormBody, answers: dict, typed: dict, *, hidden: bool) -> list[tuple[str, str]]:
    """Label and value of every answer. `hidden`: what the customer has not typed is masked, since
    nobody knows yet who holds the link."""
    return [
        line(field, str(answers[field.name]), typed, hidden=hidden)
        for field in form.fields
        if field.kind != "photos" and answers.get(field.name)
    ]


def line(field: FieldBody, value: str, typed: dict, *, hidden: bool) -> tuple[str, str]:
    """What is masked says that it is what we had before, so that nobody takes the dots for what
    was typed."""
    label = said(field.label)
    if not hidden or is_given(field, typed) or field.prefill in THING:
        return label, shown(field, value)
    return _("%(label)s (what we already have)") % {"label": label}, masked(field, value)
