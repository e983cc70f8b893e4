"""From a deed's shape to the fields of a page, and from what was typed back to the shape."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import MaxLen, MinLen
from django.http import QueryDict
from django.utils.functional import Promise
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from ombud.lib.errors import Misshapen
from ombud.lib.shapes import words
from ombud.ui.pieces import Option

Text = str | Promise
Choices = Iterable[Option | tuple[str, Text]]
WIDGETS = {int: "number", float: "number", bool: "checkbox"}
TIMED = {"date": "date", "datetime": "datetime-local", "time": "time"}


@dataclass
class Field:
    """One question on a page, with what was answered and what was wrong with it."""

    name: str
    label: str
    kind: str = "text"
    value: Any = ""
    hint: str = ""
    errors: tuple[str, ...] = ()
    required: bool = True
    is_asked_for: bool = False  # not optional, though the browser cannot tell when it is lacking
    options: tuple[Option, ...] = ()
    autocomplete: str = ""
    inputmode: str = ""
    maxlength: int | None = None
    minlength: int | None = None
    rows: int = 4
    accept: str = ""
    multiple: bool = False
    width: str = ""  # "short" or "half"; full without
    prefix: str = ""
    suffix: str = ""
    blank: str = ""  # what choosing nothing from a list means, where it means something
    all_label: str = ""  # "Select all" over a list of tick boxes

    @property
    def id(self) -> str:
        return f"f-{self.name}"

    @property
    def ticked(self) -> frozenset[str]:
        """The chosen values of a list."""
        chosen = self.value if isinstance(self.value, list | tuple | set) else [self.value]
        return frozenset(str(one) for one in chosen if one not in (None, ""))


def fields_of(
    shape: type[BaseModel],
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, Iterable[Text]] | None = None,
    choices: Mapping[str, Choices] | None = None,
    only: Iterable[str] | None = None,
) -> list[Field]:
    """The shape's fields in its own order; `choices` gives the options known only now."""
    wanted = set(only) if only is not None else set(shape.model_fields)
    return [
        field_of(
            name,
            info,
            value=_value(name, info, values or {}),
            errors=(errors or {}).get(name, ()),
            choices=(choices or {}).get(name),
        )
        for name, info in shape.model_fields.items()
        if name in wanted
    ]


def field_of(
    name: str,
    info: FieldInfo,
    value: Any = "",
    errors: Iterable[Text] = (),
    choices: Choices | None = None,
) -> Field:
    extra: dict[str, Any] = dict(info.json_schema_extra or {})  # type: ignore[arg-type]
    options = _options(info, extra, choices)
    drawn = {name: extra[name] for name in DRAWN & extra.keys()}
    return Field(
        name=name,
        label=str(info.title or name),
        kind=extra.get("widget") or _widget(info, options),
        value=value,
        hint=str(info.description or ""),
        errors=tuple(str(error) for error in errors),
        required=extra.get("required", info.is_required()),
        options=options,
        maxlength=_limit(info, MaxLen, "max_length"),
        minlength=_limit(info, MinLen, "min_length"),
        **drawn,
    )


DRAWN = {
    "autocomplete", "inputmode", "rows", "accept", "multiple",
    "width", "prefix", "suffix", "all_label",
}  # fmt: skip


def values_of(shape: type[BaseModel], typed: QueryDict) -> dict[str, Any]:
    """What was typed, as the shape wants it: lists whole, unticked boxes false, blanks absent."""
    found = {name: _typed(name, info, typed) for name, info in shape.model_fields.items()}
    return {name: value for name, value in found.items() if value is not None}


def errors_of(error: ValidationError | Misshapen) -> dict[str, list[str]]:
    """What was wrong, by field, in the reader's words."""
    found: dict[str, list[str]] = {}
    for name, said in _faults(error):
        texts = found.setdefault(name, [])
        if said not in texts:
            texts.append(said)
    return found


def links_of(fields: Iterable[Field]) -> list[tuple[str, str]]:
    """For the error summary: where the fault is, and what it is."""
    return [(f.id, f"{f.label}: {error}") for f in fields for error in f.errors]


def _value(name: str, info: FieldInfo, values: Mapping[str, Any]) -> Any:
    if name in values:
        return "" if values[name] is None else values[name]
    preset = info.get_default(call_default_factory=True, validated_data={})
    return "" if info.is_required() or preset is None else preset


def _typed(name: str, info: FieldInfo, typed: QueryDict) -> Any:
    kind = _plain(info.annotation)
    if get_origin(kind) in (list, set, tuple) or kind in (list, set, tuple):
        return [value for value in typed.getlist(name) if value]
    if kind is bool:
        return typed.get(name) in ("on", "true", "1", "yes")
    return (typed.get(name) or "").strip() or None


def _plain(kind: Any) -> Any:
    """The kind itself, when it may also be None."""
    if get_origin(kind) in (Union, UnionType):
        kinds = [one for one in get_args(kind) if one is not NoneType]
        return _plain(kinds[0]) if kinds else str
    return kind


def _widget(info: FieldInfo, options: tuple[Option, ...]) -> str:
    kind = _plain(info.annotation)
    if get_origin(kind) in (list, set, tuple):
        return "checkboxes"
    if options:
        return "radio" if len(options) <= 5 else "select"
    name = getattr(kind, "__name__", "")
    return WIDGETS.get(kind) or TIMED.get(name) or ("email" if name == "EmailStr" else "text")


def _options(info: FieldInfo, extra: dict, choices: Choices | None) -> tuple[Option, ...]:
    if choices is None:
        choices = extra.get("choices") or [(str(v), str(v)) for v in _literals(info.annotation)]
    return tuple(_option(choice) for choice in choices)


def _option(choice: Option | tuple[str, Text]) -> Option:
    return choice if isinstance(choice, Option) else Option(str(choice[0]), str(choice[1]))


def _literals(kind: Any) -> tuple:
    kind = _plain(kind)
    return get_args(kind) if get_origin(kind) is Literal else ()


def _limit(info: FieldInfo, bound: type, attribute: str) -> int | None:
    if get_origin(_plain(info.annotation)) in (list, set, tuple):
        return None
    return next((getattr(one, attribute) for one in info.metadata if isinstance(one, bound)), None)


def _faults(error: ValidationError | Misshapen) -> Iterator[tuple[str, str]]:
    if isinstance(error, Misshapen):
        yield from ((fault["field"], str(fault["text"])) for fault in error.errors)
        return
    for fault in error.errors():
        yield str(fault["loc"][0]) if fault["loc"] else "", words(dict(fault))
