"""Links that prove an account or an address: two words must match; every failure looks alike."""

import re

from django.core.cache import cache

from ombud.desk import actions, rules
from ombud.lib import clock
from ombud.lib.errors import Refused
from ombud.orders import actions as orders
from ombud.people import actions as people
from ombud.people import verifying
from ombud.people.actors import NOBODY
from ombud.people.models import Grant, Membership, Person, Verification
from ombud.post.models import Letter
from tests.cast import CastTest, TogetherTest, together
from tests.desk.doors import DoorTest
from tests.desk.proving import NEWCOMER, Proving

NEW = {"given": "Nina", "family": "Ny", "email": "nina@example.org"}
WORDS = {"email": "nina@example.org", "number": "556000-0019"}


def link_to(address):
    letter = Letter.objects.filter(address=address).latest("pk")
    return re.search(r"/verify/[\w-]+/", letter.words)[0]


class Invited:
    def invites(self, role="contact"):
        by = self.actor(self.adam)
        people.add_person(self.customer, by=by, **NEW)
        nina = Person.objects.get(email=NEW["email"])
        people.grant(self.customer, by=by, person=nina.username, role=role)
        return nina

    def ties(self, number=NEWCOMER):
        return actions.verify_account(Verification.objects.get(), by=NOBODY, personal_number=number)


class VerifyTest(Invited, CastTest):
    def test_the_account_is_tied_to_the_e_id_once(self):
        nina = self.invites()
        self.assertEqual(self.ties(), nina)
        self.assertEqual(Person.objects.of_number(NEWCOMER), nina)
        with self.assertRaises(Refused):
            self.ties()

    def test_who_has_an_account_goes_on_with_that_one(self):
        nina = self.invites("orderer")
        kept = self.ties(self.per.personal_number)
        self.assertEqual(kept, self.per)
        self.assertEqual(self.actor(self.per, self.customer).roles, ["orderer"])
        self.assertEqual(self.actor(self.per, self.stranger).roles, ["orderer"])
        nina.refresh_from_db()
        self.assertFalse(nina.is_active)
        self.assertFalse(Membership.objects.current().filter(person=nina).exists())

    def test_what_the_invited_account_was_chosen_for_goes_over_too(self):
        nina = self.invites("orderer")
        draft = orders.start_order(by=self.actor(nina, self.customer), offer="npo-direct")
        self.ties(self.per.personal_number)
        draft.refresh_from_db()
        self.assertEqual(draft.orderer, self.per)

    def test_a_known_number_draws_nobody_in_and_shows_nothing(self):
        number = self.per.personal_number
        asked = {**NEW, "personal_number": number}
        people.add_person(self.customer, by=self.actor(self.adam), **asked)
        self.assertFalse(Membership.objects.filter(person=self.per, organisation=self.customer))
        (link,) = Verification.objects.all()
        self.assertEqual((link.person.given, link.person.email), (NEW["given"], NEW["email"]))
        self.assertEqual(self.ties(number), self.per)
        self.assertTrue(Membership.objects.filter(person=self.per, organisation=self.customer))

    def test_an_account_that_has_an_e_id_keeps_it(self):
        nina = self.invites()
        nina.set_personal_number(self.per.personal_number[:-4] + "0000")
        nina.save()
        [reason] = rules.verify_account(NOBODY, Verification.objects.get(), NEWCOMER)
        self.assertEqual(reason.code, "verified_already")

    def test_who_has_been_let_go_meanwhile_comes_in_by_no_link(self):
        nina = self.invites()
        row = Verification.objects.get()
        nina.membership_set.end()
        [reason] = rules.verify_account(NOBODY, row, self.per.personal_number)
        self.assertEqual(reason.code, "not_member")
        with self.assertRaises(Refused):
            self.ties(self.per.personal_number)
        self.assertFalse(Membership.objects.filter(person=self.per, organisation=self.customer))

    def test_an_invitation_sent_again_kills_the_link_before_it(self):
        nina = self.invites()
        first = link_to(NEW["email"])
        people.invite(self.customer, by=self.actor(self.adam), person=nina.username)
        token = first.split("/")[2]
        self.assertIsNone(verifying.matched(token, *WORDS.values()))
        again = link_to(NEW["email"]).split("/")[2]
        self.assertIsNotNone(verifying.matched(again, *WORDS.values()))

    def test_an_address_alone_leads_to_no_account_that_an_e_id_is_tied_to(self):
        """Else whoever writes somebody's address for an account of the own would be let in."""
        by = self.actor(self.adam)
        people.add_person(self.customer, by=by, given="Per", family="X", email="per@example.org")
        self.assertFalse(Membership.objects.filter(person=self.per, organisation=self.customer))
        self.assertEqual(Person.objects.filter(email="per@example.org").count(), 2)


