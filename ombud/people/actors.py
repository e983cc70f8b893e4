"""Who is acting: a person, for an organisation, through a door, perhaps for a colleague."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from ombud.people import wardrobe
from ombud.people.models import Organisation, Person
from ombud.people.roles import EVERYTHING
from ombud.people.wardrobe import Wardrobe


class Key(NamedTuple):
    """Why a key opens: by which role, and for which colleague one stands in."""

    role: str
    instead_of: Person | None = None


@dataclass(frozen=True)
class Actor:
    person: Person | None
    organisation: Organisation | None
    via: str = "web"
    instead_of: Person | None = None
    guest: int | None = None  # the pass of somebody who has no account

    @classmethod
    def dressed(
        cls, person: Person, organisation: Organisation, worn: Wardrobe | None, via: str = "web"
    ) -> "Actor":
        """An actor whose wardrobe has been read already."""
        actor = cls(person, organisation, via)
        actor.__dict__["wardrobe"] = worn or wardrobe.empty()
        return actor

    @property
    def face(self) -> Person | None:
        """Whose rights count."""
        return self.instead_of or self.person

    @cached_property
    def wardrobe(self) -> Wardrobe:
        """Read once a request: every rule of every button asks."""
        if self.person is None or self.organisation is None:
            return Wardrobe([], [])
        return wardrobe.of(self.person, self.organisation)

    @cached_property
    def faces(self) -> list["Actor"]:
        """This actor, then the same one in the place of each colleague it stands in for."""
        return [self, *(self.in_place_of(other) for other in self.wardrobe.colleagues)]

    def in_place_of(self, colleague: Person) -> "Actor":
        other = replace(self, instead_of=colleague)
        other.__dict__["wardrobe"] = self.wardrobe
        return other

    def is_here(self, organisation: Organisation | None) -> bool:
        return organisation is not None and self.organisation == organisation

    def holds(self, role: str, organisation: Organisation | None, scope: str = "") -> bool:
        if self.face is None or not self.is_here(organisation):
            return False
        return any(
            worn.role == role and worn.person_id == self.face.pk and covers(worn.scope, scope)
            for worn in self.wardrobe.worn
        )

    def wears(self, role: str) -> bool:
        """Whether the role is held here at all, in any scope."""
        mine = self.face.pk if self.face else None
        return any(w.role == role and w.person_id == mine and w.scope for w in self.wardrobe.worn)

    def may_wear(self, role: str) -> bool:
        """Whether the role is held here, by the actor or a colleague stood in for."""
        return any(w.role == role and w.scope for w in self.wardrobe.worn)

    @property
    def roles(self) -> list[str]:
        mine = self.person.pk if self.person else None
        return sorted({w.role for w in self.wardrobe.worn if w.person_id == mine and w.scope})


def covers(scope: str, wanted: str) -> bool:
    """No scope is none; everything is written out; else the same path or a prefix of it."""
    if not scope:
        return False
    return scope == EVERYTHING or wanted == scope or wanted.startswith(f"{scope}/")


THE_SYSTEM = Actor(None, None, via="system")
NOBODY = Actor(None, None)
