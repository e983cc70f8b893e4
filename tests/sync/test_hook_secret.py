"""Changing the webhook secret: shown once, the old one for a while, written down."""

import json
from datetime import timedelta

from django.urls import reverse

from ombud.desk.models import Reply
from ombud.lib import clock
from ombud.people.models import Entry
from ombud.sync import checking
from ombud.sync.models import System
from tests.cast import Cast, together
from tests.desk.doors import DoorTest
from tests.emptying import RealTestCase
from tests.outside import sandbox
from tests.sync.echo import listening
from tests.sync.linked import LinkedCast, LinkedTest
from tests.sync.test_deeds import Systems


class Knocking:
    def knock(self, system: System, number="10482") -> int:
        """With the secret and key of that row, as the other system knows them."""
        body = {"state_key": system.state_key, "table_name": "case", "record_id": number}
        path = f"/hooks/agiloft/{system.secret('hook')}/"
        return self.client.post(path, json.dumps(body), "application/json").status_code

    def ends(self) -> None:
        past = clock.now() - timedelta(seconds=1)
        System.objects.filter(pk=self.system.pk).update(old_hook_until=past)


class RotateTest(Systems, Knocking, LinkedTest):
    def test_both_are_heard_until_the_old_one_ends(self):
        entry = self.does("rotate_hook", system=self.system.pk, overlap_hours=2)
        new = self.again()
        self.assertNotEqual(new.secret("hook"), self.system.secret("hook"))
        left = new.old_hook_until - clock.now()
        self.assertTrue(timedelta(hours=1, minutes=59) < left <= timedelta(hours=2))
        self.assertEqual([self.knock(self.system), self.knock(new)], [200, 200])
        self.ends()
        self.assertEqual([self.knock(self.system), self.knock(new)], [404, 200])
        self.assertEqual((entry.verb, entry.data["hours"]), ("system.hook_rotated", 2))
        for secret in (new.secret("hook"), new.state_key, self.system.secret("hook")):
            self.assertNotIn(secret, str(entry.data))

    def test_the_key_of_the_old_one_ends_with_it_under_the_new_address_as_well(self):
        self.does("rotate_hook", system=self.system.pk)
        old, new = self.system.state_key, self.again()
        self.assertEqual(new.state_keys, [new.state_key, old])
        self.ends()
        self.assertEqual(self.again().state_keys, [new.state_key])

    def test_without_overlap_it_ends_at_once(self):
        self.does("rotate_hook", system=self.system.pk, overlap_hours=0)
        self.assertEqual(self.knock(self.system), 404)
        self.assertEqual(self.knock(self.again()), 200)

    def test_what_is_verified_stays_so_and_verifying_hands_the_new_one_over(self):
        System.objects.filter(pk=self.system.pk).update(probe="10482")
        with listening() as ear, self.settings(WEB_URL=ear.url):
            checking.run(self.again())
            self.does("rotate_hook", system=self.system.pk)
            self.assertTrue(self.again().is_active)
            checking.run(self.again())
            (hook,) = sandbox().ask("agiloft/hooks")["items"]
            self.assertEqual(hook["webhook_url"], self.again().hook_url)
        self.assertEqual(hook["state_key"], self.again().state_key)

    def test_nobody_else_and_nothing_else(self):
        for person, here, code in (
            (self.kim, self.operator, "not_administrator"),
            (self.adam, self.customer, "no_operator"),
            (self.per, self.stranger, "not_administrator"),
        ):
            told = self.refused("rotate_hook", person, here, system=self.system.pk)
            self.assertIn(code, told)
        self.assertEqual(self.refused("rotate_hook", system=10**6), ["no_such_system"])
        System.objects.update(hook_sealed="", hook_index="")
        self.assertEqual(self.refused("rotate_hook", system=self.system.pk), ["no_hook"])


class RotateTogetherTest(Systems, LinkedCast, Cast, RealTestCase):
    """Real transactions."""

    def test_two_at_once_are_one_after_the_other(self):
        one = lambda: self.does("rotate_hook", system=self.system.pk)  # noqa: E731
        together(one, one)
        row = self.again()
        self.assertNotEqual(row.secret("old_hook"), self.system.secret("hook"))
        self.assertNotEqual(row.secret("old_hook"), row.secret("hook"))
        self.assertEqual(Entry.objects.filter(verb="system.hook_rotated").count(), 2)


class RotatePage(Knocking, LinkedCast, DoorTest):
    def setUp(self):
        super().setUp()
        self.ann = self.person("ann", self.operator, "administrator")
        self.path = reverse("sync:rotate_hook", args=[self.system.pk])

    def typed(self, hours="24") -> dict:
        return {"overlap_hours": hours, "mark": self.again().hook_index[:16]}

    def test_the_new_one_is_shown_once(self):
        self.enter(self.ann)
        self.read(self.path)
        typed = self.typed()
        told = self.client.post(self.path, typed)
        row, page = self.again(), told.content.decode()
        self.assertIn(row.hook_url, page)
        self.assertIn(row.state_key, page)
        self.assertIn("no-store", told["Cache-Control"])
        after = self.read(reverse("sync:system", args=[self.system.pk]))
        self.assertIn("The old one holds until", after)
        for secret in (row.secret("hook"), row.state_key):
            self.assertNotIn(secret, after)
            self.assertNotIn(secret, self.read(self.path))
        again = self.client.post(self.path, typed, follow=True).content.decode()
        self.assertIn("The secret has been changed already.", again)
        self.assertEqual(self.again().hook_index, row.hook_index)

    def test_hours_that_are_none(self):
        self.enter(self.ann)
        for hours in ("169", "-1", "x", ""):
            answer = self.client.post(self.path, self.typed(hours))
            self.assertEqual(answer.status_code, 422, hours)
        self.assertEqual(self.again().hook_index, self.system.hook_index)

    def test_for_everybody_else_it_is_not_there(self):
        for person in (self.kim, self.adam, self.per):
            self.enter(person)
            self.assertEqual(self.client.get(self.path).status_code, 404)
            self.assertEqual(self.client.post(self.path, self.typed()).status_code, 404)

    def test_programs_are_shown_it_once_too(self):
        def post(person, **headers):
            body = {"system": self.system.pk, "overlap_hours": 1}
            return self.as_api(person, "post", "actions/rotate_hook", body, **headers)

        self.assertEqual(post(self.kim).status_code, 403)
        key = {"Idempotency-Key": "rotate-1"}
        told = post(self.ann, **key)
        self.assertEqual(told.status_code, 201, told.content)
        row = self.again()
        shown = {"webhook_url": row.hook_url, "state_key": row.state_key}
        self.assertEqual(told.json()["shown_once"], shown)
        self.assertIsNone(post(self.ann, **key).json()["shown_once"])
        self.assertEqual(self.again().hook_index, row.hook_index)
        self.assertNotIn(row.secret("hook"), str([*Reply.objects.values()]))
