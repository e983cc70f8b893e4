"""The SMS gateway: send, look up, be told of the delivery."""

import http.server
import threading
import time
from collections.abc import Iterator
from urllib.parse import parse_qs

import httpx
import pytest

from sandbox.sms import parts
from tests.sandbox.outside import Outside, until

pytestmark = pytest.mark.slow
TO = "+46701740605"


class Listener(http.server.BaseHTTPRequestHandler):
    heard: list[dict[str, str]]
    answers: list[int]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        told = {name: values[0] for name, values in parse_qs(body).items()}
        self.heard.append(told | {"path": self.path, "key": self.headers["Authorization"] or ""})
        self.send_response(self.answers.pop(0) if self.answers else 204)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[type[Listener]]:
    kind = type("Ear", (Listener,), {"heard": [], "answers": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    kind.url = f"http://127.0.0.1:{server.server_address[1]}/report?k=abc"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kind
    server.shutdown()
    server.server_close()


@pytest.fixture
def elks(outside: Outside) -> Iterator[httpx.Client]:
    outside.ask("timing", sms_seconds=0.1)
    given = outside.environment
    account = (given["OMBUD_SMS_USER"], given["OMBUD_SMS_PASSWORD"])
    with httpx.Client(base_url=given["OMBUD_SMS_URL"], auth=account, trust_env=False) as client:
        yield client


def sent(elks: httpx.Client, **more: str) -> httpx.Response:
    return elks.post("sms", data={"from": "Ombud", "to": TO, "message": "Kod 123456"} | more)


def test_a_message_reaches_the_phone_and_the_sender_hears_of_it(
    elks: httpx.Client, outside: Outside, listener: type[Listener]
) -> None:
    answer = sent(elks, whendelivered=listener.url)
    row = answer.json()
    assert (answer.status_code, row["status"], row["direction"]) == (200, "created", "outgoing")
    assert (row["parts"], row["cost"], row["message"]) == (1, 3500, "Kod 123456")
    assert row["id"].startswith("s")
    told = until(lambda: listener.heard)[0]
    assert (told["id"], told["status"], told["path"]) == (row["id"], "delivered", "/report?k=abc")
    assert told["delivered"].startswith("20")
    for to in (TO, "070-174 06 05", "+46 70 174 06 05"):
        (item,) = outside.items("sms", to=to)
        assert (item["message"], item["from"], item["to"]) == ("Kod 123456", "Ombud", TO)
    assert outside.items("sms", to="+46701740606") == []
    assert elks.get("sms/" + row["id"]).json()["status"] == "delivered"


def test_a_report_is_repeated_until_it_is_heard(
    elks: httpx.Client, listener: type[Listener]
) -> None:
    listener.answers[:] = [500, 404]
    address = listener.url.replace("http://", "http://us%20er:word@")
    sent(elks, whendelivered=address.replace("us%20er", "user"))
    until(lambda: len(listener.heard) == 3)
    time.sleep(0.5)
    assert len(listener.heard) == 3
    assert listener.heard[0]["key"].startswith("Basic ")


def test_what_is_wrong_is_said_in_plain_text(elks: httpx.Client) -> None:
    for more, word in (
        ({"to": "0701740605"}, "to"),
        ({"from": "AlldelesForLangtNamn"}, "from"),
        ({"from": "1"}, "from"),
        ({"message": ""}, "message"),
        ({"whendelivered": "here"}, "whendelivered"),
    ):
        answer = sent(elks, **more)
        assert answer.status_code == 400
        assert word in answer.text
        assert answer.headers["content-type"].startswith("text/plain")


def test_the_account_is_checked(elks: httpx.Client) -> None:
    answer = elks.get("me", auth=("user", "wrong"))
    assert (answer.status_code, answer.text[:3]) == (401, "API")
    assert elks.get("me").json()["currency"] == "SEK"
    assert elks.delete("sms").status_code == 405
    assert elks.get("nothing").status_code == 404


def test_a_dry_run_sends_nothing(elks: httpx.Client, outside: Outside) -> None:
    row = sent(elks, dryrun="yes", message="x" * 161).json()
    assert (row["parts"], row["estimated_cost"]) == (2, 7000)
    assert "id" not in row
    assert outside.items("sms") == []


def test_what_is_not_to_be_logged_is_known_to_the_phone_only(
    elks: httpx.Client, outside: Outside
) -> None:
    row = sent(elks, dontlog="message", flashsms="yes").json()
    assert "message" not in row
    assert "message" not in elks.get("sms/" + row["id"]).json()
    assert outside.items("sms", to=TO)[0]["message"] == "Kod 123456"
    assert "123456" not in outside.control.get("journal").text


def test_the_list_is_newest_first_and_paged(elks: httpx.Client) -> None:
    made = [sent(elks).json()["id"] for _ in range(3)]
    page = elks.get("sms", params={"limit": "2"}).json()
    assert [row["id"] for row in page["data"]] == made[:0:-1]
    rest = elks.get("sms", params={"start": page["next"]}).json()
    assert made[0] in [row["id"] for row in rest["data"]]


@pytest.mark.parametrize(("fault", "status"), [("refuse", 403), ("500", 500), ("429", 429)])
def test_a_refusal_sends_nothing(
    elks: httpx.Client, outside: Outside, fault: str, status: int
) -> None:
    outside.ask("faults", part="sms", fault=fault, times=1)
    assert sent(elks).status_code == status
    assert outside.items("sms") == []
    assert sent(elks).status_code == 200


def test_a_lost_answer_leaves_the_message_sent(elks: httpx.Client, outside: Outside) -> None:
    outside.ask("faults", part="sms", fault="accept_lost", times=1)
    with pytest.raises(httpx.TransportError):
        sent(elks)
    assert len(outside.items("sms", to=TO)) == 1
    assert len(elks.get("sms").json()["data"]) == 1


def test_silence_sends_nothing(elks: httpx.Client, outside: Outside) -> None:
    outside.ask("faults", part="sms", fault="hang", times=1)
    with pytest.raises(httpx.ReadTimeout):
        elks.post("sms", data={"from": "Ombud", "to": TO, "message": "x"}, timeout=0.3)
    assert outside.items("sms") == []


REPORTS = [
    ("failed_report", ["failed"]),
    ("double_report", ["delivered", "delivered"]),
    ("mixed_reports", ["delivered", "sent"]),
    ("no_report", []),
    ("late_report", []),
]


@pytest.mark.parametrize(("fault", "told"), REPORTS)
def test_reports_can_go_wrong(
    elks: httpx.Client,
    outside: Outside,
    listener: type[Listener],
    fault: str,
    told: list[str],
) -> None:
    outside.ask("faults", part="sms", fault=fault, times=1)
    sent(elks, whendelivered=listener.url)
    until(lambda: len(listener.heard) >= len(told))
    time.sleep(0.6)
    assert [row["status"] for row in listener.heard] == told
    status = outside.items("sms")[0]["status"]
    assert status == {"failed_report": "failed", "late_report": "sent"}.get(fault, "delivered")


COUNTS = [
    ("a" * 160, 1),
    ("a" * 161, 2),
    ("a" * 306, 2),
    ("a" * 307, 3),
    ("a" * 152 + "€" + "a" * 152, 3),
    ("åäöÅÄÖæØé" * 17, 1),
    ("–" + "a" * 69, 1),
    ("–" + "a" * 70, 2),
    ("😀" * 35, 1),
    ("😀" * 36, 2),
    ("😀" * 67, 3),
    ("{}" * 40, 1),
]


@pytest.mark.parametrize(("message", "number"), COUNTS)
def test_parts_are_counted_as_on_the_air(message: str, number: int) -> None:
    assert parts.count(message) == number
