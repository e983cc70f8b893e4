"""The spine: what every case has, whatever its kind. It knows no kind by more than its name."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models

from ombud.cases.passes import Pass
from ombud.lib import clock
from ombud.lib.errors import Refused, time
from ombud.people import keys
from ombud.people.links import Head, Link
from ombud.people.models import Notice, Organisation, Person
from ombud.people.terms import Term

BRIEF = "brief"
CASE = "case"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor) -> Self:
        """What one of the actor's keys opens. Nobody has none, and sees nothing."""
        sights = Sight.objects.filter(case=models.OuterRef("pk"), key__in=list(keys.of(actor)))
        return self.filter(models.Exists(sights))

    def locked(self, case: "Case") -> "Case":
        row = self.select_for_update(no_key=True).get(pk=case.pk)
        row.is_held, row.is_stirred = True, False
        return row

    def begin(self, kind: str, title: str, portal: Organisation, *, request: str = "") -> "Case":
        """A new case with the next number of its kind."""
        return self.create(
            number=next_number(PREFIXES[kind]),
            kind=kind,
            title=title,
            portal=portal,
            request=request,
        )


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

    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200)
    request = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    portal = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    is_held = False  # locked by the present transaction
    is_stirred = True  # parties or seats have changed since Sight was written

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="one_case_a_number")]

    def __str__(self) -> str:
        return self.number

    @property
    def matter(self) -> "Matter":
        """The typed row that this case is about."""
        return getattr(self, self.kind)

    def close(self) -> None:
        self.closed_at = clock.now()
        self.save(update_fields=["closed_at"])

    def admit(
        self, organisation, role: str, circles: list[str], *, scope: str = "", part: str = ""
    ):
        """From now on the organisation is party to the case."""
        self.is_stirred = True
        return self.party_set.create(
            organisation=organisation, role=role, circles=circles, scope=scope, part=part
        )

    def seat(self, person, organisation, role: str, circles: list[str], *, part: str = ""):
        """From now on the person has a seat in the case, whatever the roles."""
        self.is_stirred = True
        return self.seat_set.create(
            person=person, organisation=organisation, role=role, circles=circles, part=part
        )

    def write(self, circle: str, body: str, *, by) -> "Message":
        """A message for one circle to read."""
        return self.message_set.create(
            circle=circle, person=by.person, organisation=by.organisation, body=body
        )

    def wait_for(
        self,
        organisation,
        role: str,
        *,
        scope="",
        person=None,
        guest: Pass | None = None,
        due_at=None,
        part="",
    ) -> None:
        """From now on the case (or a part of it) waits for this one, and for nobody else."""
        self.wait_no_more(part)
        if guest:
            names = guest.opening()
        elif person:
            names = [keys.seat(person.pk, organisation.pk)]
        else:
            names = keys.prefixes(keys.turn, organisation.pk, role, scope)
        begun = {"part": part, "organisation": organisation, "role": role, "scope": scope}
        begun |= {"person": person, "due_at": due_at, "since": clock.now()}
        rows = [Turn(case=self, key=key, shadow=key != names[-1], **begun) for key in names]
        Turn.objects.bulk_create(rows)

    def wait_no_more(self, part: str = "") -> None:
        now = clock.now()
        self.turn_set.filter(until=None, part=part).update(until=now)
        calling = Notice.objects.filter(case_number=self.number, part=part, calls=True)
        calling.filter(over_at=None).update(over_at=now)
        self.due_set.filter(taken_at=None).delete()


PREFIXES: dict[str, str] = dict(zip(Case.Kind, ["RITM", "CS", "AGR"], strict=True))
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


class Turn(models.Model):
    """Whom a case waits for: a role of an organisation, or one person in it; or a guest, of whom no
    organisation is known yet.

    Rows in the shadow repeat a turn under each wider scope, so that whoever holds it finds the
    turn by its own key; only the other rows are told of.
    """

    case = models.ForeignKey(Case, models.PROTECT)
    part = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=160, db_collation="C")
    shadow = models.BooleanField(default=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    role = models.CharField(max_length=30)
    scope = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "part", "key"],
                condition=models.Q(until=None),
                name="one_open_turn_a_key",
            )
        ]
        indexes = [
            models.Index(
                fields=["key", "due_at", "case"], condition=models.Q(until=None), name="turn_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} waits for {self.role}"


class Due(models.Model):
    """A deed that is to be tried when its time has come."""

    case = models.ForeignKey(Case, models.PROTECT)
    deed = models.CharField(max_length=40)
    due_at = models.DateTimeField(db_index=True)
    taken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.deed} of {self.case}"


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


class Document(models.Model):
    """A file of a case, or of nobody yet: uploaded first, put in its place by a deed. A guest's has
    no person."""

    key = models.UUIDField(unique=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True)
    circle = models.CharField(max_length=40, blank=True)
    part = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


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
        """The rows as they stand now, held until the transaction ends: the case, then the matter.
        Two statements: a single one would read an unlocked table as it was before the wait."""
        held = Case.objects.locked(matter.case)
        row = self.select_for_update(of=("self",), no_key=True).get(pk=matter.pk)
        row.case = held
        return row


class Matter(models.Model):
    """What all kinds share: a case, a state, and the moves between states."""

    MOVES: dict = {}
    state: Any

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True)

    objects = MatterQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.case)

    def can_become(self, to: str) -> bool:
        return to in self.MOVES.get(self.state, ())

    def become(self, to: str) -> None:
        if not self.can_become(to):
            raise Refused([time("no_such_move", f"{self} is {self.state}, it cannot become {to}.")])
        self.state = to
        self.save(update_fields=["state"])  # type: ignore[misc]
        if not self.MOVES.get(to):
            self.case.wait_no_more()
            self.case.close()

    def view(self, eyes) -> dict:
        """What these eyes see of the matter, field by field; the rest is absent."""
        return {}

    def words_to_find(self) -> str:
        """The words by which a reader of the circle `case` finds it."""
        return self.case.title
