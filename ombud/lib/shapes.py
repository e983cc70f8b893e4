"""What a deed takes: shapes whose faults are told in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator


class Shape(BaseModel):
    """The base of every deed's shape: nothing unknown, nothing padded with blanks."""

    # Built when first asked for: a process uses few of the many.
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, defer_build=True)

    @field_validator("*", mode="before")
    @classmethod
    def can_be_kept(cls, typed: Any) -> Any:
        if not is_keepable(typed):
            raise ValueError(_("This holds characters that cannot be kept."))
        return typed


class Nothing(Shape):
    """A deed that takes nothing."""


def is_keepable(typed: Any) -> bool:
    """No database keeps the character zero, nor half of a pair of surrogates."""
    if isinstance(typed, str):
        return "\0" not in typed and not any("\ud800" <= letter <= "\udfff" for letter in typed)
    if isinstance(typed, dict):
        return all(is_keepable(part) for pair in typed.items() for part in pair)
    return not isinstance(typed, list) or all(is_keepable(part) for part in typed)


def faults(error: ValidationError, within: str = "") -> list[dict]:
    """Each fault by the field where it is; `within` names the field that holds them all."""
    told = error.errors(include_url=False, include_input=False)
    fields = [".".join(map(str, (*([within] if within else []), *fault["loc"]))) for fault in told]
    return [
        {"field": field if field and is_keepable(field) else "__all__", "text": words(dict(fault))}
        for field, fault in zip(fields, told, strict=True)
    ]


def words(fault: dict) -> str:
    """One fault as a sentence. Our own validators speak for themselves."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "value_error":
        return str(fault["msg"]).removeprefix("Value error, ")
    if kind == "string_too_short" and context["min_length"] > 1:
        least = context["min_length"]
        return ngettext(
            "Write at least %(least)s character.", "Write at least %(least)s characters.", least
        ) % {"least": least}
    if kind == "string_too_long":
        most = context["max_length"]
        return ngettext(
            "Write at most %(most)s character.", "Write at most %(most)s characters.", most
        ) % {"most": most}
    return plain(kind)


def plain(kind: str) -> str:
    return {
        "missing": _("Fill this in."),
        "string_too_short": _("Fill this in."),
        "too_short": _("Give at least one."),
        "too_long": _("These are too many."),
        "extra_forbidden": _("This is not asked for."),
        "literal_error": _("Choose one of those offered."),
        "enum": _("Choose one of those offered."),
        "bool_parsing": _("Answer yes or no."),
        "bool_type": _("Answer yes or no."),
        "string_type": _("Write this as text."),
        "int_parsing": _("Write a whole number."),
        "int_type": _("Write a whole number."),
        "greater_than_equal": _("The number is too small."),
        "less_than_equal": _("The number is too large."),
        "list_type": _("Give a list."),
        "dict_type": _("Give names and values."),
        "model_attributes_type": _("Give names and values."),
        "model_type": _("Give names and values."),
    }.get(kind, _("This cannot be understood."))
