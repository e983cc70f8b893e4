"""Waking the pages that are open, once the transaction is through."""

import json
from collections.abc import Iterable

from django.db import connection

CHANNEL = "ombud_live"


def tell(keys: Iterable[str], people: Iterable[int], number: str, what: str) -> None:
    """`what`: "case", "notice", or "keys" where what these people hold has changed. The push door
    sends it to whoever holds one of the keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload(keys, people, number, what)])


def payload(keys: Iterable[str], people: Iterable[int], number: str, what: str) -> str:
    told = {"keys": list(keys), "people": list(people), "number": number, "what": what}
    return json.dumps(told)
