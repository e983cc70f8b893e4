"""The animated QR code of a BankID order: a new one every second, computed by the server."""

import hashlib
import hmac

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

SMALLEST = 220  # pixels, or a phone will not read it from a screen
MARGIN = 4  # modules of white, also on a dark page


def text(token: str, secret: str, seconds: int) -> str:
    """`seconds` are whole seconds since our server got the answer to the order."""
    proof = hmac.new(secret.encode(), str(seconds).encode(), hashlib.sha256).hexdigest()
    return f"bankid.{token}.{seconds}.{proof}"


def svg(content: str, title: str = "") -> SafeString:
    """Inline SVG, black on white, with a title for whoever cannot see it."""
    code = segno.make_qr(content, error="l")
    width = code.symbol_size(border=MARGIN)[0]
    scale = -(-SMALLEST // width)
    drawn = code.svg_inline(
        scale=scale,
        border=MARGIN,
        dark="#000",
        light="#fff",
        title=title or gettext("QR code. Scan it with the BankID app on your phone."),
    )
    side = width * scale  # the page may draw it larger or smaller, but never cut it off
    return mark_safe(drawn.replace("<svg ", f'<svg role="img" viewBox="0 0 {side} {side}" ', 1))
