"""Which of an actor's keys are walked: none that a wider one opens anyway."""

from django.test import SimpleTestCase

from ombud.cases import turns
from ombud.people import keys
from ombud.people.actors import Key
from ombud.people.models import Person

NARROW, NARROWER = "o12:agent/service:npo", "o12:agent/service:npo/source:x"


class WalkedKeysTest(SimpleTestCase):
    def setUp(self):
        self.me, self.colleague = Person(pk=5), Person(pk=6)

    def test_a_key_under_a_wider_one_is_not_walked(self):
        self.assertEqual(set(keys.sighted(["o12:agent", NARROW, NARROWER])), {"o12:agent"})
        self.assertEqual(set(keys.sighted([NARROW, NARROWER])), {NARROW})

    def test_what_only_looks_alike_is_walked(self):
        for other in ("o12:agency", "o1:agent", "o12:agent/service:np", "p5@12", "g7"):
            self.assertEqual(set(keys.sighted([other, NARROW])), {other, NARROW})

    def test_no_case_is_seen_by_the_key_of_a_turn(self):
        self.assertEqual(keys.sighted(["o12=agent_handler/service:npo", NARROW]), [NARROW])
        self.assertEqual(
            keys.called(["o12=agent_handler/service:npo", NARROW, "p5@12"]),
            ["o12=agent_handler/service:npo", "p5@12"],
        )

    def test_a_turn_is_walked_once_for_the_same_rights(self):
        wide, narrow = "o12=agent_handler", "o12=agent_handler/service:npo"
        held = {narrow: [Key("agent_handler")], wide: [Key("agent_handler")]}
        self.assertEqual(turns.bearing(self.me, held), [(wide, 5, 5)])

    def test_a_colleagues_wider_key_takes_the_place_of_none_of_ones_own(self):
        """The colleague may be barred from what one may do oneself."""
        wide, narrow = "o12=agent_handler", "o12=agent_handler/service:npo"
        held = {narrow: [Key("agent_handler")], wide: [Key("agent_handler", self.colleague)]}
        self.assertEqual(set(turns.bearing(self.me, held)), {(narrow, 5, 5), (wide, 5, 6)})
