"""Money: whole minor units (öre) and a currency, never a float."""

from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency, format_decimal
from django.utils.translation import get_language

_KRONOR = {("sv", "SEK"), ("nb", "NOK"), ("nn", "NOK")}


def text(amount: int, currency: str = "SEK") -> str:
    """ "12 500 kr" with no-break spaces; öre only when there are any."""
    return _text(amount, currency, (get_language() or "sv").split("-")[0])


@lru_cache(maxsize=2000)
def _text(amount: int, currency: str, language: str) -> str:
    pattern = "#,##0.00" if amount % 100 else "#,##0"
    whole = Decimal(amount) / 100
    if (language, currency) in _KRONOR:
        return f"{format_decimal(whole, pattern, locale=language)}\u00a0kr"
    if language == "en":
        return format_currency(
            whole, currency, f"¤¤\u00a0{pattern}", locale="en", currency_digits=False
        )
    return f"{format_decimal(whole, pattern, locale=language)}\u00a0{currency}"
