"""Where a webhook may knock in tests: it repeats the code, and keeps what it was told."""

import http.server
import json
import threading
from contextlib import contextmanager

CODE = "Verification-Code"


class Ear(http.server.BaseHTTPRequestHandler):
    heard: list[dict]
    answers: list[int]
    repeats = True

    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, body):
        told = json.loads(body) if body else {}
        row = {"method": self.command, "path": self.path, "body": told}
        self.heard.append(row | {"code": self.headers[CODE], "state": self.headers["state_key"]})
        self.send_response(self.answers.pop(0) if self.answers else 200)
        if self.repeats:
            self.send_header(CODE, self.headers[CODE])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


@contextmanager
def listening():
    """An ear of one's own; `url` is where it listens."""
    kind = type("OneEar", (Ear,), {"heard": [], "answers": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    kind.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kind
    finally:
        server.shutdown()
        server.server_close()
