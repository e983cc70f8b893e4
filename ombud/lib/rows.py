"""Rows of a model out of SQL of our own: for what every request reads and no ORM need word."""

from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models

Row = TypeVar("Row", bound=models.Model)


@cache
def columns(model: type[models.Model], alias: str) -> str:
    """All columns of the model under an alias, in the order in which `made` takes them."""
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)


@cache
def width(model: type[models.Model]) -> int:
    return len(model._meta.concrete_fields)


def made(model: type[Row], values: Any) -> Row:
    """The row that these values are."""
    kept = list(values)
    for place, read in readers(model):
        kept[place] = read(kept[place], None, connection)
    return model.from_db(DEFAULT_DB_ALIAS, names(model), kept)


@cache
def names(model: type[models.Model]) -> list[str]:
    return [str(field.attname) for field in model._meta.concrete_fields]


@cache
def readers(model: type[models.Model]) -> list[tuple[int, Any]]:
    """The fields whose values the database writes otherwise than Python."""
    fields = enumerate(model._meta.concrete_fields)
    return [(n, field.from_db_value) for n, field in fields if hasattr(field, "from_db_value")]


def asked(sql: str, values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
