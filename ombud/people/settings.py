"""Settings rows: what people must be able to change. Rows are added, never edited."""

from functools import cached_property
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import translation
from pydantic import BaseModel, ConfigDict, ValidationError

from ombud.lib import clock
from ombud.lib.errors import Misshapen
from ombud.lib.shapes import faults

Said = dict[str, str]  # language code -> words


class Body(BaseModel):
    """The base of what a settings row holds: checked when written and when read."""

    model_config = ConfigDict(extra="forbid")


def said(words: Said) -> str:
    """The words in the present language, else in Swedish, else in any."""
    language = (translation.get_language() or "sv").partition("-")[0]
    return words.get(language) or words.get("sv") or next(iter(words.values()), "")


class SettingQuerySet(models.QuerySet):
    def current(self, *organisations) -> Self:
        """The newest row of each key that holds by now, of these organisations."""
        held = self.filter(organisation__in=organisations, valid_from__lte=clock.now())
        return held.order_by("organisation", "key", "-version").distinct("organisation", "key")

    def newest(self, organisation, key: str):
        """The row of the organisation itself, else of its portal."""
        for holder in (organisation, organisation.portal):
            row = holder and self.current(holder).filter(key=key).first()
            if row:
                return row
        return None

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
