"""The agreement as a paper, the exact words that are signed, and the facts behind them."""

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from ombud.agreements.models import Agreement, Named
from ombud.lib import days
from ombud.lib.chain import canonical, sha256
from ombud.lib.identifiers import org_text
from ombud.people.roles import Kind
from ombud.people.settings import said
from ombud.ui import paper
from ombud.ui.paper import prose


def title_of(side: str) -> str:
    return _("Agent agreement") if side == Kind.AGENT else _("Customer agreement")


def typeset(agreement: Agreement, *, with_signatures: bool = False) -> bytes:
    """In the one language of the agreement, so that everybody signs the same paper."""
    assert agreement.terms is not None and agreement.approved_at is not None
    with translation.override(agreement.language):
        title = said(agreement.terms.read.title)
        signed = [signatures(agreement)] if with_signatures else []
        return paper.pdf(
            paper.Paper(
                language=agreement.language,
                title=title,
                publisher=agreement.operator.name,
                facts=tuple(heads(agreement)),
                parts=(
                    *parties(agreement),
                    *prose.parts_of(said(agreement.terms.read.text)),
                    *signed,
                ),
                foot=f"{agreement.case.number} · {title}",
                pages=_("Page {page} of {pages}"),
                day=days.local(agreement.approved_at).date(),
            )
        )


def heads(agreement: Agreement) -> list[tuple[str, str]]:
    assert agreement.terms is not None and agreement.approved_at is not None
    return [
        (_("Number"), agreement.case.number),
        (_("Drawn up"), days.dated(agreement.approved_at)),
        (_("Terms"), _("Version %(version)s") % {"version": agreement.terms.version}),
    ]


def parties(agreement: Agreement) -> list[paper.Part]:
    operator = agreement.operator
    sides = [
        _("%(name)s, org. no %(number)s") % {"name": name, "number": org_text(number)}
        for name, number in ((operator.name, operator.number), (agreement.name, agreement.number))
    ]
    told = [
        (_("The parties"), sides),
        (how_signed(agreement), [str(one) for one in agreement.signatories]),
        (_("Administrator"), named(agreement, Named.Part.ADMINISTRATOR)),
        (_("Contact persons"), named(agreement, Named.Part.CONTACT)),
    ]
    return [paper.Part(heading, tuple(lines)) for heading, lines in told if lines]


def how_signed(agreement: Agreement) -> str:
    if len(agreement.signatories) == 1:
        return _("Authorised signatory")
    if agreement.is_jointly:
        return _("Authorised signatories, who sign jointly")
    return _("Authorised signatories, each of whom signs alone")


def named(agreement: Agreement, part: str) -> list[str]:
    return [f"{one}, {one.email}" for one in agreement.people if one.part == part]


def signatures(agreement: Agreement) -> paper.Part:
    """Who has signed, when and how; and what was signed."""
    lines = [
        _("%(name)s, %(when)s, with BankID. Signature %(id)s.")
        % {"name": one, "when": days.full(one.signed_at), "id": one.signature_id}
        for one in agreement.signatories
        if one.signed_at
    ]
    assert agreement.paper is not None
    what = _("What was signed: SHA-256 %(hash)s") % {"hash": agreement.paper.sha256}
    return paper.Part(_("Signatures"), (*lines, what))


def text(agreement: Agreement, **given) -> str:
    """What is shown on the page, and in the e-ID's app, in the present language."""
    context = {
        "agreement": agreement,
        "title": title_of(agreement.side),
        "how": how_signed(agreement),
        "names": ", ".join(str(one) for one in agreement.signatories),
    }
    return render_to_string("agreement/sign.txt", context).strip()


def facts(agreement: Agreement, **given) -> dict:
    """The same for every signatory, whoever has signed already."""
    assert agreement.terms is not None and agreement.paper is not None
    return {
        "number": agreement.case.number,
        "side": agreement.side,
        "operator": {"name": agreement.operator.name, "number": agreement.operator.number},
        "organisation": {"name": agreement.name, "number": agreement.number},
        "mode": agreement.mode,
        "signatories": [str(one) for one in agreement.signatories],
        "terms": {"key": agreement.terms.key, "version": agreement.terms.version},
        "terms_sha256": sha256(canonical(agreement.terms.body)),
        "paper_sha256": agreement.paper.sha256,
    }
