"""Who stands in for whom: told to both, what waits handed over, and read by those who ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.template import engines
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ombud.lib import clock, days, jobs
from ombud.people import standing_in
from ombud.people.models import Membership, Notice, Organisation, Person, StandIn
from ombud.people.roles import EVERYTHING
from ombud.post import office

KIND = "standin"
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
    rows = Notice.objects.of(person, organisation).exclude(kind=KIND)
    return rows.filter(calls=True, over_at=None, instead_of=None)


def hand_over(row: StandIn) -> int:
    """Pending items included: what waits for the colleague is told to whoever stands in."""
    mine = Notice.objects.of(row.person, row.organisation).filter(over_at=None)
    known = set(mine.values_list("case_number", "part", "words"))
    now = clock.now()
    waiting = [
        in_place(notice, row, at=now)
        for notice in open_calls(row.instead_of, row.organisation).order_by("pk")
        if row.covers(notice.why) and (notice.case_number, notice.part, notice.words) not in known
    ]
    Notice.objects.bulk_create(waiting)
    return len(waiting)


def in_place(notice: Notice, row: StandIn, **more: Any) -> Notice:
    """The same notice to whoever stands in; the words say for whom."""
    names = "case_number kind part circle words why calls by_when at"
    kept = {name: getattr(notice, name) for name in names.split()} | more
    return Notice(
        person=row.person,
        organisation=row.organisation,
        instead_of=row.instead_of,
        data={**notice.data, "instead_of": str(row.instead_of)},
        **kept,
    )


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


def in_force():
    """Those under way of whom the deputy still belongs there and can log in."""
    here = Membership.objects.current().filter(
        person=OuterRef("person"), organisation=OuterRef("organisation")
    )
    return StandIn.objects.current().filter(Exists(here), person__is_active=True)


def also(told: Iterable[Notice]) -> list[Notice]:
    """These notices, and the same to whoever stands in for the one who is told, once each."""
    found = list(told)
    if not found:
        return found
    here = {notice.organisation_id for notice in found}
    absent = {notice.person_id for notice in found}
    rows = in_force().filter(organisation__in=here, instead_of__in=absent)
    known = {(notice.person_id, notice.organisation_id) for notice in found}
    more = []
    for row in rows.select_related("person", "instead_of", "organisation").order_by("pk"):
        for notice in found:
            is_whose = (notice.person_id, notice.organisation_id) == (
                row.instead_of_id,
                row.organisation_id,
            )
            key = (row.person_id, row.organisation_id)
            if is_whose and row.covers(notice.why) and key not in known:
                known.add(key)
                more.append(in_place(notice, row))
    return [*found, *more]


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
    env = engine()
    template = env.get_template(f"{KIND}/letters/{notice.words}.txt")
    context = template.new_context({**notice.data, "notice": notice})
    said = {name: " ".join("".join(b(context)).split()) for name, b in template.blocks.items()}
    said |= {"url": settings.WEB_URL + link(row, person), "language": person.language}
    office.hand_in(
        "email",
        person.email,
        env.get_template("letter.txt").render(said),
        subject=said["subject"],
        html=env.get_template("letter.html").render(said),
        thread=f"{KIND}-{row.pk}",
        key=f"notice:{notice.pk}:email",
        language=person.language,
    )


def engine():
    return engines["jinja2"].env


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
