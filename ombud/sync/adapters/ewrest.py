"""Reading what Agiloft says: EWREST text, and its many ways of saying no."""

import html
import json
import re
from urllib.parse import quote, quote_plus

import httpx

from ombud.sync.faults import (
    Absent,
    Ambiguous,
    Barred,
    Fault,
    Locked,
    Outage,
    Refusal,
    Temporary,
)

ROW = re.compile(r"EWREST_([\w.$]+)\s*=\s*'((?:[^'\\]|\\.)*)'\s*;", re.S)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "0": ""}
TYPED = re.compile(r"(EW\w+Exception)(?: has occurred)?:\s*(?:\[[^\]]*\]\s*)*([^<]*)")
COLUMN = re.compile(r"(?:pointed to|No column) ([A-Za-z_]\w*(?:\.\w+)*)")
GIVEN = re.compile(
    r"""((?:\$|%24|&#36;)?(?:password|passwd|client_secret|refresh_token|access_token|login)"?"""
    r"""\s*(?:=|:|%3D)\s*"?)[^&\s"'<;,]+""",
    re.I,
)
BEARER = re.compile(r"(Bearer\s+)[\w.~+/=-]+", re.I)
SESSION = ("Token is expired", "No active session", "Wrong Authorization data", "Token is blocked")
NOT_NOW = {408, 425, 429}
NOBODY_THERE = {502, 503, 504}
MOST = 400


class Expired(Fault):
    """The token is not good any more."""


def rows(text: str) -> dict[str, str | list[str] | None]:
    """Names and values, whatever the blanks and however many on a line; empty is nothing; a name
    that stands twice is a list."""
    found: dict[str, str | list[str] | None] = {}
    for name, raw in ROW.findall(text):
        value = unescaped(raw) or None
        if name not in found:
            found[name] = value
            continue
        known = found[name]
        before = known if isinstance(known, list) else [known] if known else []
        found[name] = [*before, value] if value else before
    return found


def unescaped(raw: str) -> str:
    """As JavaScript reads it; two halves of one sign become one."""

    def one(match: re.Match) -> str:
        four, two, letter = match.groups()
        return chr(int(four or two, 16)) if four or two else PLAIN.get(letter, letter)

    plain = ESCAPE.sub(one, raw)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def no_of(answer: httpx.Response, secrets: list[str]) -> Fault | None:
    """What the answer says against us, or nothing where it says yes."""
    said = envelope(answer)
    if answer.is_success and (said is None or said.get("success") is not False):
        return None
    kind, words = worded(answer, said)
    told = redacted(words, secrets)
    return judged(answer.status_code, kind, words)(told)


def envelope(answer: httpx.Response) -> dict | None:
    if "json" not in answer.headers.get("content-type", ""):
        return None
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def worded(answer: httpx.Response, said: dict | None) -> tuple[str, str]:
    """The name of the exception, if one is named, and the sentence."""
    if said is not None:
        errors = said.get("errors") or []
        rest = [str(one.get("message", "")) for one in errors if isinstance(one, dict)]
        told = [said.get("message"), said.get("error"), said.get("error_description")]
        told += [untyped(one) for one in rest]
        words = ". ".join(dict.fromkeys(str(one) for one in told if one))
        typed = TYPED.search(" ".join(rest))
        return (typed[1] if typed else ""), words or json.dumps(said)[:MOST]
    text = html.unescape(answer.text)
    if typed := TYPED.search(text):
        return typed[1], typed[2].strip()
    return "", re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)).strip()


def untyped(words: str) -> str:
    """The sentence without the name of its exception."""
    found = TYPED.search(words)
    return found[2].strip() if found else words


def judged(status: int, kind: str, words: str) -> type[Fault]:
    if kind == "EWSessionException" or any(one in words for one in SESSION):
        return Expired
    if kind == "EWOperationException" or "is locked" in words:
        return Locked
    if status in NOBODY_THERE:
        return Outage
    if status in NOT_NOW or (status >= 500 and kind != "EWWrongDataException"):
        return Temporary
    if kind == "EWPermissionException" or status in (401, 403):
        return Barred
    if "no data found" in words or status == 404:
        return Absent
    return Ambiguous if status == 409 else Refusal


def column_in(words: str) -> str:
    """The column that a refusal points at, if it does."""
    found = COLUMN.search(words)
    return found[1] if found else ""


def redacted(words: str, secrets: list[str]) -> str:
    """Without any secret in any spelling; only then cut to length."""
    for secret in secrets:
        for spelt in spellings(secret):
            words = words.replace(spelt, "[redacted]")
    words = BEARER.sub(r"\1[redacted]", GIVEN.sub(r"\1[redacted]", words))
    return words[:MOST]


def spellings(secret: str) -> list[str]:
    if len(secret) < 4:
        return []
    known = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
    known |= {html.escape(secret), json.dumps(secret)[1:-1]}
    return sorted(known, key=len, reverse=True)
