"""Each deed of a repair: the right person, the wrong person, the wrong time, a stranger."""

from unittest.mock import patch

from django.db import transaction
from django.test import override_settings

from ombud.cases import files, sight, timeline
from ombud.cases.models import Turn
from ombud.lib.errors import Refused
from ombud.people.models import Notice
from ombud.servicecases import steps
from ombud.servicecases.actions import repair as actions
from ombud.servicecases.deeds.repair import DEEDS
from ombud.servicecases.linked import Linked
from ombud.servicecases.models import Line, Repair
from ombud.servicecases.rules import repair as rules
from ombud.sync import deeds as sync
from tests.cast import CastTest, TogetherTest, together
from tests.desk.papers import png, upload
from tests.servicecases.customers import LINE, WHEN, Customers
from tests.servicecases.customers import LINK as LINKED_THERE

GIVEN = {
    "note": {"text": "Called."},
    "set_status": {"status": "waiting"},
    "set_photos": {"attachments": []},
    "add_line": LINE,
    "remove_line": {"line": 1},
    "continue_in": {"side": "ombud"},
    "close": {},
}
LINKED: list[Linked | None] = [None]
TOLD: list[tuple] = []


def linked_status(case):
    return LINKED[0]


def linked_chosen(case, side, *, by):
    TOLD.append((case.number, side, by.person.username))


HERE = "tests.servicecases.test_repair"
LINK = {"status": f"{HERE}.linked_status", "chosen": f"{HERE}.linked_chosen"}


def codes(reasons):
    return [reason.code for reason in reasons]


class OpenTest(Customers, CastTest):
    def test_it_is_opened_linked_and_waits_for_the_case_handlers(self):
        repair = self.repair()
        self.assertRegex(repair.case.number, r"^REP\d{7}$")
        self.assertEqual((repair.state, repair.side), ("new", "undecided"))
        self.assertEqual((repair.how["outcome"], repair.card.name), ("new", "Anna Ek"))
        turn = Turn.objects.get(case=repair.case, until=None)
        self.assertEqual((turn.organisation, turn.role), (self.operator, "case_handler"))
        self.assertEqual(Notice.objects.get(kind="repair").person, self.kim)
        self.assertTrue(sight.check(repair.case))
        self.assertIsNone(timeline.verify_chain(repair.case))

    def test_whoever_only_reviews_applications_does_not_see_it(self):
        repair = self.repair()
        rut = self.person("rut", self.operator, "reviewer")
        self.assertIsNotNone(sight.eyes(self.by, repair.case))
        for person in (rut, self.siv, self.per):
            self.assertIsNone(sight.eyes(self.actor(person), repair.case))

    def test_the_letter_names_no_customer(self):
        self.repair()
        notice = Notice.objects.get(kind="repair")
        self.assertNotIn("Anna", str(notice.data))

    def test_the_same_key_is_the_same_repair(self):
        self.assertEqual(self.repair(), self.repair())
        self.assertEqual(Repair.objects.count(), 1)

    def test_photos_of_another_case_stand_here_too(self):
        first = self.here()
        row = files.keep(upload("back.png", png()), by=self.by)
        actions.set_photos(first, by=self.by, attachments=[str(row.key)])
        with transaction.atomic():
            second = steps.open_repair(
                self.operator,
                card=first.card,
                title="Reparation",
                object="Phone",
                photos=first.photos(),
                by=self.by,
                key="request:2",
            )
        self.assertEqual([row.name for row in second.photos()], ["back.png"])

    def test_the_signing_is_noted_once_with_the_identity_masked(self):
        repair = self.repair()
        for _n in range(2):
            with transaction.atomic():
                steps.note_signing(
                    repair,
                    identity="Anna Ek, 19480419-••••",
                    evidence="S-17",
                    when=WHEN,
                    by=self.by,
                    terms="version 2",
                    form_sha256="ab" * 32,
                )
        event = repair.case.events.get(verb="repair.signed")
        self.assertEqual(event.data["form"], "abababababab")
        self.assertNotIn("Anna", str(event.data))
        self.assertEqual(event.words.body["name"], "Anna Ek, 19480419-••••")
        self.client.force_login(self.kim)
        page = self.client.get(repair.get_absolute_url()).content.decode()
        for text in ("Signed with BankID", "Anna Ek, 19480419-••••", "S-17", "version 2"):
            self.assertIn(text, page)


