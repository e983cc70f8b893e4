"""The doors to oneself: which organisation one acts for, which language one reads."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ombud.lib import phones
from ombud.lib.errors import Misshapen, require
from ombud.people import actions, flashes, forms, hats, rules, stand_ins, ways
from ombud.people.models import Organisation
from ombud.ui import forms as fields
from ombud.ui import fragments

YEAR = 365 * 24 * 60 * 60


@require_POST
def switch(request):
    """Act for another of one's organisations from now on."""
    chosen = request.POST.get("organisation", "")
    organisation = Organisation.objects.filter(pk=int(chosen) if chosen.isdigit() else None).first()
    if organisation is None:
        raise Http404
    require(rules.switch(request.actor, organisation))
    request.session.cycle_key()  # other rights from here on, under another id
    request.session[hats.CHOSEN] = organisation.pk
    flashes.tell(request, _("You now act for %(name)s.") % {"name": organisation})
    return HttpResponseRedirect(ways.wanted(request))


@login_not_required
@require_POST
def language(request):
    """Read in another language: this page again, and from now on every letter."""
    code = request.POST.get("language", "")
    answer = HttpResponseRedirect(ways.wanted(request))
    if code not in dict(settings.LANGUAGES):
        return answer
    if request.actor.person:
        request.actor.person.speak(code)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return answer


@require_http_methods(["GET", "POST"])
def profile(request):
    """What the house knows of me, and how it may reach me."""
    person = request.actor.person
    if request.method == "GET":
        phone = phones.national(person.phone)
        known = {"language": person.language, "phone": phone, "by_sms": person.by_sms}
        return show(request, known)
    typed = fields.values_of(forms.Profile, request.POST)
    try:
        arguments = forms.read(forms.Profile, typed)
    except Misshapen as no:
        return show(request, typed, no)
    actions.keep_profile(person, by=request.actor, **arguments)
    with translation.override(arguments["language"]):
        flashes.tell(request, _("Saved."))
    return redirect("people:profile")


def show(request, values: dict, no: Misshapen | None = None):
    asked = fields.fields_of(
        forms.Profile,
        values,
        fields.errors_of(no) if no else {},
        choices={"language": settings.LANGUAGES},
    )
    context = {
        "person": request.actor.person,
        "fields": asked,
        "errors": fields.links_of(asked),
        "hats": request.hats,
        "stand_ins": stand_ins.about(request.actor.person),
    }
    return fragments.render(request, "people/profile.html", context, status=422 if no else 200)
