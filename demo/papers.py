"""The files that go with orders of the demo world, drawn here: a page of text, a plain sketch."""

import struct
import textwrap
import zlib
from dataclasses import dataclass

LINE, TOP, LEFT = 22, 760, 72  # points
WIDE, HIGH = 480, 270  # pixels
PAPER, INK, TINT = b"\xff\xff\xff", b"\x0a\x55\x62", b"\xd9\xec\xef"
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Paper:
    name: str
    content: bytes


def letter(name: str, title: str, *paragraphs: str) -> Paper:
    """A PDF of one page."""
    lines = [(title, 18), ("", 12)]
    for paragraph in paragraphs:
        lines += [(line, 12) for line in (*textwrap.wrap(paragraph, 78), "")]
    drawn = "".join(
        f"BT /F1 {size} Tf {LEFT} {TOP - place * LINE} Td ({escaped(line)}) Tj ET\n"
        for place, (line, size) in enumerate(lines)
    ).encode("cp1252")
    return Paper(name, pdf(drawn))


def escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def pdf(drawn: bytes) -> bytes:
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(drawn), drawn),
    )
    whole, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return whole + (
        b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\n" % count
        + b"startxref\n%d\n%%%%EOF\n" % len(whole)
    )


def sketch(name: str) -> Paper:
    """A PNG of boxes and the lines between them."""
    rows = [bytearray(PAPER * WIDE) for _ in range(HIGH)]
    for line in ((120, 132, 360, 138), (237, 60, 243, 132)):
        fill(rows, line, INK)
    for box in ((30, 100, 150, 170), (330, 100, 450, 170), (180, 20, 300, 80)):
        fill(rows, box, INK)
        fill(rows, (box[0] + 3, box[1] + 3, box[2] - 3, box[3] - 3), TINT)
    return Paper(name, png(b"".join(b"\0" + bytes(row) for row in rows)))


def cracked(name: str) -> Paper:
    """A picture of a telephone whose glass is broken."""
    rows = [bytearray(TINT * WIDE) for _ in range(HIGH)]
    fill(rows, (170, 15, 310, 255), INK)
    fill(rows, (178, 30, 302, 240), PAPER)
    for step in range(120):
        for left, top in ((180 + step, 60 + step), (300 - step, 40 + step * 3 // 2)):
            if top < 238:
                fill(rows, (left, top, left + 2, top + 2), INK)
    return Paper(name, png(b"".join(b"\0" + bytes(row) for row in rows)))


def fill(rows: list[bytearray], box: Box, colour: bytes) -> None:
    left, top, right, bottom = box
    for row in rows[top:bottom]:
        row[left * 3 : right * 3] = colour * (right - left)


def png(pixels: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", WIDE, HIGH, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


# What is attached to the stories

ACCESS = (
    letter(
        "Åtkomst på akuten.pdf",
        "Åtkomst till NPÖ på akuten",
        "Läkare och sjuksköterskor på akuten läser journaler från andra vårdgivare vid"
        " ankomst. Åtkomsten följer tjänstgöringsschemat och granskas varje månad.",
    ),
)

PILOT = (
    letter(
        "Pilotplan för två hälsocentraler.pdf",
        "Pilotplan: tidbokning på två hälsocentraler",
        "Piloten pågår i åtta veckor. Första veckan bokas bara vaccinationer, därefter alla"
        " besök som i dag bokas per telefon.",
        "Vi mäter andelen bokade tider på nätet och antalet samtal till växeln.",
    ),
    sketch("Skiss över driftmiljön.png"),
)

PROGRAMME = (
    letter(
        "Behandlingsprogram våren.pdf",
        "Behandlingsprogram våren",
        "Åtta veckors internetbehandling mot oro, med en behandlare för tolv deltagare.",
    ),
)

SCREEN = cracked("Sprucken skärm.png")
