"""How many parts an SMS becomes, and how its typography is kept from costing more."""

from typing import Literal, NamedTuple

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033«»", '"'),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f", " "),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
        "\u2022": "*",
        "\u2026": "...",
    }
)


class Segments(NamedTuple):
    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    parts: int


def count(text: str) -> Segments:
    """Septets or UTF-16 units, and parts: no part ends inside a pair."""
    if _BASIC.union(_EXTENDED).issuperset(text):
        return _measured("GSM-7", [2 if c in _EXTENDED else 1 for c in text], 160, 153)
    return _measured("UCS-2", [2 if ord(c) > 0xFFFF else 1 for c in text], 70, 67)


def plain(text: str) -> str:
    """Dashes, quotes and blanks a keyboard can type. Letters stay: a name is never respelt."""
    return text.translate(_PLAIN)


def _measured(
    encoding: Literal["GSM-7", "UCS-2"], widths: list[int], alone: int, each: int
) -> Segments:
    units = sum(widths)
    if units <= alone:
        return Segments(encoding, units, 1 if units else 0)
    parts, room = 1, each
    for width in widths:
        if width > room:
            parts, room = parts + 1, each
        room -= width
    return Segments(encoding, units, parts)
