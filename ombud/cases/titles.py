"""What a case is called: in each language in which its service has a name."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation

from ombud.people.settings import Said, said


def read(titles: Mapping[str, str], first: str) -> str:
    """In the reader's language, else as the one who began it called it."""
    return titles.get(language()) or first or said(dict(titles))


def every(titles: Said, first: str) -> str:
    """By all of these it is found."""
    return " ".join(dict.fromkeys([first, *titles.values()]))


def language() -> str:
    """The present one, of those that the house speaks."""
    present = (translation.get_language() or "").partition("-")[0]
    return present if present in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def sql() -> str:
    """As `read`, of a case under the alias k; costs a list no statement and no join."""
    return f"coalesce(k.titles ->> '{language()}', k.title)"


EVERY = """k.title || ' ' || translate(jsonb_path_query_array(k.titles, '$.*')::text, '[]"', '')"""
