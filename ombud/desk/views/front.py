"""The first page: what waits for me, what is late, what has moved since I last looked."""

from django.views.decorators.http import require_safe

from ombud.cases import lists
from ombud.desk import beside, stand_ins, waiting
from ombud.desk.frame import frame_of
from ombud.desk.organisation import whom_to_ask
from ombud.desk.words import VERBS, state
from ombud.lib import days
from ombud.ui import fragments

FEW = 5


@require_safe
def home(request):
    actor = request.actor
    if actor.organisation is None:
        return fragments.render(request, "desk/nobody.html")
    frame = frame_of(request)
    mine, further = waiting.of(actor, waiting.Asked(), frame)
    moved = lists.of(actor, updated=True, limit=FEW, extra=beside.wanted(frame))
    balls = beside.known(frame, moved.rows)
    late = [row for row in mine if row.due_at and days.is_late(row.due_at)]
    context = {
        "mine": mine[:FEW],
        "late": late[:FEW],
        "late_count": len(late),
        "late_is_all": not further or len(late) < len(mine),
        "moved": moved.rows,
        "beside": {row.case_id: ball for row, ball in zip(moved.rows, balls, strict=True)},
        "moved_more": moved.next,
        "state": state,
        "verbs": VERBS,
        "roles": actor.roles,
        "stand_ins": stand_ins.mine(actor),
        "administrator": whom_to_ask(actor),
    }
    return fragments.render(request, "desk/home.html", context)
