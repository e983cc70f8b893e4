"""python -m tests.journeys.proof: what the journeys left is whole, and its signatures hold."""
# ruff: noqa: E402

import sys
from collections.abc import Iterator

import django

django.setup()  # before the models that follow

from django.conf import settings

from ombud.cases import sight, timeline
from ombud.signing.models import Signature
from tests import evidence


def main() -> int:
    signed = Signature.objects.filter(status="complete", method="bankid")
    found = [fault for signature in signed for fault in faults(signature)] + list(breaks())
    print(f"{signed.count()} signatures judged.", *found, sep="\n")
    return len(found)


def faults(signature: Signature) -> Iterator[str]:
    wrong = evidence.faults(evidence.Kept.of(signature), settings.BANKID_SIGN_ROOT)
    if wrong:
        yield f"{signature.deed} of {signature.case}: {', '.join(sorted(wrong))}"


def breaks() -> Iterator[str]:
    if broken := timeline.verify_all():
        yield f"The chain is broken at {broken}."
    if differs := sight.check_all():
        yield f"Sight is not what it should be in {differs}."


if __name__ == "__main__":
    sys.exit(main())
