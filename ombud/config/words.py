"""Every string that people read: gathered from code and pages, kept in catalogues, and checked."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from ombud.config.env import HERE

LANGUAGES = ("sv", "nb")
LOCALE = HERE / "ombud/locale"
# Babel does not know Django's lazy names; without these pgettext_lazy is lost in silence.
LAZY = ["gettext_lazy", "ngettext_lazy:1,2", "pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3"]
HEADER = """# The words of Ombud.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")


def extracted() -> Catalog:
    """The template: every marked string with the files that say it."""
    with open(HERE / "babel.cfg") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = DEFAULT_KEYWORDS | parse_keywords(LAZY)
    found = Catalog(charset="utf-8")
    for name, _, text, _, context in extract_from_dir(
        HERE / "ombud", methods, options, keywords=keywords
    ):
        found.add(text, locations=[(name, 0)], context=context)
    return found


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES/django.po"


def read(language: str) -> Catalog:
    if not path_of(language).exists():
        return Catalog(locale=language)
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def write(catalog: Catalog, language: str) -> None:
    """Sorted and without places or dates: only words make a difference."""
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    header = HEADER.format(language=language, plurals=catalog.plural_forms)
    with path_of(language).open("wb") as file:
        file.write(header.encode())
        write_po(
            file,
            catalog,
            width=100,
            no_location=True,
            sort_output=True,
            ignore_obsolete=True,
            omit_header=True,
        )


def updated(language: str, template: Catalog) -> Catalog:
    """The catalogue of a language with what is new, and without what nobody says any more."""
    known = read(language)
    fresh = Catalog(locale=language)
    for message in said(template):
        old = known.get(message.id, message.context)
        fits = old is not None and isinstance(old.string, str) == isinstance(message.id, str)
        fresh.add(message.id, old.string if old and fits else "", context=message.context)
    return fresh


def said(catalog: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalog if message.id)


def key(message: Message) -> tuple[str | None, str]:
    first = message.id if isinstance(message.id, str) else message.id[0]
    return message.context, first


def forms(message: Message) -> list[str]:
    """What a translation says, a string for each plural form."""
    told = message.string or ""
    return [told] if isinstance(told, str) else list(told)


def is_missing(message: Message | None) -> bool:
    return message is None or message.fuzzy or not all(forms(message)) or not forms(message)


def same() -> set[str]:
    """Strings that may be the same in another language as in English."""
    file = LOCALE / "same.txt"
    return set(file.read_text().splitlines()) if file.exists() else set()


def faults() -> Iterator[str]:
    """What keeps somebody from reading Ombud in their own language."""
    template, alike = extracted(), same()
    for language in LANGUAGES:
        known = read(language)
        for message in said(template):
            translated = known.get(message.id, message.context)
            if fault := _fault(message, translated, known.num_plurals, alike):
                place = message.locations[0][0] if message.locations else ""
                yield f"{language}: {fault}: {key(message)[1]!r} (ombud/{place})"
        wanted = {key(message) for message in said(template)}
        for message in said(known):
            if key(message) not in wanted:
                yield f"{language}: nobody says this any more: {key(message)[1]!r}"


def _fault(
    source: Message, translated: Message | None, plurals: int, alike: set[str]
) -> str | None:
    if translated is None or is_missing(translated):
        return "not translated"
    told = forms(translated)
    ids = [source.id] if isinstance(source.id, str) else list(source.id)
    if len(ids) == 2 and len(told) != plurals:
        return "a plural form is missing"
    if any(text in ids and text not in alike for text in told):
        return "the same as in English"
    allowed = {frozenset(PLACEHOLDER.findall(text)) for text in ids}
    if any(frozenset(PLACEHOLDER.findall(text)) not in allowed for text in told):
        return "other placeholders than in English"
    return None
