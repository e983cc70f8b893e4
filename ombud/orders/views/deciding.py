"""Review, attest, reject, send back: pages with addresses of their own. Deciding is a POST that
leads to the signing; nothing here decides by itself."""

from collections.abc import Callable, Mapping

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ombud.cases.deeds import Deed, named
from ombud.cases.sight import Eyes
from ombud.lib.errors import Reason, any_of, require
from ombud.orders import answers, finding, once, pages, questions, rules
from ombud.orders.answers import Kept
from ombud.orders.deciding import (
    Decision,
    alone_field,
    alone_typed,
    note_field,
    require_complete,
    require_long_enough,
    review_fields,
)
from ombud.orders.deeds import DEEDS
from ombud.orders.models import Order
from ombud.people import flashes, ways
from ombud.people.actors import Actor
from ombud.people.settings import said
from ombud.signing import ceremony
from ombud.signing.models import Signature
from ombud.ui import forms, fragments
from ombud.ui.forms import Field
from ombud.ui.pieces import Option

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def review(request, number: str) -> HttpResponse:
    return decide(request, number, "approve", approve_typed)


@require_http_methods(METHODS)
def attest(request, number: str) -> HttpResponse:
    return decide(request, number, "attest", attest_typed)


def decide(request, number: str, name: str, typed_of: Callable[..., dict]) -> HttpResponse:
    order, eyes = finding.of(request.actor, number)
    deed = named(DEEDS, name)
    if reasons := deed.reasons(request.actor, order):
        return too_late(request, order, deed, reasons)
    decision = decision_of(request, order, eyes, deed, "approve")
    if request.POST.get("do") == "read":
        return read(request, decision)
    if request.method == "POST":
        return answers.attempt(
            request, lambda: begin(request, decision, lambda: typed_of(request, decision))
        )
    return fragments.render(request, "order/decide.html", shown(request, decision))


def read(request, decision: Decision) -> HttpResponse:
    """The words with what has been filled in by now; what changed meanwhile is told at the press,
    so that nothing new slips in."""
    require_shown(request, decision)
    typed = [request.POST.get(name, "") for name in ("attestant", "note", "alone")]
    words = decision.summary(*typed)
    context = {**words, "number": decision.order.case.number}
    return fragments.render(request, "order/decide_words.html", context)


def require_shown(request, decision: Decision) -> None:
    decision.require_unchanged(request.POST.get("shown", ""), request.POST.get("shown_with", ""))


def shown(request, decision: Decision) -> dict:
    kept = answers.kept(request)
    given = review_fields(decision, kept)
    attestant = given["attestant"].value if given["attestant"] else ""
    context = decision.context(kept)
    alone = alone_field(decision, kept)
    asked = filter(None, [given["attestant"], alone, given["note"], context["way"]])
    fields = [*asked, *given["billing"]]
    return {
        **pages.facts(decision.order, decision.eyes),
        **context,
        **given,
        **decision.summary(attestant, given["note"].value, alone.value if alone else ""),
        "alone": alone,
        "faults": [*forms.links_of(fields), *ticks(kept)],
        "tick_faults": {name: kept.errors.get(name, []) for name in ("certify", "accept_terms")},
        "reasons": kept.reasons,
        "is_review": decision.step.deed == "review",
        "may_send_back": not named(DEEDS, "send_back").reasons(decision.actor, decision.order),
        "key": once.key(),
        "said": said,
        "verbs": pages.VERBS,
    }


def ticks(kept: Kept) -> list[tuple[str, str]]:
    names = ("accept_terms", "certify", "__all__")
    return [(f"f-{name}", text) for name in names for text in kept.errors.get(name, ())]


def decision_of(request, order: Order, eyes: Eyes, deed: Deed, decision: str) -> Decision:
    browser = request.headers.get("User-Agent", "")
    return Decision(order, eyes, deed, decision, request.actor, browser)


def begin(request, decision: Decision, typed_of: Callable[[], dict]) -> str:
    """On to the signing: the same form sent twice begins one."""
    typed = typed_of()
    require_shown(request, decision)
    way = request.POST.get("way", "")

    def do() -> str:
        signature = decision.sign(typed, way, asked(request, way))
        return reverse("desk:signing", args=[signature.pk])

    return once.only(request.actor, request.POST.get("key", ""), do)


