"""The little language that searches are written in: a = 'b' && c != null || d ~= 'e'."""

import re
from typing import Any

from sandbox.agiloft.wrong import No

ONE = re.compile(
    r"\s*([A-Za-z_][\w.]*)\s*(!=|~=|<=|>=|=|<|>)\s*('(?:[^'\\]|\\.)*'|null|-?[\d.]+)\s*"
)


def matches(query: str, record: dict[str, Any], known: set[str], table: str) -> bool:
    """Whether a record is what the query asks for; an empty query asks for all."""
    if not query.strip():
        return True
    return any(
        all([one(part, record, known, table, query) for part in way.split("&&")])
        for way in query.split("||")
    )


def one(part: str, record: dict[str, Any], known: set[str], table: str, query: str) -> bool:
    found = ONE.fullmatch(part)
    if found is None:
        raise No(400, f"Error 1 parsing the query {query}")
    name, sign, raw = found.groups()
    if name not in known:
        raise No(400, f"No column {name} in table {table}")
    value = record.get(name)
    if raw == "null":
        return (value in (None, "")) is (sign == "=")
    wanted = re.sub(r"\\(.)", r"\1", raw[1:-1]) if raw.startswith("'") else raw
    return compared(sign, "" if value is None else str(value), wanted)


def compared(sign: str, has: str, wanted: str) -> bool:
    if sign == "~=":
        return wanted.lower() in has.lower()
    if sign in ("=", "!="):
        return (has == wanted) is (sign == "=")
    try:
        left, right = float(has), float(wanted)
    except ValueError:
        return {"<": has < wanted, "<=": has <= wanted, ">": has > wanted, ">=": has >= wanted}[
            sign
        ]
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]
