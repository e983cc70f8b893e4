"""The report of dead ends: which orders will stop, for want of whom, and who can mend it."""

from django.views.decorators.http import require_safe

from ombud.desk import lacks, rules
from ombud.desk.views.organisation import belonging
from ombud.lib.errors import require
from ombud.ui import fragments


@require_safe
def report(request):
    here = belonging(request)
    require(rules.read_reports(request.actor, here))
    return fragments.render(
        request, "desk/dead_ends.html", {"lacks": lacks.of(request.actor, here)}
    )
