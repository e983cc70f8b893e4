"""People, the organisations they act for, and what they may and must know."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.module_loading import import_string

from ombud.lib import clock, rows, vault
from ombud.lib.names import sort_key
from ombud.people.account.models import CodePhone as CodePhone
from ombud.people.account.models import Consent as Consent
from ombud.people.account.models import Identity as Identity
from ombud.people.arrivals import Appointment as Appointment  # models of this room
from ombud.people.arrivals import Registration as Registration
from ombud.people.arrivals import Verification as Verification
from ombud.people.deputies import StandIn as StandIn
from ombud.people.links import Head, Link
from ombud.people.offices import Office as Office
from ombud.people.roles import EVERYTHING, Role, paths
from ombud.people.standings import Standing as Standing  # a model of this room
from ombud.people.terms import IN_FORCE, Term, TermQuerySet


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def locked(self, organisation: "Organisation") -> "Organisation":
        """no_key: else every event that names the organisation would wait for us."""
        return self.select_for_update(no_key=True).get(pk=organisation.pk)


class Organisation(Head):
    """A legal person. `number`: digits only. `portal`: the operator whose settings hold for it."""

    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=400, db_index=True)
    number = models.CharField(max_length=12)
    kinds = ArrayField(models.CharField(max_length=10), default=list)
    category = models.CharField(max_length=30, blank=True)
    portal = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    billing = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(default=clock.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="one_organisation_a_number")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def begin(cls, name: str, number: str, *kinds: str, **more) -> "Organisation":
        return cls.objects.create(
            name=name, sort_key=sort_key(name), number=number, kinds=list(kinds), **more
        )


class PersonManager(BaseUserManager["Person"]):
    def begin(self, username: str, given: str, family: str, *, personal_number="", **more):
        """A new person; without a password nobody logs in by one."""
        password = more.pop("password", None)
        person = self.model(username=username, given=given, family=family, **more)
        person.sort_key = sort_key(f"{family} {given}")
        person.set_personal_number(personal_number)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def locked(self, person: "Person") -> "Person":
        return self.select_for_update(no_key=True).get(pk=person.pk)

    def of_number(self, personal_number: str) -> "Person | None":
        known = self.filter(personal_index=vault.index(personal_number), is_active=True)
        return known.first() if personal_number else None

    def is_elsewhere(self, personal_number: str, organisation) -> bool:
        """Whether the number is of somebody who has an account, and has never belonged here."""
        known = self.of_number(personal_number)
        return bool(known) and not organisation.membership_set.filter(person=known).exists()

    def known_by(self, personal_number: str, email: str, organisation) -> "Person | None":
        """By the personal number; by an address only an account that no e-ID is tied to, and that
        is this organisation's alone unless its person has logged in to it."""
        others = Membership.objects.exclude(organisation=organisation)
        elsewhere = models.Exists(others.filter(person=models.OuterRef("pk")))
        untied = self.filter(email__iexact=email, personal_index="", is_active=True)
        open_to = untied.filter(~elsewhere | models.Q(seen_login_at__isnull=False))
        return self.of_number(personal_number) or open_to.order_by("pk").first()

    def free_name(self, wished: str) -> str:
        """The user name, or one like it if it is somebody's."""
        is_taken = self.filter(username=wished).exists()
        return f"{wished[:130]} {secrets.token_hex(4)}" if is_taken else wished


class Person(AbstractBaseUser):
    """A natural person. The personal number is sealed; only its keyed index can be looked up."""

    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    given = models.CharField(max_length=80)
    family = models.CharField(max_length=80)
    sort_key = models.CharField(max_length=200, db_index=True)
    phone = models.CharField(max_length=20, blank=True)
    phone_set_at = models.DateTimeField(null=True, blank=True)
    personal_sealed = models.TextField(blank=True)
    personal_index = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=5, default="sv")
    method = models.CharField(max_length=10, blank=True)
    by_sms = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    seen_login_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    objects: ClassVar[Any] = PersonManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["personal_index"],
                condition=~models.Q(personal_index=""),
                name="one_person_a_personal_number",
            )
        ]

    def __str__(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def personal_number(self) -> str:
        """Twelve digits. Read it only to compare or to start an e-ID; never show it."""
        return vault.open(self.personal_sealed) if self.personal_sealed else ""

    def speak(self, language: str) -> None:
        """Read pages and letters in this language from now on."""
        self.language = language
        self.save(update_fields=["language"])

    @property
    def can_sign(self) -> bool:
        """The account is tied to an e-ID."""
        return bool(self.personal_index)

    def set_personal_number(self, number: str) -> None:
        self.personal_sealed = vault.seal(number) if number else ""
        self.personal_index = vault.index(number) if number else ""


class Membership(Term):
    person = models.ForeignKey(Person, models.PROTECT)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    invited_at = models.DateTimeField(null=True, blank=True)

    unread: int  # these two as hats.of gives them
    wardrobe: Any

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="one_membership")
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.organisation}"


HOLDING = f"""SELECT EXISTS (SELECT 1 FROM {IN_FORCE} AND g.organisation_id = %(here)s
  AND g.role = %(role)s AND g.scope = ANY(%(scopes)s)
  AND (NOT %(signs)s OR p.personal_index <> '' OR p.phone <> ''))"""
HELD_AMONG = f"""SELECT DISTINCT g.organisation_id, g.role, g.scope FROM {IN_FORCE}
  AND g.organisation_id = ANY(%(here)s) AND g.role = ANY(%(roles)s)"""


