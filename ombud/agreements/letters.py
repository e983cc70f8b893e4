"""Letters to those who have no account: the link that each of them acts by.

The link is a secret: it lies sealed until the letter has gone, and is blanked then.
"""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from ombud.agreements import papers
from ombud.agreements.models import CIRCLES, Agreement, Named
from ombud.cases import letters, passes
from ombud.lib import clock, days
from ombud.post import office
from ombud.ui.engine import blocks

STATUS, SIGN, READ = "status", "sign", "read"
SIGNING_LIFE = timedelta(days=30)
LIFE = timedelta(days=365)


def to_applicant(agreement: Agreement, words: str, *, token: str = "", note: str = "") -> str:
    """A letter with a link to the application's own page; the token of that link."""
    name, email = agreement.applicant["name"], agreement.applicant["email"]
    _issued, token = passes.issue(
        agreement.case, STATUS, CIRCLES["applicant"], name, token=token, life=LIFE
    )
    send(agreement, words, email, token, note=note)
    return token


def to_sign(agreement: Agreement, one: Named, words: str = "sign", **facts: int) -> None:
    """A new link to sign by; the one before it is dead."""
    if one.guest:
        agreement.case.pass_set.filter(pk=one.guest.pk).revoke()
    one.guest, token = passes.issue(
        agreement.case,
        SIGN,
        CIRCLES["signatory"],
        str(one),
        personal_number=one.personal_number,
        life=SIGNING_LIFE,
    )
    one.declined_at = None
    if words != "remind":
        one.asked_at, one.reminded = clock.now(), 0
    one.save(update_fields=["guest", "declined_at", "email", "asked_at", "reminded"])
    until = days.dated(clock.now() + SIGNING_LIFE)
    told = {name: str(value) for name, value in facts.items()}
    send(agreement, words, one.email, token, name=str(one), until=until, **told)


def to_keep(agreement: Agreement, one: Named) -> None:
    """The signed agreement, for a signatory to read and keep."""
    _issued, token = passes.issue(agreement.case, READ, CIRCLES["signatory"], str(one), life=LIFE)
    send(agreement, "signed", one.email, token, name=str(one))


def send(agreement: Agreement, words: str, email: str, token: str, **facts: str) -> None:
    with translation.override(agreement.language):
        said = say(agreement, words, facts)
        context = {
            **said,
            "url": settings.WEB_URL + reverse("agreement:guest", args=[token]),
            "language": agreement.language,
            "number": agreement.case.number,
        }
        office.hand_in(
            "email",
            email,
            letters.render("letter.txt", context),
            subject=said["subject"],
            html=letters.render("letter.html", context),
            key=f"pass:{passes.digest(token)[:32]}:{words}",
            thread=agreement.case.number,
            secret=True,
            language=agreement.language,
        )


def say(agreement: Agreement, words: str, facts: dict) -> dict[str, str]:
    """Subject, lead, body, button and reason, in the present language."""
    known = {
        "number": agreement.case.number,
        "organisation": agreement.name,
        "operator": agreement.operator.name,
        "agreement": papers.title_of(agreement.side),
    }
    return blocks(f"agreement/guests/{words}.txt", {**known, **facts})
