"""Settings rows: what people must be able to change. Rows are added, never edited."""

from collections.abc import Iterable
from copy import copy
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Self

from django.db import connection, models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.utils import translation
from pydantic import BaseModel, ConfigDict, ValidationError

from ombud.lib import clock
from ombud.lib.errors import Misshapen
from ombud.lib.shapes import faults

Said = dict[str, str]  # language code -> words


class Body(BaseModel):
    """The base of what a settings row holds: checked when written and when read."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


def said(words: Said) -> str:
    """The words in the present language, else in Swedish, else in any."""
    language = (translation.get_language() or "sv").partition("-")[0]
    return words.get(language) or words.get("sv") or next(iter(words.values()), "")


class SettingQuerySet(models.QuerySet):
    def current(self, *organisations) -> Self:
        """The newest row of each key that holds by now, of these organisations."""
        held = self.filter(organisation__in=organisations, valid_from__lte=clock.now())
        return held.order_by("organisation", "key", "-version").distinct("organisation", "key")

    def newest(self, organisation, key: str) -> Any:
        """The row of the organisation itself, else of its portal."""
        return newest([(self.model, organisation, key)])[0]

    def add(self, organisation, key: str, body: dict) -> Any:
        """The next version of a key; the body is checked first, its faults told by field."""
        table: Any = self.model
        try:
            checked = table.BODY.model_validate(body).model_dump(mode="json")
        except ValidationError as error:
            raise Misshapen(faults(error, "body")) from error
        last: Any = self.filter(organisation=organisation, key=key).order_by("-version").first()
        version = last.version + 1 if last else 1
        return self.create(organisation=organisation, key=key, version=version, body=checked)


class Setting(models.Model):
    BODY: ClassVar[type[BaseModel]]

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    valid_from = models.DateTimeField(default=clock.now)
    body = models.JSONField()

    objects: ClassVar[Any] = SettingQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "key", "version"], name="one_%(class)s_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    @cached_property
    def read(self) -> Any:
        return self.BODY.model_validate(self.body)


NEWEST = """(SELECT {place}, id FROM {table} WHERE organisation_id = ANY(%s) AND key = %s
AND valid_from <= %s ORDER BY organisation_id = %s DESC, version DESC LIMIT 1)"""


def newest(wanted: Iterable[tuple[Any, Any, str]]) -> list[Any]:
    """The newest row of each table, organisation (else its portal) and key, in one statement."""
    asked, values, now = [], [], clock.now()
    tables = []
    for place, (table, organisation, key) in enumerate(wanted):
        asked.append(NEWEST.format(place=place, table=table._meta.db_table))
        holders = [organisation.pk, organisation.portal_id or organisation.pk]
        values += [holders, key, now, organisation.pk]
        tables.append(table)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked), values)
        known = dict(cursor.fetchall())
    return [row(table, known[n]) if n in known else None for n, table in enumerate(tables)]


def row(table: Any, pk: int) -> Any:
    """A settings row, with a memory of its own for what it points at."""
    known, mine = kept(table, pk), table.__new__(table)
    mine.__dict__.update(known.__dict__, _state=copy(known._state))
    return mine


@lru_cache(maxsize=2000)
def kept(table: Any, pk: int) -> Any:
    """Read and checked once a process: it is never edited."""
    found = table._base_manager.get(pk=pk)
    assert found.read is not None
    return found


class ReadOnce(ForwardManyToOneDescriptor):
    def get_object(self, instance):
        return row(self.field.remote_field.model, getattr(instance, self.field.attname))


class Pinned(models.ForeignKey):
    """A foreign key to a settings row; never join it, it is known already."""

    forward_related_accessor_class = ReadOnce

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs
