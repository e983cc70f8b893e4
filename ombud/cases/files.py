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
from datetime import timedelta
from typing import Any, BinaryIO

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.http import Http404
from django.utils.translation import gettext as _

from ombud.cases import sight
from ombud.cases.models import Case, Document
from ombud.cases.passes import Pass
from ombud.lib import sizes
from ombud.lib.errors import misshapen
from ombud.people.actors import Actor
from ombud.people.models import Person

LARGEST = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000  # a page scanned at 600 dpi has 35 million
MOST_UNPACKED = 64 * 1024 * 1024  # of a PDF's packed objects
LONGEST_NAME = 200

# What a person may have lying about in no case, and for how long.
MOST_LOOSE = 30
MOST_LOOSE_BYTES = 100 * 1024 * 1024
LOOSE_FOR = timedelta(hours=24)


class TooLarge(Exception):
    """More than `LARGEST` bytes."""


class NotWhole(Exception):
    """The file is not what its name says, or something is hidden in it."""


def keep(upload: UploadedFile, *, by: Actor) -> Document:
    """Let a file in and keep it; it is its owner's alone until a deed puts it in its place."""
    name = tidy(upload.name or "")
    facts = {"media_type": judge(upload, name), "sha256": sha256(upload)}
    document = entered(by, name=name, size=upload.size or 0, **facts)
    default_storage.save(path_of(document.content), upload)
    return document


@transaction.atomic
def entered(by: Actor, **facts: Any) -> Document:
    """Its row, if there is room; the person is locked, so that two do not take the same room.
    Guests have the room of their case, and what they hand in lies there, in no circle."""
    owner: dict[str, Any] = {"person": by.person, "organisation": by.organisation}
    if by.person is not None:
        Person.objects.select_for_update(no_key=True).get(pk=by.person.pk)
        require_room(facts["size"], person=by.person)
    else:
        assert by.guest is not None
        case = Pass.objects.select_related("case").get(pk=by.guest).case
        owner["case"] = Case.objects.locked(case)
        require_room(facts["size"], person=None, case=case)
    return Document.objects.create(key=uuid.uuid4(), content=uuid.uuid4(), **owner, **facts)


def require_room(size: int, **whose: Any) -> None:
    found = Document.objects.loose().filter(**whose)
    taken = found.aggregate(bytes=Sum("size", default=0))["bytes"]
    if len(found) < MOST_LOOSE and taken + size <= MOST_LOOSE_BYTES:
        return
    text = _(
        "You have %(count)s files, %(size)s together, that are in no case yet. At most %(most)s"
        " files and %(bytes)s may wait. Put them in their place, or try again tomorrow: what is in"
        " no case is removed after 24 hours."
    )
    told = {"count": len(found), "size": sizes.text(taken), "most": MOST_LOOSE}
    raise misshapen(file=text % {**told, "bytes": sizes.text(MOST_LOOSE_BYTES)})


def put(content: Any, media_type: str, case: Case, circle: str, *, by: Actor) -> Document:
    """Keep a file that the house itself has made, in its place at once."""
    kept = uuid.uuid4()
    digest = hashlib.sha256(content.read()).hexdigest()
    content.seek(0)
    default_storage.save(path_of(kept), content)
    return Document.objects.create(
        key=uuid.uuid4(),
        content=kept,
        loose_at=None,
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
    return default_storage.open(path_of(document.content))


def drop(content: uuid.UUID) -> None:
    """Let the bytes go, unless a copy still shows them. May run twice."""
    if not Document.objects.filter(content=content).exists():
        default_storage.delete(path_of(content))


def path_of(content: uuid.UUID) -> str:
    return f"{content.hex[:2]}/{content.hex}"


def too_large() -> str:
    return _("The file is larger than %(most)s.") % {"most": sizes.text(LARGEST)}


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
