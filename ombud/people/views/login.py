"""The doors of the login: BankID first, password second."""

from allauth.account.views import LoginView
from allauth.core import ratelimit
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.eid import challenges, oidc
from ombud.people import flashes, login, ways
from ombud.people.views import confirm
from ombud.ui import fragments


class Page(LoginView):
    """Every way in: BankID, the others that are set up, a passkey, a password."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"providers": oidc.providers()}


page = Page.as_view()


@login_not_required
@require_POST
@never_cache
def begin(request):
    """Begin with BankID, on this device or by a QR code."""
    if not ratelimit.consume(request, action="bankid_login"):
        return ratelimit.respond_429(request)
    is_same = request.POST.get("device") == "same"
    confirms = bool(request.actor.person) and (
        "confirm" in request.POST or login.kept(request).confirms
    )
    login.begin(request, same_device=is_same, confirms=confirms)
    return redirect("people:bankid")


@login_not_required
@require_safe
@never_cache
def bankid(request):
    """How it goes, until the person is known."""
    if request.actor.person and not login.kept(request).confirms:
        return redirect("/")
    challenge = login.under_way(request)
    if challenge is None:
        return redirect("account_login")
    challenge = challenges.collect(challenge)  # also for a page that renews itself without scripts
    if challenge.is_complete and login.has_come_back(challenge) and not request.htmx:
        return redirect("people:bankid_done")
    context = {
        "challenge": challenge,
        "next": login.kept(request).next,
        "confirms": login.kept(request).confirms,
        "svg": challenges.qr_svg(challenge),
        "app_link": login.app_link(challenge) if challenge.is_pending else "",
        "has_come_back": login.has_come_back(challenge),
        "may_renew": challenges.may_renew(challenge),
    }
    return fragments.render(request, "people/bankid.html", context, block="live")


@login_not_required
@require_safe
@never_cache
def qr(request):
    """The code of this second, as a drawing."""
    challenge = login.under_way(request)
    svg = challenges.qr_svg(challenge) if challenge else ""
    return HttpResponse(svg, content_type="image/svg+xml", status=200 if svg else 410)


@login_not_required
@require_POST
def again(request):
    """A fresh QR code for the same attempt; or a new attempt, where that one is over."""
    challenge = login.under_way(request)
    if challenge and challenges.may_renew(challenge):
        challenges.renew(challenge, ip=ways.address_of(request))
        return redirect("people:bankid")
    return begin(request)


@login_not_required
@require_POST
def cancel(request):
    challenge = login.under_way(request)
    attempt = login.kept(request)
    target = attempt.next
    if challenge:
        challenges.cancel(challenge)
        request.session.pop(login.KEPT, None)
    if attempt.confirms:
        return redirect("people:confirm")
    return HttpResponseRedirect(ways.login_address(target))


@login_not_required
@require_safe
@never_cache
def back(request):
    """The app leads back here, with a word that is good once and only in the same browser."""
    challenge = login.under_way(request)
    if request.actor.person and not login.kept(request).confirms:
        return redirect("/")
    if challenge is None or not challenges.returned(challenge, request.GET.get("nonce", "")):
        return fragments.render(request, "people/elsewhere.html", status=409)
    challenges.collect(challenge)
    return redirect("people:bankid")


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
def done(request):
    """BankID has said who it is: in, if we know the person."""
    challenge = login.under_way(request)
    if challenge is None:
        return redirect("account_login")
    challenge = challenges.collect(challenge)
    if not challenge.is_complete or not login.has_come_back(challenge):
        return redirect("people:bankid")
    attempt = login.kept(request)
    target = attempt.next
    person = login.person_of(challenge)
    request.session.pop(login.KEPT)
    if attempt.confirms:
        return confirm.judged(request, person, "bankid")
    if person is None:
        name = challenges.claims(challenge).get("name", "")
        return fragments.render(request, "people/unknown.html", {"name": name}, status=403)
    login.enter(request, person, "bankid", target)
    return HttpResponseRedirect(target)


@login_not_required
@require_POST
def logout(request):
    auth.logout(request)
    flashes.tell(request, _("You are logged out."))
    return redirect("account_login")
