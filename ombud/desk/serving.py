"""Files on their way out: fetched by programs, looked at by people; run by nobody."""

from django.http import FileResponse

from ombud.cases import files
from ombud.cases.models import Document

# Styles are for the browser's own viewer.
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


def download(row: Document) -> FileResponse:
    """To be kept, not opened."""
    return answer(row, as_attachment=True)


def look(row: Document) -> FileResponse:
    """To be looked at in a tab of its own."""
    return answer(row, as_attachment=False)


def answer(row: Document, *, as_attachment: bool) -> FileResponse:
    content = files.opened(row)
    response = FileResponse(
        content, as_attachment=as_attachment, filename=row.name, content_type=row.media_type
    )
    for name, value in SAFE.items():
        response[name] = value
    return response
