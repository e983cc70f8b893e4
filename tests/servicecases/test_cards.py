"""Each deed on customer cards: the right person, the wrong person, the wrong time, a stranger; on
the page's and the programs' door alike."""

from datetime import timedelta
from unittest.mock import patch

from ombud.lib import clock
from ombud.lib.errors import Misshapen, Refused
from ombud.people import journal
from ombud.people.models import Entry
from ombud.servicecases import matching
from ombud.servicecases.actions import card as actions
from ombud.servicecases.deeds.card import JOURNALED
from ombud.servicecases.models import Apart, Card
from ombud.servicecases.rules import card as rules
from tests.cast import CastTest, TogetherTest, together
from tests.servicecases.customers import NUMBER, OTHER_NUMBER, Customers


def codes(reasons):
    return [reason.code for reason in reasons]


class Two(Customers):
    """Anna has two cards."""

    def setUp(self):
        super().setUp()
        self.one = self.card(personal_number=NUMBER)
        self.two = self.makes(given="Anna", phone="+46701740605", city="Lund", number="")

    def merge(self, take=(), **more):
        typed = {"card": self.two.number, "into": self.one.number, "take": list(take), **more}
        return actions.merge_cards(self.operator, by=self.by, **typed)

    def undo(self):
        return actions.undo_merge(self.operator, by=self.by, card=self.two.number)

    def again(self):
        self.one, self.two = self.named(self.one.number), self.named(self.two.number)


class MergeTest(Two, CastTest):
    def test_what_is_taken_stands_on_the_card_that_stays(self):
        self.merge(["city"])
        self.again()
        self.assertEqual((self.one.city, self.one.email), ("Lund", "anna@example.org"))
        self.assertEqual(self.two.merged_into, self.one)
        change = self.one.changes.get(verb="merged")
        self.assertEqual(change.fields, {"city": ["Stockholm", "Lund"]})
        entry = Entry.objects.get(verb="card.merged")
        told = {"card": self.two.number, "into": self.one.number, "fields": ["city"]}
        self.assertEqual(entry.data, told)
        self.operator.refresh_from_db()
        self.assertIsNone(journal.broken_at(self.operator))

    def test_a_number_is_taken_over_under_its_seal(self):
        typed = {"card": self.one.number, "into": self.two.number, "take": ["number"]}
        actions.merge_cards(self.operator, by=self.by, **typed)
        self.again()
        self.assertEqual(self.two.full_number, NUMBER)
        self.assertNotIn(NUMBER, str(list(self.two.changes.values())))

    def test_cases_are_found_through_the_card_that_stays(self):
        repair = self.repair()
        typed = {"card": self.one.number, "into": self.two.number, "take": []}
        actions.merge_cards(self.operator, by=self.by, **typed)
        self.client.force_login(self.kim)
        page = self.client.get(f"/customers/{self.two.number}/").content.decode()
        self.assertIn(repair.case.number, page)
        page = self.client.get(repair.get_absolute_url()).content.decode()
        self.assertIn(f"/customers/{self.two.number}/", page)

    def test_undone_both_are_as_they_were(self):
        before = self.one.as_kept()
        self.merge(["city", "given", "email"])
        self.undo()
        self.again()
        self.assertEqual(self.one.as_kept(), before)
        self.assertEqual((self.two.merged_into, self.two.merged_at), (None, None))
        self.assertEqual(self.one.changes.last().verb, "unmerged")

    def test_it_cannot_be_undone_once_something_new_stands_on_the_card(self):
        self.merge()
        actions.show_number(
            self.operator, by=self.by, card=self.one.number, reason="Only to look at it."
        )
        self.again()
        self.assertEqual(rules.undo_merge(self.by, self.operator, self.two), [])
        self.signs_up("request:2", personal_number=NUMBER, city="Umeå")
        self.again()
        reasons = rules.undo_merge(self.by, self.operator, self.two)
        self.assertEqual(codes(reasons), ["written_since"])
        with self.assertRaises(Refused):
            self.undo()

    def test_nor_once_it_has_a_new_case(self):
        self.merge()
        later = clock.now() + timedelta(minutes=1)
        with patch.object(clock, "now", lambda: later):
            self.repair()
        self.again()
        reasons = rules.undo_merge(self.by, self.operator, self.two)
        self.assertEqual(codes(reasons), ["written_since"])

    def test_merged_again_the_inner_one_is_undone_last(self):
        third = self.makes(given="Anna", family="Ek")
        self.merge()
        typed = {"card": self.one.number, "into": third.number, "take": []}
        actions.merge_cards(self.operator, by=self.by, **typed)
        self.again()
        self.assertEqual(self.two.root(), third)
        self.assertEqual(sorted(third.family_of()), [self.one.pk, self.two.pk, third.pk])
        self.assertEqual(codes(rules.undo_merge(self.by, self.operator, self.two)), ["merged"])
        actions.undo_merge(self.operator, by=self.by, card=self.one.number)
        self.undo()
        self.again()
        self.assertIsNone(self.two.merged_into)

    def test_what_makes_no_sense_is_refused(self):
        company = self.makes(kind="company", company="Ek AB", given="", family="")
        ask = rules.merge_cards
        self.assertEqual(codes(ask(self.by, self.operator, self.one, self.one)), ["same_card"])
        self.assertEqual(codes(ask(self.by, self.operator, company, self.one)), ["other_kind"])
        self.assertEqual(codes(rules.undo_merge(self.by, self.operator, self.two)), ["not_merged"])
        self.merge()
        self.again()
        self.assertEqual(codes(ask(self.by, self.operator, self.two, self.one)), ["merged"])
        self.assertEqual(codes(rules.save_card(self.by, self.operator, self.two)), ["merged"])
        with self.assertRaises(Misshapen):
            self.merge(card="K09999")


