"""Every door of the house, found by walking the resolver and the API's own document."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def pages() -> set[str]:
    """Every page by name, or by pattern where it has none: "order:case", "healthz"."""
    return {name for name, _ in doors() if not name.startswith("api-")}


def walk(patterns, spaces: tuple[str, ...] = (), path: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from walk(pattern.url_patterns, inner, here)
        elif isinstance(pattern, URLPattern) and not here.startswith("api/"):
            yield ":".join((*spaces, pattern.name or here)), here


def doors() -> Iterator[tuple[str, str]]:
    """Every page with the pattern of its address."""
    return walk(get_resolver().url_patterns)


def keywords(name: str) -> set[str]:
    """What a page's address wants: {"number"}, {"pk"} …"""
    found = dict(doors())[name]
    return set(re.findall(r"<(?:\w+:)?(\w+)>", found))


def operations(document: dict) -> set[str]:
    """Every operation of the API: "GET /cases/{number}"."""
    return {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
        if method in ("get", "post", "put", "patch", "delete")
    }
