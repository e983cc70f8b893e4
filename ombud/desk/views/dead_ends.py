"""The report of dead ends: which orders will stop, for want of whom, and who can mend it."""

from django.views.decorators.http import require_safe

from ombud.desk import lacks
from ombud.desk.views.organisation import belonging, deed
from ombud.lib.errors import Refused
from ombud.ui import fragments


@require_safe
def report(request):
    here = belonging(request)
    reasons = deed("grant").reasons(request.actor, here)
    if barred := [reason for reason in reasons if reason.because == "right"]:
        raise Refused(barred)
    return fragments.render(
        request, "desk/dead_ends.html", {"lacks": lacks.of(request.actor, here)}
    )
