"""The people of the demo world: names by Faker from a fixed seed, numbers that belong to nobody."""

import random
import unicodedata
from dataclasses import dataclass
from functools import cache

from faker import Faker

from demo.applicants import APPLYING
from demo.places import PLACES, Place
from ombud.lib.identifiers import OFFICIAL_TEST_PERSONS

SEED = 4711
FIRST_PHONE = 46701740605  # 070-174 06 05 to 99 are set aside for fiction
BORN = (1955, 1993)
LATIN = str.maketrans({"ø": "o", "æ": "a", "ð": "d"})


@dataclass(frozen=True)
class Someone:
    key: str
    given: str
    family: str
    username: str
    email: str
    phone: str
    personal_number: str
    language: str
    by_sms: bool

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def password(self) -> str:
        return f"demo-{self.username}"


@cache
def cast() -> dict[str, Someone]:
    """Everybody by key, in the order of their first place. The same at every call and build."""
    faker, chance = Faker("sv_SE"), random.Random(SEED)
    faker.seed_instance(SEED)
    women, men = _numbers(chance)
    found: dict[str, Someone] = {}
    for place, key in _first_places():
        number = women.pop() if chance.random() < 0.5 else men.pop()
        given, family = _name(faker, _is_a_woman(number), found)
        found[key] = _someone(key, given, family, number, place, len(found))
    return found


def _first_places() -> list[tuple[Place, str]]:
    homes: dict[str, Place] = {}
    for place in (*PLACES, *APPLYING):
        for seat in place.seats:
            homes.setdefault(seat.who, place)
    return [(place, key) for key, place in homes.items()]


def _someone(key: str, given: str, family: str, number: str, place: Place, nth: int) -> Someone:
    username = f"{_plain(given)}.{_plain(family)}"
    return Someone(
        key=key,
        given=given,
        family=family,
        username=username,
        email=f"{username}@{place.domain}",
        phone=f"+{FIRST_PHONE + nth}",
        personal_number=number,
        language=place.languages.get(key, "sv"),
        by_sms=key in ("norrsund-chief", "systempartner-attestant"),
    )


def _name(faker: Faker, is_a_woman: bool, taken: dict[str, Someone]) -> tuple[str, str]:
    """Nobody shares a family name: so everybody can be told apart in a list."""
    families = {someone.family for someone in taken.values()}
    givens = {someone.given for someone in taken.values()}
    first = faker.first_name_female if is_a_woman else faker.first_name_male
    given = next(name for name in iter(first, None) if name not in givens)
    family = next(name for name in iter(faker.last_name, None) if name not in families)
    return given, family


def _numbers(chance: random.Random) -> tuple[list[str], list[str]]:
    """Published test numbers of grown-ups, women's and men's; no coordination numbers."""
    lines = OFFICIAL_TEST_PERSONS.read_text().split("\n")
    known = [line.strip() for line in lines if line[:1].isdigit()]
    first, last = BORN
    grown = [n for n in known if first <= int(n[:4]) <= last and int(n[6:8]) <= 31]
    chance.shuffle(grown)
    return [n for n in grown if _is_a_woman(n)], [n for n in grown if not _is_a_woman(n)]


def _is_a_woman(number: str) -> bool:
    return int(number[10]) % 2 == 0


def _plain(name: str) -> str:
    """As it stands in an address: small letters a to z."""
    parts = unicodedata.normalize("NFD", name.lower().translate(LATIN))
    return "".join(letter for letter in parts if letter.isascii() and letter.isalpha())
