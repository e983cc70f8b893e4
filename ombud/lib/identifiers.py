"""Numbers of people, organisations and care units: read, checked, and shown."""

import calendar
import re
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ombud.lib import days

OFFICIAL_TEST_PERSONS = Path(__file__).with_name("official_test_persons.txt")

_SE_PERSON = re.compile(r"(\d{2})?(\d{2})(\d{2})(\d{2})([-+]?)(\d{4})", re.ASCII)
_HSA_ID = re.compile(r"SE(\d{10})-([A-Z0-9]+)", re.ASCII)
_COORDINATION = 60
_SYNTHETIC_MONTHS = (80, 65, 40)


class Mistyped(ValueError):
    """What was typed is no such number; the text says so to whoever typed it."""

    def __init__(self, text: str | Promise):
        super().__init__(text)


class NotAPerson(Mistyped):
    pass


class NotAnOrganisation(Mistyped):
    pass


class NotAUnit(Mistyped):
    pass


def se_person(raw: str) -> str:
    """Personal identity number or coordination number (sv. personnummer, samordningsnummer).

    Returns twelve digits. A short form belongs to the latest century that is not in the future;
    "+" means a hundred years earlier.
    """
    typed = _SE_PERSON.fullmatch(_closed_up(raw))
    if not typed:
        raise NotAPerson(_("Write the personal identity number with 12 digits, YYYYMMDDNNNN."))
    century, year, month, day, separator, serial = typed.groups()
    if not _luhn(year + month + day + serial):
        raise NotAPerson(_("The personal identity number is wrong: the last digit does not match."))
    if century and separator == "+":
        raise NotAPerson(_("Write the personal identity number with 12 digits, YYYYMMDDNNNN."))
    century = century or _century(int(year), int(month), int(day), separator)
    if not _is_birth_day(int(century + year), int(month), int(day)):
        raise NotAPerson(_("The personal identity number does not begin with a real date."))
    return century + year + month + day + serial


def se_org(raw: str) -> str:
    """Swedish organisation number, ten digits (sv. organisationsnummer)."""
    number = _closed_up(raw).replace("-", "")
    if len(number) == 12 and number.startswith("16"):
        number = number[2:]
    if not re.fullmatch(r"\d{10}", number, re.ASCII):
        raise NotAnOrganisation(_("Write the organisation number with 10 digits, NNNNNN-NNNN."))
    if int(number[2:4]) < 20 or not _luhn(number):
        raise NotAnOrganisation(_("There is no such organisation number. Check the digits."))
    return number


def no_org(raw: str) -> str:
    """Norwegian organisation number, nine digits (no. organisasjonsnummer)."""
    number = _closed_up(raw)
    if not re.fullmatch(r"\d{9}", number, re.ASCII):
        raise NotAnOrganisation(_("Write the organisation number with 9 digits."))
    if number[0] not in "89" or _mod_11(number, (3, 2, 7, 6, 5, 4, 3, 2, 1)):
        raise NotAnOrganisation(_("There is no such organisation number. Check the digits."))
    return number


def no_person(raw: str, *, allow_synthetic: bool = False) -> str:
    """Norwegian birth number or D-number, eleven digits (no. fødselsnummer, D-nummer).

    The first control digit follows the wider rule that holds from 2032.
    """
    number = _closed_up(raw)
    if not re.fullmatch(r"\d{11}", number, re.ASCII):
        raise NotAPerson(_("Write the personal identity number with 11 digits."))
    first = _mod_11(number[:10], (3, 7, 6, 1, 8, 9, 4, 5, 2, 1))
    if first > 3 or _mod_11(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)):
        raise NotAPerson(_("The personal identity number is wrong: the last digits do not match."))
    day, (month, synthetic) = int(number[:2]), _norwegian_month(int(number[2:4]))
    day -= 40 if day > 40 else 0
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(2000, month)[1]):
        raise NotAPerson(_("The personal identity number does not begin with a real date."))
    if synthetic and not allow_synthetic:
        raise NotAPerson(_("This personal identity number is made for tests only."))
    return number


def hsa_id(raw: str) -> str:
    """HSA-id of a care unit, in capitals: SE, organisation number, dash, letters and digits."""
    typed = re.sub(r"[\u2010-\u2015\u2212]", "-", _closed_up(raw)).upper()
    match = _HSA_ID.fullmatch(typed)
    if not match or len(typed) > 31:
        raise NotAUnit(
            _("Write the HSA-id as SE, ten digits, a dash, then letters A to Z and digits.")
        )
    return typed


def org_text(number: str) -> str:
    """As it is read: NNNNNN-NNNN, or NNN NNN NNN for a Norwegian one."""
    if len(number) == 9:
        return "\u00a0".join((number[:3], number[3:6], number[6:]))
    return f"{number[:6]}-{number[6:]}"


def masked_person(number: str) -> str:
    """Enough to recognise oneself by, and no more."""
    return f"{number[:-4]}-••••" if len(number) == 12 else f"{number[:6]} •••••"


def is_official_test_person(number: str) -> bool:
    """Whether the number was published for tests, and belongs to nobody."""
    if len(number) == 11 and number.isdigit():
        return _norwegian_month(int(number[2:4]))[1]
    return number in official_test_persons()


@cache
def official_test_persons() -> frozenset[str]:
    lines = OFFICIAL_TEST_PERSONS.read_text(encoding="ascii").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _closed_up(raw: str) -> str:
    return re.sub(r"\s", "", raw)


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _mod_11(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(d) * weight for d, weight in zip(digits, weights, strict=True)) % 11


def _century(year: int, month: int, day: int, separator: str) -> str:
    today = days.today()
    day -= _COORDINATION if day >= _COORDINATION else 0
    full = today.year - (today.year - year) % 100
    if full == today.year and (month, day) > (today.month, today.day):
        full -= 100
    return f"{full - (100 if separator == '+' else 0):04d}"[:2]


def _is_birth_day(year: int, month: int, day: int) -> bool:
    today = days.today()
    if not 1840 <= year <= today.year:
        return False
    if day >= _COORDINATION:  # month 00 and day 60 are issued when the date is unknown
        return month <= 12 and day <= _COORDINATION + 31
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return False
    return (year, month, day) <= (today.year, today.month, today.day)


def _norwegian_month(month: int) -> tuple[int, bool]:
    """The month, and whether the number is synthetic (40, 65 or 80 has been added)."""
    for added in _SYNTHETIC_MONTHS:
        if month > added:
            return month - added, True
    return month, False
