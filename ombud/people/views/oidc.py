"""The doors of the other logins: to the provider, and back with what it has said."""

import structlog
from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ombud.eid import oidc
from ombud.eid.oidc import OidcRefused
from ombud.lib.errors import Refused
from ombud.people import flashes, login, ways
from ombud.people.account import actions, linked, proofs
from ombud.people.views import confirm
from ombud.ui import fragments

log = structlog.get_logger()


@login_not_required
@require_POST
@never_cache
def begin(request):
    """To the provider that was chosen, to log in or to confirm that one is still oneself."""
    purpose = linked.LOGIN
    if request.actor.person:
        purpose = linked.CONFIRM if "confirm" in request.POST else linked.LINK
    if purpose == linked.LINK and proofs.is_asked(request, proofs.FACTORS):
        return proofs.leading(request, proofs.FACTORS, "/me/security/")
    if not ratelimit.consume(request, action="oidc_login"):
        return ratelimit.respond_429(request)
    provider = oidc.named(request.POST.get("provider", ""))
    if provider is None:
        raise Http404
    try:
        address = linked.begin(request, provider, purpose, ways.wanted(request))
    except OidcRefused as no:
        return failed(request, provider, no, ways.wanted(request))
    return fragments.render(
        request, "people/leaving.html", {"provider": provider, "address": address}
    )


@login_not_required
@require_safe
@never_cache
def back(request):
    """The provider leads back here, with a word that is good once and only in the same browser."""
    answer = {name: value[:4000] for name, value in request.GET.items()}
    try:
        attempt = linked.taken(request, answer.get("state", ""))
    except OidcRefused:
        return fragments.render(request, "people/elsewhere_oidc.html", status=409)
    provider = oidc.named(attempt.begun.provider)
    if provider is None:
        raise Http404
    try:
        seen = oidc.finish(provider, attempt.begun, answer, linked.back_address())
    except OidcRefused as no:
        return failed(request, provider, no, attempt.next)
    return ENDS[attempt.purpose](request, provider, seen, attempt.next)


def log_in(request, provider, seen, target: str):
    if request.actor.person:
        return HttpResponseRedirect(target)
    person = linked.person_of(seen)
    if person is None:
        context = {"name": seen.name, "provider": provider, "next": target}
        return fragments.render(request, "people/unlinked.html", context, status=403)
    method = linked.method(provider, seen)
    is_weak = not linked.is_strong(provider, seen)
    if is_weak and (second := login.enter_half(request, person, method, target)):
        return second
    login.enter(request, person, method, target)
    return HttpResponseRedirect(target)


def confirmed(request, provider, seen, target: str):
    if not request.actor.person or not linked.is_strong(provider, seen):
        return redirect("people:confirm")
    return confirm.judged(request, linked.person_of(seen), "oidc")


def link(request, provider, seen, target: str):
    """Only by whoever is logged in, and has just shown that it is they."""
    person = request.actor.person
    if person is None:
        return HttpResponseRedirect(ways.login_address("/me/security/"))
    if proofs.is_asked(request, proofs.FACTORS):
        return proofs.leading(request, proofs.FACTORS, "/me/security/")
    if seen.number and seen.number != person.personal_number:
        flashes.tell(request, _("That e-ID is another person's. Nothing was linked."), "late")
        return redirect("people:security")
    try:
        actions.link_identity(person, by=request.actor, seen=seen, name=provider.name)
    except Refused as no:
        flashes.tell(request, str(no), "late")
        return redirect("people:security")
    words = _("Your login at %(name)s is linked. You can log in by it from now on.")
    flashes.tell(request, words % {"name": provider.name})
    return redirect("people:security")


ENDS = {linked.LOGIN: log_in, linked.CONFIRM: confirmed, linked.LINK: link}


def failed(request, provider, no: OidcRefused, target: str):
    """The log tells which check; the page what to do."""
    log.warning("oidc.refused", provider=provider.key, reason=no.reason, details=no.details)
    context = {"provider": provider, "reason": no.reason, "next": target}
    status = {"cancelled": 200, "down": 502}.get(no.reason, 403)
    return fragments.render(request, "people/oidc_failed.html", context, status=status)
