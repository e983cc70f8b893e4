"""The spine: what every case has, whatever its kind. It knows no kind by more than its name."""

from copy import copy
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models

from ombud.cases import titles
from ombud.cases.documents import Document as Document  # a model of this room
from ombud.cases.passes import Pass
from ombud.cases.waiting import Due as Due  # models of this room
from ombud.cases.waiting import Turn as Turn
from ombud.lib import clock, rows
from ombud.lib.errors import Refused, time
from ombud.people import keys
from ombud.people.links import Head, Link
from ombud.people.models import Organisation, Person
from ombud.people.settings import Said, said
from ombud.people.terms import Term

BRIEF = "brief"
CASE = "case"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor) -> Self:
        """What one of the actor's keys opens. Nobody has none, and sees nothing."""
        sights = Sight.objects.filter(case=models.OuterRef("pk"), key__in=list(keys.of(actor)))
        return self.filter(models.Exists(sights))

    def locked(self, case: "Case") -> "Case":
        found = rows.asked(LOCK, [case.pk])
        if not found:
            raise Case.DoesNotExist
        row = rows.made(Case, found[0])
        row.is_held, row.is_stirred = True, False
        return row

    def begin(self, kind: str, named: Said, portal: Organisation, *, request: str = "") -> "Case":
        """A new case with the next number of its kind."""
        number = next_number(PREFIXES[kind])
        called = {"first_title": said(named), "titles": named}
        return rows.put(Case(number=number, kind=kind, portal=portal, request=request, **called))


def next_number(prefix: str) -> str:
    """Gaps are allowed: a sequence never waits for a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [f"number_{prefix.lower()}"])
        return f"{prefix}{cursor.fetchone()[0]:07}"


class Case(Head):
    class Kind(models.TextChoices):
        ORDER = "order"
        SERVICECASE = "servicecase"
        AGREEMENT = "agreement"
        ENGAGEMENT = "engagement"
        REPAIR = "repair"
        INQUIRY = "inquiry"

    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=Kind)
    first_title = models.CharField(max_length=200, db_column="title")
    titles = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    request = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    portal = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    asked: "Turn | None" = None  # the turn that the present transaction has begun
    is_held = False  # locked by the present transaction
    is_stirred = True  # parties or seats have changed since Sight was written

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="one_case_a_number")]
        indexes = [models.Index(fields=["reference"], name="case_reference")]

    def __str__(self) -> str:
        return self.number

    @property
    def matter(self) -> "Matter":
        """The typed row that this case is about."""
        return getattr(self, self.kind)

    @property
    def title(self) -> str:
        return titles.read(self.titles, self.first_title)

    def call(self, named: Said) -> None:
        """From now on it is called so."""
        self.first_title, self.titles = said(named), named
        rows.keep(self, "first_title", "titles")

    def close(self) -> None:
        self.closed_at = clock.now()
        rows.keep(self, "closed_at")

    def admit(self, organisation, role: str, circles: list[str], **where):
        """From now on the organisation is party to the case; `where`: scope and part."""
        return self.admit_all([(organisation, role, circles, where)])[0]

    def admit_all(self, wanted: list[tuple]) -> "list[Party]":
        """Several at once, each as `admit` takes it."""
        self.is_stirred = True
        new = [
            Party(case=self, organisation=organisation, role=role, circles=circles, **where)
            for organisation, role, circles, where in wanted
        ]
        rows.put_all(new)
        return new

    def move_party(self, organisation, role: str, scope: str) -> None:
        """From now on the organisation's part stands in another scope: the term before ends."""
        self.is_stirred = True
        found = self.party_set.current().filter(organisation=organisation, role=role)
        for before in list(found):
            self.party_set.filter(pk=before.pk).end()
            more = {"scope": scope, "part": before.part}
            self.admit(organisation, role, before.circles, **more)

    def seat(self, person, organisation, role: str, circles: list[str], *, part: str = ""):
        """From now on the person has a seat in the case, whatever the roles."""
        self.is_stirred = True
        whose = {"person": person, "organisation": organisation, "role": role}
        return rows.put(Seat(case=self, **whose, circles=circles, part=part))

    def write(self, circle: str, body: str, *, by) -> "Message":
        """A message for one circle to read."""
        who = {"person": by.person, "organisation": by.organisation}
        return rows.put(Message(case=self, circle=circle, body=body, **who))

    def wait_for(self, organisation, role: str, *, scope="", person=None, **more) -> None:
        """From now on the case (or a part of it) waits for this one, and for nobody else. `more`:
        `part`, `due_at`, and `not_persons`, who hold the role and may not act."""
        wide = keys.prefixes(keys.turn, organisation.pk, role, scope)
        names = [keys.seat(person.pk, organisation.pk)] if person else wide
        begun = {"organisation": organisation, "role": role, "scope": scope, "person": person}
        self.open_turns(names, begun | more)

    def wait_behind(self, organisation, role: str) -> None:
        """From now on the case waits for this one, whose work stands in another case: it is told
        of, and in nobody's list."""
        self.open_turns([""], {"organisation": organisation, "role": role})

    def wait_for_guest(self, guest: Pass, role: str) -> None:
        """From now on the case waits for whoever has this link, and for nobody else."""
        self.open_turns(guest.opening(), {"role": role})

    def open_turns(self, names: list[str], begun: dict) -> None:
        self.wait_no_more(begun.get("part", ""))
        begun["since"] = clock.now()
        turns = [Turn(case=self, key=key, shadow=key != names[-1], **begun) for key in names]
        rows.put_all(turns)
        self.asked = turns[-1]

    def wait_no_more(self, part: str = "") -> None:
        self.asked = None
        told: dict[str, Any] = {"case": self.pk, "part": part, "now": clock.now()}
        with connection.cursor() as cursor:
            cursor.execute(NO_MORE, {**told, "number": self.number})


