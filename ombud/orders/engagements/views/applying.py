"""Applying for an engagement: what must be in place, for which service, the questions and the
terms; and completing what was asked for."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ombud.cases.deeds import named
from ombud.lib.errors import Reason, require
from ombud.orders import answers, once, questions, terms
from ombud.orders.answers import Kept
from ombud.orders.catalogue import Service
from ombud.orders.engagements import pages, rules
from ombud.orders.engagements.catalogue import Published, published, through_agents
from ombud.orders.engagements.deeds import DEEDS, STARTING
from ombud.orders.engagements.models import Engagement
from ombud.orders.engagements.states import LIVE, State
from ombud.orders.engagements.views.engagement import found
from ombud.people import flashes
from ombud.people.actors import Actor
from ombud.people.models import Organisation, Standing
from ombud.people.roles import Kind
from ombud.people.settings import said
from ombud.signing import ceremony
from ombud.ui import forms, fragments
from ombud.ui.forms import Field
from ombud.ui.pieces import Guard

APPLY = named(STARTING, "apply_for_engagement")
METHODS = ["GET", "HEAD", "POST"]


@require_safe
def new(request) -> HttpResponse:
    """The services, below what must be in place; those one is agent for already are told apart."""
    here = agent_of(request.actor)
    known = services(here)
    context = {
        "guards": guards(request.actor, here),
        "open": [one for one in known if not one["state"]],
        "taken": [one for one in known if one["state"]],
    }
    return fragments.render(request, "engagement/new.html", context)


def agent_of(actor: Actor) -> Organisation:
    here = actor.organisation
    if here is None or Kind.AGENT not in here.kinds:
        raise Http404
    return here


def guards(actor: Actor, here: Organisation) -> list[Guard]:
    """Each with whom to ask where it fails; the same rules as the deed's."""
    found = [
        (_("Active agent agreement"), rules.no_agreement(here)),
        (_("You are Engagement orderer"), next(iter(orderer(actor, here)), None)),
        (_("There is an attestant"), rules.no_attestant(here)),
        (
            _("Terms have been published"),
            next(iter(rules.not_published(published(here, ""), "")), None),
        ),
    ]
    return [guard(label, reason) for label, reason in found]


def orderer(actor: Actor, here: Organisation) -> list[Reason]:
    return rules.not_orderer(APPLY.fits(actor), here)


def guard(label: str, reason: Reason | None) -> Guard:
    if reason is None:
        return Guard(label, True)
    return Guard(label, False, reason.text, reason.who, role=reason.role, at=reason.at)


def services(here: Organisation) -> list[dict]:
    """Every service that is ordered through agents, by name, with how one stands to it."""
    rows = Engagement.objects.filter(agent=here, state__in=LIVE).select_related("case")
    live = {one.key: one for one in rows}
    held = Standing.objects.among([here], ["agent"])
    scopes = {scope for _pk, _what, scope in held}
    shown = []
    open_to_agents = through_agents(here)
    for row in Service.objects.current(here.portal or here):
        if row.key not in open_to_agents:
            continue
        one = live.get(row.key)
        state = str(State(one.state).label) if one else ""
        if not one and f"service:{row.key}" in scopes:
            state = str(State.ACTIVE.label)
        shown.append(
            {
                "key": row.key,
                "name": said(row.read.name),
                "about": said(row.read.about),
                "state": state,
                "href": one.get_absolute_url() if one else "",
            }
        )
    return sorted(shown, key=lambda one: one["name"].casefold())


@require_http_methods(METHODS)
def apply(request, service: str) -> HttpResponse:
    """The questions, the terms, and the sending: one page."""
    here = agent_of(request.actor)
    known = published(here, service)
    if known.service is None:
        raise Http404
    if request.method == "POST":
        return answers.attempt(request, lambda: send(request, known))
    if barred := APPLY.reasons(request.actor, service):
        return bar(request, known, barred)
    return fragments.render(request, "engagement/apply.html", shown(request, known))


def bar(request, known: Published, barred: list[Reason]) -> HttpResponse:
    if any(reason.because == "right" for reason in barred):
        require(barred)
    service = said(known.service.read.name) if known.service else ""
    context = {"barred": barred, "service": service, "href": ""}
    return fragments.render(request, "engagement/barred.html", context, status=409)


