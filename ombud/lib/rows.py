"""Rows of a model out of SQL of our own: for what every request reads and no ORM need word."""

from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models

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
    """The row that these values are; what is left out is asked for when somebody needs it."""
    kept = list(values)
    for place, read in readers(model, without):
        kept[place] = read(kept[place], None, connection)
    return model.from_db(DEFAULT_DB_ALIAS, names(model, without), kept)


@cache
def names(model: type[models.Model], without: tuple[str, ...]) -> list[str]:
    return [str(field.attname) for field in fields(model, without)]


@cache
def readers(model: type[models.Model], without: tuple[str, ...]) -> list[tuple[int, Any]]:
    """The fields whose values the database writes otherwise than Python."""
    known = enumerate(fields(model, without))
    return [(n, field.from_db_value) for n, field in known if hasattr(field, "from_db_value")]


def asked(sql: str, values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
