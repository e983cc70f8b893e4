"""A running sandbox and the means to speak with it."""

import base64
import json
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
KARIN, TOLVAN, ASTRID = "199008232382", "198002289224", "199302222386"


class Outside:
    def __init__(self, folder: Path, *more: str) -> None:
        self.folder = folder
        self.more = more
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "sandbox", "--data", str(self.folder), "--port", "0"]
        self.process = subprocess.Popen(
            [*command, *self.more], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        told = json.loads(self.process.stdout.readline())
        self.url: str = told["sandbox_url"]
        self.environment: dict[str, str] = told["environment"]
        self.control = httpx.Client(base_url=self.url + "/control/", trust_env=False)
        self.bankid = self.relying_party()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(10)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def relying_party(self, file: str = "rp") -> httpx.Client:
        context = ssl.create_default_context(cafile=self.environment["OMBUD_BANKID_CA"])
        pki = Path(self.environment["OMBUD_BANKID_CA"]).parent
        context.load_cert_chain(pki / f"{file}.crt", pki / f"{file}.key")
        base = self.environment["OMBUD_BANKID_URL"]
        return httpx.Client(base_url=base, verify=context, trust_env=False)

    def ask(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.control.post(path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, path: str, **body: Any) -> int:
        answer = self.control.post(path, json=body)
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.json()["detail"]
        return answer.status_code

    def items(self, path: str, **query: str) -> list[dict[str, Any]]:
        return self.control.get(path, params=query).json()["items"]

    def order(self, path: str = "sign", **fields: Any) -> dict[str, str]:
        body = {"endUserIp": "198.51.100.7"}
        if path == "sign":
            body["userVisibleData"] = encoded("Jag attesterar beställning RITM0000001.")
        answer = self.bankid.post(path, json=body | fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def collect(self, order: dict[str, str]) -> dict[str, Any]:
        answer = self.bankid.post("collect", json={"orderRef": order["orderRef"]})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def signed(self, person: str = KARIN, path: str = "sign", **fields: Any) -> dict[str, Any]:
        """A whole signature: ordered, opened, approved; what the last collect says."""
        order = self.order(path, **fields)
        self.ask("bankid/open", auto_start_token=order["autoStartToken"], person=person)
        self.ask("bankid/approve", person=person)
        return self.collect(order)


def encoded(words: str) -> str:
    return base64.b64encode(words.encode()).decode()


def until(true: Callable[[], Any], seconds: float = 10) -> Any:
    """What `true` answers as soon as it is anything."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} seconds")
