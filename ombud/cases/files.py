"""Files: what is let in, where it is kept, and who may fetch it.

What a file is called decides nothing: its first and last bytes, and what stands between, must be
what its extension says.
"""

import hashlib
import re
import struct
import unicodedata
import uuid
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.utils.translation import gettext as _

from ombud.cases import sight
from ombud.cases.models import Case, Document
from ombud.lib.errors import misshapen
from ombud.people.actors import Actor

LARGEST = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000  # a page scanned at 600 dpi has 35 million
MOST_UNPACKED = 64 * 1024 * 1024  # of a PDF's packed objects
LONGEST_NAME = 200


class TooLarge(Exception):
    """More than `LARGEST` bytes."""


class NotWhole(Exception):
    """The file is not what its name says, or something is hidden in it."""


def keep(upload: UploadedFile, *, by: Actor) -> Document:
    """Let a file in and keep it; it is its owner's alone until a deed puts it in its place."""
    name = tidy(upload.name or "")
    media_type = judge(upload, name)
    key = uuid.uuid4()
    digest = sha256(upload)
    default_storage.save(path_of(key), upload)
    owner: dict[str, Any] = {"person": by.person, "organisation": by.organisation}
    return Document.objects.create(
        key=key,
        name=name,
        media_type=media_type,
        size=upload.size or 0,
        sha256=digest,
        **owner,
    )


def put(content: Any, media_type: str, case: Case, circle: str, *, by: Actor) -> Document:
    """Keep a file that the house itself has made, in its place at once."""
    key = uuid.uuid4()
    digest = hashlib.sha256(content.read()).hexdigest()
    content.seek(0)
    default_storage.save(path_of(key), content)
    return Document.objects.create(
        key=key,
        case=case,
        circle=circle,
        name=tidy(content.name),
        media_type=media_type,
        size=content.size,
        sha256=digest,
        person=by.person,
        organisation=by.organisation,
    )


def found(actor: Actor, key: uuid.UUID) -> Document:
    """The document if the actor sees its circle, or if it is its own and in no case yet."""
    rows = Document.objects.select_related("case", "person", "organisation")
    document = rows.filter(key=key).first()
    if document is None or not may_see(actor, document):
        raise Http404
    return document


def may_see(actor: Actor, document: Document) -> bool:
    if document.case is None:
        if actor.person is None:
            return False
        return (document.person, document.organisation) == (actor.person, actor.organisation)
    eyes = sight.eyes(actor, document.case)
    return eyes is not None and eyes.see(document.circle)


def opened(document: Document) -> Any:
    """The bytes, to be streamed."""
    return default_storage.open(path_of(document.key))


def path_of(key: uuid.UUID) -> str:
    return f"{key.hex[:2]}/{key.hex}"


def tidy(name: str) -> str:
    """The bare name: no folders, no characters that turn the reading around or cannot be seen."""
    bare = re.split(r"[/\\]", name)[-1]
    shown = "".join(letter for letter in bare if unicodedata.category(letter)[0] != "C")
    stem, dot, extension = unicodedata.normalize("NFC", shown).strip().rpartition(".")
    return f"{stem[: LONGEST_NAME - 20]}{dot}{extension[:10]}".strip()


def sha256(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def judge(upload: UploadedFile, name: str) -> str:
    """The media type; or a no that says why."""
    size = upload.size or 0
    if size > LARGEST:
        raise TooLarge
    extension = name.rpartition(".")[2].lower()
    if "." not in name or extension not in KINDS:
        raise misshapen(file=_("Only PDF, JPG and PNG are taken."))
    if not size:
        raise misshapen(file=_("The file is empty."))
    media_type, examine = KINDS[extension]
    try:
        examine(upload.file, size)
    except (NotWhole, struct.error, IndexError, zlib.error) as no:
        text = str(no) or _("The file is broken, or is not a %(kind)s.") % {"kind": extension}
        raise misshapen(file=text) from no
    finally:
        upload.seek(0)
    return media_type


def examine_png(file: BinaryIO, size: int) -> None:
    """Every chunk with its checksum, from the header to the end, and nothing after it."""
    demand(read(file, 8) == b"\x89PNG\r\n\x1a\n")
    kinds: list[bytes] = []
    while not kinds or kinds[-1] != b"IEND":
        length, kind = struct.unpack(">I4s", read(file, 8))
        demand(length <= size)
        body = read(file, length)
        demand(zlib.crc32(kind + body) == struct.unpack(">I", read(file, 4))[0])
        if not kinds:
            demand(kind == b"IHDR" and length == 13)
            require_few_pixels(*struct.unpack(">II", body[:8]))
        kinds.append(kind)
    demand(b"IDAT" in kinds and not file.read(1))


def examine_jpeg(file: BinaryIO, size: int) -> None:
    """The segments up to the picture, which has a size; and the end where the file ends."""
    demand(read(file, 2) == b"\xff\xd8")
    sizes = []
    for kind, body in segments(file):
        if kind in FRAMES:
            height, width = struct.unpack(">HH", body[1:5])
            require_few_pixels(width, height)
            sizes.append((width, height))
    demand(len(sizes) == 1)
    file.seek(max(0, size - 64))
    demand(file.read().rstrip(b"\0\r\n").endswith(b"\xff\xd9"))


FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
SCAN = 0xDA


def segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG before its first scan."""
    kind = 0
    while kind != SCAN:
        mark, kind = read(file, 2)
        demand(mark == 0xFF and kind != 0xD9)
        while kind == 0xFF:
            kind = read(file, 1)[0]
        (length,) = struct.unpack(">H", read(file, 2))
        yield kind, read(file, max(0, length - 2))


ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")


def examine_pdf(file: BinaryIO, size: int) -> None:
    """Header, cross-reference and trailer; and nothing that runs or unpacks when it is opened."""
    whole = file.read(size)
    demand(re.match(rb"%PDF-[12]\.\d", whole))
    tail = whole[-2048:]
    demand(re.search(rb"startxref\s+\d+\s+%%EOF\s*\Z", tail))
    demand(b"/Root" in whole or b"/XRef" in whole)
    written = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), whole)
    if ACTIVE.search(written) or any(ACTIVE.search(part) for part in packed(whole)):
        raise NotWhole(_("The PDF holds scripts or other files. Save it without them."))


def packed(whole: bytes) -> Iterator[bytes]:
    """The objects that a PDF keeps in compressed streams; what unpacks without end is refused."""
    budget = MOST_UNPACKED
    for head in re.finditer(rb"/ObjStm\b.{0,400}?stream\r?\n", whole, re.DOTALL):
        end = whole.find(b"endstream", head.end())
        part = zlib.decompressobj().decompress(whole[head.end() : end], budget)
        budget -= len(part) + 1024
        demand(budget > 0)
        yield part


KINDS: dict[str, tuple[str, Callable[[Any, int], None]]] = {
    "pdf": ("application/pdf", examine_pdf),
    "jpg": ("image/jpeg", examine_jpeg),
    "jpeg": ("image/jpeg", examine_jpeg),
    "png": ("image/png", examine_png),
}


def require_few_pixels(width: int, height: int) -> None:
    demand(width and height)
    if width * height > MOST_PIXELS:
        raise NotWhole(_("The picture has too many pixels."))


def read(file: BinaryIO, length: int) -> bytes:
    body = file.read(length)
    demand(len(body) == length)
    return body


def demand(holds: object) -> None:
    if not holds:
        raise NotWhole
