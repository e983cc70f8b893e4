"""The end of a challenge: evidence is kept first, then judged, then the outcome stands."""

import json
from functools import cache
from typing import Any

import structlog
from cryptography import x509
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import transaction

from ombud.eid import verify
from ombud.eid.hints import Outcome
from ombud.eid.models import Challenge
from ombud.eid.refusal import NotGenuine, demand
from ombud.lib import clock, vault

FUNCTIONS = {"auth": "Identification", "sign": "Signing"}

log = structlog.get_logger()


def keep_and_judge(challenge: Challenge, completion: dict[str, Any]) -> Challenge:
    """The answer that BankID gives once. Kept even if the challenge has ended meanwhile."""
    sealed = vault.seal(json.dumps(completion))
    with transaction.atomic(durable=True):
        Challenge.objects.filter(pk=challenge.pk, evidence__isnull=True).update(
            evidence={"completionData": sealed, "collected_at": clock.now().isoformat()}
        )
    challenge.refresh_from_db()
    return judge(challenge)


def judge(challenge: Challenge) -> Challenge:
    try:
        examine(challenge)
    except NotGenuine as flaw:
        log.error("eid.not_genuine", challenge=str(challenge.pk), reason=flaw.reason)
        wrong_person = flaw.reason == "person"
        return fail(challenge, Outcome.WRONG_PERSON if wrong_person else Outcome.NOT_GENUINE)
    return complete(challenge)


def examine(challenge: Challenge) -> verify.Genuine:
    """Signature and OCSP answer checked offline against all that we asked for."""
    kept = evidence(challenge)
    user = kept.get("user")
    number = str(user.get("personalNumber", "")) if isinstance(user, dict) else ""
    expected = vault.open(challenge.subject_sealed) if challenge.subject_sealed else number
    demand(number and number == expected, "person")
    return verify.verify(
        str(kept.get("signature", "")),
        str(kept.get("ocspResponse", "")),
        roots=verify.roots(settings.BANKID_SIGN_ROOT),
        expect=verify.Expectation(
            personal_number=expected,
            visible=challenge.visible,
            nonvisible=bytes(challenge.nonvisible),
            func=FUNCTIONS[challenge.purpose],
            relying_party=_ourselves(settings.BANKID_CERT),
            policies=_policies(),
        ),
    )


def complete(challenge: Challenge) -> Challenge:
    return _settle(challenge, status=Challenge.Status.COMPLETE)


def fail(challenge: Challenge, why: Outcome, provider_hint: str = "") -> Challenge:
    told = {"provider_hint": provider_hint[:100]} if provider_hint else {}
    return _settle(challenge, status=Challenge.Status.FAILED, hint=why, **told)


def evidence(challenge: Challenge) -> dict[str, Any]:
    """BankID's completion data, whole, as it was collected; empty when there is none."""
    if not challenge.evidence:
        return {}
    kept = json.loads(vault.open(challenge.evidence["completionData"]))
    return kept if isinstance(kept, dict) else {}


def claims(challenge: Challenge) -> dict[str, str]:
    """Who it was, once a BankID challenge is complete; empty before."""
    if not challenge.is_complete or not challenge.evidence:
        return {}
    user = evidence(challenge)["user"]
    return {
        "personal_number": str(user["personalNumber"]),
        "name": str(user.get("name", "")),
        "given": str(user.get("givenName", "")),
        "family": str(user.get("surname", "")),
    }


def _settle(challenge: Challenge, **outcome: str) -> Challenge:
    """A challenge ends once: whoever comes second changes nothing."""
    with transaction.atomic(durable=True):
        Challenge.objects.filter(pk=challenge.pk, status=Challenge.Status.PENDING).update(
            ended_at=clock.now(), **outcome
        )
    challenge.refresh_from_db()
    return challenge


def _policies() -> frozenset[str]:
    """A test identity never counts in production, nor a real one anywhere else."""
    is_real = settings.ENV.env == "production"
    return verify.REAL_POLICIES if is_real else verify.TEST_POLICIES


@cache
def _ourselves(certificate: str) -> str:
    """How BankID names us in what is signed: it begins with the name in our own certificate."""
    with open(certificate, "rb") as file:
        ours = x509.load_pem_x509_certificate(file.read())
    (name,) = ours.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return "cn=" + str(name.value)
