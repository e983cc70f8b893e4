"""Putting down what a request begins with, what the customer hands in, and how it ends."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ombud.cases.models import Case, Document
from ombud.inquiries import answers, links, sending
from ombud.inquiries.catalogue import TermsBody, newest
from ombud.inquiries.models import ANSWERS, CIRCLES, Draft, Inquiry
from ombud.inquiries.states import State
from ombud.lib import clock, phones
from ombud.lib.errors import Misshapen, misshapen
from ombud.people.models import Organisation
from ombud.people.settings import said
from ombud.sync.models import System

CUSTOMER = "guest"  # the role that is waited for
PAGES = ("contact", "matter")


def open_case(portal: Organisation, typed: dict) -> Case:
    reference = typed.get("reference") or (typed.get("source") or {}).get("record", "")
    titles = called(reference, typed.get("name", ""))
    case = Case.objects.begin(Case.Kind.INQUIRY, titles, portal)
    case.is_held, case.reference = True, reference
    case.save(update_fields=["reference"])
    case.admit(portal, "operator", CIRCLES["operator"])
    return case


def called(reference: str, name: str) -> dict[str, str]:
    """What the case is called in each language that the house speaks."""
    return titled(gettext_lazy("Information request"), reference, name)


def repair_called(thing: str) -> dict[str, str]:
    """By what is repaired: the customer stands on it anyhow."""
    return titled(pgettext_lazy("kind", "Repair"), thing)


def titled(kind: Any, *parts: str) -> dict[str, str]:
    found, told = {}, ", ".join(filter(None, parts))
    for language, _named in settings.LANGUAGES:
        with translation.override(language):
            found[language] = (f"{kind}: {told}" if told else str(kind))[:200]
    return found


def begin(portal: Organisation, typed: dict, *, by, earlier: Inquiry | None = None) -> Inquiry:
    """A request with the newest settings pinned, its link, and its first message or the plan of
    it."""
    case = open_case(portal, typed)
    plain = {name: typed.get(name) or "" for name in ("name", "language")}
    inquiry = Inquiry(
        case=case,
        portal=portal,
        starter=by.person,
        mobile=phones.parse(typed["mobile"]),
        known=typed.get("known") or {},
        earlier=earlier,
        **plain,
        **place(typed.get("source")),
        **newest(portal),
    )
    inquiry.known = {"mobile": inquiry.mobile, **inquiry.known}
    links.issue(inquiry)
    inquiry.save(force_insert=True)
    assert inquiry.link is not None
    case.wait_for_guest(inquiry.link, CUSTOMER)
    sending.send_first(inquiry)
    return inquiry


def place(source: dict | None) -> dict:
    """The record outside: the link's table, the record's number, and who pressed there."""
    if not source:
        return {}
    system = System.objects.get(pk=source["system"])
    told = {name: source.get(name, "") for name in ("record", "caller")}
    return {"system": system, "table": system.table, **told}


def turn_away(portal: Organisation, typed: dict, code: str) -> Inquiry:
    """What came to nothing is a case too: it is told of, and written back."""
    case = open_case(portal, typed)
    inquiry = Inquiry.objects.create(
        case=case,
        portal=portal,
        state=State.REFUSED,
        outcome=code,
        ended_at=clock.now(),
        name=typed.get("name", ""),
        mobile=typed.get("mobile", ""),
        **place(typed.get("source")),
    )
    case.close()
    return inquiry


def again(inquiry: Inquiry, mobile: str) -> dict:
    """What a request is restarted with."""
    kept = {name: getattr(inquiry, name) for name in ("name", "language", "known")}
    if inquiry.system_id:
        told = {"record": inquiry.record, "caller": inquiry.caller}
        kept["source"] = {"system": inquiry.system_id, **told}
    kept["known"] = {**inquiry.known, "mobile": phones.parse(mobile)}
    return {**kept, "reference": inquiry.case.reference, "mobile": mobile}


def reach(inquiry: Inquiry, mobile: str) -> None:
    """It goes to another number: whoever had the first one reads nothing of it any more."""
    inquiry.mobile = phones.parse(mobile)
    inquiry.known = {**inquiry.known, "mobile": inquiry.mobile}
    inquiry.save(update_fields=["mobile", "known"])
    links.replace(inquiry)
    assert inquiry.link is not None
    inquiry.case.wait_for_guest(inquiry.link, CUSTOMER)
    sending.send_anew(inquiry)


def end(inquiry: Inquiry, state: State, outcome: str = "") -> None:
    """It is over: no message goes, and the link leads to a page that says so."""
    inquiry.ended_at, inquiry.outcome = clock.now(), outcome
    inquiry.save(update_fields=["ended_at", "outcome"])
    inquiry.become(state)
    links.close(inquiry)


def answered(inquiry: Inquiry) -> None:
    """Nobody is waited for, no message goes, and nobody signs by the link a second time."""
    inquiry.case.wait_no_more()
    links.close(inquiry)


def finish(inquiry: Inquiry) -> None:
    """Nothing is left to be done."""
    inquiry.ended_at = clock.now()
    inquiry.save(update_fields=["ended_at"])
    inquiry.become(State.COMPLETED)


# What the customer hands in


def put_photo(inquiry: Inquiry, key: str) -> Document:
    """A file that has been handed in by this link, and lies loose yet: it stays from now on."""
    loose = Document.objects.loose().filter(key=key, case=inquiry.case, person=None)
    document = loose.select_for_update(no_key=True).first()
    if document is None or not document.media_type.startswith("image/"):
        raise misshapen(document=no_photo())
    document.circle, document.loose_at = ANSWERS, None
    document.save(update_fields=["circle", "loose_at"])
    return document


def no_photo() -> str:
    return _("This is not a photo. Only JPG and PNG are taken.")


def take_photo_out(inquiry: Inquiry, key: str) -> Document | None:
    document = inquiry.photos.filter(key=key).first()
    if document is not None:
        document.circle, document.loose_at = "", clock.now()
        document.save(update_fields=["circle", "loose_at"])
    return document


def hand_in(inquiry: Inquiry) -> None:
    """The draft becomes what is signed; faults are told by field, with the page they are on."""
    typed = Draft.objects.get(inquiry=inquiry).body
    form, photos = inquiry.asks, list(inquiry.photos)
    values: dict[str, str] = {}
    faults: list[dict] = []
    for page in PAGES:
        good, bad = answers.judged(
            form, page, typed, inquiry.known, len(photos), region=inquiry.region
        )
        values |= good
        faults += bad
    if faults:
        raise Misshapen(faults)
    shown = [{"id": str(one.key), "sha256": one.sha256, "name": one.name} for one in photos]
    kept = {name: typed[name] for name in typed if typed[name]}
    inquiry.answers = {"values": values, "typed": kept, "photos": shown}
    inquiry.answers_language = (translation.get_language() or "sv").partition("-")[0]
    inquiry.submitted_at = clock.now()
    inquiry.save(update_fields=["answers", "answers_language", "submitted_at"])


def details(inquiry: Inquiry, person: dict[str, str]) -> dict[str, str]:
    """Whom the customer card is made for: the answers, and who signed. Of somebody else than the
    customer nothing is told."""
    values = inquiry.answers["values"]
    signer = {} if inquiry.signer_differs else person
    return {
        "given": values.get("given") or signer.get("given", ""),
        "family": values.get("family") or signer.get("family", ""),
        "street": values.get("street", ""),
        "postal_code": values.get("postcode", ""),
        "city": values.get("city", ""),
        "email": values.get("email", ""),
        "phone": values.get("mobile") or inquiry.mobile,
        "language": inquiry.answers_language,
        "personal_number": signer.get("personal_number", ""),
    }


def costs(terms: TermsBody, version: int) -> dict[str, Any]:
    """What was approved, as a repair keeps it: sums in öre, with VAT."""
    sums = {
        kind: sum(cost.amount for cost in terms.costs if cost.kind == kind) or None
        for kind in ("fixed", "approximate")
    }
    return {**sums, "ceiling": terms.most or None, "terms": str(version)}


OWN = ("object", "model", "fault")  # what a repair has a place of its own for


def further(inquiry: Inquiry) -> list[tuple[str, str]]:
    """What is told of a repair beside its thing and its fault: question and answer, in the language
    that was answered in."""
    form, values = inquiry.asks, inquiry.answers["values"]
    with translation.override(inquiry.answers_language):
        return [
            (said(field.label), answers.shown(field, values[field.name]))
            for field in form.of_page("matter")
            if values.get(field.name) and field.name not in OWN
        ]
