"""What an operation answers: JSON with its headers, and the documentation of all it can answer."""

from typing import Any

from django.http import JsonResponse

from ombud.desk.api import problems

ROOT = "/api/v1"
PAGE = 50

ALWAYS = (401, 406)
POSTED = (400, 409, 413, 415, 422)
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "The same key again within 72 hours gives the same answer again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The ETag of the version that you have read.",
    "schema": {"type": "string"},
}


PREFER = {
    "in": "header",
    "name": "Prefer",
    "required": False,
    "description": "`return=minimal` answers with where the case stands, not with all of it.",
    "schema": {"type": "string", "enum": ["return=minimal", "return=representation"]},
}


def answer(body: Any, status: int = 200, **headers: str) -> JsonResponse:
    """Headers by their name with _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    plain = {"ensure_ascii": False}
    return JsonResponse(body, status=status, json_dumps_params=plain, headers=named)


def page(items: list, further: str | None) -> JsonResponse:
    return answer({"items": items, "next": further})


def reads(*statuses: int, ok: dict | None = None) -> dict:
    """The documentation of an operation that reads: the noes it can give, and a yes of its own."""
    noes = {status: problems.told(status) for status in (*ALWAYS, *statuses)}
    return {"responses": noes | ({200: ok} if ok else {})}


def posts(*statuses: int, edits: bool = False, of_case: bool = False) -> dict:
    """The documentation of an operation that does something."""
    more = (412, 428) if edits else ()
    known = sorted({*ALWAYS, *POSTED, *statuses, *more})
    return {
        "parameters": [KEY, *([PREFER] if of_case else []), *([IF_MATCH] if edits else [])],
        "responses": {status: problems.told(status) for status in known},
    }