class LimitTest(Customers, CastTest):
    def test_what_may_be_invoiced_without_a_new_yes(self):
        for costs, limit in (
            ({"approximate": 500_000}, 575_000),
            ({"approximate": 100_000}, 115_000),
            ({"fixed": 50_000}, 50_000),
            ({"fixed": 50_000, "approximate": 100_000}, 165_000),
            ({"approximate": 100_000, "ceiling": 105_000}, 105_000),
            ({}, None),
        ):
            with self.subTest(costs):
                self.assertEqual(Repair(**costs).limit, limit)

    def test_5_800_against_an_approximate_5_000_is_over_by_50(self):
        repair = self.here()
        typed = {**LINE, "unit_price": 464_000}
        repair = actions.add_line(repair, by=self.by, **typed)
        self.assertEqual((repair.total, repair.over), (580_000, 5_000))
        event = repair.case.events.last()
        self.assertEqual((event.verb, event.data["over"]), ("repair.line_added", 5_000))

    def test_sums_are_rounded_line_by_line_to_whole_ore(self):
        line = Line(quantity="0.33", unit_price=10_001, vat=25)
        self.assertEqual((line.without_vat, line.with_vat), (3_300, 4_125))
        line = Line(quantity="1", unit_price=999, vat=6)
        self.assertEqual(line.with_vat, 1_059)

    def test_without_an_approved_price_any_line_is_too_much(self):
        repair = self.here(costs=None)
        self.assertEqual(repair.over, 0)
        repair = actions.add_line(repair, by=self.by, **LINE)
        self.assertEqual(repair.over, repair.total)


class RightsTest(Customers, CastTest):
    def test_every_deed_is_a_case_handlers_alone(self):
        repair = self.repair()
        for deed in DEEDS:
            for person in (self.siv, self.adam, self.per):
                with self.subTest(deed.name, person=person.username):
                    with self.assertRaises(Refused) as no:
                        deed.action(repair, by=self.actor(person), **GIVEN[deed.name])
                    self.assertEqual(no.exception.status, 403)

    @override_settings(REPAIR_LINK=LINKED_THERE)
    def test_continued_elsewhere_every_editing_deed_names_where_it_goes_on(self):
        repair = self.repair()
        repair = actions.continue_in(repair, by=self.by, side="agiloft")
        for deed in DEEDS:
            with self.subTest(deed.name):
                reasons = deed.reasons(self.by, repair)
                if deed.name == "continue_in":
                    self.assertEqual(reasons, [])
                    continue
                self.assertEqual(reasons[0].code, "elsewhere")
                self.assertIn("Agiloft", reasons[0].text)
                self.assertEqual(reasons[0].because, "time")
        self.assertFalse(Turn.objects.filter(case=repair.case, until=None).exists())

    def test_once_closed_nothing_is_changed_and_it_is_told_who_closed_it(self):
        repair = actions.close(self.here(), by=self.by, note="Done.")
        self.assertIsNotNone(repair.case.closed_at)
        for deed in DEEDS:
            with self.subTest(deed.name):
                (reason,) = deed.reasons(self.by, repair)
                self.assertIn("Kim Test", reason.text)


class SideTest(Customers, CastTest):
    def test_lines_want_a_choice_first(self):
        self.assertEqual(codes(rules.add_line(self.by, self.repair())), ["side_not_chosen"])

    @override_settings(REPAIR_LINK=LINKED_THERE)
    def test_it_may_be_switched_back_until_the_first_line(self):
        repair = self.here()
        repair = actions.continue_in(repair, by=self.by, side="agiloft")
        repair = actions.continue_in(repair, by=self.by, side="ombud")
        self.assertTrue(Turn.objects.filter(case=repair.case, until=None).exists())
        repair = actions.add_line(repair, by=self.by, **LINE)
        self.assertEqual(codes(rules.continue_in(self.by, repair, "agiloft")), ["invoiced"])
        repair = actions.remove_line(repair, by=self.by, line=repair.lines.get().pk)
        self.assertEqual(rules.continue_in(self.by, repair, "agiloft"), [])

    @override_settings(REPAIR_LINK=LINK)
    def test_what_is_no_record_there_cannot_go_on_there(self):
        repair = self.repair()
        self.assertEqual(codes(rules.continue_in(self.by, repair, "agiloft")), ["not_linked"])
        self.assertEqual(rules.continue_in(self.by, repair, "ombud"), [])
        with self.assertRaises(Refused) as no:
            actions.continue_in(repair, by=self.by, side="agiloft", reason="It is better there.")
        self.assertEqual(no.exception.status, 409)

    def test_the_same_choice_twice_is_refused(self):
        self.assertEqual(
            codes(rules.continue_in(self.by, self.here(), "ombud")), ["chosen_already"]
        )

    @override_settings(REPAIR_LINK=LINK)
    def test_it_waits_until_both_systems_say_the_same_or_takes_a_reason(self):
        repair = self.repair()
        with patch.dict(globals(), {"LINKED": [Linked(False, "They differ in 2 fields.")]}):
            self.assertEqual(rules.continue_in(self.by, repair), [])
            self.assertEqual(codes(rules.continue_in(self.by, repair, "ombud")), ["not_checked"])
            reason = "The other system is down today."
            actions.continue_in(repair, by=self.by, side="ombud", reason=reason)
        event = repair.case.events.last()
        self.assertEqual(event.words.body["note"], reason)
        self.assertEqual(TOLD[-1], (repair.case.number, "ombud", "kim"))

    @override_settings(REPAIR_LINK=LINK)
    def test_checked_it_needs_no_reason(self):
        with patch.dict(globals(), {"LINKED": [Linked(True, "Both say the same.")]}):
            repair = actions.continue_in(self.repair(), by=self.by, side="agiloft")
        self.assertEqual(repair.side, "agiloft")

    def test_a_step_chooses_once_as_the_portal_says(self):
        repair = self.repair()
        for side in ("agiloft", "ombud"):
            with transaction.atomic():
                repair = steps.choose_side(repair, side, by=self.by)
        self.assertEqual(repair.side, "agiloft")


