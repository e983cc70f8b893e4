"""Guides: a page for each deed, in three languages, with pictures that are there and light."""

import struct
from pathlib import Path

from django.conf import settings

from ombud.desk.guides import DENSITY, GUIDES, WIDTH
from ombud.people.models import Person
from tests.cast import CastTest

FOLDER = Path("ombud/desk/static/desk/guides")
PICTURES = {step.picture: step for guide in GUIDES.values() for step in guide.steps}


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height of a simple WebP, lossy as Chromium writes it."""
    assert content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if content[12:16] == b"VP8X":
        wide, high = content[24:27], content[27:30]
        return int.from_bytes(wide, "little") + 1, int.from_bytes(high, "little") + 1
    assert content[12:16] == b"VP8 "
    wide, high = struct.unpack("<HH", content[26:30])
    return wide & 0x3FFF, high & 0x3FFF


class PicturesTest(CastTest):
    def test_every_picture_is_there_in_every_language_light_and_of_its_size(self):
        for language, _name in settings.LANGUAGES:
            for name, step in PICTURES.items():
                with self.subTest(language=language, picture=name):
                    content = (FOLDER / language / f"{name}.webp").read_bytes()
                    self.assertLessEqual(len(content), 60_000)
                    wanted = (WIDTH * DENSITY, step.height * DENSITY)
                    self.assertEqual(size_of(content), wanted)

    def test_no_picture_lies_there_that_nobody_shows(self):
        there = {file.stem for file in FOLDER.rglob("*.webp")}
        self.assertEqual(there, set(PICTURES))


class GuidesTest(CastTest):
    def opens(self, path, person=None):
        self.client.force_login(person or self.kari)
        return self.client.get(path)

    def test_a_guide_speaks_the_readers_language(self):
        for language, words in (("sv", "Granska en"), ("nb", "Gjennomgå en"), ("en", "Review an")):
            Person.objects.filter(pk=self.ola.pk).update(language=language)
            page = self.opens("/guide/review/", self.ola).content.decode()
            self.assertIn(words, page)
            self.assertIn(f"desk/guides/{language}/review-words.webp", page)

    def test_each_picture_has_its_words_and_its_place(self):
        for name, guide in GUIDES.items():
            page = self.opens(f"/guide/{name}/").content.decode()
            self.assertEqual(page.count("<img"), len(guide.steps))
            self.assertEqual(page.count('loading="lazy"'), len(guide.steps) - 1)
            for step in guide.steps:
                self.assertIn(f'alt="{step.shows}" width="720" height="{step.height}"', page)

    def test_what_is_no_guide_is_404_and_nobody_gets_the_login(self):
        self.assertEqual(self.opens("/guide/nothing/").status_code, 404)
        self.assertEqual(self.client.post("/guide/order/").status_code, 405)
        self.client.logout()
        self.assertIn("/login/", self.client.get("/guide/order/")["Location"])

    def test_each_deeds_page_leads_to_its_guide(self):
        draft, sent = self.a_draft().case.number, self.a_sent_order().case.number
        last = self.an_order_at_its_last_attest().case.number
        agents = self.an_approved_order().case.number
        for person, path, name in (
            (self.kari, "/orders/new/", "order"),
            (self.kari, f"/orders/{draft}/details/", "order"),
            (self.kari, f"/orders/{draft}/check/", "order"),
            (self.ola, f"/orders/{sent}/review/", "review"),
            (self.ola, f"/orders/{sent}/reject/", "review"),
            (self.liv, f"/orders/{last}/attest/", "attest"),
            (self.liv, f"/orders/{last}/reject/", "attest"),
            (self.eva, f"/orders/{agents}/send-back/", "attest"),
            (self.adam, "/organisation/", "roles"),
            (self.adam, "/organisation/grant/", "roles"),
            (self.adam, "/organisation/people/add/", "roles"),
        ):
            with self.subTest(path):
                answer = self.opens(path, person)
                self.assertContains(answer, f'href="/guide/{name}/"')
                self.assertContains(answer, "How to do this")
