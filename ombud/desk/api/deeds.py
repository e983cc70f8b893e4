"""Deeds: one operation each, with its own shape; and those that begin a case or concern none."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router

from ombud.cases import deeds, timeline
from ombud.cases.deeds import Deed
from ombud.cases.models import Case, Matter
from ombud.cases.sight import Eyes
from ombud.desk.api import cases, envelope, shapes, signings
from ombud.desk.api.answers import ROOT, answer, page, posts, reads
from ombud.desk.api.gate import actor_of, typed
from ombud.desk.api.problems import Stop
from ombud.desk.kinds import DEEDS, EDITS, JOURNALED, SHOWN_ONCE, SIGNED, STARTING
from ombud.inquiries import deeds as inquiries
from ombud.lib.errors import require
from ombud.lib.shapes import Nothing
from ombud.people.account import proofs
from ombud.people.ways import address_of
from ombud.signing import ceremony
from ombud.signing.ceremony import Asked
from ombud.signing.models import Signature

router = Router(tags=["deeds"])
CHANGED = shapes.Case | shapes.Brief


def do(request: HttpRequest, number: str, deed: str) -> HttpResponse:
    """Do a deed to a case; a signed one begins a signing."""
    actor = actor_of(request)
    case, eyes = envelope.found(actor, number)
    offered = deeds.named(DEEDS[case.kind], deed)
    if deed in EDITS:
        return edit(request, case, eyes, offered)
    asked = Asked(ip=address_of(request), browser=request.headers.get("User-Agent", ""))
    done = ceremony.perform(offered, case.matter, typed(request), by=actor, asked=asked)
    if isinstance(done, Signature):
        return answer({"signing": signings.begun(done)}, 202)
    return changed(request, case, done)


def edit(request: HttpRequest, case: Case, eyes: Eyes, deed: Deed) -> HttpResponse:
    """Shape and right first; then the version read, judged under the lock that the edit holds."""
    actor, arguments = actor_of(request), deed.read(typed(request))
    require(deed.reasons(actor, case.matter))
    with transaction.atomic():
        Case.objects.locked(case)
        require_match(request, envelope.version(case, eyes))
        done = deed.action(case.matter, by=deed.fits(actor, case.matter), **arguments)
    return changed(request, case, done)


def require_match(request: HttpRequest, present: str) -> None:
    told = request.headers.get("If-Match")
    if told is None:
        raise Stop(428)
    known = [tag.strip().strip('"') for tag in told.split(",")]
    if "*" not in known and present.strip('"') not in known:
        raise Stop(412)


def changed(request: HttpRequest, case: Case, done: Matter) -> HttpResponse:
    """The case as it is now; another one, where the deed began one."""
    return told(request, done, 200 if done.case.pk == case.pk else 201)


def told(request: HttpRequest, done: Matter, status: int) -> HttpResponse:
    """All of it, or where it stands, as the program prefers (RFC 7240)."""
    number = done.case.number
    headers = {"Location": envelope.href(number)} if status == 201 else {}
    if "return=minimal" not in request.headers.get("Prefer", ""):
        return cases.show(request, number, status, **headers)
    tag = f'"{done.case.head_seq}"'
    applied = {"ETag": tag, "Preference_Applied": "return=minimal"}
    return answer(envelope.brief(done), status, **applied, **headers)


@router.get("/actions", response=shapes.Actions, by_alias=True, openapi_extra=reads())
def actions(request: HttpRequest) -> HttpResponse:
    """What you can begin, and what you can do for your organisation outside any case."""
    actor = actor_of(request)
    starting = [(deed, None) for deed in STARTING]
    journaled = [(deed, actor.organisation) for deed in JOURNALED]
    listed = [
        envelope.action(deed, actor, at, f"{ROOT}/actions/{deed.name}")
        for deed, at in [*starting, *journaled]
    ]
    return page(listed, None)


def start(request: HttpRequest, deed: Deed) -> HttpResponse:
    """Begin a case."""
    actor = actor_of(request)
    matter = deed.action(by=deed.fits(actor), **deed.read(typed(request)))
    return told(request, matter, 201)


def note(request: HttpRequest, deed: Deed) -> HttpResponse:
    """Do what stands in the journal of your organisation; the answer is the entry."""
    actor, here = actor_of(request), actor_of(request).organisation
    arguments = deed.read(typed(request))
    if not deed.reasons(actor, here):
        proofs.require_for_program(actor, deed.name, arguments)
    entry: Any = deed.action(here, by=deed.fits(actor, here), **arguments)
    told = timeline.as_json(entry)
    if deed.name not in SHOWN_ONCE:
        return answer(told, 201)
    shown = answer({**told, "shown_once": SHOWN_ONCE[deed.name](entry)}, 201)
    shown.kept_as = answer({**told, "shown_once": None}, 201).content  # type: ignore[attr-defined]
    return shown


# The doors, one a deed


def put_up() -> None:
    for name, offered in by_name().items():
        put_up_deed(name, offered)
    for deed in STARTING:
        put_up_action(deed, start, CHANGED, of_case=True)
    put_up_action(inquiries.START, start, CHANGED, of_case=True, at="/inquiries", name="inquiries")
    for deed in JOURNALED:
        shape = shapes.EventShownOnce if deed.name in SHOWN_ONCE else shapes.Event
        put_up_action(deed, note, shape)


def by_name() -> dict[str, list[Deed]]:
    """Kinds may share a deed's name; then its shape is one of theirs."""
    found: dict[str, list[Deed]] = {}
    for listed in DEEDS.values():
        for deed in listed:
            found.setdefault(deed.name, []).append(deed)
    return found


