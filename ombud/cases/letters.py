"""A notice put into words, in the reader's language, for the page and for the letter."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.template import engines
from django.urls import reverse
from django.utils import translation

from ombud.cases.models import Case, Event
from ombud.lib import rows
from ombud.people import stand_ins
from ombud.people.models import Notice
from ombud.post import office
from ombud.post.models import Letter
from ombud.ui.engine import blocks

SUBJECT = 60  # letters that a mail program shows of a subject
LEAST = 8  # letters that are left of a name
NAMES = ("customer", "agent", "operator", "organisation", "next", "service")


def tell(notices: list[Notice], case: Case, event: Event) -> list[Notice]:
    """Keep the notices and owe their letters; all are rows of the deed's transaction."""
    for notice in notices:
        notice.case_number, notice.kind = case.number, case.kind
        notice.circle, notice.part, notice.at = event.circle, event.part, event.at
    rows.put_all(notices)
    mailed = [notice for notice in notices if notice.is_mailed]
    office.hand_in_all([letter for notice in mailed for letter in written(notice)])
    return notices


def written(notice: Notice) -> list[Letter]:
    """The letters that a notice owes, in the reader's language."""
    with translation.override(notice.person.language):
        return list(letters_of(notice, say(notice)))


def letters_of(notice: Notice, said: dict) -> Iterator[Letter]:
    person, number = notice.person, notice.case_number
    kept: dict[str, Any] = {"about": number, "language": person.language}
    if person.email:
        yield mail(person.email, notice, said, person.language, f"notice:{notice.pk}:email")
    if person.by_sms and person.phone:
        body = f"{said['subject']}\n{links(notice)['url']}"
        yield office.letter("sms", person.phone, body, key=f"notice:{notice.pk}:sms", **kept)


def write_to(address: str, told: Notice, case: Case, event: Event) -> None:
    """A letter alone, in the house's language, to an address that is nobody's account. `told` says
    what a notice would, and is not kept."""
    told.case_number, told.kind = case.number, case.kind
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        key = f"event:{case.number}:{event.seq}:{address}"
        office.hand_in_all([mail(address, told, say(told), language, key)])


def mail(address: str, told: Notice, said: dict, language: str, key: str) -> Letter:
    number = told.case_number
    context = {**said, **links(told), "number": number, "language": language}
    text, html = render("cases/mail.txt", context), render("cases/mail.html", context)
    return office.letter(
        "email",
        address,
        text,
        subject=said["subject"],
        html=html,
        thread=number,
        key=key,
        about=number,
        language=language,
    )


def links(notice: Notice) -> dict:
    """A link navigates, it never decides. It names the organisation to act for."""
    return {
        "url": f"{settings.WEB_URL}{page_of(notice)}?as={notice.organisation.number}",
        "all_url": f"{settings.WEB_URL}{reverse('desk:approvals')}?as={notice.organisation.number}",
    }


def page_of(notice: Notice) -> str:
    """The page of its case, or the one of its case's pages that its data names."""
    return reverse(notice.data.get("page", "desk:case"), args=[notice.case_number])


def say(notice: Notice) -> dict[str, str]:
    """Subject, lead, button and reason, in the present language."""
    facts = {**stand_ins.facts_of(notice), "number": notice.case_number, "by_when": notice.by_when}
    template, facts = f"{notice.kind}/letters/{notice.words}.txt", {**facts, "notice": notice}
    told = blocks(template, facts)
    told |= {"subject": fitted(template, facts, told["subject"])}
    return stand_ins.said_in_place(told, notice)


def fitted(template: str, facts: dict, subject: str) -> str:
    """The subject within SUBJECT letters: the names of organisations are cut, never the rest."""
    over = len(subject) - SUBJECT
    if over <= 0:
        return subject
    named = {name: str(facts[name]) for name in NAMES if facts.get(name)}
    cut = {name: shortened(text, max(LEAST, len(text) - over)) for name, text in named.items()}
    return blocks(template, {**facts, **cut})["subject"]


def shortened(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def render(name: str, context: dict) -> str:
    return engine().get_template(name).render(context)


def engine():
    return engines["jinja2"].env