class ApiTest(Customers, CastTest):
    def post(self, repair, deed, body, person=None):
        path = f"cases/{repair.case.number}/{deed}"
        return self.as_api(person or self.kim, "post", path, body)

    def test_the_case_tells_all_and_every_deed(self):
        repair = self.repair()
        case = self.as_api(self.kim, "get", f"cases/{repair.case.number}").json()
        self.assertEqual((case["kind"], case["state"]), ("repair", "new"))
        self.assertEqual(case["data"]["customer"]["name"], "Anna Ek")
        self.assertEqual(case["data"]["costs"]["limit"], 575_000)
        known = {deed.name for deed in (*DEEDS, *sync.DEEDS)}
        self.assertEqual({a["name"] for a in case["actions"]}, known)

    def test_the_deeds_answer_as_on_the_pages(self):
        repair = self.repair()
        no = self.post(repair, "add_line", LINE)
        self.assertEqual(no.status_code, 409)
        self.assertEqual(no.json()["reasons"][0]["code"], "side_not_chosen")
        self.assertEqual(self.post(repair, "continue_in", {"side": "ombud"}).status_code, 200)
        done = self.post(repair, "add_line", {**LINE, "quantity": "1.5"}).json()
        self.assertEqual(done["data"]["lines"][0]["with_vat"], 750_000)
        self.assertEqual(done["data"]["over"], 175_000)
        line = done["data"]["lines"][0]["id"]
        done = self.post(repair, "remove_line", {"line": line}).json()
        self.assertEqual(done["data"]["lines"], [])
        self.assertEqual(self.post(repair, "note", {"text": "Called."}).status_code, 200)
        self.assertEqual(self.post(repair, "set_status", {"status": "ready"}).status_code, 200)
        self.assertEqual(
            self.post(repair, "close", {"outcome": "closed"}).json()["state"], "closed"
        )
        self.assertEqual(self.post(repair, "note", {"text": "Late."}).status_code, 409)

    def test_shape_is_422_at_the_field_and_a_stranger_gets_404(self):
        repair = self.here()
        for body, field in (
            ({**LINE, "quantity": "0"}, "quantity"),
            ({**LINE, "vat": 24}, "vat"),
            ({**LINE, "unit_price": 10**15}, "unit_price"),
        ):
            answer = self.post(repair, "add_line", body)
            self.assertEqual(answer.status_code, 422)
            self.assertEqual(answer.json()["errors"][0]["field"], field)
        self.assertEqual(self.post(repair, "note", {"text": "x"}, self.per).status_code, 404)


class AtOnceTest(Customers, TogetherTest):
    def test_two_choices_at_once_leave_one(self):
        repair = self.repair()
        ends = together(
            lambda: actions.continue_in(self.fresh(repair), by=self.by, side="ombud"),
            lambda: actions.continue_in(self.fresh(repair), by=self.by, side="ombud"),
        )
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 1)

    @override_settings(REPAIR_LINK=LINKED_THERE)
    def test_a_line_and_a_switch_at_once_do_not_both_come_through(self):
        repair = self.here()
        together(
            lambda: actions.add_line(self.fresh(repair), by=self.by, **LINE),
            lambda: actions.continue_in(self.fresh(repair), by=self.by, side="agiloft"),
        )
        left = self.fresh(repair)
        self.assertNotEqual((left.side, len(left.current_lines())), ("agiloft", 1))
