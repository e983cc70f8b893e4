"""The customer's link. Its token follows from the case and the house's secret, so that a reminder
carries the same one although nothing but its hash is kept."""

import base64

from django.conf import settings
from django.urls import reverse

from ombud.cases import passes
from ombud.inquiries.models import CIRCLES, LINK, Inquiry
from ombud.lib import vault


def token_of(inquiry: Inquiry) -> str:
    """128 bits, as 22 letters."""
    nth = f" {inquiry.withdrawn}" if inquiry.withdrawn else ""
    digest = vault.index(f"{inquiry.case.number} {inquiry.case.pk}{nth}", "inquiry link")
    return base64.urlsafe_b64encode(bytes.fromhex(digest)[:16]).decode().rstrip("=")


def issue(inquiry: Inquiry) -> None:
    """A link for whoever is asked; the caller holds the case and saves the request."""
    inquiry.link, _token = passes.issue(
        inquiry.case,
        LINK,
        CIRCLES["customer"],
        inquiry.name or inquiry.number_told,
        token=token_of(inquiry),
    )


def renewed(inquiry: Inquiry) -> None:
    """Once the house's secret has been changed the token is another: it gets a link, too."""
    if inquiry.link is None or inquiry.link.sha256 != passes.digest(token_of(inquiry)):
        issue(inquiry)
        inquiry.save(update_fields=["link"])


def replace(inquiry: Inquiry) -> None:
    """Another link, since the one before has gone to somebody else; the caller holds the case and
    says anew who is waited for."""
    close(inquiry)
    inquiry.withdrawn += 1
    issue(inquiry)
    inquiry.save(update_fields=["withdrawn", "link"])


def address_of(inquiry: Inquiry) -> str:
    return settings.WEB_URL + reverse("inquiry:guest", args=[token_of(inquiry)])


def close(inquiry: Inquiry) -> None:
    """Nobody acts by it any more; it leads to a page that says so."""
    inquiry.case.pass_set.filter(purpose=LINK).revoke()
    inquiry.case.is_stirred = True
