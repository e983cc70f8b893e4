"""A deed as both doors do it, signed or not; and how a signing goes. No transaction is open here
while the provider is slow."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ombud.cases.deeds import Deed
from ombud.cases.models import Case, Matter
from ombud.eid import challenges
from ombud.eid.codes import CodeRefused
from ombud.eid.models import Challenge
from ombud.lib import chain
from ombud.lib.errors import Misshapen, misshapen, require
from ombud.people.actors import Actor
from ombud.post import office
from ombud.signing import actions
from ombud.signing.models import Signature

Status = Signature.Status


@dataclass(frozen=True)
class Asked:
    """How the signer came: address, browser, session, and whether the app is on this device."""

    ip: str = "127.0.0.1"
    browser: str = ""
    session: str = ""
    same_device: bool = False
    back: str = ""  # where the app leads back to, unless to the page of the signing


def perform(
    deed: Deed, matter: Matter, typed: dict, *, by: Actor, asked: Asked | None = None
) -> Signature | Matter:
    """Do the deed, or begin the signing that will."""
    arguments = deed.read(typed)
    by = deed.fits(by, matter)
    if not deed.signed_by:
        return deed.action(matter, by=by, **arguments)
    method = arguments.pop("method")
    require(deed.rule(by, matter, **arguments))
    ways = deed.ways(by, matter)
    if method not in ways:
        raise misshapen(method=_("This way of signing is not open here."))
    require(ways[method])
    if deed.lacking and (missing := deed.lacking(matter, **arguments)):
        raise Misshapen(missing)
    return begin(deed, matter, arguments, by=by, method=method, asked=asked or Asked())


def begin(
    deed: Deed, matter: Matter, arguments: dict, *, by: Actor, method: str, asked: Asked
) -> Signature:
    """Keep what is shown, and ask the signer to sign it."""
    signature = prepare(deed, matter, arguments, by=by, method=method)
    if method == Signature.Method.SMS:
        send_first_code(signature, asked)
    else:
        ask_bankid(signature, asked)
    return signature


def prepare(deed: Deed, matter: Matter, arguments: dict, *, by: Actor, method: str) -> Signature:
    assert deed.document is not None and deed.facts is not None
    assert by.organisation is not None and (by.person or by.guest)
    document = deed.document(matter, by=by, **arguments)
    snapshot = chain.canonical(deed.facts(matter, by=by, **arguments))
    name = f"{matter.case.kind}.{deed.name}"
    supersede(matter.case, by, name)
    return Signature.objects.create(
        case=matter.case,
        person=by.person,
        guest_id=by.guest,
        instead_of=by.instead_of,
        organisation=by.organisation,
        via=by.via,
        document=document,
        snapshot=snapshot,
        claims=chain.canonical(claims(matter, name, by, arguments, document, snapshot)),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        deed=name,
        arguments=arguments,
        method=method,
    )


def claims(matter, deed: str, by: Actor, arguments: dict, document: str, snapshot: str) -> dict:
    """What is signed unseen: which case, step, role and decision, and the hashes of it all; in
    whose place, where it is somebody else's."""
    whose = {"instead_of": by.instead_of.pk} if by.instead_of else {}
    return {
        "v": 1,
        "case": matter.case.number,
        "deed": deed,
        "step": str(matter.state),
        "role": matter.acting_role,
        "organisation": by.organisation.number if by.organisation else "",
        "decision": arguments.get("decision", deed.partition(".")[2]),
        "document_sha256": chain.sha256(document),
        "snapshot_sha256": chain.sha256(snapshot),
        "attachments": matter.attachments_sha256(),
        **whose,
    }


def supersede(case: Case, by: Actor, deed: str) -> None:
    """One live signing a person and deed: an older one ends."""
    own = {"case": case, "person": by.person, "guest": by.guest}
    older = Signature.objects.pending().filter(deed=deed, **own)
    for signature in older.filter(signed_at=None).select_related("challenge"):
        cancel(signature, "superseded")


