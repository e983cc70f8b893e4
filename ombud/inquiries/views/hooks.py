"""Where another system tells us that somebody has pressed its button. It is answered at once; the
record is read anew by a job."""

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ombud.inquiries import presses
from ombud.lib import jobs
from ombud.sync import webhooks
from ombud.sync.models import System


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def agiloft(request, secret: str) -> HttpResponse:
    system = System.objects.of_hook(secret)
    if system is None:
        raise Http404
    with transaction.atomic():
        heard = webhooks.answer(system, request)
        if heard.is_news:
            told = {"number": heard.number, "stamp": heard.stamp}
            jobs.queue(presses.PRESSED, system=system.pk, **told)
    return heard.response
