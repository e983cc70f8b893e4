"""Longer texts, as they are typed: blank lines part the paragraphs; for a paper and for a page."""

import re

from markupsafe import Markup, escape

from ombud.ui.paper import Part

NUMBERED = re.compile(r"\d+(\.\d+)*\.?\s")  # a line that begins so, above others, heads them


def parts_of(words: str) -> list[Part]:
    parts = re.split(r"\n\s*\n", words.replace("\r\n", "\n"))
    return [part(lines) for lines in (one.strip().splitlines() for one in parts) if lines]


def part(lines: list[str]) -> Part:
    is_headed = len(lines) > 1 and NUMBERED.match(lines[0])
    return Part(lines[0], tuple(lines[1:])) if is_headed else Part("", tuple(lines))


def drawn(words: str) -> Markup:
    return Markup("\n").join(paragraph(one) for one in parts_of(words))


def paragraph(one: Part) -> Markup:
    head = [Markup("<strong>{}</strong>").format(one.heading)] if one.heading else []
    return Markup("<p>{}</p>").format(Markup("<br>").join([*head, *map(escape, one.lines)]))
