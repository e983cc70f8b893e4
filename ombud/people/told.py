"""What people are told outside any case: notices with their letters, rows of the deed's own
transaction."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from ombud.lib import clock, live
from ombud.people import stand_ins
from ombud.people.models import Ask, Grant, Notice, Organisation, Person
from ombud.people.roles import Role
from ombud.post import office
from ombud.ui.engine import blocks


def asked(ask: Ask) -> list[Notice]:
    """Every administrator but the one who asks, and whoever stands in: it is theirs to answer."""
    holding = Grant.objects.holding(Role.ADMINISTRATOR, ask.organisation).values("person")
    people = Person.objects.filter(pk__in=holding).exclude(pk=ask.person_id).order_by("pk")
    told = [one(ask, person, "asked", Role.ADMINISTRATOR, calls=True) for person in people]
    for notice in told:
        notice.not_persons = [ask.person_id]
    return stand_ins.also(told)


def given(ask: Ask) -> list[Notice]:
    return [one(ask, ask.person, "given", "asked")]


def declined(ask: Ask) -> list[Notice]:
    return [one(ask, ask.person, "declined", "asked")]


def administrators(organisation: Organisation, words: str, facts: dict[str, Any]) -> list[Notice]:
    """Each administrator of an organisation, and whoever stands in."""
    holding = Grant.objects.holding(Role.ADMINISTRATOR, organisation).values("person")
    people = Person.objects.filter(pk__in=holding).order_by("pk")
    plain = {"organisation": organisation, "kind": Notice.PERSON, "words": words}
    why = Role.ADMINISTRATOR  # a stand-in is told by the role
    return stand_ins.also([Notice(person=who, data=facts, why=why, **plain) for who in people])


def one(ask: Ask, person: Person, words: str, why: str, *, calls: bool = False) -> Notice:
    facts = {
        "person": str(ask.person),
        "organisation": ask.organisation.name,
        "role": ask.role,
        "by": str(ask.answered_by or ""),
        "note": ask.note,
    }
    return Notice(
        person=person,
        organisation=ask.organisation,
        kind=Notice.PERSON,
        part=ask.part,
        words=words,
        why=why,
        calls=calls,
        data=facts,
    )


def tell(notices: Iterable[Notice], *, over: str = "") -> None:
    """Keep the notices and owe their letters; what called for the deed that is done is `over`."""
    if over:
        calling = Notice.objects.filter(kind=Notice.PERSON, part=over, calls=True, over_at=None)
        calling.update(over_at=clock.now())
    people = []
    for notice in notices:
        notice.save()
        people.append(notice.person_id)
        with translation.override(notice.person.language):
            write(notice)
    live.tell([], people, "", "notice")


def write(notice: Notice) -> None:
    person, url = notice.person, settings.WEB_URL + href(notice)
    worded = {**say(notice), "url": url, "language": person.language}
    kept: dict[str, Any] = {"language": person.language}
    key = f"notice:{notice.pk}"
    if person.email:
        text, html = (render_to_string(f"letter.{kind}", worded) for kind in ("txt", "html"))
        office.hand_in(
            "email",
            person.email,
            text,
            subject=worded["subject"],
            html=html,
            key=f"{key}:email",
            **kept,
        )
    if person.by_sms and person.phone:
        office.hand_in("sms", person.phone, f"{worded['subject']}\n{url}", key=f"{key}:sms", **kept)


def say(notice: Notice) -> dict[str, str]:
    name = f"{Notice.PERSON}/letters/{notice.words}.txt"
    facts = {**stand_ins.facts_of(notice), "notice": notice}
    return stand_ins.said_in_place(blocks(name, facts), notice)


def href(notice: Notice) -> str:
    """Where it leads, for the organisation that it is of."""
    page, anchor = PLACES[notice.words]
    return f"{reverse(page)}?as={notice.organisation.number}{anchor}"


PLACES = {
    "asked": ("desk:organisation", "#asked"),
    "given": ("desk:home", ""),
    "declined": ("desk:organisation", ""),
    "wanted": ("desk:organisation", ""),
    "registered": ("desk:organisation", "#registered"),
    "sought_help": ("desk:organisation", ""),
}
