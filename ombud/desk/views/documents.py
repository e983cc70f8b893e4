"""A file of a case, looked at in a tab of its own."""

from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ombud.cases import files
from ombud.desk import serving


@require_safe
def document(request, key: UUID) -> HttpResponse | FileResponse:
    row = files.found(request.actor, key)
    try:
        return serving.look(row)
    except FileNotFoundError:
        return render(request, "410.html", status=410)
