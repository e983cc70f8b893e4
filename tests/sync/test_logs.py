"""Whatever the other system does and says, no line of a log carries a secret of ours."""

import base64
import io
import json
import logging
from urllib.parse import quote

from django.test import RequestFactory

from ombud.config import logs
from ombud.sync import checking, ledger, webhooks
from ombud.sync.faults import Fault
from tests.leak.test_logs import is_ours
from tests.outside import sandbox
from tests.sync.linked import LinkedTest


class SecretsTest(LinkedTest):
    def setUp(self):
        super().setUp()
        root = logging.getLogger()
        formatter = next(one.formatter for one in root.handlers if is_ours(one))
        self.stream, level = io.StringIO(), root.level
        handler = logging.StreamHandler(self.stream)
        handler.setFormatter(formatter)
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        quiet = {name: logging.getLogger(name).level for name in logs.QUIET}
        for name in quiet:  # even what is never asked to speak
            logging.getLogger(name).setLevel(logging.INFO)
            self.addCleanup(logging.getLogger(name).setLevel, quiet[name])
        self.addCleanup(root.removeHandler, handler)
        self.addCleanup(root.setLevel, level)
        self.link()

    def secrets(self) -> list[str]:
        system = self.again()
        known = [system.secret(name) for name in ("password", "client_secret", "hook")]
        known += [system.state_key, *(system.token.get(name, "") for name in ("access", "refresh"))]
        return [secret for secret in known if secret]

    def test_no_secret_stands_in_a_log_a_ledger_or_an_event(self):
        for surface in ("json", "legacy_bearer", "legacy_inline"):
            type(self.system).objects.update(surface=surface, token_sealed="")
            self.system = self.again()
            self.go_wrong()
        told = self.stream.getvalue()
        self.assertGreater(told.count("\n"), 30)
        rows = [str(one) for one in self.case.events.values_list("data", "words__body")]
        rows += [str(one) for link in self.case.links.all() for one in link.fields.values()]
        rows += [str(self.again().checks), *self.case.links.values_list("error", flat=True)]
        kept = told + "".join(rows)
        secrets = self.secrets()
        self.assertGreaterEqual(len(secrets), 4)
        for secret in secrets:
            for spelt in (
                secret,
                quote(secret, safe=""),
                base64.b64encode(secret.encode()).decode(),
            ):
                self.assertNotIn(spelt, kept)

    def go_wrong(self):
        for number, fault in enumerate(("html", "500", "refuse", "lock", "drop", "expire")):
            self.owe(f"{self.system.surface} {fault}", sms_count=number)
            sandbox().tell("faults", part="agiloft", fault=fault, times=2, on="update")
            self.carry()
            type(self.system).objects.update(retry_at=None)
        sandbox().tell("faults", part="agiloft", fault="html", times=3)
        checking.run(self.system)
        type(self.system).objects.update(verified_at=self.system.verified_at, retry_at=None)
        sandbox().tell("faults", part="agiloft", fault="html", times=2, on="search")
        ledger.compare(self.case)
        try:
            webhooks.fetch(self.system, "case", "1")
        except Fault as no:
            logging.getLogger("ombud.test").warning("%s", no)
        self.knock(self.system.state_key)
        self.knock("wrong")

    def knock(self, state):
        body = json.dumps({"state_key": state, "record_id": "10482"})
        path = f"/hooks/agiloft/{self.system.secret('hook')}/"
        headers = {"Verification-Code": "abcdef", "state_key": state}
        asked = RequestFactory().post(path, body, "application/json", headers=headers)
        webhooks.answer(self.system, asked)
        logging.getLogger("django.request").warning("Not Found: %s", path)
