"""Whether what somebody asks for lies under another of the person's hats: then say which."""

from django.utils.translation import gettext as _

from ombud.cases.models import Case
from ombud.people import hats, keys
from ombud.people.models import Organisation
from ombud.ui import fragments


def other_hat_named(request):
    """The page that offers the switch, where a letter's link names another of one's hats."""
    named = hats.numbered(request.hats, request.GET.get("as", ""))
    if named is None or named.organisation == request.actor.organisation:
        return None
    return offer(request, named.organisation, elsewhere(request))


def elsewhere(request) -> str:
    """The same page once the hat is worn: nothing of the address but the hat is left out."""
    asked = request.GET.copy()
    del asked["as"]
    return f"{request.path}?{asked.urlencode()}".rstrip("?")


def hat_for(request, number: str) -> Organisation | None:
    """The organisation, among one's own, under which this case is seen."""
    held = keys.everywhere(request.actor.person, request.hats)
    for hat in request.hats:
        rows = Case.objects.filter(
            number=number.upper(), sight__key__in=list(held[hat.organisation_id])
        )
        if rows.exists():
            return hat.organisation
    return None


def offer(request, organisation: Organisation, target: str, status: int = 200):
    """Nothing is switched by following a link: the person presses the button."""
    context = {
        "needed": organisation,
        "target": target,
        "why": _("What you want to open belongs to %(name)s.") % {"name": organisation},
    }
    return fragments.render(request, "desk/other_hat.html", context, status=status)
