"""Other systems that keep the same cases: how they are reached, which case is which record there,
and the ledger: field by field what stands here, what stands there and what was last agreed."""

import json
import secrets
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models

from ombud.cases.models import Case, Document
from ombud.lib import clock, vault
from ombud.people.models import Organisation
from ombud.sync.columns import USUAL, Column, canonical
from ombud.sync.states import Direction, Side, State

HOOK_PATH = "/hooks/agiloft/"  # where the other system tells us of a button: a flat's door


class SystemQuerySet(models.QuerySet["System"]):
    def locked(self, system: "System") -> "System":
        return self.select_for_update(no_key=True, of=("self",)).get(pk=system.pk)

    def active(self) -> Self:
        """Switched on, and verified as it is set up now."""
        return self.filter(is_on=True, verified_at__isnull=False)

    def of_hook(self, secret: str) -> "System | None":
        """The one whose notifications come under this secret."""
        indexes = vault.indexes(secret, "hook")
        old = models.Q(old_hook_index__in=indexes, old_hook_until__gt=clock.now())
        known = self.filter(models.Q(hook_index__in=indexes) | old) if secret else self.none()
        return known.select_related("organisation").first()


def usual() -> dict:
    return {name: dict(row) for name, row in USUAL.items()}


class System(models.Model):
    """Another system of an organisation. Its secrets are sealed, and shown to nobody."""

    class Kind(models.TextChoices):
        AGILOFT = "agiloft", "Agiloft"

    class Surface(models.TextChoices):
        """How it is spoken with: JSON by token, or the older operations by token or by password."""

        JSON = "json", "alrest"
        LEGACY_BEARER = "legacy_bearer", "EW, token"
        LEGACY_INLINE = "legacy_inline", "EW, login"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.AGILOFT)
    name = models.CharField(max_length=80)
    base_url = models.CharField(max_length=300)
    oauth_url = models.CharField(max_length=300, blank=True)
    kb = models.CharField(max_length=80)
    table = models.CharField(max_length=80, default="case")
    surface = models.CharField(max_length=20, choices=Surface, default=Surface.JSON)
    login = models.CharField(max_length=120, blank=True)
    client = models.CharField(max_length=120, blank=True)
    password_sealed = models.TextField(blank=True)
    client_secret_sealed = models.TextField(blank=True)
    hook_sealed = models.TextField(blank=True)
    hook_index = models.CharField(max_length=64, blank=True)
    hook_key = models.CharField(max_length=80, blank=True)
    old_hook_sealed = models.TextField(blank=True, default="")
    old_hook_index = models.CharField(max_length=64, blank=True, default="")
    old_hook_until = models.DateTimeField(null=True)
    hook_seen_at = models.DateTimeField(null=True)
    columns = models.JSONField(default=usual)
    may_ignore_locks = models.BooleanField(default=False)
    delay_seconds = models.FloatField(default=1.0)
    probe = models.CharField(max_length=20, blank=True)
    is_on = models.BooleanField(default=False)
    check_at = models.DateTimeField(null=True)
    checks = models.JSONField(default=list)
    checked_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refused_count = models.PositiveIntegerField(default=0)
    token_sealed = models.TextField(blank=True)
    leased_until = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = SystemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "base_url", "kb", "table"], name="one_system_a_table"
            ),
            models.UniqueConstraint(
                fields=["hook_index"],
                condition=~models.Q(hook_index=""),
                name="one_system_a_hook",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.is_on and self.verified_at is not None

    def secret(self, name: str) -> str:
        """password, client_secret or hook. Read it only to send it there."""
        sealed = getattr(self, f"{name}_sealed")
        return vault.open(sealed) if sealed else ""

    def set_secret(self, name: str, value: str) -> None:
        setattr(self, f"{name}_sealed", vault.seal(value) if value else "")
        if name == "hook":
            self.hook_index = vault.index(value, "hook") if value else ""

    def new_hook(self) -> None:
        """Another secret address for its notifications; the old one is nobody's from now on."""
        self.set_secret("hook", secrets.token_urlsafe(24))

    def rotate_hook(self, overlap: timedelta) -> None:
        """Another one, beside which the present one still opens for a while."""
        self.old_hook_sealed, self.old_hook_index = self.hook_sealed, self.hook_index
        self.old_hook_until = clock.now() + overlap
        self.new_hook()

    @property
    def hook_url(self) -> str:
        """Where it shall tell us: whoever knows it may knock."""
        return f"{settings.WEB_URL}{HOOK_PATH}{self.secret('hook')}/"

    @property
    def state_key(self) -> str:
        """What each of its notifications must repeat."""
        return vault.index(self.secret("hook"), "state key")

    @property
    def state_keys(self) -> list[str]:
        """Those that hold just now: while a secret is being changed, two."""
        if self.old_hook_until is None or self.old_hook_until <= clock.now():
            return [self.state_key]
        return [self.state_key, vault.index(self.secret("old_hook"), "state key")]

    @property
    def token(self) -> dict:
        return json.loads(vault.open(self.token_sealed)) if self.token_sealed else {}

    @token.setter
    def token(self, token: dict) -> None:
        self.token_sealed = vault.seal(json.dumps(token)) if token else ""

    def column(self, name: str) -> Column | None:
        row = self.columns.get(name)
        return Column.model_validate(row) if row else None

    @property
    def mapped(self) -> dict[str, Column]:
        """In the usual order: the database keeps none."""
        known = [name for name in USUAL if name in self.columns]
        names = [*known, *sorted(set(self.columns) - set(known))]
        return {name: Column.model_validate(self.columns[name]) for name in names}


class LinkQuerySet(models.QuerySet["Link"]):
    def locked(self, case: Case) -> "list[Link]":
        """The links of a case, held until the transaction ends: the case, then its links."""
        held = case if case.is_held else Case.objects.locked(case)
        rows = self.filter(case=held).select_for_update(no_key=True, of=("self",)).order_by("pk")
        found: list[Link] = list(rows.select_related("system"))
        for link in found:
            link.case = held
        return found


class Link(models.Model):
    """A case and the record that it is in another system. One that is not there yet has no number:
    it is found, or made, by what its column `match` holds."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="links")
    system = models.ForeignKey(System, models.PROTECT, related_name="links")
    table = models.CharField(max_length=80)
    number = models.CharField(max_length=20, blank=True)
    match = models.CharField(max_length=80, blank=True)
    frozen = models.CharField(max_length=6, choices=Side, blank=True)
    then = models.CharField(max_length=60, blank=True)
    linked_at = models.DateTimeField(default=clock.now)
    compare_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects: ClassVar[Any] = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "system", "table"], name="one_link_a_table"),
        ]
        indexes = [
            models.Index(fields=["system", "table", "number"]),
            models.Index(
                fields=["compare_at"],
                condition=models.Q(compare_at__isnull=False),
                name="link_to_compare",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system_id} {self.table} {self.number}"

    def column(self, name: str) -> Column | None:
        """Of the system's own table as it is mapped; in any other our names are the columns'."""
        if self.table == self.system.table:
            return self.system.column(name)
        return Column(column=name)


class FieldQuerySet(models.QuerySet["Field"]):
    def waiting(self) -> Self:
        """Those to be written, now or later."""
        return self.filter(is_pending=True, is_conflict=False, dead_at=None)

    def due(self) -> Self:
        return self.waiting().filter(due_at__lte=clock.now())

    def dead(self) -> Self:
        return self.filter(dead_at__isnull=False)


class Field(models.Model):
    """One field of a linked case: a row of the ledger. Values as `columns.canonical` writes them;
    null is nothing. `agreed` is what both were last seen to hold. A file is a field too: `document`
    lies here, and is sent to `file_column` there; its value is its name and size."""

    link = models.ForeignKey(Link, models.PROTECT, related_name="fields")
    name = models.CharField(max_length=40)
    direction = models.CharField(max_length=4, choices=Direction)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    file_column = models.CharField(max_length=80, blank=True)
    ours = models.TextField(null=True)
    theirs = models.TextField(null=True)
    agreed = models.TextField(null=True)
    is_pending = models.BooleanField(default=False)
    is_conflict = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    changed_at = models.DateTimeField(default=clock.now)
    verified_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = FieldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "name"], name="one_row_a_field"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(is_pending=True, is_conflict=False, dead_at=None),
                name="field_due",
            ),
            models.Index(
                fields=["dead_at"], condition=models.Q(dead_at__isnull=False), name="field_dead"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> State:
        if self.dead_at:
            return State.DEAD
        if self.is_conflict:
            return State.CONFLICT
        return State.PENDING if self.is_pending else State.SYNCED

    @property
    def is_let_stand(self) -> bool:
        """Whether both differ, and somebody has said that they may."""
        return self.state == State.SYNCED and self.ours != self.theirs

    def want(self, kind: str, value: Any) -> bool:
        """From now on this shall stand there too; whether that is anything new."""
        told = canonical(kind, value)
        is_known = self.version > 0 and self.ours == told and not self.dead_at
        if is_known and not self.is_conflict:
            return False
        self.ours, self.version = told, self.version + 1
        self.is_conflict = False
        self.wake()
        return True

    def settle(self, side: Side) -> None:
        """Where both differ, ours is right: what stands there is known, and written over; or what
        stands there may stand, though it is not what stands here."""
        self.agreed, self.is_conflict, self.verified_at = self.theirs, False, clock.now()
        self.version += 1
        if side == Side.OURS:
            self.wake()
        else:
            self.is_pending, self.due_at, self.error = False, None, ""
        self.save()

    def wake(self) -> None:
        """To be written at once."""
        self.is_pending, self.dead_at, self.error, self.tries = True, None, "", 0
        self.due_at = self.changed_at = clock.now()


class Owed(models.Model):
    """What has been owed already, by the key of whoever owed it: the same once more is nothing."""

    link = models.ForeignKey(Link, models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "key"], name="one_owing_a_key")]

    def __str__(self) -> str:
        return self.key


class Press(models.Model):
    """A notification that has been heard: the same once more is nothing."""

    system = models.ForeignKey(System, models.PROTECT, related_name="+")
    table = models.CharField(max_length=80)
    number = models.CharField(max_length=20)
    stamp = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system", "table", "number", "stamp"], name="one_press_a_stamp"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.number}"