class ConfirmTest(CastTest):
    TYPED = {"given": "Liva", "family": "Test", "email": "liva@example.org", "phone": ""}

    def asks(self):
        Person.objects.filter(pk=self.liv.pk).update(seen_login_at=clock.now())
        actions.change_person(self.customer, by=self.actor(self.adam), person="liv", **self.TYPED)
        return Verification.objects.get()

    def test_only_the_person_confirms_and_the_address_before_is_told(self):
        row = self.asks()
        for person in (self.adam, self.per):
            barred = rules.confirm_details(self.actor(person), row)
            self.assertEqual([one.code for one in barred], ["not_yours"])
        with self.assertRaises(Refused):
            actions.confirm_details(row, by=self.actor(self.adam))
        actions.confirm_details(row, by=self.actor(self.liv))
        liv = Person.objects.get(pk=self.liv.pk)
        self.assertEqual((liv.given, liv.email, liv.phone), ("Liva", "liva@example.org", ""))
        self.assertEqual(liv.sort_key, "test liva")
        told = Letter.objects.get(address="liv@example.org")
        self.assertEqual(told.subject, "Your details in Ombud have been changed")
        with self.assertRaises(Refused):
            actions.confirm_details(row, by=self.actor(self.liv))

    def test_too_old_it_opens_nothing(self):
        row = self.asks()
        with self.after(hours=73):
            barred = rules.confirm_details(self.actor(self.liv), row)
            self.assertEqual([one.code for one in barred], ["link_spent"])

    def test_who_has_left_confirms_nothing(self):
        self.asks()
        actions.deactivate_person(self.customer, by=self.actor(self.adam), person="liv")
        self.assertFalse(Verification.objects.in_force().exists())


