"""Where those who carry letters tell how it went."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ombud.post import reports
from ombud.post.models import Letter


@csrf_exempt
@require_POST
def report(request: HttpRequest, reference: UUID, secret: str) -> HttpResponse:
    """An empty answer, also about a letter we no longer have: else we would be told for hours."""
    letter = Letter.objects.filter(reference=reference).first()
    if letter is None:
        return HttpResponse(status=204)
    if not constant_time_compare(secret, letter.report_secret):
        raise Http404
    reports.take(letter, request.POST.get("status", ""), request.POST.get("id", ""))
    return HttpResponse(status=204)
