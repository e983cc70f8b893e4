"""Whose card it is: rule by rule, and never a silent merge."""

from ombud.people.models import Entry
from ombud.servicecases import matching, steps
from ombud.servicecases.models import Card, Change
from tests.cast import CastTest, TogetherTest, together
from tests.servicecases.customers import ANNA, NUMBER, OTHER_NUMBER, Customers


class MatchTest(Customers, CastTest):
    def test_a_new_customer_gets_a_card_with_the_number_sealed(self):
        card, how = self.signs_up(personal_number=NUMBER)
        self.assertEqual((how.outcome, how.doubles), ("new", []))
        self.assertRegex(card.number, r"^K\d{5}$")
        self.assertEqual((card.phone, card.full_number), ("+46701740605", NUMBER))
        row = Card.objects.filter(pk=card.pk).values().get()
        self.assertNotIn(NUMBER, str(row))
        self.assertNotIn(NUMBER[2:], str(row))
        self.assertEqual(card.masked_number, f"{NUMBER[:8]}-••••")

    def test_the_same_number_is_the_same_card_with_blanks_filled(self):
        known = self.makes(number=NUMBER, family="Ek", given="Anna")
        card, how = self.signs_up(personal_number=NUMBER)
        self.assertEqual(card, known)
        self.assertEqual((how.outcome, how.by), ("matched", "number"))
        self.assertEqual(set(how.filled), {"phone", "email", "street", "postal_code", "city"})
        self.assertEqual(card.street, "Storgatan 1")
        self.assertEqual(Card.objects.count(), 1)

    def test_the_same_mobile_and_family_name_is_the_same_card(self):
        known = self.card(family="Ék")
        card, how = self.signs_up("request:2", personal_number=NUMBER)
        self.assertEqual((card, how.by), (known, "phone"))
        self.assertEqual(card.full_number, NUMBER)

    def test_the_same_email_and_whole_name_is_the_same_card(self):
        known = self.card()
        card, how = self.signs_up("request:2", phone="070-174 06 99")
        self.assertEqual((card, how.by, how.changed), (known, "email", ["phone"]))
        (change,) = card.changes.filter(verb="matched")
        self.assertEqual(change.fields["phone"], ["+46701740605", "+46701740699"])

    def test_a_name_and_a_language_are_not_taken_over(self):
        self.card(personal_number=NUMBER, language="nb")
        card, how = self.signs_up(
            "request:2", personal_number=NUMBER, given="Ny", language="en", phone=""
        )
        self.assertEqual((card.given, card.language, how.changed), ("Anna", "nb", []))

    def test_the_same_number_under_another_family_name_is_for_a_person_to_decide(self):
        known = self.card(personal_number=NUMBER)
        card, how = self.signs_up("request:2", personal_number=NUMBER, family="Ny", street="X 1")
        self.assertNotEqual(card, known)
        self.assertEqual((how.outcome, how.doubles), ("possible_duplicate", [known.number]))
        self.assertEqual(Card.objects.get(pk=known.pk).street, "Storgatan 1")
        (pair,) = matching.pairs(self.operator)
        self.assertEqual((pair.why, pair.other_numbers), ("number", False))

    def test_signed_by_somebody_else_the_number_is_nobodys(self):
        known = self.card(personal_number=NUMBER)
        card, how = self.signs_up("request:2", personal_number=NUMBER, other_signer=True)
        self.assertNotEqual(card, known)
        self.assertEqual((card.full_number, card.number_index), ("", ""))
        self.assertEqual((how.outcome, how.by), ("possible_duplicate", "phone"))
        self.assertTrue(how.other_signer)

    def test_a_hit_with_another_number_gets_a_card_of_its_own_and_is_told(self):
        known = self.card(personal_number=OTHER_NUMBER)
        card, how = self.signs_up("request:2", personal_number=NUMBER)
        self.assertNotEqual(card, known)
        self.assertEqual((how.outcome, how.doubles), ("possible_duplicate", [known.number]))
        (pair,) = matching.pairs(self.operator)
        self.assertEqual({pair.first, pair.second}, {card, known})
        self.assertTrue(pair.other_numbers)

    def test_two_hits_are_nobodys(self):
        two = [self.makes(**ANNA | {"phone": "+46701740605"}, country="SE") for _n in range(2)]
        _card, how = self.signs_up()
        self.assertEqual(how.outcome, "possible_duplicate")
        self.assertEqual(how.doubles, [one.number for one in two])

    def test_a_barred_card_and_a_company_are_never_taken_for_a_signer(self):
        barred = self.makes(number=NUMBER, barred=True)
        card, how = self.signs_up(personal_number=NUMBER)
        self.assertNotEqual(card, barred)
        self.assertEqual((how.outcome, how.doubles), ("possible_duplicate", [barred.number]))
        self.makes(kind="company", company="Ek", given="", family="", phone="+46701740777")
        _card, how = self.signs_up("request:2", family="Ek", phone="070-174 07 77", email="")
        self.assertEqual(how.outcome, "new")

    def test_always_new_makes_one_and_tells_of_the_other(self):
        known = self.card(personal_number=NUMBER)
        card, how = self.signs_up("request:2", first="new", personal_number=NUMBER)
        self.assertNotEqual(card, known)
        self.assertEqual((how.outcome, how.doubles), ("possible_duplicate", [known.number]))

    def test_what_was_merged_is_still_known_by_what_stands_on_it(self):
        old = self.card(personal_number=NUMBER)
        stays = self.makes(given="Anna", family="Alm")
        self.merge(old, stays)
        card, how = self.signs_up("request:2", personal_number=NUMBER)
        self.assertEqual((card, how.outcome), (stays, "matched"))

    def merge(self, card, into):
        Card.objects.filter(pk=card.pk).update(merged_into=into, merged_at=into.made_at)

    def test_the_same_key_gives_the_same_answer(self):
        first, again = self.signs_up(), self.signs_up(family="Other")
        self.assertEqual(first, again)
        self.assertEqual((Card.objects.count(), Change.objects.count()), (1, 1))

    def test_another_organisations_cards_are_not_looked_at(self):
        self.card(personal_number=NUMBER)
        other = self.organisation("Another operator", "5599999009", "operator")
        by = self.actor(self.kim)
        details = {**ANNA, "personal_number": NUMBER}
        card, how = steps.card_for(other, details, first="match", by=by, key="request:1")
        self.assertEqual((how.outcome, card.organisation), ("new", other))

    def test_the_journal_tells_which_card_and_no_name(self):
        card = self.card(personal_number=NUMBER)
        entry = Entry.objects.get(journal_of=self.operator, verb="card.made")
        self.assertEqual(entry.data, {"card": card.number, "doubles": []})


class AtOnceTest(Customers, TogetherTest):
    def test_one_customer_who_signs_twice_at_once_has_one_card(self):
        ends = together(
            lambda: self.signs_up("request:1", personal_number=NUMBER),
            lambda: self.signs_up("request:2", personal_number=NUMBER),
        )
        self.assertEqual(sorted(how.outcome for _card, how in ends), ["matched", "new"])
        self.assertEqual(Card.objects.count(), 1)

    def test_one_request_twice_at_once_opens_one_repair(self):
        ends = together(self.repair, self.repair)
        self.assertEqual(ends[0], ends[1])
