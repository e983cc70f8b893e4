"""Files as people hand them in, the smallest of each sort."""

import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile


def chunk(kind: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum


def png(width=1, height=1, more=b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0")
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
        + more
    )


def jpeg(width=1, height=1, end=b"\xff\xd9") -> bytes:
    frame = struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)
    return (
        b"\xff\xd8"
        + (b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + (b"\xff\xc0" + struct.pack(">H", 2 + len(frame)) + frame)
        + (b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\0\0\x3f\0")
        + b"\x12\x34"
        + end
    )


def pdf(more=b"", version=b"1.7") -> bytes:
    return (
        b"%PDF-" + version + b"\n1 0 obj\n<< /Type /Catalog " + more + b" >>\nendobj\n"
        b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n"
        b"trailer\n<< /Size 2 /Root 1 0 R >>\nstartxref\n60\n%%EOF\n"
    )


def packed(objects: bytes) -> bytes:
    """An object stream, as most PDFs of today keep their objects."""
    body = zlib.compress(objects)
    head = b"2 0 obj\n<< /Type /ObjStm /Filter /FlateDecode /Length %d >>\nstream\n" % len(body)
    return pdf().replace(b"xref\n0 2", head + body + b"\nendstream\nendobj\nxref\n0 2", 1)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def a_picture() -> SimpleUploadedFile:
    return upload("ward.png", png())