def asked(request, way: str) -> ceremony.Asked:
    return ceremony.Asked(
        ip=ways.address_of(request),
        browser=request.headers.get("User-Agent", ""),
        session=request.session.session_key or "",
        same_device=way == "here",
    )


def approve_typed(request, decision: Decision) -> dict:
    post = request.POST
    billing = questions.group(post, "billing", ("reference", "address", "e_invoice"))
    typed = {
        "attestant": post.get("attestant", ""),
        "certify": post.get("certify") == "on",
        "accept_terms": post.get("accept_terms") == "on",
        "billing": billing if decision.step.billing else None,
        "note": post.get("note", ""),
        "alone": alone_typed(decision, post.get("alone", "")),
    }
    decision.deed.read({**typed, "method": "bankid"})
    require_complete(decision, typed)
    return typed


def attest_typed(request, decision: Decision) -> dict:
    alone = alone_typed(decision, request.POST.get("alone", ""))
    typed = {"decision": "approve", "note": request.POST.get("note", ""), "alone": alone}
    decision.deed.read({**typed, "method": "bankid"})
    return typed


def too_late(request, order: Order, deed: Deed, reasons: list[Reason]) -> HttpResponse:
    """Decided already: by oneself, and the receipt is shown; or by another, and that is said.
    Without the right it is a refusal."""
    if any(reason.because == "right" for reason in reasons):
        require(reasons)
    typed = note_of(request.POST) or note_of(answers.kept(request).plain)
    own = own_decision(request.actor, order, deed)
    if own and typed in ("", own.arguments.get("note")):
        return redirect("desk:signing", own.pk)
    context = {
        "order": order,
        "number": order.case.number,
        "title": order.case.title,
        "reasons": reasons,
        "typed": typed,
        "deed": deed,
    }
    return fragments.render(request, "order/late.html", context, status=409)


def own_decision(actor: Actor, order: Order, deed: Deed) -> Signature | None:
    """What one has signed oneself, if it is what decided this very turn."""
    kind = STEPS[deed.name]
    steps = rules.own_steps(deed.fits(actor, order), order, kind)
    decided = rules.decision_in(order, steps)
    signature = decided.signature if decided else None
    is_own = signature and actor.person and signature.person_id == actor.person.pk
    return signature if is_own else None


STEPS = {"approve": "review", "reject": "review", "attest": "attest", "send_back": "attest"}


def note_of(typed: Mapping[str, str]) -> str:
    """The words that were written, after the reason that was chosen if one was."""
    given = (typed.get(name, "").strip() for name in ("common", "note"))
    return " ".join(filter(None, given))


@require_http_methods(METHODS)
def reject(request, number: str) -> HttpResponse:
    """Refuse, on a page of its own: why, and what happens then."""
    order, eyes = finding.of(request.actor, number)
    deed = refusing(request, order)
    if reasons := deed.reasons(request.actor, order):
        return too_late(request, order, deed, reasons)
    decision = decision_of(request, order, eyes, deed, "reject")
    if request.method == "POST":
        return answers.attempt(
            request, lambda: begin(request, decision, lambda: reject_typed(request, deed))
        )
    return fragments.render(request, "order/reject.html", shown_no(request, decision))


def refusing(request, order: Order) -> Deed:
    """The no that the reader began, which the form names; without a form, the one that is nearest
    to the reader: what a colleague has decided meanwhile is late, and not somebody else's."""
    known = [named(DEEDS, name) for name in ("attest", "reject")]
    begun = request.POST.get("deed") or answers.kept(request).value("deed")
    if chosen := [deed for deed in known if deed.name == begun]:
        return chosen[0]
    ways = [(deed.reasons(request.actor, order), deed) for deed in known if is_on_road(order, deed)]
    nearest = any_of(*(reasons for reasons, _deed in ways))
    return next(deed for reasons, deed in ways if reasons is nearest)


