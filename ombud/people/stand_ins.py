"""Who stands in for whom: told to both, what waits handed over, and read by those who ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ombud.lib import clock, days, jobs, rows
from ombud.people import standing_in
from ombud.people.models import Notice, Organisation, Person, StandIn
from ombud.people.roles import EVERYTHING
from ombud.people.settings import said
from ombud.people.terms import CURRENT
from ombud.post import office
from ombud.ui.engine import blocks

KIND = Notice.STAND_IN
WAKE = "desk.wake_stand_ins"


def wake() -> None:
    """What begins or ends at once is told at once; the rest by the clock."""
    jobs.queue(WAKE)


def due() -> list[StandIn]:
    """Those that have begun, or are over, and nobody has told it yet."""
    now = clock.now()
    is_due = Q(begun_at=None, from_at__lte=now) | Q(until_at__lte=now)
    rows = StandIn.objects.filter(is_due, over_at=None, until_at__isnull=False)
    return list(rows.select_related("organisation").order_by("pk")[:500])


def turn(row: StandIn) -> str:
    """Mark it begun, or over, and tell both. What was over before it began is told once."""
    now = clock.now()
    if row.is_over:
        row.over_at = now
        row.save(update_fields=["over_at"])
        take_back(row)
        tell(row, "over")
        return "over"
    row.begun_at = now
    row.save(update_fields=["begun_at"])
    hand_over(row)
    tell(row, "begun")
    return "begun"


def facts(row: StandIn) -> dict[str, Any]:
    """For the journal: numbers and plain facts, no names."""
    return {
        "stand_in": row.pk,
        "to": row.person_id,
        "absent": row.instead_of_id,
        "roles": row.roles,
        "from_at": row.from_at.isoformat(),
        "until_at": row.until_at.isoformat() if row.until_at else None,
    }


# What waits


def open_calls(person: Person, organisation: Organisation):
    """What still calls for somebody, in their own name."""
    found = Notice.objects.of(person, organisation).exclude(kind=KIND)
    found = found.filter(calls=True, over_at=None, instead_of=None)
    return found.select_related("person", "organisation")


def hand_over(row: StandIn) -> int:
    """Pending items included: what waits for the colleague is told to whoever stands in."""
    mine = Notice.objects.of(row.person, row.organisation).filter(over_at=None)
    known = set(mine.values_list("case_number", "part", "words"))
    now = clock.now()
    waiting = [
        in_place(notice, row.person, at=now)
        for notice in open_calls(row.instead_of, row.organisation).order_by("pk")
        if row.covers(notice.why) and (notice.case_number, notice.part, notice.words) not in known
    ]
    Notice.objects.bulk_create(waiting)
    return len(waiting)


def in_place(notice: Notice, deputy: Person, **more: Any) -> Notice:
    """The same notice to whoever stands in; the words say for whom."""
    names = "case_number kind part circle words why calls by_when at"
    kept = {name: getattr(notice, name) for name in names.split()} | more
    same = Notice(
        person=deputy,
        organisation=notice.organisation,
        instead_of=notice.person,
        data={**notice.data, "instead_of": str(notice.person)},
        **kept,
    )
    same.is_mailed = notice.is_mailed
    return same


def take_back(row: StandIn) -> None:
    """What was told in the colleague's place calls no longer."""
    told = Notice.objects.of(row.person, row.organisation).filter(instead_of=row.instead_of)
    told = told.filter(over_at=None)
    if EVERYTHING not in row.roles:
        told = told.filter(why__in=row.roles)
    told.update(over_at=clock.now())


def rearrange(row: StandIn) -> None:
    """The roles have changed while it is under way: so does what is told."""
    if row.begun_at is None:
        return
    told = Notice.objects.of(row.person, row.organisation).filter(instead_of=row.instead_of)
    gone = [notice.pk for notice in told.filter(over_at=None) if not row.covers(notice.why)]
    Notice.objects.filter(pk__in=gone).update(over_at=clock.now())
    hand_over(row)


DEPUTIES = f"""SELECT s.organisation_id, s.instead_of_id, s.roles, {rows.columns(Person, "p")}
FROM people_standin s JOIN people_person p ON p.id = s.person_id
WHERE s.organisation_id = ANY(%(here)s) AND s.instead_of_id = ANY(%(absent)s)
  AND {CURRENT.format("s")} AND p.is_active AND EXISTS (SELECT 1 FROM people_membership m
    WHERE m.person_id = s.person_id AND m.organisation_id = s.organisation_id
      AND {CURRENT.format("m")})
ORDER BY s.id"""


def also(told: Iterable[Notice]) -> list[Notice]:
    """These notices, and the same to whoever stands in for the one who is told, once each: what
    calls also to those who hear something else of it in their own name. One statement, and none
    where nobody is told."""
    found = list(told)
    if not found:
        return found
    known = {(notice.person_id, notice.organisation_id) for notice in found}
    called = {(notice.person_id, notice.organisation_id) for notice in found if notice.calls}
    absent, here = ([*{pair[place] for pair in known}] for place in (0, 1))
    asked = {"here": here, "absent": absent, "now": clock.now()}
    more = []
    for organisation_id, absent_id, roles, *columns in rows.asked(DEPUTIES, asked):
        deputy = rows.made(Person, columns)
        for notice in found:
            is_whose = (notice.person_id, notice.organisation_id) == (absent_id, organisation_id)
            is_covered = EVERYTHING in roles or notice.why in roles
            heard = called if notice.calls else known
            is_new = (deputy.pk, organisation_id) not in heard
            if is_whose and is_covered and is_new and deputy.pk not in notice.not_persons:
                heard.add((deputy.pk, organisation_id))
                more.append(in_place(notice, deputy))
    return [*found, *more]


