"""The exact words that are signed, the facts behind them, and the customer's copy on paper."""

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ombud.inquiries import answers
from ombud.inquiries.models import Inquiry
from ombud.lib import chain, days, money
from ombud.people.settings import said
from ombud.ui import paper
from ombud.ui.paper import prose


def summary(inquiry: Inquiry, *, hidden: bool) -> list[tuple[str, str]]:
    """Every answer that was handed in, and how many photos."""
    handed = inquiry.answers
    found = answers.lines(
        inquiry.asks, handed.get("values", {}), handed.get("typed", {}), hidden=hidden
    )
    count = len(handed.get("photos", []))
    told = ngettext("%(n)s photo", "%(n)s photos", count) % {"n": count}
    return [*found, (_("Photos"), told)] if count else found


def kept_copy(inquiry: Inquiry) -> list[tuple[str, str]]:
    """What stands on the customer's copy. Somebody else who has signed is shown what they typed
    themselves; what we had before stays masked."""
    return summary(inquiry, hidden=inquiry.signer_differs)


def email(inquiry: Inquiry) -> str:
    """The address that the copy may be sent to without being typed anew."""
    told = "typed" if inquiry.signer_differs else "values"
    return str(inquiry.answers[told].get("email") or "")


def costs(inquiry: Inquiry) -> list[tuple[str, str]]:
    """Label and sum of each line, as the customer reads it."""
    return [(said(cost.label), amount(cost.amount, cost.kind)) for cost in inquiry.demands.costs]


def amount(sum_of: int, kind: str) -> str:
    told = _("%(sum)s incl. VAT") % {"sum": money.text(sum_of)}
    return _("about %(sum)s") % {"sum": told} if kind == "approximate" else told


def most(inquiry: Inquiry) -> str:
    """The ceiling in figures; empty where nothing is charged."""
    ceiling = inquiry.demands.most
    return money.text(ceiling) if ceiling else ""


def sentences(inquiry: Inquiry) -> list[str]:
    """What the signature means, in two sentences of their own."""
    return sentences_of(most(inquiry))


def sentences_of(ceiling: str) -> list[str]:
    agreed = (
        _("I accept the costs above, at most %(sum)s incl. VAT.") % {"sum": ceiling}
        if ceiling
        else _("No cost is agreed.")
    )
    return [_("I certify that the details are correct."), agreed]


def text(inquiry: Inquiry, **given) -> str:
    """What is shown on the page, and in the e-ID's app, in the present language."""
    terms = inquiry.demands
    context = {
        "shop": inquiry.portal.name,
        "number": inquiry.number_told,
        "lines": summary(inquiry, hidden=True),
        "costs": costs(inquiry),
        "most": most(inquiry),
        "terms_title": said(terms.title),
        "terms_version": inquiry.terms_version,
        "terms_text": said(terms.text),
        "sentences": sentences(inquiry),
    }
    return render_to_string("inquiry/sign.txt", context).strip()


def shown_sha256(inquiry: Inquiry, words: str = "") -> str:
    """Of the words as they are shown now, or of those that a page has shown, and of what they
    stand for."""
    return chain.sha256(f"{words or text(inquiry)}\n{form_sha256(inquiry)}")


def facts(inquiry: Inquiry, **given) -> dict:
    handed = inquiry.answers
    return {
        "request": inquiry.case.number,
        "reference": inquiry.case.reference,
        "portal": {"name": inquiry.portal.name, "number": inquiry.portal.number},
        "answers": handed.get("values", {}),
        "form": {"version": inquiry.form_version, "sha256": sha256(inquiry.form)},
        "terms": {"version": inquiry.terms_version, "sha256": sha256(inquiry.terms)},
        "ceiling": inquiry.demands.most,
        "photos": [photo["sha256"] for photo in handed.get("photos", [])],
    }


def sha256(row) -> str:
    return chain.sha256(chain.canonical(row.body))


def form_sha256(inquiry: Inquiry) -> str:
    """Of what was handed in, whole."""
    return chain.sha256(chain.canonical(facts(inquiry)))


def receipt(inquiry: Inquiry) -> bytes:
    """The customer's copy, in the language that was signed in."""
    assert inquiry.applied_at is not None and inquiry.signature is not None
    with translation.override(inquiry.answers_language):
        title = _("Your details and your approval")
        terms = inquiry.demands
        return paper.pdf(
            paper.Paper(
                language=inquiry.answers_language,
                title=title,
                publisher=inquiry.portal.name,
                facts=(
                    (_("Case"), inquiry.number_told),
                    (_("Signed"), days.full(inquiry.applied_at)),
                    (_("Signed by"), inquiry.signer),
                    (_("Signature"), str(inquiry.signature_id)),
                ),
                parts=(
                    paper.Part(_("Your details"), tuple(told(kept_copy(inquiry)))),
                    paper.Part(_("Costs"), (*told(costs(inquiry)), *sentences(inquiry))),
                    paper.Part(
                        _("%(title)s, version %(version)s")
                        % {"title": said(terms.title), "version": inquiry.terms_version},
                        (),
                    ),
                    *prose.parts_of(said(terms.text)),
                ),
                foot=f"{inquiry.case.number} · {title}",
                pages=_("Page {page} of {pages}"),
                day=days.local(inquiry.applied_at).date(),
            )
        )


def told(pairs: list[tuple[str, str]]) -> list[str]:
    """A question ends itself; anything else is told with a colon."""
    return [f"{label}{'' if label.endswith('?') else ':'} {value}" for label, value in pairs]