def ask_bankid(signature: Signature, asked: Asked) -> None:
    """A provider that is down ends the signing, not the page."""
    path = asked.back or reverse("desk:signing_back", args=[signature.pk])
    signature.challenge = challenges.begin_bankid(
        purpose=Challenge.Purpose.SIGN,
        ip=asked.ip,
        user_agent=asked.browser,
        visible=signature.document,
        nonvisible=signature.claims.encode(),
        personal_number=signature.who.personal_number or None,
        return_url=f"{settings.WEB_URL}{path}" if asked.same_device else None,
        session=asked.session,
        same_device=asked.same_device,
    )
    signature.save(update_fields=["challenge"])


def send_first_code(signature: Signature, asked: Asked) -> None:
    """A code that is refused leaves no signing behind that waits for it."""
    try:
        send_code(signature, asked)
    except CodeRefused:
        fail(signature, "code_refused")
        raise


@transaction.atomic
def send_code(signature: Signature, asked: Asked) -> Signature:
    """Owe the signer a new code; a code before it is dead."""
    person = signature.person
    assert person is not None, "a guest has no number that codes are sent to"
    signature.challenge, code = challenges.begin_sms(
        purpose=Challenge.Purpose.SIGN,
        binding=str(signature.pk),
        phone=person.phone,
        session=asked.session,
        owner=str(person.pk),
        ip=asked.ip,
        user_agent=asked.browser,
    )
    signature.save(update_fields=["challenge"])
    key = f"code:{signature.challenge.pk}"
    office.hand_in("sms", person.phone, code_text(signature, code), key=key, secret=True)
    return signature


def code_text(signature: Signature, code: str) -> str:
    """Names the deed; its last line lets the phone offer the code to this site only."""
    said = _(
        "Code %(code)s to decide on %(number)s for %(organisation)s. Never give it to anybody."
    )
    facts = {"number": signature.case.number, "organisation": signature.organisation, "code": code}
    return f"{said % facts}\n@{urlsplit(settings.WEB_URL).hostname} #{code}"


def collect(signature: Signature) -> Signature:
    """Ask the provider how it goes; evidence first, the deed second. May run twice, or at once."""
    if signature.status != Status.PENDING:
        return signature
    if signature.signed_at is None:
        if signature.method == Signature.Method.SMS or signature.challenge is None:
            return signature
        challenge = challenges.collect(signature.challenge)
        if challenge.status == Challenge.Status.FAILED:
            return fail(signature, challenge.hint)
        if challenge.status == Challenge.Status.PENDING:
            return signature
        actions.keep(signature)
    return actions.finish(signature)


def try_code(signature: Signature, code: str) -> tuple[Signature, challenges.Tried]:
    """Try a code; the right one does the deed."""
    assert signature.challenge is not None
    tried = challenges.try_code(signature.challenge, code)
    if tried.ok:
        actions.keep(signature)
        return actions.finish(signature), tried
    if tried.gone and signature.status == Status.PENDING:
        fail(signature, "code_gone")
    return signature, tried


def renew(signature: Signature, asked: Asked) -> Signature:
    """A QR code that nobody scanned is replaced, for the same words."""
    if (
        signature.status == Status.FAILED
        and signature.hint == "not_started"
        and signature.challenge
    ):
        challenges.renew(signature.challenge, ip=asked.ip)
        return signature.end(Status.PENDING)
    return signature


def cancel(signature: Signature, hint: str = "user_cancelled") -> Signature:
    """The signer thought better of it: nothing is decided."""
    if signature.status == Status.PENDING and signature.signed_at is None:
        if signature.method == Signature.Method.BANKID and signature.challenge:
            challenges.cancel(signature.challenge)
        return fail(signature, hint)
    return signature


def fail(signature: Signature, hint: str) -> Signature:
    """End it unless somebody else did meanwhile."""
    open_still = Signature.objects.pending().filter(pk=signature.pk, signed_at=None)
    if open_still.update(status=Status.FAILED, hint=hint):
        signature.status, signature.hint = Status.FAILED, hint
        return signature
    return Signature.objects.select_related("case").get(pk=signature.pk)
