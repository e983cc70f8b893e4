"""A BankID text as the app shows it: plain, or in BankID's simple markdown."""

import re

from markupsafe import Markup, escape

HEADING = re.compile(r"(#{1,3}) +(.+)")
BULLET = re.compile(r"[+*-] +(.+)")
RULE = re.compile(r"-{3,}\s*")
ROW = re.compile(r"\|(.+)\|\s*")
DASHES = re.compile(r"[\s|:-]+")
STRONG = re.compile(r"\*{1,2}([^*\n]+)\*{1,2}")


def render(text: str, kind: str) -> Markup:
    if kind != "simpleMarkdownV1":
        return Markup('<p class="plain">{}</p>').format(text)
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return Markup("").join(block(one.split("\n")) for one in blocks)


def block(lines: list[str]) -> Markup:
    """Lines of one kind stand together; a heading or a rule stands alone."""
    done = Markup("")
    while lines:
        kind = kind_of(lines[0])
        end = 1
        while kind not in ("heading", "rule") and end < len(lines) and kind_of(lines[end]) == kind:
            end += 1
        done += RENDER[kind](lines[:end])
        lines = lines[end:]
    return done


def kind_of(line: str) -> str:
    for kind, pattern in (("heading", HEADING), ("rule", RULE), ("bullet", BULLET), ("row", ROW)):
        if pattern.fullmatch(line.strip()):
            return kind
    return "words"


def heading(lines: list[str]) -> Markup:
    match = HEADING.fullmatch(lines[0].strip())
    assert match
    level = len(match[1]) + 2
    return Markup(f"<h{level}>{{}}</h{level}>").format(strong(match[2]))


def rule(lines: list[str]) -> Markup:
    return Markup("<hr>")


def bullets(lines: list[str]) -> Markup:
    rows = (Markup("<li>{}</li>").format(strong(line.strip()[1:].strip())) for line in lines)
    return Markup("<ul>{}</ul>").format(Markup("").join(rows))


def table(lines: list[str]) -> Markup:
    kept = [line.strip().strip("|").split("|") for line in lines if not DASHES.fullmatch(line)]
    rows = (Markup("<tr>{}</tr>").format(cells(row)) for row in kept)
    return Markup("<table>{}</table>").format(Markup("").join(rows))


def cells(row: list[str]) -> Markup:
    return Markup("").join(Markup("<td>{}</td>").format(strong(one.strip())) for one in row)


def words(lines: list[str]) -> Markup:
    return Markup("<p>{}</p>").format(Markup("<br>").join(strong(line) for line in lines))


def strong(text: str) -> Markup:
    return Markup(STRONG.sub(r"<strong>\1</strong>", str(escape(text))))


RENDER = {"heading": heading, "rule": rule, "bullet": bullets, "row": table, "words": words}
