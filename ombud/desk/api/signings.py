"""Signings: how one goes, its QR code, its one-time code, and thinking better of it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import ValidationError

from ombud.desk.api import shapes
from ombud.desk.api.answers import ROOT, answer, posts, reads
from ombud.desk.api.gate import actor_of, typed
from ombud.desk.api.problems import Stop, plain
from ombud.eid import challenges
from ombud.eid.codes import TRIES
from ombud.lib.errors import Misshapen
from ombud.lib.shapes import faults
from ombud.signing import ceremony
from ombud.signing.models import Signature

router = Router(tags=["signings"])

JOINED = ("case", "challenge", "person", "organisation", "instead_of")
PLACE = "/signings/{uuid:signing}"


def begun(signature: Signature) -> dict:
    """Where to go on; only the links that this way of signing has. One that came to nothing at once
    says so, and why, in the place of its links."""
    here = f"{ROOT}/signings/{signature.pk}"
    links = {"id": str(signature.pk), "href": here, "method": signature.method}
    if signature.method == Signature.Method.SMS:
        return {**links, "code_href": f"{here}/code"}
    challenge = signature.challenge
    if challenge is None or challenge.status == "failed":
        return {**links, "status": "failed", "hint": challenge.hint if challenge else ""}
    if challenge.auto_start_token:
        links["autostart_url"] = challenges.start_link(challenge)
    return {**links, "qr_href": f"{here}/qr"}


@router.get(PLACE, response=shapes.Signing, openapi_extra=reads(404))
def signing(request: HttpRequest, signing: UUID) -> HttpResponse:
    """How it goes. `complete` means that the deed is done."""
    return answer(status_of(ceremony.collect(found(request, signing))))


@router.get(f"{PLACE}/qr", response=shapes.Qr, openapi_extra=reads(404))
def qr(request: HttpRequest, signing: UUID) -> HttpResponse:
    """What the QR code says this second; empty once the app has been opened."""
    signature = found(request, signing, Signature.Method.BANKID)
    assert signature.challenge is not None
    return answer({"qr": challenges.qr_text(signature.challenge)})


@router.post(
    f"{PLACE}/code",
    response=shapes.Signing,
    openapi_extra=posts(404, 410)
    | {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Code"}}},
        }
    },
)
def code(request: HttpRequest, signing: UUID) -> HttpResponse:
    """Try the code of the SMS; the right one does the deed."""
    signature = found(request, signing, Signature.Method.SMS)
    if signature.status != Signature.Status.PENDING:
        raise Stop(410, _("This code is no longer valid."))
    signature, tried = ceremony.try_code(signature, typed_code(request, signature))
    if tried.ok:
        return answer(status_of(signature))
    if tried.gone:
        raise Stop(410, _("This code is no longer valid."))
    return wrong(tried.tries_left)


def typed_code(request: HttpRequest, signature: Signature) -> str:
    """Six digits; what cannot be a code is no try."""
    try:
        plain_code = "".join(shapes.Code.model_validate(typed(request)).code.split())
    except ValidationError as error:
        raise Misshapen(faults(error)) from error
    if not (plain_code.isascii() and plain_code.isdigit() and len(plain_code) == 6):
        left = TRIES - (signature.challenge.tries if signature.challenge else TRIES)
        raise Stop(422, _("The code is six digits."), tries_left=left)
    return plain_code


def wrong(tries_left: int) -> HttpResponse:
    """Not kept from an Idempotency-Key: the try was counted."""
    response = plain(422, _("Wrong code."), tries_left=tries_left)
    response.was_tried = True  # type: ignore[attr-defined]
    return response


@router.post(f"{PLACE}/cancel", response=shapes.Signing, openapi_extra=posts(404))
def cancel(request: HttpRequest, signing: UUID) -> HttpResponse:
    """The signer thinks better of it: nothing is decided."""
    return answer(status_of(ceremony.cancel(found(request, signing))))


def found(request: HttpRequest, signing: UUID, method: str = "") -> Signature:
    """Only its signer finds a signing."""
    actor = actor_of(request)
    mine = Signature.objects.filter(person=actor.person, organisation=actor.organisation)
    signature = mine.select_related(*JOINED).filter(pk=signing).first()
    if signature is None or method not in ("", signature.method):
        raise Http404
    return signature


def status_of(signature: Signature) -> dict:
    told = {"status": signature.status, "hint": signature.hint or hint_of(signature)}
    is_refused = signature.status == Signature.Status.FAILED and signature.reasons
    return {**told, "reasons": signature.reasons} if is_refused else told


def hint_of(signature: Signature) -> str:
    challenge = signature.challenge
    return challenge.provider_hint if challenge and challenge.is_pending else ""