def send(request, known: Published) -> str:
    assert known.service is not None
    post = request.POST
    version = post.get("terms_version", "")
    typed = {
        "service": known.service.key,
        **typed_of(known.form, post),
        "accept_terms": post.get("accept_terms") == "on",
        "terms_version": int(version) if version.isdecimal() and len(version) < 9 else None,
    }

    def do() -> str:
        arguments = APPLY.read(typed)
        made = APPLY.action(by=APPLY.fits(request.actor, arguments["service"]), **arguments)
        flashes.tell(request, _("The application has been sent. The operator reviews it first."))
        return reverse("engagement:case", args=[made.case.number])

    return once.only(request.actor, post.get("key", ""), do)


def typed_of(form, post: QueryDict) -> dict:
    fields = form.read.fields if form else []
    return {
        "answers": {body.name: questions.read(body, post) for body in fields},
        "contact": questions.group(post, "contact", ("name", "email", "phone")),
    }


def shown(request, known: Published) -> dict:
    kept, person = answers.kept(request), request.actor.person
    draft = Engagement(
        form=known.form,
        answers={},
        contact={"name": str(person), "email": person.email, "phone": person.phone},
    )
    asked, contact = questions.answers(draft, kept), questions.contact(draft, kept)
    assert known.service and known.terms
    return {
        "service": said(known.service.read.name),
        "about": said(known.service.read.about),
        "operator": known.terms.organisation,
        "asked": asked,
        "contact": contact,
        "terms": known.terms,
        "terms_title": said(known.terms.read.title),
        "terms_text": terms.text(known.terms),
        "accepted": kept.value("accept_terms") == "on",
        "tick_faults": kept.faults("accept_terms"),
        "faults": [*forms.links_of([*contact, *asked]), *ticks(kept)],
        "reasons": kept.reasons,
        "key": once.key(),
    }


def ticks(kept: Kept) -> list[tuple[str, str]]:
    names = ("accept_terms", "__all__")
    return [(f"f-{name}", text) for name in names for text in kept.faults(name)]


@require_http_methods(METHODS)
def complete(request, number: str) -> HttpResponse:
    """What was asked for, and the questions with the answers given before."""
    engagement, _eyes = found(request.actor, number)
    deed = named(DEEDS, "complete")
    barred = deed.reasons(request.actor, engagement)
    if barred:
        if any(reason.because == "right" for reason in barred):
            require(barred)
        here = engagement.get_absolute_url()
        told = {"barred": barred, "service": engagement.service_name, "href": here}
        return fragments.render(request, "engagement/barred.html", told, status=409)
    if request.method == "POST":
        return answers.attempt(request, lambda: send_completion(request, engagement))
    kept = answers.kept(request)
    asked, contact = questions.answers(engagement, kept), questions.contact(engagement, kept)
    answer = answer_field(kept)
    context: dict[str, Any] = {
        **pages.facts(engagement),
        "asked": asked,
        "contact_fields": contact,
        "answer": answer,
        "note": wanted(engagement),
        "faults": forms.links_of([answer, *contact, *asked]),
        "reasons": kept.reasons,
        "key": once.key(),
    }
    return fragments.render(request, "engagement/complete.html", context)


def wanted(engagement: Engagement) -> str:
    """What the reviewer asked for last."""
    rows = engagement.case.events.filter(verb="engagement.asked").select_related("words")
    last = rows.last()
    return last.words.body.get("note", "") if last else ""


def answer_field(kept: Kept) -> Field:
    return Field(
        "answer",
        _("Your answer"),
        kind="textarea",
        value=kept.value("answer"),
        hint=_("Shown to the reviewer."),
        errors=tuple(kept.faults("answer")),
        maxlength=2000,
    )


def send_completion(request, engagement: Engagement) -> str:
    typed = {**typed_of(engagement.form, request.POST), "answer": request.POST.get("answer", "")}

    def do() -> str:
        ceremony.perform(named(DEEDS, "complete"), engagement, typed, by=request.actor)
        flashes.tell(request, _("The application has been completed. It is under review again."))
        return reverse("engagement:case", args=[engagement.case.number])

    return once.only(request.actor, request.POST.get("key", ""), do)
