"""Files: handed in first, put in their place by a deed, fetched by whoever sees their circle."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Router
from ninja.files import UploadedFile

from ombud.cases import files
from ombud.cases.models import Document
from ombud.desk import serving
from ombud.desk.api import shapes
from ombud.desk.api.answers import ROOT, answer, posts, reads
from ombud.desk.api.gate import actor_of
from ombud.desk.api.problems import Stop

router = Router(tags=["documents"])

BYTES = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
FILE = {"description": "The file.", "content": {kind: BYTES for kind, _x in files.KINDS.values()}}


@router.post("/documents", response={201: shapes.Document}, openapi_extra=posts())
def hand_in(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """Hand in a file: PDF, JPG or PNG, 10 MB at most. It is yours alone until a deed places it."""
    try:
        document = files.keep(file, by=actor_of(request))
    except files.TooLarge as error:
        raise Stop(413, files.too_large()) from error
    told = shown(document)
    return answer(told, 201, Location=told["href"])


@router.get("/documents/{uuid:document}", openapi_extra=reads(404, 410, ok=FILE))
def fetch(request: HttpRequest, document: UUID) -> FileResponse:
    """The file itself."""
    row = files.found(actor_of(request), document)
    try:
        return serving.download(row)
    except FileNotFoundError as error:
        raise Stop(410) from error


def shown(row: Document) -> dict:
    return {
        "id": str(row.key),
        "name": row.name,
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
        "at": row.at,
        "person": str(row.person) if row.person else None,
        "organisation": str(row.organisation) if row.organisation else None,
        "case": row.case.number if row.case else None,
        "part": row.part or None,
        "href": f"{ROOT}/documents/{row.key}",
    }
