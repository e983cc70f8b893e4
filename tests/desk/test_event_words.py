"""Whatever is written into a history has words, wherever it is shown."""

import ast
from pathlib import Path

from django.test import SimpleTestCase
from django.utils import translation

import ombud
from ombud.cases.models import Case
from ombud.desk.words import event_words
from ombud.sync import reckoning

ROOT = Path(ombud.__file__).parent
KINDS = {
    "agreements": [Case.Kind.AGREEMENT],
    "orders/engagements": [Case.Kind.ENGAGEMENT],
    "orders": [Case.Kind.ORDER],
    "inquiries": [Case.Kind.INQUIRY],
    "signing": [Case.Kind.ORDER, Case.Kind.ENGAGEMENT, Case.Kind.AGREEMENT],
    "sync": list(Case.Kind),
}
# What is recorded by a verb that the code works out.
WORKED_OUT = {
    "inquiries": ["delivered", "undelivered", "sent", "reminded"],
    "sync": list(reckoning.VERBS.values()),
}


def recorded(file: Path) -> set[str]:
    """The verbs that a file hands to `record`."""
    text, found = file.read_text(), set()
    if "from ombud.cases.events import" not in text:
        return set()
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id == "record" and len(call.args) > 1:
            verb = call.args[1]
            ways = [verb.body, verb.orelse] if isinstance(verb, ast.IfExp) else [verb]
            found |= {str(way.value) for way in ways if isinstance(way, ast.Constant)}
    return found


def verbs() -> set[str]:
    found = set()
    for file in sorted(ROOT.rglob("*.py")):
        place = file.relative_to(ROOT).as_posix()
        flat = place.partition("/")[0]
        if flat == "servicecases":
            kinds = [Case.Kind.REPAIR if file.stem == "repair" else Case.Kind.SERVICECASE]
        else:
            is_engagement = place.startswith("orders/engagements/")
            kinds = KINDS.get("orders/engagements" if is_engagement else flat, [])
        named = recorded(file)
        if named and not kinds:
            raise AssertionError(f"{place} records for a kind that is not known here.")
        found |= {f"{kind}.{verb}" for kind in kinds for verb in named}
    for flat, more in WORKED_OUT.items():
        found |= {f"{kind}.{verb}" for kind in KINDS[flat] for verb in more}
    return found


class EventWordsTest(SimpleTestCase):
    def test_every_verb_of_every_kind_has_words(self):
        found = verbs()
        self.assertGreater(len(found), 80)
        for kind in Case.Kind:
            self.assertTrue(any(verb.startswith(f"{kind}.") for verb in found), kind)
        lacking = [verb for verb in sorted(found) if event_words(verb) == verb]
        self.assertEqual(lacking, [])

    def test_they_are_in_the_readers_language(self):
        for language, said in (("sv", "Ansökan godkändes"), ("en", "The application was approved")):
            with self.subTest(language=language), translation.override(language):
                self.assertEqual(event_words("agreement.approved"), said)
