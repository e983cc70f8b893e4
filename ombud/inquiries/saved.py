"""What the customer has typed so far. Typing is no event of the case: handing in is. The latest
saved wins, and nothing that another tab has written is lost."""

from django.db import transaction
from django.db.models import F

from ombud.inquiries import answers, rules
from ombud.inquiries.models import Draft, Inquiry
from ombud.lib import clock
from ombud.lib.errors import require
from ombud.people.actors import Actor


def of(inquiry: Inquiry) -> Draft:
    """As it is; nothing is written by reading it."""
    return Draft.objects.filter(inquiry=inquiry).first() or Draft(inquiry=inquiry)


@transaction.atomic
def keep(inquiry: Inquiry, page: str, typed: dict[str, str], *, by: Actor) -> Draft:
    """Keep these answers of a page; what is not among them stays as it was."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.keep(by, inquiry))
    told = answers.read(inquiry.asks, page, typed)
    draft, _new = Draft.objects.select_for_update(no_key=True).get_or_create(inquiry=inquiry)
    changed = {name: text for name, text in told.items() if draft.body.get(name, "") != text}
    if changed:
        draft.body = {**draft.body, **changed}
        draft.version, draft.at = draft.version + 1, clock.now()
        draft.save(update_fields=["body", "version", "at"])
    return draft


def is_later(inquiry: Inquiry) -> bool:
    """Whether something else has been typed, in another tab, than what was handed in."""
    draft, handed = of(inquiry), inquiry.answers.get("typed", {})
    typed = {name: text for name, text in draft.body.items() if text}
    return bool(typed) and typed != handed


def count_order(inquiry: Inquiry) -> None:
    """Once more BankID has been started by this link."""
    Inquiry.objects.filter(pk=inquiry.pk).update(orders=F("orders") + 1)
