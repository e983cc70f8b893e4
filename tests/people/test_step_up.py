"""What asks for a fresh strong proof: at the pages with what was typed kept, at the API with words
about where to confirm."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import override_settings

from ombud.desk.kinds import JOURNALED
from ombud.eid.models import Challenge
from ombud.lib import clock
from ombud.people.account import actions, proofs
from ombud.people.actors import Actor
from ombud.people.models import CodePhone, Consent, Grant, Person, Registration, StandIn
from ombud.post.models import Letter
from tests.cast import NUMBERS, TogetherTest
from tests.desk.doors import BACKEND, DoorTest
from tests.outside import sandbox
from tests.people.test_second import CODES, SECRET, code

GIVEN = {"person": "eva", "role": "administrator"}


def soon(days: int) -> str:
    return (clock.now() + timedelta(days=days)).strftime("%Y-%m-%dT12:00")


class StepTest(DoorTest):
    def setUp(self):
        super().setUp()
        cache.clear()

    def entered(self, person, by="bankid", minutes=11):
        """Logged in by some way, a while ago."""
        self.enter(person)
        session = self.client.session
        at = clock.now() - timedelta(minutes=minutes)
        session[proofs.KEPT] = {"by": by, "at": at.isoformat()}
        session.save()

    def has_app(self, person):
        actions.add_app(person, by=Actor(person, None), secret=SECRET)

    def administers(self, username) -> bool:
        return (
            Grant.objects.current().filter(person__username=username, role=GIVEN["role"]).exists()
        )

    def gives(self, **more):
        return self.client.post("/organisation/grant/", {**GIVEN, **more})


class TestPages(StepTest):
    def test_a_fresh_strong_login_is_asked_for_nothing(self):
        self.entered(self.ada, minutes=1)
        self.gives()
        self.assertTrue(self.administers("eva"))

    def test_an_old_one_is_asked_and_comes_back_with_what_was_typed(self):
        self.has_app(self.ada)
        self.entered(self.ada)
        self.assertRedirects(self.gives(), "/confirm/", fetch_redirect_response=False)
        self.assertFalse(self.administers("eva"))
        page = self.read("/confirm/")
        self.assertIn("make somebody an administrator", page)
        before = self.client.session.session_key
        answer = self.client.post("/confirm/code/", {"code": code()})
        self.assertRedirects(answer, "/organisation/grant/", fetch_redirect_response=False)
        self.assertNotEqual(self.client.session.session_key, before)
        page = self.read("/organisation/grant/")
        self.assertRegex(page, r'<option value="eva" selected')
        self.assertRegex(page, r'value="administrator"[^>]* checked')
        self.assertFalse(self.administers("eva"))  # the deed is offered, not done
        self.gives()
        self.assertTrue(self.administers("eva"))

    def test_a_weak_one_is_asked_however_fresh(self):
        for weak in ("password", "sms", "company", ""):
            self.entered(self.ada, weak, minutes=0)
            self.assertRedirects(self.gives(), "/confirm/", fetch_redirect_response=False)

    def test_other_roles_are_given_as_before(self):
        self.entered(self.ada)
        answer = self.gives(role="contact")
        self.assertRedirects(answer, "/organisation/", fetch_redirect_response=False)

    def test_who_may_not_is_refused_and_not_asked(self):
        self.entered(self.ola)
        self.assertEqual(self.gives().status_code, 403)

    def test_a_wrong_code_confirms_nothing(self):
        self.has_app(self.ada)
        self.entered(self.ada)
        self.gives()
        answer = self.client.post("/confirm/code/", {"code": "000000"})
        self.assertContains(answer, "The code is wrong", status_code=422)
        self.assertRedirects(self.gives(), "/confirm/", fetch_redirect_response=False)

    def test_naming_a_stand_in_for_another_asks_and_for_oneself_does_not(self):
        until = {"until_at": soon(5), "roles": ["agent_handler"]}
        self.has_app(self.ada)
        self.entered(self.ada)
        path = "/organisation/stand-ins/name/"
        typed = {"instead_of": "ola", "person": "eva", **until}
        answer = self.client.post(path, typed)
        self.assertRedirects(answer, "/confirm/", fetch_redirect_response=False)
        answer = self.client.post("/confirm/code/", {"code": code()})
        self.assertRedirects(answer, f"{path}?for=ola", fetch_redirect_response=False)
        page = self.read(f"{path}?for=ola")
        self.assertIn(f'value="{soon(5)}"', page)
        self.assertRegex(page, r'<option value="eva" selected')
        self.client.post(path, typed)
        self.assertEqual(StandIn.objects.get().instead_of, self.ola)
        self.entered(self.ada)
        pk = StandIn.objects.get().pk
        changed = {"until_at": soon(9), "roles": ["agent_handler"]}
        answer = self.client.post(f"/organisation/stand-ins/{pk}/", changed)
        self.assertRedirects(answer, "/confirm/", fetch_redirect_response=False)
        StandIn.objects.all().delete()
        self.entered(self.ola)
        self.client.post(path, {"person": "eva", **until})
        self.assertEqual(StandIn.objects.get().instead_of, self.ola)

    def test_confirming_out_of_turn_confirms_nothing(self):
        self.has_app(self.ada)
        self.entered(self.ada)
        self.client.post("/confirm/code/", {"code": code()})
        self.assertRedirects(self.gives(), "/confirm/", fetch_redirect_response=False)
        self.assertRedirects(self.client.get("/me/security/app/"), "/confirm/")

    def test_what_was_typed_is_told_once_and_not_to_another_page(self):
        self.has_app(self.ada)
        self.entered(self.ada)
        self.gives()
        self.client.post("/confirm/code/", {"code": code()})
        self.read("/organisation/stand-ins/name/")
        self.assertIn('value="eva" selected', self.read("/organisation/grant/"))
        self.assertNotIn('value="eva" selected', self.read("/organisation/grant/"))


class TestComing(StepTest):
    """The other ways in which somebody becomes an administrator."""

    ADMIT, APPOINT = "/organisation/people/admit/", "/organisation/appoint/"
    WORDS = {
        "given": "Nova",
        "family": "Ny",
        "email": "nova@example.org",
        "personal_number": NUMBERS[15],
        "grounds": "Asked by letter, with the register's extract.",
    }

    def registered(self, role="administrator"):
        nova = Person.objects.begin("nova", "Nova", "Ny", personal_number=NUMBERS[15])
        row = Registration.objects.create(person=nova, organisation=self.agent)
        return {"registration": row.pk, "role": role}

    def confirms(self, back):
        answer = self.client.post("/confirm/code/", {"code": code()})
        self.assertRedirects(answer, back, fetch_redirect_response=False)

    def test_who_has_registered_becomes_one_after_a_fresh_proof_alone(self):
        typed = self.registered()
        self.has_app(self.ada)
        self.entered(self.ada)
        answer = self.client.post(self.ADMIT, typed)
        self.assertRedirects(answer, "/confirm/", fetch_redirect_response=False)
        self.assertFalse(self.administers("nova"))
        self.assertIn("make somebody an administrator", self.read("/confirm/"))
        self.confirms(self.ADMIT)
        page = self.read(self.ADMIT)
        self.assertIn("Let in Nova Ny", page)
        self.assertRegex(page, r'value="administrator"[^>]* checked')
        self.assertFalse(self.administers("nova"))
        self.client.post(self.ADMIT, typed)
        self.assertTrue(self.administers("nova"))

    def test_let_in_with_another_role_as_before(self):
        self.entered(self.ada)
        answer = self.client.post(self.ADMIT, self.registered("contact"))
        self.assertRedirects(answer, "/organisation/", fetch_redirect_response=False)

    def test_read_out_of_turn_it_leads_to_the_organisation_and_others_see_nobody(self):
        typed = self.registered()
        self.entered(self.ada)
        self.assertRedirects(
            self.client.get(self.ADMIT), "/organisation/", fetch_redirect_response=False
        )
        self.entered(self.ola)
        for answer in (
            self.client.get(self.ADMIT),
            self.client.post(self.ADMIT, {**typed, "role": ""}),
        ):
            self.assertEqual(answer.status_code, 403)
            self.assertNotIn("Nova", answer.content.decode())

    def test_appointed_after_a_fresh_proof_alone_and_the_number_is_not_kept(self):
        Grant.objects.filter(organisation=self.stranger).delete()
        self.standing(self.stranger, "agreement")
        typed = {**self.WORDS, "number": self.stranger.number}
        self.has_app(self.kim)
        self.entered(self.kim)
        answer = self.client.post(self.APPOINT, typed)
        self.assertRedirects(answer, "/confirm/", fetch_redirect_response=False)
        self.assertFalse(Grant.objects.filter(organisation=self.stranger).exists())
        self.assertNotIn(NUMBERS[15], str(self.client.session[proofs.WAITING]))
        self.confirms(self.APPOINT)
        page = self.read(self.APPOINT)
        self.assertIn('value="nova@example.org"', page)
        self.assertNotIn(NUMBERS[15], page)
        self.client.post(self.APPOINT, typed)
        self.assertTrue(Grant.objects.filter(organisation=self.stranger).exists())


class TestFactors(StepTest):
    """Changing how one logs in."""

    PATHS = ("app/", "passkeys/add/", "phone/", "phone/code/")

    def test_asks_for_the_strongest_that_the_person_has(self):
        self.entered(self.ola, "password", minutes=0)
        for path in self.PATHS:
            answer = self.client.get(f"/me/security/{path}")
            self.assertRedirects(answer, "/confirm/", fetch_redirect_response=False)
        page = self.read("/confirm/")
        self.assertIn("BankID on another device", page)
        self.assertNotIn('name="password"', page)
        answer = self.client.post("/confirm/password/", {"password": "pw"})
        self.assertRedirects(answer, "/confirm/", fetch_redirect_response=False)

    def test_whoever_has_a_password_alone_adds_the_first_by_it(self):
        self.without_number()
        self.entered(self.ola, "password")
        self.client.get("/me/security/app/")
        self.assertIn('name="password"', self.read("/confirm/"))
        answer = self.client.post("/confirm/password/", {"password": "wrong"})
        self.assertContains(answer, "The password is wrong.", status_code=422)
        answer = self.client.post("/confirm/password/", {"password": "pw"})
        self.assertRedirects(answer, "/me/security/app/")

    def test_but_gives_no_administrator_by_it(self):
        self.ada.set_personal_number("")
        self.ada.save()
        self.entered(self.ada, "password", minutes=0)
        self.gives()
        page = self.read("/confirm/")
        self.assertIn("no way that is strong enough", page)
        self.client.post("/confirm/password/", {"password": "pw"})
        self.assertFalse(self.administers("eva"))

    def test_with_security_codes_the_code_is_asked_for_not_the_password(self):
        self.without_number()
        actions.set_code_phone(self.ola, by=Actor(self.ola, None), phone="+46701740688")
        self.entered(self.ola, "sms")
        self.client.get("/me/security/app/")
        self.assertNotIn('name="password"', self.read("/confirm/"))
        self.client.post("/confirm/password/", {"password": "pw"})
        self.client.post("/confirm/send/")
        answer = self.client.post("/confirm/sms/", {"code": CODES.search(self.sms())[1]})
        self.assertRedirects(answer, "/me/security/app/")

    def sms(self) -> str:
        address = CodePhone.objects.get().phone
        return Letter.objects.filter(address=address).latest("pk").words

    def without_number(self):
        person = Person.objects.get(pk=self.ola.pk)
        person.set_personal_number("")
        person.save()
        self.ola = person

    def test_removing_waits_too(self):
        self.has_app(self.ola)
        self.entered(self.ola)
        answer = self.client.post("/me/security/remove/app/")
        self.assertRedirects(answer, "/confirm/", fetch_redirect_response=False)
        self.assertTrue(Authenticator.objects.filter(type="totp").exists())


class TestProgramsAlone(StepTest):
    def test_a_token_is_enough_unless_the_installation_says_otherwise(self):
        told = self.as_api(self.ada, "post", "actions/grant", {**GIVEN, "scope": ""})
        self.assertEqual(told.status_code, 201, told.content)


@override_settings(CONFIRM_PROGRAMS=True)
class TestPrograms(StepTest):
    def gives_by_program(self, person=None):
        return self.as_api(person or self.ada, "post", "actions/grant", {**GIVEN, "scope": ""})

    def test_a_token_alone_is_told_where_to_confirm(self):
        told = self.gives_by_program()
        self.assertEqual(told.status_code, 403)
        body = told.json()
        self.assertEqual(body["reasons"][0]["code"], "step_up")
        self.assertTrue(body["confirm"].endswith("/confirm/programs/"))
        self.assertFalse(self.administers("eva"))

    def test_its_person_confirms_and_it_goes_on_for_ten_minutes(self):
        self.entered(self.ada, minutes=0)
        self.assertIn("The agent", self.read("/confirm/programs/"))
        self.assertFalse(Consent.objects.exists())  # looking lets nobody
        self.client.post("/confirm/programs/")
        with clock.ahead(minutes=11):
            self.assertEqual(self.gives_by_program().status_code, 403)
        self.assertEqual(self.gives_by_program().status_code, 201)
        self.assertTrue(self.administers("eva"))

    def test_nor_is_anybody_let_in_or_appointed_as_one_by_it(self):
        nova = Person.objects.begin("nova", "Nova", "Ny", personal_number=NUMBERS[15])
        row = Registration.objects.create(person=nova, organisation=self.agent)
        typed = {"registration": row.pk, "role": "administrator"}
        told = self.as_api(self.ada, "post", "actions/admit_person", typed)
        self.assertEqual(told.json()["reasons"][0]["code"], "step_up")
        typed = {**TestComing.WORDS, "number": self.stranger.number}
        told = self.as_api(self.kim, "post", "actions/appoint_administrator", typed)
        self.assertEqual(told.json()["reasons"][0]["code"], "step_up")

    def test_the_same_request_under_the_same_key_goes_on_afterwards(self):
        self.entered(self.ada, minutes=0)
        body, key = {**GIVEN, "scope": ""}, {"Idempotency-Key": "once"}
        told = self.as_api(self.ada, "post", "actions/grant", body, **key)
        self.assertEqual(told.status_code, 403)
        self.client.post("/confirm/programs/")
        told = self.as_api(self.ada, "post", "actions/grant", body, **key)
        self.assertEqual(told.status_code, 201)
        told = self.as_api(self.ada, "post", "actions/grant", body, **key)
        self.assertEqual((told.status_code, told.headers["Idempotent-Replayed"]), (201, "true"))

    def test_the_word_wants_a_fresh_strong_proof_itself(self):
        self.entered(self.ada)
        for call in (self.client.get, self.client.post):
            answer = call("/confirm/programs/")
            self.assertRedirects(answer, "/confirm/", fetch_redirect_response=False)
        self.assertFalse(Consent.objects.exists())

    def test_it_holds_for_that_person_in_that_organisation(self):
        self.entered(self.adam, minutes=0)
        self.client.post("/confirm/programs/")
        self.assertEqual(self.gives_by_program().json()["reasons"][0]["code"], "step_up")

    def test_who_may_not_hears_that_and_nothing_of_confirming(self):
        told = self.gives_by_program(self.ola).json()
        self.assertEqual(told["reasons"][0]["code"], "not_administrator")
        self.assertNotIn("confirm", told)

    def test_other_roles_ask_for_nothing(self):
        body = {"person": "eva", "role": "contact", "scope": ""}
        self.assertEqual(self.as_api(self.ada, "post", "actions/grant", body).status_code, 201)

    def test_naming_and_changing_a_stand_in_for_another(self):
        named = {"instead_of": "ola", "person": "eva", "until_at": f"{soon(5)}:00Z"}
        named |= {"roles": ["agent_handler"]}
        told = self.as_api(self.ada, "post", "actions/name_stand_in", named)
        self.assertEqual(told.json()["reasons"][0]["code"], "step_up")
        own = {**named, "instead_of": ""}
        self.assertEqual(
            self.as_api(self.ola, "post", "actions/name_stand_in", own).status_code, 201
        )
        changed = {"stand_in": StandIn.objects.get().pk, "until_at": named["until_at"]}
        told = self.as_api(self.ada, "post", "actions/change_stand_in", changed)
        self.assertEqual(told.json()["reasons"][0]["code"], "step_up")

    def test_every_deed_on_the_list_is_one_that_the_doors_know(self):
        names = set(proofs.LISTED) - {proofs.FACTORS, proofs.PROGRAMS}
        self.assertLessEqual(names, {deed.name for deed in JOURNALED})


class TestByBankID(TogetherTest):
    def setUp(self):
        super().setUp()
        cache.clear()
        sandbox()
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        self.client.force_login(self.ada, backend=BACKEND)
        self.client.get("/me/security/app/")

    def confirms_as(self, person):
        from_begin = self.client.post("/login/bankid/begin/", {"device": "other", "confirm": "1"})
        self.assertRedirects(from_begin, "/login/bankid/", fetch_redirect_response=False)
        page = self.client.get("/login/bankid/").content.decode()
        self.assertIn("Confirm with BankID", page)
        challenge = Challenge.objects.latest("begun_at")
        self.assertIn("I confirm in Ombud at testserver", challenge.visible)
        sandbox().sign(person.personal_number, challenge.auto_start_token)
        with clock.ahead(seconds=3):
            self.client.get("/login/bankid/", headers={"hx-request": "true"})
            return self.client.get("/login/bankid/done/")

    def test_the_same_person_goes_on(self):
        answer = self.confirms_as(self.ada)
        self.assertRedirects(answer, "/me/security/app/")

    def test_another_person_confirms_nothing_and_nobody_is_switched(self):
        answer = self.confirms_as(self.eva)
        self.assertContains(answer, "somebody else", status_code=403)
        self.assertIn(str(self.ada), self.client.get("/me/").content.decode())
        answer = self.client.get("/me/security/app/")
        self.assertRedirects(answer, "/confirm/", fetch_redirect_response=False)
