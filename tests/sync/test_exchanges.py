"""The exchanges with the other system, word for word: what we send, in which order, and where."""

import json
from urllib.parse import parse_qsl

from django.conf import settings

from ombud.people.actors import THE_SYSTEM
from ombud.sync import steps, webhooks
from tests.outside import sandbox
from tests.sync.linked import LinkedTest

BASE = "/ewws/alrest/Service"


class ExchangeTest(LinkedTest):
    def exchanges(self) -> list[tuple[str, object]]:
        """Method and path, and the body as it is meant."""
        rows = sandbox().ask("journal", part="agiloft")["items"]
        return [(row["what"], self.body(row)) for row in rows if row["way"] == "in"]

    def body(self, row) -> object:
        told = row["detail"]["body"]
        return json.loads(told) if told.startswith("{") else dict(parse_qsl(told))

    def test_the_case_named_by_a_webhook_is_read_by_its_mapped_fields_alone(self):
        mapped = ("summary", "customer_mobile", "request_id")
        self.system.columns = {name: self.system.columns[name] for name in mapped}
        self.system.save()
        webhooks.fetch(self.system, "case", "10482")
        login, read = self.exchanges()
        secret = {"login": settings.AGILOFT_LOGIN, "password": "(hidden)"}
        self.assertEqual(login, (f"POST {BASE}/login", {**secret, "KB": "Service", "lang": "en"}))
        fields = ["id", "summary", "customer_mobile", "ehub_request_id"]
        asked = {"field": fields, "query": "id=10482"}
        self.assertEqual(read, (f"POST {BASE}/case/search", asked))

    def test_sent_is_written_in_one_update_and_read_back(self):
        self.link()
        self.owe(request_id="INQ0000001", request_status="Sent", sms_count=1)
        self.carry()
        _login, before, update, after = self.exchanges()
        self.assertEqual(update[0], f"PUT {BASE}/case/10482")
        told = {"ehub_request_id": "INQ0000001", "ehub_request_status": "Sent"}
        self.assertEqual(update[1], {**told, "ehub_sms_count": 1})
        self.assertEqual(before, after)

    def test_the_same_write_on_the_older_surface(self):
        type(self.system).objects.update(surface="legacy_inline")
        self.link()
        self.owe(request_status="Sent")
        self.carry()
        _before, update, _after = self.exchanges()
        self.assertEqual(update[0], "POST /ewws/EWUpdate")
        login = {"$login": settings.AGILOFT_LOGIN, "$password": "(hidden)"}
        place = {"$KB": "Service", "$table": "case", "$lang": "en", "id": "10482"}
        self.assertEqual(update[1], {**place, **login, "ehub_request_status": "Sent"})

    def test_failure_is_reported_once(self):
        self.link()
        failed = {"request_status": "Failed", "failed_reason": "no_response", "sms_count": 4}
        self.owe("failed", **failed, last_sms_at="2025-05-08T15:00:00+02:00")
        self.carry()
        self.owe("failed", **failed)
        self.carry()
        updates = [body for what, body in self.exchanges() if what.startswith("PUT")]
        told = {"ehub_request_status": "Failed", "ehub_failed_reason": "no_response"}
        told |= {"ehub_sms_count": 4, "ehub_last_sms_at": "May 08 2025 15:00"}
        self.assertEqual(updates, [told])

    def test_a_customer_is_looked_for_before_it_is_made(self):
        table = "contacts.customer"
        steps.link_new(self.case, self.system, table, "ehub_customer_no", by=THE_SYSTEM)
        values = {"ehub_customer_no": "K20551", "cell_phone": "+46701234567"}
        steps.owe(self.case, values, by=THE_SYSTEM, key="card", table=table)
        self.carry()
        _login, look, make, _read = self.exchanges()
        asked = {"field": ["id"], "query": "ehub_customer_no='K20551'"}
        self.assertEqual(look, (f"POST {BASE}/{table}/search", asked))
        self.assertEqual(make, (f"POST {BASE}/{table}/upsert", values))
