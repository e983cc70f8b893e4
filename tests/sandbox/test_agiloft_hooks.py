"""Pressing the button at the service desk, and what its webhooks make of it."""

from typing import Any

import httpx
import pytest

from sandbox.agiloft import hooks
from tests.sandbox.desk import Desk
from tests.sandbox.outside import until
from tests.sync.echo import listening

pytestmark = pytest.mark.slow


def subscribe(desk: Desk, url: str, **more: Any) -> httpx.Response:
    body = {
        "title": "Ombud",
        "webhook_url": url,
        "table_name": "case",
        "event_type": "Update",
        "webhook_status": "Active",
        "entry_fields": ["id", "ehub_pressed_at"],
        "state_key": "the state key",
    }
    return desk.http.post("/ewws/webhooks", json=body | more, headers=desk.bearer())


def test_T17_webhooks_handshake_echo_retries_inactive_and_filter(desk: Desk) -> None:
    def owed() -> list[dict[str, Any]]:
        return desk.outside.control.get("agiloft/hooks").json()["owed"]

    with listening() as ear:
        ear.repeats = False
        no = subscribe(desk, f"{ear.url}/hook")
        assert (no.status_code, no.json()["error"]) == (400, "INVALID_URL")
        ear.repeats = True
        quiet = subscribe(desk, f"{ear.url}/hook", webhook_status="Inactive")
        assert quiet.status_code == 201 and quiet.headers["location"].endswith(
            quiet.json()["webhook_key"]
        )
        desk.outside.ask("agiloft/press", id="10482")
        key = quiet.json()["webhook_key"]
        where = f"/ewws/webhooks?wh_key={key}"
        begun = desk.http.put(where, json={"webhook_status": "Active"}, headers=desk.bearer())
        assert begun.status_code == 200
        assert [row["method"] for row in ear.heard] == ["GET", "GET"]
        ear.heard.clear()
        desk.json("PUT", "case/10482", {"brand": "by a program"})
        desk.outside.ask("agiloft/press", id="10482", stamp="2025-05-02T15:00:00")
        until(lambda: ear.heard)
        (told,) = ear.heard
        assert told["state"] == "the state key" and told["code"]
        assert told["body"]["entry_fields"] == {
            "id": 10482,
            "ehub_pressed_at": "2025-05-02T15:00:00",
        }
        ear.heard.clear()
        ear.answers[:] = [500] * 6
        desk.outside.ask("agiloft/press", id="10483")
        assert hooks.WAITS == (10, 30, 5 * 60, 15 * 60, 40 * 60)
        passed = 0.0
        for tries, wait in enumerate(hooks.WAITS, start=1):
            until(lambda tries=tries: [one["tries"] for one in owed()] == [tries])
            passed += wait + 1
            desk.outside.ask("clock", offset_seconds=passed)
        until(lambda: len(ear.heard) == 6)
        until(lambda: not owed())
        assert len({row["code"] for row in ear.heard}) == 1
        assert desk.http.delete(where, headers=desk.bearer()).status_code == 400
        desk.http.put(where, json={"webhook_status": "Inactive"}, headers=desk.bearer())
        assert desk.http.delete(where, headers=desk.bearer()).status_code == 200
    assert subscribe(desk, "http://elsewhere.example/").json()["error"] == "INVALID_URL"
    bare = desk.http.post("/ewws/webhooks", json={}, headers=desk.bearer())
    assert bare.json()["error"] == "MISSING_REQUIRED_PARAM"
    assert desk.http.get("/ewws/webhooks").json()["error"] == "INVALID_ACCESS_TOKEN"


def test_T17_notifications_dropped_doubled_delayed_and_out_of_order(desk: Desk) -> None:
    def press(number: str, fault: str = "") -> None:
        if fault:
            desk.fault(fault)
        desk.outside.ask("agiloft/press", id=number)

    with listening() as ear:
        assert subscribe(desk, ear.url).status_code == 201
        ear.heard.clear()
        press("10482", "hook_drop")
        press("10483", "hook_double")
        until(lambda: len(ear.heard) == 2)
        assert {row["body"]["record_id"] for row in ear.heard} == {"10483"}
        ear.heard.clear()
        press("10482", "hook_reorder")
        press("10483")
        until(lambda: len(ear.heard) == 2)
        assert [row["body"]["record_id"] for row in ear.heard] == ["10483", "10482"]
        ear.heard.clear()
        press("10484", "hook_delay")
        desk.went_on(2)
        until(lambda: ear.heard)


def test_the_page_has_the_button_in_two_places_and_it_fires(desk: Desk) -> None:
    page = desk.http.get("/case/10482").text
    assert page.count('action="/case/10482/request"') == 2
    with listening() as ear:
        subscribe(desk, ear.url)
        ear.heard.clear()
        assert desk.http.post("/case/10482/request").status_code == 303
        until(lambda: ear.heard)
    assert "Requested" in desk.http.get("/case/10482").text
    desk.http.post("/case/10482/save", data={"customer_name": "Anna Berg"})
    assert desk.record()["customer_name"] == "Anna Berg"
    desk.http.post("/case/10482/lock")
    assert "Locked by anna.agent" in desk.http.get("/case/10482").text
    assert "Trasig skärm" in desk.http.get("/").text
    assert desk.http.get("/case/1").status_code == 404
    made = desk.http.post("/new")
    assert desk.http.get(made.headers["location"]).status_code == 200
