"""The customer's copy by mail: what was told and approved, in words."""

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from ombud.inquiries import papers
from ombud.inquiries.models import Inquiry
from ombud.lib import vault
from ombud.post import office
from ombud.post.models import Letter

MOST = 3  # addresses that a copy goes to


def send(inquiry: Inquiry, address: str) -> bool:
    """Once to each address, however often it is asked for, and to no more than a few."""
    begins = f"inquiry:{inquiry.case.number}:copy:"
    key = f"{begins}{vault.index(address)[:32]}"
    others = Letter.objects.filter(about=inquiry.case.number, key__startswith=begins)
    if others.exclude(key=key).count() >= MOST:
        return False
    with translation.override(inquiry.answers_language):
        subject = _("Your copy: case %(number)s at %(shop)s") % {
            "number": inquiry.number_told,
            "shop": inquiry.portal.name,
        }
        context = {
            "subject": subject,
            "inquiry": inquiry,
            "summary": papers.kept_copy(inquiry),
            "costs": papers.costs(inquiry),
            "sentences": papers.sentences(inquiry),
            "language": inquiry.answers_language,
        }
        office.hand_in(
            "email",
            address,
            render_to_string("inquiry/copy.txt", context),
            subject=subject,
            html=render_to_string("inquiry/copy.html", context),
            key=key,
            thread=inquiry.case.number,
            about=inquiry.case.number,
            secret=True,
            language=inquiry.answers_language,
        )
    return True
