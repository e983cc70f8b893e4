"""What time it is: real time, or the sandbox's in demo and tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.conf import settings

_shift = timedelta()
_read: tuple[int, timedelta] = (0, timedelta())


def now() -> datetime:
    real = datetime.now(UTC)
    if not settings.CLOCK:
        return real + _shift if _shift else real
    return real + _shift + _offset(settings.CLOCK)


@contextmanager
def ahead(**span: float) -> Iterator[None]:
    """Let the clock of this process go ahead for a while (timedelta's words; negative is back)."""
    global _shift
    before, _shift = _shift, _shift + timedelta(**span)
    try:
        yield
    finally:
        _shift = before


def _offset(path: str) -> timedelta:
    """The sandbox's offset, read anew when its file has changed."""
    global _read
    try:
        changed = os.stat(path).st_mtime_ns
        if changed != _read[0]:
            with open(path) as file:
                _read = (changed, timedelta(seconds=float(file.read() or 0)))
    except OSError:
        return timedelta()
    return _read[1]
