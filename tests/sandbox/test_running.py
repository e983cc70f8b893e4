"""The process itself: its one line, its memory, its clock, its end."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.sandbox.outside import KARIN, ROOT, TOLVAN, Outside
from tests.sandbox.test_mail import post

pytestmark = pytest.mark.slow


def send(outside: Outside) -> None:
    given = outside.environment
    account = (given["OMBUD_SMS_USER"], given["OMBUD_SMS_PASSWORD"])
    form = {"from": "Ombud", "to": "+46701740605", "message": "Hej"}
    httpx.post(given["OMBUD_SMS_URL"] + "sms", data=form, auth=account).raise_for_status()


def test_killed_and_started_again_it_remembers(tmp_path: Path) -> None:
    outside = Outside(tmp_path)
    before = outside.environment
    outside.ask("people", people=[{"personal_number": KARIN, "given": "Karin", "family": "Ek"}])
    outside.ask("clock", offset_seconds=3600)
    outside.ask("faults", part="bankid", fault="maintenance", times=3, on="cancel")
    outside.signed()
    post(outside)
    send(outside)
    root = Path(before["OMBUD_BANKID_SIGN_ROOT"]).read_bytes()
    noted = outside.items("journal")
    outside.kill()
    outside.start()
    assert outside.environment == before
    assert Path(before["OMBUD_BANKID_SIGN_ROOT"]).read_bytes() == root
    assert len(outside.items("mail")) == len(outside.items("sms")) == 1
    assert outside.items("people")[0]["name"] == "Karin Ek"
    assert outside.control.get("clock").json()["offset_seconds"] == 3600
    assert outside.items("faults")[0]["times"] == 3
    assert outside.items("journal")[: len(noted)] == noted
    assert outside.signed()["completionData"]["user"]["name"] == "Karin Ek"
    assert outside.stop() == 0


def test_a_report_owed_at_death_is_given_after_it(tmp_path: Path) -> None:
    outside = Outside(tmp_path)
    outside.ask("timing", sms_seconds=1)
    send(outside)
    outside.kill()
    outside.start()
    assert outside.items("sms")[0]["status"] in ("created", "sent", "delivered")
    done = threading.Event()
    for _ in range(40):
        if outside.items("sms")[0]["status"] == "delivered":
            break
        done.wait(0.1)
    assert outside.items("sms")[0]["status"] == "delivered"
    outside.stop()


def test_two_in_one_folder_is_one_too_many(outside: Outside) -> None:
    command = [sys.executable, "-m", "sandbox", "--data", str(outside.folder), "--port", "0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Another sandbox" in done.stderr
    assert done.stdout == ""


def test_the_next_free_port_is_taken_and_people_read_from_a_file(
    outside: Outside, tmp_path: Path
) -> None:
    file = tmp_path / "people.json"
    file.write_text(f'[{{"personal_number": "{KARIN}", "name": "Karin Ek", "roles": ["x"]}}]')
    port = outside.url.rpartition(":")[2]
    other = Outside(tmp_path / "data", "--port", port, "--people", str(file))
    assert other.url != outside.url
    assert other.items("people")[0]["given"] == "Karin"
    other.stop()


def test_the_clock_is_a_file(outside: Outside) -> None:
    path = Path(outside.environment["OMBUD_CLOCK"])
    assert float(path.read_text()) == 0
    told = outside.ask("clock", offset_seconds=-86_400.5)
    assert float(path.read_text()) == told["offset_seconds"] == -86_400.5
    path.write_text("7200\n")
    now = datetime.fromisoformat(outside.control.get("clock").json()["now"])
    assert abs(now - datetime.now(UTC) - timedelta(hours=2)) < timedelta(seconds=5)
    assert outside.refused("clock", offset_seconds="soon") == 422
    assert outside.refused("clock", offset_seconds=1e12) == 422


def test_mail_is_stamped_by_the_clock(outside: Outside) -> None:
    outside.ask("clock", offset_seconds=-30 * 86_400)
    post(outside)
    at = datetime.fromisoformat(outside.items("mail")[0]["at"])
    assert timedelta(days=29) < datetime.now(UTC) - at < timedelta(days=31)


def test_rows_about_one_person_make_one_phone(outside: Outside) -> None:
    rows = [
        {"personal_number": KARIN, "name": "Karin Ek", "organisation": "A", "roles": ["orderer"]},
        {"personal_number": "19900823-2382", "organisation": {"name": "B"}, "roles": ["attestant"]},
        {"personal_number": TOLVAN, "given": "T", "family": "T"},
    ]
    karin, tolvan = outside.ask("people", people=rows)["items"]
    assert (karin["organisation"], karin["roles"]) == ("A, B", ["orderer", "attestant"])
    assert tolvan["organisation"] == ""
    outside.ask("people", people=[{"personal_number": KARIN, "email": "k@example.test"}])
    assert outside.items("people")[0] == karin | {"email": "k@example.test"}
    assert outside.refused("people", people=[{"personal_number": "1"}]) == 422


def test_all_that_passes_stands_in_the_journal(outside: Outside) -> None:
    outside.signed()
    rows = outside.items("journal", part="bankid")
    told = [row["what"] for row in rows]
    assert "POST /rp/v6.0/sign" in told
    assert "order approved" in told
    assert outside.items("journal", part="bankid", after=str(rows[-1]["id"])) == []


def test_wrong_questions_get_clear_answers(outside: Outside) -> None:
    for path in ("bankid/approve", "clock", "faults", "people", "timing"):
        answer = outside.control.post(path, content=b"{")
        assert (answer.status_code, answer.json()) == (422, {"detail": "The body is not JSON."})
    assert outside.control.get("nothing").status_code == 404
    assert outside.control.delete("mail").status_code == 405
    assert outside.refused("timing", speed=3) == 422


def test_a_few_hundred_at_once(outside: Outside) -> None:
    def one(number: int) -> str:
        with outside.relying_party() as client:
            order = client.post("auth", json={"endUserIp": "198.51.100.7"}).json()
            return client.post("collect", json={"orderRef": order["orderRef"]}).json()["status"]

    with ThreadPoolExecutor(max_workers=60) as pool:
        assert set(pool.map(one, range(200))) == {"pending"}


def test_it_imports_nothing_of_ombud_nor_the_reverse() -> None:
    for folder, other in (("sandbox", "ombud"), ("ombud", "sandbox")):
        for path in (ROOT / folder).rglob("*.py"):
            words = path.read_text()
            assert f"from {other}" not in words, path
            assert f"import {other}" not in words, path


def test_a_stop_is_clean_even_while_someone_waits(tmp_path: Path) -> None:
    outside = Outside(tmp_path)
    outside.ask("faults", part="bankid", fault="hang", times=1)
    with pytest.raises(httpx.ReadTimeout):
        outside.bankid.post("auth", json={"endUserIp": "198.51.100.7"}, timeout=0.3)
    assert outside.stop() == 0
    assert not any(name.endswith(".new") for name in os.listdir(tmp_path))
