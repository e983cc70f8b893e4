"""EWREST text: a key and a value a line, as JavaScript would write them."""

from typing import Any


def said(rows: list[tuple[str, Any]], spaced: bool = False, one_line: bool = False) -> str:
    sign, end = (" = " if spaced else "="), (" " if one_line else "\n")
    return "".join(f"EWREST_{name}{sign}'{escaped(value)}';{end}" for name, value in rows)


def escaped(value: Any) -> str:
    """No value is empty; whatever is not plain ASCII is written as \\u and four digits."""
    if value is None:
        return ""
    return "".join(sign(letter) for letter in str(value))


def sign(letter: str) -> str:
    known = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    if letter in known:
        return known[letter]
    if 32 <= ord(letter) < 127:
        return letter
    units = letter.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
