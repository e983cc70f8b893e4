"""What can be made to go wrong, and how many times more it will."""

from dataclasses import dataclass

from sandbox.store import Store

CALL = {
    "internalError": "500 internalError",
    "maintenance": "503 maintenance",
    "requestTimeout": "408 requestTimeout",
    "tooManyRequests": "429 with RateLimit headers",
    "unauthorized": "401 unauthorized",
    "html502": "an HTML page with 502, as from a proxy",
    "html503": "an HTML page with 503, as from a proxy",
    "unknownError": "400 with an error code nobody knows",
    "hang": "no answer at all",
    "timeout": "no answer at all",
    "cut": "the work is done, the answer is cut off half way",
    "slow": "the answer comes five seconds late",
}
START = {"alreadyInProgress": "400 when an order is made; none is made"}
COLLECT = {
    "startFailed": "fails at the next collect",
    "expiredTransaction": "fails at the next collect",
    "unknownHint": "pending with a hint nobody knows",
    "extraFields": "fields nobody knows in the answer",
}
APPROVE = {
    "userCancel": "fails when approved",
    "certificateErr": "fails when approved",
    "cancelled": "fails when approved",
    "userDeclinedCall": "fails when approved",
    "notSupportedByUserApp": "fails when approved",
    "transactionRiskBlocked": "fails when approved",
    "unknownFailure": "fails when approved, with a hint nobody knows",
    "wrongPerson": "signed by another person, all else in order",
    "badSignature": "one bit of the signature value is flipped",
    "swappedText": "the visible text is changed after signing, its digest mended",
    "swappedFunction": "Identification for Signing, and the other way round",
    "foreignRoot": "the certificates hang on a root nobody knows",
    "expiredCertificate": "the person's certificate had ended",
    "realPolicy": "the certificate claims the policy of a real BankID",
    "badOcsp": "the OCSP answer belongs to another signature",
    "revokedOcsp": "the OCSP answer says revoked",
    "missingOcsp": "no OCSP answer at all",
}
SMS = {
    "refuse": "403 and a sentence",
    "500": "500 and a sentence",
    "429": "429 and a sentence",
    "hang": "no answer at all, nothing sent",
    "accept_lost": "sent, but the answer is lost",
    "late_report": "the delivery report comes late",
    "failed_report": "the report says failed",
    "double_report": "the report comes twice",
    "no_report": "no report comes",
    "mixed_reports": "delivered first, then sent",
}
SMTP = {
    "refuse": "hangs up when called",
    "451": "451 for the recipient, try later",
    "550": "550 for the recipient, no such mailbox",
    "552": "552 after the data, mailbox full",
    "hang": "falls silent after the data; nothing kept",
    "drop-after-data": "keeps the mail, hangs up before saying so",
}
AGILOFT = {
    "drop": "hangs up without a word; nothing is done",
    "hang": "no answer at all; nothing is done",
    "500": "500 and a plain sentence; nothing is done",
    "html": "500 and a typed exception inside HTML, with the password in it",
    "html502": "an HTML page with 502, as from a proxy",
    "refuse": "the call is refused: on alrest 200 with success:false",
    "lock": "the record is locked by somebody",
    "expire": "the token is expired just now",
    "timeout_after": "the work is done, the answer is lost",
    "slow": "the answer comes two seconds late",
}
HOOK = {
    "hook_drop": "the notification is never sent",
    "hook_double": "the notification is sent twice",
    "hook_delay": "the notification comes a minute late",
    "hook_reorder": "the notification comes after the next one",
}
KNOWN = {
    "bankid": CALL | START | COLLECT | APPROVE,
    "sms": SMS,
    "smtp": SMTP,
    "agiloft": AGILOFT | HOOK,
}


@dataclass
class Fault:
    part: str
    fault: str
    times: int
    on: str = ""
    """For calls to BankID: only auth, sign, collect or cancel; to Agiloft: only login, read, update
    and so on; empty is any."""


class Faults:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.rows = [Fault(**row) for row in store.setting("faults", [])]

    def set(self, fault: Fault) -> None:
        self.rows = [row for row in self.rows if not same(row, fault)]
        if fault.times > 0:
            self.rows.append(fault)
        self.keep()

    def clear(self, part: str = "") -> None:
        self.rows = [row for row in self.rows if part and row.part != part]
        self.keep()

    def take(self, part: str, among: dict[str, str], on: str = "") -> str:
        """The name of the first fault that fits, counted down; '' when nothing is to go wrong."""
        for row in self.rows:
            if row.part == part and row.fault in among and row.on in ("", on):
                row.times -= 1
                self.rows = [one for one in self.rows if one.times > 0]
                self.keep()
                return row.fault
        return ""

    def keep(self) -> None:
        self.store.set("faults", [vars(row) for row in self.rows])


def same(one: Fault, other: Fault) -> bool:
    return (one.part, one.fault) == (other.part, other.fault)