class SuggestionTest(Two, CastTest):
    def test_pairs_are_told_with_why_and_not_again_once_decided(self):
        (pair,) = matching.pairs(self.operator)
        self.assertEqual((pair.first, pair.second, pair.why), (self.one, self.two, "phone"))
        self.assertFalse(pair.other_numbers)
        typed = {"card": self.two.number, "other": self.one.number}
        for _n in range(2):
            actions.keep_apart(self.operator, by=self.by, **typed)
        self.assertEqual(Apart.objects.count(), 1)
        self.assertEqual(matching.pairs(self.operator), [])

    def test_the_number_is_the_strongest_reason_and_the_merged_are_not_told(self):
        other = self.makes(given="Annie", number=NUMBER)
        whys = {
            frozenset({pair.first, pair.second}): pair.why for pair in matching.pairs(self.operator)
        }
        self.assertEqual(whys[frozenset({self.one, other})], "number")
        self.merge()
        found = matching.pairs(self.operator)
        self.assertNotIn(self.two, {card for pair in found for card in (pair.first, pair.second)})

    def test_nobody_elses_register_is_compared(self):
        other = self.organisation("Another operator", "5599999009", "operator")
        self.assertEqual(matching.pairs(other), [])


class ApiTest(Two, CastTest):
    def get(self, path, person=None):
        return self.as_api(person or self.kim, "get", path)

    def post(self, name, body, person=None):
        return self.as_api(person or self.kim, "post", f"actions/{name}", body)

    def test_a_card_is_read_searched_and_never_whole(self):
        listed = self.get("cards?q=anna").json()["items"]
        self.assertEqual([row["number"] for row in listed], [self.one.number, self.two.number])
        card = self.get(f"cards/{self.one.number}").json()
        self.assertEqual(card["personal_number"], f"{NUMBER[:8]}-••••")
        self.assertEqual(card["version"], rules.version_of(self.one))
        self.assertNotIn("organisation_number", card)
        lines = self.get(f"cards/{self.one.number}/history").json()["items"]
        self.assertEqual(lines[0]["verb"], "made")
        self.assertEqual(self.get("cards/duplicates").json()["items"][0]["why"], "phone")

    def test_the_deeds_answer_with_the_entry(self):
        made = self.post("new_card", {"given": "Bo", "family": "Alm", "number": OTHER_NUMBER})
        self.assertEqual((made.status_code, made.json()["verb"]), (201, "card.made"))
        number = made.json()["data"]["card"]
        version = self.get(f"cards/{number}").json()["version"]
        typed = {"card": number, "version": version, "given": "Bo", "family": "Alm"}
        self.assertEqual(self.post("save_card", {**typed, "city": "Lund"}).status_code, 201)
        late = self.post("save_card", {**typed, "city": "Umeå"})
        self.assertEqual(
            (late.status_code, late.json()["reasons"][0]["code"]), (409, "changed_since")
        )
        typed = {"card": self.two.number, "into": self.one.number, "take": ["city"]}
        self.assertEqual(self.post("merge_cards", typed).status_code, 201)
        self.assertEqual(self.post("merge_cards", typed).status_code, 409)
        self.assertEqual(self.post("undo_merge", {"card": self.two.number}).status_code, 201)

    def test_the_whole_number_is_answered_for_a_reason(self):
        path = f"cards/{self.one.number}/show_number"
        self.assertEqual(self.as_api(self.kim, "post", path, {"reason": ""}).status_code, 422)
        answer = self.as_api(self.kim, "post", path, {"reason": "The insurer asks for it."})
        self.assertEqual(answer.json(), {"number": NUMBER})
        self.assertEqual(Entry.objects.get(verb="card.shown").data["card"], self.one.number)
        path = f"cards/{self.two.number}/show_number"
        answer = self.as_api(self.kim, "post", path, {"reason": "The insurer asks for it."})
        self.assertEqual(answer.status_code, 409)

    def test_who_may_not_is_refused_and_a_stranger_finds_nothing(self):
        self.assertEqual(self.get("cards", self.siv).status_code, 403)
        self.assertEqual(self.get(f"cards/{self.one.number}", self.siv).status_code, 403)
        for person in (self.kari, self.ola, self.per):
            self.assertEqual(self.get("cards", person).status_code, 403)
            for path in ("", "/history"):
                answer = self.get(f"cards/{self.one.number}{path}", person)
                nowhere = self.get(f"cards/K09999{path}", person)
                self.assertEqual((answer.status_code, nowhere.status_code), (404, 404))
                self.assertEqual(answer.json(), nowhere.json())
            path = f"cards/{self.one.number}/show_number"
            answer = self.as_api(person, "post", path, {"reason": "The insurer asks for it."})
            self.assertEqual(answer.status_code, 404)
            for deed in JOURNALED:
                known = {"card": self.one.number, "other": self.two.number, "version": 1}
                known |= {"into": self.two.number, "given": "Bo", "family": "Alm"}
                body = {name: known[name] for name in deed.shape.model_fields if name in known}
                answer = self.post(deed.name, body, person)
                self.assertEqual(answer.status_code, 403, deed.name)
        self.again()
        self.assertIsNone(self.two.merged_into)

    def test_another_operators_case_handler_has_a_register_of_their_own(self):
        other = self.organisation("Another operator", "5599999009", "operator")
        ivar = self.person("ivar", other, "case_handler")
        self.assertEqual(self.get("cards", ivar).json()["items"], [])
        self.assertEqual(self.get(f"cards/{self.one.number}", ivar).status_code, 404)
        typed = {"card": self.two.number, "into": self.one.number}
        self.assertEqual(self.post("merge_cards", typed, ivar).status_code, 422)


class AtOnceTest(Two, TogetherTest):
    def test_two_who_merge_at_once_merge_once(self):
        ends = together(self.merge, self.merge)
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 1)
        self.assertEqual(Card.objects.exclude(merged_into=None).count(), 1)

    def test_two_who_merge_crosswise_do_not_lose_both(self):
        typed = {"card": self.one.number, "into": self.two.number, "take": []}
        together(self.merge, lambda: actions.merge_cards(self.operator, by=self.by, **typed))
        self.assertEqual(Card.objects.standing().count(), 1)
