"""The addresses of doors by their names, as templates ask for them."""

from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse

NOWHERE = "X0X"  # stands for a number while the address around it is looked up


def around(name: str) -> tuple[str, str]:
    """What stands before and after the number in the address of a case's door: for many of them."""
    found = _around(name, settings.ROOT_URLCONF)
    assert found is not None, f"{name} leads to no case"
    return found


def url(name: str, *args, **kwargs) -> str:
    """The address of a door by its name; that of a case's door is known but for the number."""
    if len(args) == 1 and not kwargs and isinstance(args[0], str) and args[0].isalnum():
        found = _around(name, settings.ROOT_URLCONF)
        if found:
            return f"{found[0]}{args[0]}{found[1]}"
    if not args and not kwargs and (known := door(name)):
        return known
    return reverse(name, args=args, kwargs=kwargs)


@cache
def _around(name: str, urlconf: str) -> tuple[str, str] | None:
    try:
        before, number, after = reverse(name, urlconf, args=[NOWHERE]).partition(NOWHERE)
    except NoReverseMatch:
        return None
    return (before, after) if number else None


def door(*names: str) -> str:
    """The address of the first of these doors that is mounted; empty when none is."""
    return _door(names, settings.ROOT_URLCONF)


@cache
def _door(names: tuple[str, ...], urlconf: str) -> str:
    for name in names:
        try:
            return reverse(name, urlconf)
        except NoReverseMatch:
            continue
    return ""