def is_on_road(order: Order, deed: Deed) -> bool:
    return bool(rules.steps_of(order, STEPS[deed.name]))


def reject_typed(request, deed: Deed) -> dict:
    """The reason chosen and the words of one's own, in one."""
    note = note_of(request.POST)
    require_long_enough(note)
    return {"note": note, **({"decision": "reject"} if deed.name == "attest" else {})}


def shown_no(request, decision: Decision) -> dict:
    kept, order = answers.kept(request), decision.order
    context = decision.context(kept)
    tried = decision.last.arguments if decision.last else {}
    own = note_field(kept, tried if tried.get("decision", "reject") == "reject" else {})
    readers = order.readers()
    why = why_field(own, readers)
    common = common_reasons(kept, decision.step.party)
    return {
        "order": order,
        "number": order.case.number,
        "title": order.case.title,
        **context,
        **decision.summary(note=note_of(kept.plain) or own.value),
        "common": common,
        "why": why,
        "faults": forms.links_of([common, why, context["way"]]),
        "reasons": kept.reasons,
        "told": told(order, decision),
        "readers": readers,
        "deed": decision.deed,
        "is_review": decision.step.deed == "review",
        "key": once.key(),
    }


def why_field(field: Field, readers: list[str]) -> Field:
    """Asked for, unless a reason was chosen; and who will read it, at the field."""
    field.label, field.is_asked_for = _("Why do you reject the order?"), True
    least = _("At least 10 characters, unless you chose a reason above.")
    field.hint = f"{least} {read_at(readers)}"
    return field


def read_at(readers: list[str]) -> str:
    return _("Read at %(organisations)s.") % {"organisations": ", ".join(readers)}


def common_reasons(kept: Kept, party: str) -> Field:
    return Field(
        "common",
        _("Common reasons"),
        kind="radio",
        value=kept.value("common"),
        options=tuple(Option(text, text) for text in REASONS[party]()),
        required=False,
    )


def of_customer() -> list[str]:
    return [
        _("The care units are not right."),
        _("The price is not approved with us."),
        _("The order was made by mistake."),
    ]


def of_agent() -> list[str]:
    return [
        _("The care units are not right."),
        _("The customer does not use our system."),
        _("The details are incomplete."),
    ]


REASONS = {"customer": of_customer, "agent": of_agent, "operator": of_agent}


def told(order: Order, decision: Decision) -> list[str]:
    """Who gets a letter of it at once."""
    acted = [(row.decided_by, row.organisation) for row in decision.approved]
    people = [(order.orderer, order.customer), *acted]
    return [
        _("%(person)s at %(organisation)s") % {"person": person, "organisation": organisation}
        for person, organisation in dict.fromkeys(people)
        if person != decision.actor.person
    ]


@require_http_methods(METHODS)
def send_back(request, number: str) -> HttpResponse:
    """Back to the step before, of the own organisation: unsigned, and no other party sees it."""
    order, _eyes = finding.of(request.actor, number)
    deed = named(DEEDS, "send_back")
    if reasons := deed.reasons(request.actor, order):
        return too_late(request, order, deed, reasons)
    if request.method == "POST":
        return answers.attempt(request, lambda: hand_back(request, order, deed))
    kept = answers.kept(request)
    readers = order.readers(order.step.party if order.step else "")
    field = note_field(kept, {})
    field.label, field.required, field.minlength = _("What must be put right?"), True, 10
    field.hint = f"{_('At least 10 characters.')} {read_at(readers)}"
    context = {
        "order": order,
        "number": order.case.number,
        "title": order.case.title,
        "why": field,
        "faults": forms.links_of([field]),
        "reasons": kept.reasons,
        "organisation": request.actor.organisation,
        "key": once.key(),
    }
    return fragments.render(request, "order/send_back.html", context)


def hand_back(request, order: Order, deed: Deed) -> str:
    typed = {"note": request.POST.get("note", "")}

    def do() -> str:
        ceremony.perform(deed, order, typed, by=request.actor)
        flashes.tell(request, _("Sent back to the step before."))
        return reverse("order:case", args=[order.case.number])

    return once.only(request.actor, request.POST.get("key", ""), do)
