"""How large a file is, in words."""

from babel.numbers import format_decimal
from django.utils.translation import get_language

STEPS = (("B", 1), ("kB", 1024), ("MB", 1024**2))


def text(size: int) -> str:
    """ "240 kB", "1,2 MB", with no-break spaces; a decimal only below ten megabytes."""
    unit, step = next((one for one in reversed(STEPS) if size >= one[1]), STEPS[0])
    pattern = "#,##0.#" if unit == "MB" and size < 10 * step else "#,##0"
    language = (get_language() or "sv").split("-")[0]
    return f"{format_decimal(size / step, pattern, locale=language)}\u00a0{unit}"