LOCK = f"SELECT {rows.columns(Case, 'k')} FROM cases_case k WHERE k.id = %s FOR NO KEY UPDATE"
NO_MORE = """WITH turns AS (UPDATE cases_turn SET until = %(now)s
    WHERE case_id = %(case)s AND part = %(part)s AND until IS NULL),
  called AS (UPDATE people_notice SET over_at = %(now)s WHERE case_number = %(number)s
    AND part = %(part)s AND calls AND over_at IS NULL)
DELETE FROM cases_due WHERE case_id = %(case)s AND taken_at IS NULL"""
PREFIXES: dict[str, str] = dict(zip(Case.Kind, "RITM CS AGR ENG REP INQ".split(), strict=True))
NUMBERS = ["req", *(prefix.lower() for prefix in PREFIXES.values())]


class Party(Term):
    """An organisation in a case, in a role; a scope path narrows which of its roles look in."""

    case = models.ForeignKey(Case, models.PROTECT)
    part = models.CharField(max_length=40, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    role = models.CharField(max_length=20)
    scope = models.CharField(max_length=120, blank=True)
    circles = ArrayField(models.CharField(max_length=40), default=list)

    def __str__(self) -> str:
        return f"{self.organisation} in {self.case}"

    def opening(self) -> list[str]:
        return keys.prefixes(keys.party, self.organisation_id, self.role, self.scope)


class Seat(Term):
    """A person in a case, in a role: sees it whatever the roles."""

    case = models.ForeignKey(Case, models.PROTECT)
    part = models.CharField(max_length=40, blank=True)
    person = models.ForeignKey(Person, models.PROTECT)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    role = models.CharField(max_length=20)
    circles = ArrayField(models.CharField(max_length=40), default=list)

    def __str__(self) -> str:
        return f"{self.person} in {self.case}"

    def opening(self) -> list[str]:
        return [keys.seat(self.person_id, self.organisation_id)]


class Sight(models.Model):
    """Who sees a case: the projection of Party, Seat and Pass, written only by `cases/sight.py`.

    `state` is the kind and the state, as in "order.draft"; `moved_at` moves only for keys that see
    the circle of what happened.
    """

    pk = models.CompositePrimaryKey("case_id", "key")
    case = models.ForeignKey(Case, models.PROTECT)
    key = models.CharField(max_length=160, db_collation="C")
    state = models.CharField(max_length=40)
    moved_at = models.DateTimeField()
    circles = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        indexes = [
            models.Index(
                models.F("key"),
                models.F("moved_at").desc(),
                models.F("case").desc(),
                name="sight_moved",
            ),
            models.Index(
                models.F("key"),
                models.F("state"),
                models.F("moved_at").desc(),
                models.F("case").desc(),
                name="sight_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} sees {self.case_id}"


class Event(Link):
    """What happened in a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")

    class Meta(Link.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="one_event_a_number")]


class Words(models.Model):
    """The free text of an event. It may be blanked: the chain vouches only for its digest."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True)
    salt = models.CharField(max_length=32)
    body = models.JSONField(default=dict)
    blanked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"words of {self.event_id}"


class Message(models.Model):
    """What somebody wrote in a case, for one circle to read."""

    case = models.ForeignKey(Case, models.PROTECT)
    circle = models.CharField(max_length=40)
    part = models.CharField(max_length=40, blank=True)
    person = models.ForeignKey(Person, models.PROTECT)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    at = models.DateTimeField(default=clock.now)
    body = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["case", "at"])]

    def __str__(self) -> str:
        return f"message in {self.case_id}"


class Seen(models.Model):
    """When a person last looked at a case: what moved since then is updated."""

    person = models.ForeignKey(Person, models.PROTECT)
    case = models.ForeignKey(Case, models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "case"], name="one_look_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id} saw {self.case_id}"


class Findable(models.Model):
    """The words by which a case is found, and the keys that may find it, in one document."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True)
    document = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["document"], name="findable_document")]

    def __str__(self) -> str:
        return f"words to find {self.case_id}"


class MatterQuerySet(models.QuerySet):
    def visible_to(self, actor) -> Self:
        return self.filter(case__in=Case.objects.visible_to(actor))

    def locked(self, matter):
        """The rows as they stand now, held until the transaction ends: the case, then the matter,
        unless it was read with its case and no event has come since: only events change it."""
        held = Case.objects.locked(matter.case)
        if matter.read_at == held.head_seq:
            row = matter.twin()
        else:
            row = self.select_for_update(of=("self",), no_key=True).get(pk=matter.pk)
        row.case = held
        return row


class Matter(models.Model):
    """What all kinds share: a case, a state, and the moves between states."""

    MOVES: dict = {}
    FLEETING: tuple[str, ...] = ()  # what was read beside it, and is read anew under its lock
    state: Any
    read_at: int | None = None  # number of the case's last event, where one statement read both

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True)

    objects = MatterQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.case)

    def twin(self) -> Self:
        """The same row once more, with what it points at: what a deed does to it stays there."""
        row = type(self).__new__(type(self))
        row.__dict__.update(self.__dict__, _state=copy(self._state), read_at=None)
        for name in self.FLEETING:
            row.__dict__.pop(name, None)
        row._state.fields_cache = dict(self._state.fields_cache)
        return row

    def can_become(self, to: str) -> bool:
        return to in self.MOVES.get(self.state, ())

    def become(self, to: str, *also: str) -> None:
        """Move to another state; `also` names what else of the row has changed and is kept."""
        if not self.can_become(to):
            raise Refused([time("no_such_move", f"{self} is {self.state}, it cannot become {to}.")])
        self.state = to
        rows.keep(self, "state", *also)
        if not self.MOVES.get(to):
            self.case.wait_no_more()
            self.case.close()

    def view(self, eyes) -> dict:
        """What these eyes see of the matter, field by field; the rest is absent."""
        return {}

    def words_to_find(self) -> str:
        """The words by which a reader of the circle `case` finds it."""
        return titles.every(self.case.titles, self.case.first_title)
