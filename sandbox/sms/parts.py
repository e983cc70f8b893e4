"""How many parts a text message takes on the air."""

BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = set("^{}\\[~]|€\f")


def count(message: str) -> int:
    """GSM-7 holds 160, or 153 in each of several; anything else is UCS-2 with 70 and 67."""
    if set(message) <= BASIC | EXTENDED:
        return fill([2 if sign in EXTENDED else 1 for sign in message], 160, 153)
    return fill([2 if ord(sign) > 0xFFFF else 1 for sign in message], 70, 67)


def fill(sizes: list[int], alone: int, each: int) -> int:
    """No sign is split over two parts."""
    if sum(sizes) <= alone:
        return 1
    parts, room = 1, each
    for size in sizes:
        if size > room:
            parts, room = parts + 1, each
        room -= size
    return parts