def put_up_deed(name: str, offered: list[Deed]) -> None:
    """Signed in one kind it may be done at once in another: then either answer may come."""
    at_once = any(not deed.signed_by for deed in offered)
    known: dict[int, Any] = {200: CHANGED, 201: CHANGED} if at_once else {}
    if name in SIGNED:
        known |= {202: shapes.Begun}
    noes = (403, 404, 409, *((429,) if name in SIGNED else ()))
    extra = posts(*noes, edits=name in EDITS, of_case=at_once) | body(
        [deed.shape for deed in offered]
    )
    run = partial(do, deed=name)
    add(f"/cases/{{slug:number}}/{name}", name, str(offered[0].label), run, known, extra)


def put_up_action(
    deed: Deed, run: Callable, known: Any, of_case: bool = False, at: str = "", name: str = ""
) -> None:
    """At its usual address, or at one of its own."""
    extra = posts(403, of_case=of_case) | body([deed.shape])
    done, path = partial(run, deed=deed), at or f"/actions/{deed.name}"
    add(path, name or deed.name, str(deed.label), done, {201: known}, extra)


def add(path: str, name: str, label: str, run: Any, known: dict, extra: dict) -> None:
    def operation(request: HttpRequest, number: str) -> HttpResponse:
        return run(request, number)

    def without_number(request: HttpRequest) -> HttpResponse:
        return run(request)

    view = operation if "{" in path else without_number
    view.__name__, view.__doc__ = name, run.func.__doc__
    put = router.post(
        path,
        response=known,
        by_alias=True,
        operation_id=name,
        summary=label,
        openapi_extra=extra,
    )
    put(view)


def body(known: list) -> dict:
    refs = [{"$ref": f"#/components/schemas/{shape.__name__}"} for shape in known]
    told = refs[0] if len(refs) == 1 else {"anyOf": refs}
    is_needed = Nothing not in known
    return {
        "requestBody": {"required": is_needed, "content": {"application/json": {"schema": told}}}
    }


def taken() -> dict[str, Any]:
    """The shapes of all deeds, for the documentation."""
    found: dict[str, Any] = {}
    listed = [*(d for deeds_ in DEEDS.values() for d in deeds_), *STARTING, *JOURNALED]
    for shape in {deed.shape for deed in listed}:
        told = shape.model_json_schema(ref_template="#/components/schemas/{model}")
        found |= told.pop("$defs", {})
        found[shape.__name__] = told
    return found


put_up()
