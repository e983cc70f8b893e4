"""A keep-alive HTTP client as thin as can be: its own cost would make every ratio look better."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    status: int
    headers: bytes
    body: bytes


class Client:
    def __init__(self, port: int):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def ask(self, request: bytes) -> Answer:
        self._socket.sendall(request)
        head, self._rest = self._until(b"\r\n\r\n")
        lowered = head.lower()
        is_chunked = b"\r\ntransfer-encoding: chunked" in lowered
        body = self._chunks() if is_chunked else self._bytes(_length(lowered))
        return Answer(int(head[9:12]), head, body)

    def close(self) -> None:
        self._socket.close()

    def _until(self, mark: bytes) -> tuple[bytes, bytes]:
        while (at := self._rest.find(mark)) < 0:
            self._more()
        return self._rest[:at], self._rest[at + len(mark) :]

    def _bytes(self, count: int) -> bytes:
        while len(self._rest) < count:
            self._more()
        body, self._rest = self._rest[:count], self._rest[count:]
        return body

    def _chunks(self) -> bytes:
        body = b""
        while True:
            size, self._rest = self._until(b"\r\n")
            part = self._bytes(int(size, 16) + 2)
            if int(size, 16) == 0:
                return body
            body += part[:-2]

    def _more(self) -> None:
        got = self._socket.recv(65536)
        if not got:
            raise ConnectionError("the server hung up")
        self._rest += got


def _length(head: bytes) -> int:
    _before, _name, after = head.partition(b"\r\ncontent-length:")
    return int(after.split(b"\r\n")[0]) if after else 0


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    named = {"Host": "localhost", "Content-Length": str(len(body)), **headers}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def together(port: int, count: int, seconds: float, asking: Callable[[], bytes]) -> float:
    """Requests per second of so many clients at once, each with a connection of its own; what was
    refused does not count."""
    until = time.perf_counter() + seconds
    done = [0] * count

    def run(place: int) -> None:
        client = Client(port)
        while time.perf_counter() < until:
            done[place] += client.ask(asking()).status < 400
        client.close()

    return sum(_in_threads(run, count, done)) / seconds


def _in_threads(run: Callable[[int], None], count: int, done: list[int]) -> list[int]:
    threads = [threading.Thread(target=run, args=[place]) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done
