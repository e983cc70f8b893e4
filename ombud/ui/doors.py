"""The addresses of doors by their names, as templates ask for them."""

from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, reverse


def url(name: str, *args, **kwargs) -> str:
    """The address of a door by its name."""
    return reverse(name, args=args, kwargs=kwargs)


def door(*names: str) -> str:
    """The address of the first of these doors that is mounted; empty when none is."""
    return _door(names, get_urlconf() or settings.ROOT_URLCONF)


@cache
def _door(names: tuple[str, ...], urlconf: str) -> str:
    for name in names:
        try:
            return reverse(name, urlconf)
        except NoReverseMatch:
            continue
    return ""