class GrantQuerySet(TermQuerySet):
    def covering(self, scope: str) -> Self:
        """Those whose scope is the path itself, any prefix of it, or everything."""
        return self.filter(scope__in=[*paths(scope), EVERYTHING])

    def holding(self, role: str, organisation, scope: str = "") -> Self:
        """Current grants of a role to members of the organisation who can log in."""
        here = Membership.objects.current().filter(
            organisation=organisation, person=models.OuterRef("person")
        )
        found = self.current().covering(scope).filter(role=role, organisation=organisation)
        return found.filter(models.Exists(here), person__is_active=True)

    def is_held(self, role: str, organisation, scope: str = "", *, signs: bool = False) -> bool:
        """Whether anybody holds the role, as `holding` finds them; who can also sign, by an e-ID
        or by a code to the mobile, if that is asked."""
        wide = [*paths(scope), EVERYTHING]
        asked = {"here": organisation.pk, "role": role, "scopes": wide, "signs": signs}
        return rows.asked(HOLDING, {**asked, "now": clock.now()})[0][0]

    def among(self, organisations, roles: list[str]) -> list[tuple[int, str, str]]:
        """What is held in several organisations: each as organisation, role and scope."""
        here = [organisation.pk for organisation in organisations]
        return rows.asked(HELD_AMONG, {"here": here, "roles": [*roles], "now": clock.now()})


class Grant(Term):
    """A role in an organisation within a scope: "*" is everything, "" is nothing."""

    person = models.ForeignKey(Person, models.PROTECT)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    role = models.CharField(max_length=30, choices=Role)
    scope = models.CharField(max_length=120, blank=True)
    given_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = GrantQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "role"]), models.Index(fields=["person"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role", "scope"],
                condition=models.Q(until_at=None),
                name="one_open_grant_a_role_and_scope",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.scope}"


class AskQuerySet(models.QuerySet["Ask"]):
    def open(self) -> Self:
        """Those that somebody who still belongs here waits to have answered."""
        here = Membership.objects.current().filter(
            organisation=models.OuterRef("organisation"), person=models.OuterRef("person")
        )
        return self.filter(models.Exists(here), answered_at=None, person__is_active=True)

    def last_of(self, person, organisation, role: str) -> "Ask | None":
        rows = self.filter(person=person, organisation=organisation, role=role)
        return rows.select_related("organisation", "answered_by").order_by("-pk").first()

    def last_each(self, person, organisation) -> list["Ask"]:
        """The last one of each role that the person has asked for."""
        rows = self.filter(person=person, organisation=organisation).order_by("role", "-pk")
        found: list[Ask] = list(rows.select_related("answered_by").distinct("role"))
        for row in found:
            row.organisation = organisation
        return found


class Ask(models.Model):
    """A person's wish for a role in the own organisation, until an administrator answers it."""

    class Answer(models.TextChoices):
        GIVEN = "given"
        DECLINED = "declined"
        LEFT = "left"  # who asked does not belong there any more

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role)
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Answer, blank=True)
    note = models.TextField(blank=True)

    objects: ClassVar[Any] = AskQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "person", "role"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=models.Q(answered_at=None),
                name="one_open_ask_a_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} asks for {self.role}"

    @property
    def part(self) -> str:
        """What its notices are of."""
        return f"ask:{self.pk}"

    def answer(self, outcome: str, by: Person | None, note: str = "") -> None:
        self.outcome, self.answered_at, self.answered_by = outcome, clock.now(), by
        self.note = note
        self.save(update_fields=["outcome", "answered_at", "answered_by", "note"])


class NoticeQuerySet(models.QuerySet):
    def of(self, person, organisation) -> Self:
        return self.filter(person=person, organisation=organisation)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One person to be told, in which words, of which case, why, and by when. Outside any case
    its kind says so and its number is empty."""

    PERSON, STAND_IN = OF_NO_CASE = ("person", "standin")

    person = models.ForeignKey(Person, models.PROTECT)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    instead_of = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    case_number = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    part = models.CharField(max_length=40, blank=True)
    circle = models.CharField(max_length=40, default="case")
    words = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    why = models.CharField(max_length=40)
    calls = models.BooleanField(default=False)
    by_when = models.DateTimeField(null=True)
    at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    is_mailed = True  # else it is told in the bell alone
    not_persons: Sequence[int] = ()  # who stand in and may not do what it calls for

    class Meta:
        indexes = [
            models.Index(fields=["person", "organisation", "-at"]),
            models.Index(
                fields=["person", "organisation"],
                condition=models.Q(read_at=None),
                name="notice_unread",
            ),
            models.Index(fields=["case_number"]),
        ]

    def __str__(self) -> str:
        return f"{self.words} to {self.person}"

    @property
    def role_label(self) -> str:
        """The role that it tells of, in the present language."""
        return str(Role(self.data["role"]).label)


class Token(models.Model):
    """A program's key, bound to a person in an organisation; only its hash is kept."""

    person = models.ForeignKey(Person, models.PROTECT)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.person} at {self.organisation}"

    @staticmethod
    def digest(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()


class Entry(Link):
    """A deed outside any case, in the journal of the organisation it concerns."""

    journal_of = models.ForeignKey(Organisation, models.PROTECT, related_name="journal")

    class Meta(Link.Meta):
        constraints = [
            models.UniqueConstraint(fields=["journal_of", "seq"], name="one_entry_a_number")
        ]


class Session(AbstractBaseSession):
    """A login. Its person stands in a column, so that one query reads both."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "people_session"

    @classmethod
    def get_session_store_class(cls):
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")
