"""The doors of a link that proves an account or an address. Reading it changes nothing. Whatever is
wrong with it is told in the same words: not whether the link, the address or the number is."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ombud.desk import actions, rules
from ombud.lib import phones
from ombud.lib.errors import Refused
from ombud.people import flashes, login, proving, verifying, ways
from ombud.people.actors import NOBODY
from ombud.people.models import Verification
from ombud.ui import fragments
from ombud.ui.forms import Field

KEPT = "verifying"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request, token):
    """First the address and the number that the link was made for."""
    if request.method != "POST":
        return show(request, token)
    if not ratelimit.consume(request, action="verify_account", key=verifying.digest(token)):
        return ratelimit.respond_429(request)
    email, number = (ways.said_in(request.POST, name) for name in ("email", "number"))
    row = verifying.matched(token, email, number)
    if row is None:
        return show(request, token, email, number, is_wrong=True)
    request.session[KEPT] = row.pk
    return redirect("desk:confirm_details" if row.changes else "desk:tie_account")


def show(request, token: str, email: str = "", number: str = "", *, is_wrong: bool = False):
    asked = [
        Field("email", _("E-mail"), "email", email, autocomplete="email"),
        Field("number", _("Organisation number"), value=number, inputmode="numeric", width="half"),
    ]
    context = {"token": token, "fields": asked, "is_wrong": is_wrong}
    status = 422 if is_wrong else 200
    return fragments.render(request, "desk/verify.html", context, status=status)


def kept(request) -> Verification | None:
    """What this session has matched, while it holds."""
    rows = Verification.objects.in_force().select_related("person", "organisation")
    return rows.filter(pk=request.session.get(KEPT)).first()


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def tie_account(request):
    """Tie the account to whoever proves by BankID to be the person."""
    row = kept(request)
    if row is None or row.changes:
        return fragments.render(request, "desk/verified_gone.html", status=410)
    claims = proving.proven(request, "account")
    if request.method == "GET" or not claims:
        return show_tie(request, row, claims)
    if request.POST.get("right") != "on":
        return show_tie(request, row, claims, _("Tick that the details are right."))
    number = claims["personal_number"]
    try:
        person = actions.verify_account(row, by=NOBODY, personal_number=number)
    except Refused as no:
        return show_tie(request, row, claims, str(no))
    proving.forget(request)
    request.session.pop(KEPT, None)
    login.enter(request, person, "bankid", f"/?as={row.organisation.number}")
    text = _("Your account is confirmed. You act for %(organisation)s.")
    flashes.tell(request, text % {"organisation": row.organisation})
    return HttpResponseRedirect("/")


def show_tie(request, row: Verification, claims: dict, error: str = ""):
    right = Field(
        "right",
        _("The details are right: this is me"),
        "checkbox",
        errors=(error,) if error else (),
    )
    context = {
        "person": row.person,
        "organisation": row.organisation,
        "claims": claims,
        "right": right,
        "errors": [(right.id, error)] if error else [],
    }
    status = 422 if error else 200
    return fragments.render(request, "desk/tie_account.html", context, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirm_details(request):
    """What becomes of the details, told before it does; by the person, logged in."""
    row = kept(request)
    if row is None or not row.changes:
        return fragments.render(request, "desk/verified_gone.html", status=410)
    if request.actor.person is None:
        return ways.to_login(request)
    barred = rules.confirm_details(request.actor, row)
    if request.method == "POST":
        actions.confirm_details(row, by=request.actor)
        request.session.pop(KEPT, None)
        flashes.tell(request, _("Your details are changed."))
        return redirect("people:profile")
    context = {"changes": [] if barred else told(row), "barred": barred}
    return fragments.render(request, "desk/confirm_details.html", context)


def told(row: Verification) -> list[tuple[str, str]]:
    """Only what becomes another."""
    labels = {
        "given": _("First name"),
        "family": _("Last name"),
        "email": _("E-mail"),
        "phone": _("Mobile"),
    }
    found = []
    for name, label in labels.items():
        new = row.changes.get(name)
        if new is None or new == getattr(row.person, name):
            continue
        before, after = getattr(row.person, name), new
        if name == "phone":
            before, after = phones.national(before), phones.national(new)
        found.append((label, f"{before or _('None')} → {after or _('None')}"))
    return found
