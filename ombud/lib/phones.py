"""Telephone numbers: read, checked, and shown."""

from functools import lru_cache

import phonenumbers
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class NotAPhone(ValueError):
    """What was typed is no telephone number; the text says so to whoever typed it."""


def parse(raw: str, region: str = "SE") -> str:
    """As it is stored and dialled: E.164."""
    try:
        number = phonenumbers.parse(raw, region)
    except NumberParseException as error:
        raise NotAPhone(_("Write the phone number with digits, as 070-123 45 67.")) from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise NotAPhone(_("There is no such phone number. Check the digits."))
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@lru_cache(maxsize=2000)
def national(number: str, region: str = "SE") -> str:
    """As it is read: "070-123 45 67" at home, "+47 21 00 00 00" from abroad."""
    if not number:
        return ""
    parsed = _known(number)
    home = phonenumbers.region_code_for_number(parsed) == region
    shape = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, shape)


def region_of(number: str) -> str:
    """The country that a stored number belongs to; where that is not told, home."""
    return (number and phonenumbers.region_code_for_number(_known(number))) or "SE"


def masked(number: str) -> str:
    """Enough to recognise one's own phone by."""
    return f"••• •• {number[-2:]}" if number else ""


def is_mobile(number: str) -> bool:
    """Whether an SMS can reach it; no number is none."""
    return bool(number) and phonenumbers.number_type(_known(number)) in _MOBILE


def _known(number: str) -> PhoneNumber:
    return phonenumbers.parse(number, None)
