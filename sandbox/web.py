"""A small HTTP/1.1 server on asyncio: enough for honest doors, and for doors that break."""

import asyncio
import base64
import binascii
import json
import re
import ssl
import sys
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 8 * 1024 * 1024
IDLE_SECONDS = 75
HANG_SECONDS = 120


class BadRequest(Exception):
    """What came in is not HTTP, or too large; the connection is closed after saying so."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    certificate: bytes = b""
    """The caller's TLS certificate in DER, where the door demands one."""
    subject: dict[str, str] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    """The query once more, where a name may stand several times."""

    def json(self) -> Any:
        """Raises ValueError when the body is not JSON."""
        return json.loads(self.body.decode("utf-8") or "null")

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def basic(self) -> tuple[str, str] | None:
        """User and password of a Basic header, if there is a readable one."""
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        if kind.lower() != "basic":
            return None
        try:
            user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return user, password


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    kind: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    broken: str = ""
    """'hang' never answers; 'drop' hangs up without a word; 'cut' in the middle of the body."""


def as_json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status, body, "application/json", headers or {})


def as_text(words: str, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, words.encode(), "text/plain; charset=utf-8", headers or {})


def as_page(markup: str, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, markup.encode(), "text/html; charset=utf-8", headers or {})


def go_to(address: str) -> Answer:
    return Answer(303, headers={"Location": address})


Door = Callable[[Request], Awaitable[Answer]]


class Doors:
    """Which function answers which method and path; '{name}' in a path is one segment."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, re.Pattern[str], Callable[..., Any]]] = []

    def add(self, method: str, path: str, answer: Callable[..., Any]) -> None:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
        self.rows.append((method, re.compile(pattern), answer))

    def find(self, request: Request) -> tuple[Callable[..., Any] | None, dict[str, str], bool]:
        """The function, its arguments from the path, and whether the path is known at all."""
        known = False
        for method, pattern, answer in self.rows:
            if match := pattern.fullmatch(request.path):
                known = True
                if method == request.method:
                    words = {name: unquote(value) for name, value in match.groupdict().items()}
                    return answer, words, True
        return None, {}, known


class Listener:
    """One listening socket and the connections it holds."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.connections: set[asyncio.Task[Any]] = set()

    async def open(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; port 0 lets the system choose. Answers the port; OSError when it is taken."""
        self.server = await asyncio.start_server(
            self.serve, host, port, ssl=tls, limit=HEAD_LIMIT, backlog=512
        )
        return int(self.server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        self.server.close()
        for task in list(self.connections):
            task.cancel()
        await asyncio.gather(*self.connections, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.connections.add(task)
        try:
            while await self.converse(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, TimeoutError, asyncio.CancelledError):
            pass
        finally:
            self.connections.discard(task)
            writer.close()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; False when the connection is at its end."""
        try:
            request = await asyncio.wait_for(read_request(reader, writer), IDLE_SECONDS)
        except BadRequest as bad:
            return await send(writer, as_text(HTTPStatus(bad.status).phrase, bad.status), "", False)
        if request is None:
            return False
        stay = "close" not in request.headers.get("connection", "").lower()
        return await send(writer, await self.answer(request), request.method, stay)

    async def answer(self, request: Request) -> Answer:
        try:
            return await self.door(request)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            return as_text("The sandbox itself failed; its log says why.", 500)


async def read_request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Request | None:
    head = await read_head(reader)
    if head is None:
        return None
    line, *rows = head.decode("latin-1").split("\r\n")
    method, target = read_line(line)
    headers = dict(read_header(row) for row in rows if row)
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await read_body(reader, headers)
    parts = urlsplit(target)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    request = Request(method, parts.path, dict(pairs), headers, body, pairs=pairs)
    if tls := writer.get_extra_info("ssl_object"):
        request.certificate = tls.getpeercert(binary_form=True) or b""
        names = (tls.getpeercert() or {}).get("subject", ())
        request.subject = {name: value for row in names for name, value in row}
    return request


async def read_head(reader: asyncio.StreamReader) -> bytes | None:
    try:
        return (await reader.readuntil(b"\r\n\r\n"))[:-4]
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError:
        raise BadRequest(431) from None


def read_line(line: str) -> tuple[str, str]:
    words = line.split(" ")
    if len(words) != 3:
        raise BadRequest(400)
    if words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise BadRequest(505)
    return words[0], words[1]


def read_header(row: str) -> tuple[str, str]:
    name, colon, value = row.partition(":")
    if not colon:
        raise BadRequest(400)
    return name.strip().lower(), value.strip()


async def read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return await read_chunks(reader)
    length = headers.get("content-length", "0")
    if not length.isdigit():
        raise BadRequest(400)
    if int(length) > BODY_LIMIT:
        raise BadRequest(413)
    return await reader.readexactly(int(length))


async def read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        try:
            size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        except (ValueError, asyncio.LimitOverrunError):
            raise BadRequest(400) from None
        if len(body) + size > BODY_LIMIT:
            raise BadRequest(413)
        body += (await reader.readexactly(size + 2))[:-2]
        if not size:
            return body


async def send(writer: asyncio.StreamWriter, answer: Answer, method: str, stay: bool) -> bool:
    if answer.broken == "hang":
        await asyncio.sleep(HANG_SECONDS)
        return False
    if answer.broken == "drop":
        return False
    body = b"" if method == "HEAD" else answer.body
    writer.write(head_of(answer, stay))
    writer.write(body[: len(body) // 2] if answer.broken == "cut" else body)
    await writer.drain()
    return stay and not answer.broken


def head_of(answer: Answer, stay: bool) -> bytes:
    headers = {"Content-Type": answer.kind} if answer.kind else {}
    headers |= {"Content-Length": str(len(answer.body)), **answer.headers}
    headers["Connection"] = "keep-alive" if stay else "close"
    rows = [f"HTTP/1.1 {answer.status} {phrase(answer.status)}"]
    rows += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(rows) + "\r\n\r\n").encode("latin-1")


def phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