class TestPages(Invited, Proving, DoorTest):
    def setUp(self):
        super().setUp()
        cache.clear()

    def test_from_the_letter_to_being_logged_in(self):
        nina = self.invites()
        door = link_to(NEW["email"])
        self.assertIn("Confirm your account", self.read(door))
        answer = self.client.post(door, WORDS)
        self.assertRedirects(answer, "/account/tie/", fetch_redirect_response=False)
        self.assertIn("Nina Ny", self.read("/account/tie/"))
        self.assertEqual(self.proves("account"), "/account/tie/")
        answer = self.client.post("/account/tie/", {})
        self.assertContains(answer, "Tick that the details are right.", status_code=422)
        answer = self.client.post("/account/tie/", {"right": "on"})
        self.assertEqual((answer.status_code, answer["Location"]), (302, "/"))
        self.assertIn("You act for The customer.", self.read("/"))
        self.assertEqual(Person.objects.of_number(NEWCOMER), nina)
        self.assertEqual(self.client.post(door, WORDS).status_code, 422)

    def test_every_failure_is_the_same_page(self):
        """No link, a spent one, one too old, another address, another number: not to be told apart,
        nor by what they cost."""
        self.invites()
        door = link_to(NEW["email"])
        wrong = [
            ("/verify/AAAAAAAAAAAAAAAAAAAAAA/", WORDS),
            (door, {**WORDS, "email": "adam@example.org"}),
            (door, {**WORDS, "number": "5560000043"}),
            (door, {}),
        ]
        told = [self.failed(*one) for one in wrong]
        with self.after(hours=73):
            told.append(self.failed(door, WORDS))
        Verification.objects.update(used_at=clock.now())
        told.append(self.failed(door, WORDS))
        self.assertEqual(len(set(told)), 1, told)

    def failed(self, door, words):
        cache.clear()
        with self.assertNumQueries(1):
            answer = self.client.post(door, words)
        page = answer.content.decode()
        for value in (door, *WORDS.values(), *words.values()):
            page = page.replace(value, "")
        page = re.sub(r'value="[^"]*"|nonce-[\w=+/-]+|csrf\w*|[A-Za-z0-9]{64}', "", page)
        return answer.status_code, page

    def test_reading_a_link_changes_nothing_and_a_made_up_one_looks_alike(self):
        self.invites()
        door = link_to(NEW["email"])
        for _ in range(20):
            self.read(door)
        self.assertEqual(self.client.head(door).status_code, 200)
        self.assertIsNone(Verification.objects.get().used_at)
        pages = [self.read(one) for one in (door, "/verify/AAAAAAAAAAAAAAAAAAAAAA/")]
        bare = [re.sub(r'/verify/[\w-]+/|value="[^"]*"', "", page) for page in pages]
        self.assertEqual(*bare)

    def test_guessing_is_stopped(self):
        self.invites()
        door = link_to(NEW["email"])
        for _ in range(10):
            self.client.post(door, {**WORDS, "number": "5560000043"})
        self.assertEqual(self.client.post(door, WORDS).status_code, 429)

    def test_without_the_link_there_is_nothing_to_tie_or_confirm(self):
        for path in ("/account/tie/", "/account/details/"):
            self.assertEqual(self.client.get(path).status_code, 410)
            self.assertEqual(self.client.post(path, {"right": "on"}).status_code, 410)

    def test_new_details_are_confirmed_logged_in(self):
        Person.objects.filter(pk=self.liv.pk).update(seen_login_at=clock.now())
        actions.change_person(
            self.customer, by=self.actor(self.adam), person="liv", **ConfirmTest.TYPED
        )
        door = link_to("liva@example.org")
        words = {"email": "liva@example.org", "number": "5560000019"}
        answer = self.client.post(door, words)
        self.assertEqual(answer["Location"], "/account/details/")
        answer = self.client.get("/account/details/")
        self.assertIn("/login/?next=", answer["Location"])
        self.client.post("/login/", {"login": "liv", "password": "pw"})
        page = self.read("/account/details/")
        self.assertIn("liv@example.org → liva@example.org", page)
        answer = self.client.post("/account/details/")
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(Person.objects.get(pk=self.liv.pk).email, "liva@example.org")

    def test_somebody_else_logged_in_confirms_nothing(self):
        Person.objects.filter(pk=self.liv.pk).update(seen_login_at=clock.now())
        actions.change_person(
            self.customer, by=self.actor(self.adam), person="liv", **ConfirmTest.TYPED
        )
        self.enter(self.adam)
        words = {"email": "liva@example.org", "number": "5560000019"}
        self.client.post(link_to("liva@example.org"), words)
        page = self.read("/account/details/")
        self.assertIn("You are logged in as somebody else.", page)
        self.assertNotIn("liv@example.org", page)
        self.assertEqual(self.client.post("/account/details/").status_code, 403)


class AtOnceTest(Invited, TogetherTest):
    def test_the_same_link_twice_at_once_counts_once(self):
        self.invites()
        row = Verification.objects.get()
        ends = together(
            *[lambda: actions.verify_account(row, by=NOBODY, personal_number=NEWCOMER)] * 3
        )
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 2, ends)
        self.assertEqual(Person.objects.filter(email=NEW["email"]).count(), 1)
        self.assertEqual(Grant.objects.filter(role="contact").count(), 1)
