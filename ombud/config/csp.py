"""What a page may load, send and be framed by: nothing but what is listed here."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'nonce-{nonce}'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self' {push}",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
MORE = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
WRITTEN = "; ".join(f"{what} {sources}" for what, sources in POLICY.items())


class ContentSecurityMiddleware:
    """Gives `request.csp_nonce` to the page, and the policy that names it to the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        policy = WRITTEN.format(nonce=nonce, push=settings.PUSH_URL)
        response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in MORE.items():
            response.headers.setdefault(name, value)
        return response
