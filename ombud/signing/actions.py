"""The two halves of a signed deed: the evidence is kept first, then the deed is judged afresh."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.module_loading import import_string

from ombud.cases.events import record
from ombud.lib import clock
from ombud.lib.errors import Misshapen, Refused
from ombud.signing.models import Signature

Status = Signature.Status


@transaction.atomic
def keep(signature: Signature) -> Signature:
    """Write down that the evidence is there, whatever becomes of the deed."""
    signature = Signature.objects.locked(signature)
    if signature.signed_at is not None:
        return signature
    signature.signed_at = clock.now()
    signature.save(update_fields=["signed_at"])
    record(
        signature.case,
        "signed",
        by=signature.signer,
        signature=str(signature.pk),
        method=signature.method,
        claims=signature.sha256,
    )
    return signature


@transaction.atomic
def finish(signature: Signature) -> Signature:
    """Do the deed that was signed for. Deed and `complete` are one transaction."""
    signature = Signature.objects.locked(signature)
    if signature.status != Status.PENDING or signature.signed_at is None:
        return signature
    deed = import_string(settings.SIGNED_DEEDS[signature.deed])
    try:
        with transaction.atomic(), translation.override(signature.language):
            by, matter = signature.signer, signature.case.matter
            deed(matter, by=by, signature=signature, **signature.arguments)
    except Refused as no:
        return signature.end(Status.FAILED, hint(no), [reason.as_json() for reason in no.reasons])
    except Misshapen as no:
        return signature.end(Status.FAILED, "stale", no.errors)
    return signature.end(Status.COMPLETE)


def hint(no: Refused) -> str:
    if no.status == 403:
        return "refused"
    return "stale" if any(reason.code == "stale" for reason in no.reasons) else "late"
