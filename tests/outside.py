"""The world outside, for tests: the real sandbox in a process of its own, and its phones."""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache

import httpx
from django.conf import settings

NAMES = {
    "OMBUD_BANKID_URL": "BANKID_URL",
    "OMBUD_BANKID_CA": "BANKID_CA",
    "OMBUD_BANKID_CERT": "BANKID_CERT",
    "OMBUD_BANKID_KEY": "BANKID_KEY",
    "OMBUD_BANKID_SIGN_ROOT": "BANKID_SIGN_ROOT",
    "OMBUD_SMS_URL": "SMS_URL",
    "OMBUD_SMS_USER": "SMS_USER",
    "OMBUD_SMS_PASSWORD": "SMS_PASSWORD",
    "OMBUD_AGILOFT_URL": "AGILOFT_URL",
    "OMBUD_AGILOFT_OAUTH_URL": "AGILOFT_OAUTH_URL",
    "OMBUD_AGILOFT_KB": "AGILOFT_KB",
    "OMBUD_AGILOFT_LOGIN": "AGILOFT_LOGIN",
    "OMBUD_AGILOFT_PASSWORD": "AGILOFT_PASSWORD",
    "OMBUD_AGILOFT_CLIENT": "AGILOFT_CLIENT",
    "OMBUD_AGILOFT_CLIENT_SECRET": "AGILOFT_CLIENT_SECRET",
    "OMBUD_SMTP_HOST": "EMAIL_HOST",
    "OMBUD_SMTP_PORT": "EMAIL_PORT",
}


@cache
def sandbox() -> "Sandbox":
    """One sandbox a test process, begun when it is first asked for."""
    folder = tempfile.mkdtemp(prefix="ombud-outside-")
    command = [sys.executable, "-m", "sandbox", "--data", folder, "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ
    )
    atexit.register(process.terminate)
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    for name, setting in NAMES.items():
        setattr(settings, setting, told["environment"][name])
    return Sandbox(told["sandbox_url"], told["environment"])


class Sandbox:
    def __init__(self, url: str, environment: dict):
        self.url, self.environment = url, environment
        self.client = httpx.Client(base_url=url, timeout=20)

    def ask(self, path: str, **query) -> dict:
        return self.client.get(f"/control/{path}", params=query).raise_for_status().json()

    def tell(self, path: str, **body) -> dict:
        return self.client.post(f"/control/{path}", json=body).raise_for_status().json()

    def sign(self, personal_number: str, auto_start_token: str) -> None:
        """The person opens the app, reads, and approves."""
        opened = {"auto_start_token": auto_start_token, "person": personal_number}
        self.tell("bankid/open", **opened)
        self.tell("bankid/approve", person=personal_number)

    def last_sms(self, phone: str) -> str:
        return self.ask("sms", to=phone)["items"][-1]["message"]
