"""A notice put into words, in the reader's language, for the page and for the letter."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template import engines
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ombud.cases.models import Case, Event
from ombud.people.models import Notice
from ombud.post import office


def tell(notice: Notice, case: Case, event: Event) -> Notice:
    """Keep the notice and owe its letters; both are rows of the deed's transaction."""
    notice.case_number, notice.kind = case.number, case.kind
    notice.circle, notice.part, notice.at = event.circle, event.part, event.at
    notice.save()
    with translation.override(notice.person.language):
        said = say(notice)
        write(notice, said)
    return notice


def write(notice: Notice, said: dict) -> None:
    person, number = notice.person, notice.case_number
    key = f"notice:{notice.pk}"
    kept: dict[str, Any] = {"about": number, "language": person.language}
    if person.email:
        context = {**said, **links(notice), "number": number, "language": person.language}
        text, html = render("cases/mail.txt", context), render("cases/mail.html", context)
        office.hand_in(
            "email",
            person.email,
            text,
            subject=said["subject"],
            html=html,
            thread=number,
            key=f"{key}:email",
            **kept,
        )
    if person.by_sms and person.phone:
        body = f"{said['subject']}\n{links(notice)['url']}"
        office.hand_in("sms", person.phone, body, key=f"{key}:sms", **kept)


def links(notice: Notice) -> dict:
    """A link navigates, it never decides. It names the organisation to act for."""
    target = reverse("desk:case", args=[notice.case_number])
    return {
        "url": f"{settings.WEB_URL}{target}?as={notice.organisation.number}",
        "all_url": f"{settings.WEB_URL}{reverse('desk:approvals')}?as={notice.organisation.number}",
    }


def say(notice: Notice) -> dict[str, str]:
    """Subject, lead, button and reason, in the present language."""
    template = engine().get_template(f"{notice.kind}/letters/{notice.words}.txt")
    facts = {**notice.data, "number": notice.case_number, "by_when": notice.by_when}
    context = template.new_context({**facts, "notice": notice})
    said = {name: one_line(block(context)) for name, block in template.blocks.items()}
    return in_place(said, notice.data["instead_of"]) if "instead_of" in notice.data else said


def in_place(said: dict[str, str], name: str) -> dict[str, str]:
    """The same to whoever stands in: for whom, and why they of all people are told."""
    who, whose = {"name": name}, _("In the place of %(name)s.")
    lead = f"{said['lead']} {whose % who}"
    return {**said, "lead": lead, "why": _("You get this because you stand in for %(name)s.") % who}


def one_line(pieces: Iterable[str]) -> str:
    return " ".join("".join(pieces).split())


def render(name: str, context: dict) -> str:
    return engine().get_template(name).render(context)


def engine():
    return engines["jinja2"].env
