"""One press, one deed: a form that comes twice is answered as it was the first time."""

import time
import uuid
from collections.abc import Callable

from django.core.cache import cache

from ombud.people.actors import Actor

KEPT = 72 * 3600
PATIENCE, PAUSE = 10, 0.1  # seconds


def key() -> str:
    """What a form carries to be known again."""
    return uuid.uuid4().hex


def only(actor: Actor, key: str, do: Callable[[], str]) -> str:
    """Where the deed led; the same form sent again waits for the first and is led there too."""
    assert actor.person is not None
    name = f"once:{actor.person.pk}:{key[:64]}"
    if not key or cache.add(name, "", KEPT):
        return first(name if key else "", do)
    return awaited(name) or do()


def first(name: str, do: Callable[[], str]) -> str:
    try:
        led_to = do()
    except BaseException:
        cache.delete(name)
        raise
    if name:
        cache.set(name, led_to, KEPT)
    return led_to


def awaited(name: str) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if led_to := cache.get(name):
            return led_to
        time.sleep(PAUSE)
    return ""
