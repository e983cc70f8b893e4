"""A notice put into words, in the reader's language, for the page and for the letter."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template import engines
from django.urls import reverse
from django.utils import translation

from ombud.cases.models import Case, Event
from ombud.people.models import Notice
from ombud.post import office

SUBJECT = 60  # letters that a mail program shows of a subject
LEAST = 8  # letters that are left of a name
NAMES = ("customer", "agent", "operator", "organisation", "next")


def tell(notice: Notice, case: Case, event: Event) -> Notice:
    """Keep the notice and owe its letters; both are rows of the deed's transaction."""
    notice.case_number, notice.kind = case.number, case.kind
    notice.circle, notice.part, notice.at = event.circle, event.part, event.at
    notice.save()
    if not notice.is_mailed:
        return notice
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
    facts["notice"] = notice
    told = said_in(template, facts)
    return told | {"subject": fitted(template, facts, told["subject"])}


def said_in(template, facts: dict) -> dict[str, str]:
    context = template.new_context(facts)
    return {name: one_line(block(context)) for name, block in template.blocks.items()}


def fitted(template, facts: dict, subject: str) -> str:
    """The subject within SUBJECT letters: the names of organisations are cut, never the rest."""
    over = len(subject) - SUBJECT
    if over <= 0:
        return subject
    named = {name: str(facts[name]) for name in NAMES if facts.get(name)}
    cut = {name: shortened(text, max(LEAST, len(text) - over)) for name, text in named.items()}
    return said_in(template, {**facts, **cut})["subject"]


def shortened(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def one_line(pieces: Iterable[str]) -> str:
    return " ".join("".join(pieces).split())


def render(name: str, context: dict) -> str:
    return engine().get_template(name).render(context)


def engine():
    return engines["jinja2"].env