def facts_of(notice: Notice) -> dict[str, Any]:
    """What a notice tells of; a name that is kept in each language, in the present one."""
    facts = dict(notice.data)
    if isinstance(named := facts.get("service"), dict):
        facts["service"] = said(named)
    return facts


def said_in_place(said: dict[str, str], notice: Notice) -> dict[str, str]:
    """The same to whoever stands in: for whom, and why they of all people are told."""
    if "instead_of" not in notice.data:
        return said
    who, whose = {"name": notice.data["instead_of"]}, _("In the place of %(name)s.")
    lead = f"{said['lead']} {whose % who}"
    return {**said, "lead": lead, "why": _("You get this because you stand in for %(name)s.") % who}


# Telling both


def tell(row: StandIn, words: str) -> None:
    """A notice and a letter to each, in the reader's own language."""
    for person in (row.person, row.instead_of):
        with translation.override(person.language):
            write(notice_of(row, person, words), row)


def notice_of(row: StandIn, person: Person, words: str) -> Notice:
    return Notice.objects.create(
        person=person,
        organisation=row.organisation,
        kind=KIND,
        part=str(row.pk),
        words=words,
        why="stand_in" if person == row.person else "absent",
        data=said_of(row, person),
    )


def said_of(row: StandIn, reader: Person) -> dict[str, Any]:
    waiting = [n for n in open_calls(row.instead_of, row.organisation) if row.covers(n.why)]
    return {
        "organisation": row.organisation.name,
        "deputy": str(row.person),
        "absent": str(row.instead_of),
        "is_deputy": reader == row.person,
        "roles": standing_in.role_words(row.roles),
        "from_at": row.from_at.isoformat(),
        "until_at": row.until_at.isoformat() if row.until_at else "",
        "waiting": len(waiting),
    }


def write(notice: Notice, row: StandIn) -> None:
    person = notice.person
    if not person.email:
        return
    url = settings.WEB_URL + link(row, person)
    said = {**say(notice), "url": url, "language": person.language}
    text, html = (render_to_string(f"letter.{kind}", said) for kind in ("txt", "html"))
    office.hand_in(
        "email",
        person.email,
        text,
        subject=said["subject"],
        html=html,
        thread=f"{KIND}-{row.pk}",
        key=f"notice:{notice.pk}:email",
        language=person.language,
    )


def say(notice: Notice) -> dict[str, str]:
    return blocks(f"{KIND}/letters/{notice.words}.txt", {**notice.data, "notice": notice})


def link(row: StandIn, person: Person) -> str:
    door = "desk:brief" if person == row.person and not row.is_over else "desk:stand_in"
    return f"{reverse(door, args=[row.pk])}?as={row.organisation.number}"


# Reading


@dataclass(frozen=True)
class Away:
    """Somebody who is away, until when, and who stands in."""

    until_at: datetime | None
    deputy: str

    @property
    def words(self) -> str:
        who = {"name": self.deputy}
        if self.until_at is None:
            return _("away, %(name)s stands in") % who
        until = {"day": days.named(self.until_at), **who}
        return _("away until %(day)s, %(name)s stands in") % until


def changes_at(person_id: int, organisation_id: int) -> datetime | None:
    """When what the person wears there changes next, by the clock."""
    rows = StandIn.objects.unended().filter(person=person_id, organisation=organisation_id)
    now = clock.now()
    times = [moment for row in rows for moment in (row.from_at, row.until_at)]
    return min((moment for moment in times if moment and moment > now), default=None)


def about(person: Person) -> list[StandIn]:
    """Whom the person stands in for, and who for the person; under way and to come."""
    rows = StandIn.objects.unended().filter(Q(person=person) | Q(instead_of=person))
    joined = rows.select_related("person", "instead_of", "organisation")
    return list(joined.order_by("from_at", "pk"))


def away(organisation: Organisation, role: str = "") -> dict[int, Away]:
    """Who of the organisation is away now, by person; in one role or in any."""
    rows = StandIn.objects.at(organisation).current()
    if role:
        rows = rows.covering(role)
    return {row.instead_of_id: Away(row.until_at, str(row.person)) for row in rows}


def warnings(organisation: Organisation, row: StandIn) -> list[str]:
    """What is allowed, but worth knowing: whoever stands in is away too."""
    met = StandIn.objects.at(organisation).within(row.from_at, row.until_at)
    text = _(
        "%(name)s has a stand-in too in that time. What %(name)s takes over from %(absent)s"
        " does not pass on to %(deputy)s."
    )
    return [
        text % {"name": row.person, "absent": row.instead_of, "deputy": other.person}
        for other in met.filter(instead_of=row.person).exclude(pk=row.pk)
    ]
