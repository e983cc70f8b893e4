"""Rows of a model out of SQL of our own, and into it: for what every request reads and every deed
writes, worded once and planned once. What is read or written seldom is the ORM's."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from json import JSONDecoder
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)


@cache
def columns(model: type[models.Model], alias: str, without: tuple[str, ...] = ()) -> str:
    """The columns of the model under an alias, in the order in which `made` takes them."""
    return ", ".join(f"{alias}.{field.column}" for field in fields(model, without))


@cache
def fields(model: type[models.Model], without: tuple[str, ...] = ()) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.name not in without]


@cache
def width(model: type[models.Model]) -> int:
    return len(fields(model))


def made(model: type[Row], values: Any, without: tuple[str, ...] = ()) -> Row:
    """The row that these values are; what is left out is asked for when somebody needs it. As
    Model.from_db, but for the signals, which nobody here hears."""
    row = model.__new__(model)
    row.__dict__.update(zip(names(model, without), values, strict=False))
    for name, read in readers(model, without):
        row.__dict__[name] = read(row.__dict__[name], None, connection)
    return stored(row)


def partly(model: type[Row], **known: Any) -> Row:
    """A stored row of which so much is known; whatever else is asked for when somebody needs it."""
    row = model.__new__(model)
    row.__dict__.update(known)
    return stored(row)


def stored(row: Row) -> Row:
    row._state = ModelState()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


@cache
def names(model: type[models.Model], without: tuple[str, ...]) -> list[str]:
    return [str(field.attname) for field in fields(model, without)]


@cache
def readers(model: type[models.Model], without: tuple[str, ...]) -> list[tuple[str, Any]]:
    """The fields whose values the database writes otherwise than Python."""
    known = [field for field in fields(model, without) if hasattr(field, "from_db_value")]
    return [(str(field.attname), reader(field)) for field in known]


def reader(field: Any) -> Callable[[Any, Any, Any], Any]:
    is_plain = isinstance(field, models.JSONField) and field.decoder is None
    return plain_json if is_plain else field.from_db_value


def plain_json(written: str | None, _expression: Any, _connection: Any) -> Any:
    """As json.loads, but for looking for blanks around it, of which PostgreSQL writes none."""
    return None if written is None else JSON.raw_decode(written)[0]


JSON = JSONDecoder()


def asked(sql: str, values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


REMEMBERED = 100  # values; psycopg takes a longer statement apart each time


def put(row: Row) -> Row:
    """Insert a row that has just been made; it gets its key."""
    put_all([row])
    return row


def put_and_keep(row: Row, other: models.Model, *columns: str) -> Row:
    """Insert a row and write these columns of another, in one statement."""
    model, whole = type(row), type(other)
    first = putting(model, row.pk is None, 1, "", "")
    sql = f"WITH kept AS ({keeping(whole, columns)}) {first}"
    kept = [of_field(other, whole._meta.get_field(name)) for name in columns]
    values = [of_field(row, field) for field in put_in(model, row.pk is None)]
    row.pk = asked(sql, [*kept, other.pk, *values])[0][0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def put_all(new: Iterable[Row], instead: str = "", also: str = "") -> list[tuple]:
    """Insert rows of one table, in as few statements as is quick. They get their keys, unless
    something is said to be done `instead` (ON CONFLICT ...): then key and `also`, a column, of
    those that came in are the answer."""
    found = list(new)
    if not found:
        return []
    model = type(found[0])
    known = put_in(model, found[0].pk is None)
    keys: list[tuple] = []
    for some in portions(found, len(known)):
        values = [of_field(row, field) for row in some for field in known]
        keys += asked(putting(model, found[0].pk is None, len(some), instead, also), values)
    for row, key in zip(found, keys, strict=True) if not instead else ():
        row.pk, row._state.adding, row._state.db = key[0], False, DEFAULT_DB_ALIAS
    return keys


def portions(found: list[Row], width: int) -> Iterator[list[Row]]:
    """A few rows go by statements that the driver remembers; many go at once."""
    size = max(1, REMEMBERED // width)
    if len(found) > 3 * size:
        size = len(found)
    for start in range(0, len(found), size):
        yield found[start : start + size]


def keep(row: models.Model, *columns: str) -> None:
    """Write these columns of a row that is there (names of fields)."""
    model = type(row)
    known = [model._meta.get_field(name) for name in columns]
    values = [of_field(row, field) for field in known]
    with connection.cursor() as cursor:
        cursor.execute(keeping(model, columns), [*values, row.pk])


PLAIN = {str, int, bool, type(None), datetime}  # what the database takes as it is


def of_field(row: models.Model, field: Any) -> Any:
    value = getattr(row, field.attname)
    if type(value) in PLAIN and not isinstance(field, models.JSONField):
        return value
    return field.get_db_prep_save(value, connection)


@cache
def put_in(model: type[models.Model], numbered: bool) -> list[Any]:
    """The fields of an insert: all, but for a key that the database gives."""
    return [field for field in fields(model) if not (field.primary_key and numbered)]


@cache
def putting(model: type[models.Model], numbered: bool, count: int, instead: str, also: str) -> str:
    named = put_in(model, numbered)
    one = f"({', '.join(['%s'] * len(named))})"
    columns = ", ".join(field.column for field in named)
    key: Any = model._meta.pk
    return (
        f"INSERT INTO {model._meta.db_table} ({columns}) VALUES {', '.join([one] * count)} "
        f"{instead} RETURNING {key.column}{f', {also}' if also else ''}"
    )


@cache
def keeping(model: type[models.Model], columns: tuple[str, ...]) -> str:
    key: Any = model._meta.pk
    named = [model._meta.get_field(name) for name in columns]
    written = ", ".join(f"{field.column} = %s" for field in named)  # type: ignore[union-attr]
    return f"UPDATE {model._meta.db_table} SET {written} WHERE {key.column} = %s"
