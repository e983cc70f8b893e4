"""Keys: what lets an actor see a case, and what makes a turn the actor's own.

A party's key names organisation, part in the case and scope path; a seat's key names person and
organisation; a turn's key names organisation, role and scope path; a guest's key names the pass.
"""

from collections.abc import Iterable

from ombud.people.actors import Actor, Key
from ombud.people.models import Membership, Person
from ombud.people.roles import EVERYTHING, SEATED, SEES

TURNS, PARTIES = "=", ":"  # the sign that tells one kind of key from another


def party(organisation_id: int, role: str, scope: str = "") -> str:
    return f"o{organisation_id}:{role}" + (f"/{scope}" if scope else "")


def seat(person_id: int, organisation_id: int) -> str:
    return f"p{person_id}@{organisation_id}"


def turn(organisation_id: int, role: str, scope: str = "") -> str:
    return f"o{organisation_id}={role}" + (f"/{scope}" if scope else "")


def guest(pass_id: int) -> str:
    return f"g{pass_id}"


def prefixes(make, organisation_id: int, role: str, scope: str) -> list[str]:
    """Every prefix of a scope path: whoever holds a wider scope finds it too."""
    steps = scope.split("/") if scope else []
    paths = ["/".join(steps[:n]) for n in range(len(steps) + 1)]
    return [make(organisation_id, role, path) for path in paths]


def wider(key: str) -> list[str]:
    """The keys of the same party or role in a wider scope: what one opens, these open too."""
    steps = key.split("/")
    return ["/".join(steps[:n]) for n in range(1, len(steps))]


def head(key: str) -> str:
    """The key without its scope."""
    return key.partition("/")[0]


def called(held: Iterable[str]) -> list[str]:
    """The keys under which something may wait."""
    return [key for key in held if PARTIES not in head(key)]


def sighted(held: Iterable[str]) -> list[str]:
    """The keys by which cases are seen, without those under a wider one that is held."""
    seeing = {key for key in held if TURNS not in head(key)}
    return [key for key in seeing if "/" not in key or not seeing.intersection(wider(key))]


def of(actor: Actor) -> dict[str, list[Key]]:
    """The keys of an actor, each with the grant and the person stood in for; found once."""
    known = actor.__dict__
    if "keys" not in known:
        known["keys"] = found(actor)
    return known["keys"]


def found(actor: Actor) -> dict[str, list[Key]]:
    held: dict[str, list[Key]] = {}
    if actor.guest is not None:
        return {guest(actor.guest): [Key("guest")]}
    if actor.person is None or actor.organisation is None:
        return held
    colleagues = {other.pk: other for other in actor.wardrobe.colleagues}
    here = actor.organisation.pk
    for worn in actor.wardrobe.worn:
        if not worn.scope:
            continue
        scope = "" if worn.scope == EVERYTHING else worn.scope
        why = Key(worn.role, colleagues.get(worn.person_id))
        opened = [party(here, part, scope) for part in SEES.get(worn.role, ())]
        for key in [*opened, turn(here, worn.role, scope)]:
            held.setdefault(key, []).append(why)
    for face in actor.faces:
        if face.face is not None and is_seated(actor, face.face):
            held.setdefault(seat(face.face.pk, here), []).append(Key("seat", face.instead_of))
    return held


def is_seated(actor: Actor, face: Person) -> bool:
    """The actor's own seats were read at the door; a colleague's are taken over with the roles that
    seats come of, while these are held."""
    if face == actor.person:
        return True
    worn = actor.wardrobe.worn
    return any(w.person_id == face.pk and w.role in SEATED and w.scope for w in worn)


def of_person(person_id: int, organisation_id: int) -> set[str]:
    """The keys of a person at an organisation as they are now, for the live door."""
    member = Membership.objects.current().filter(
        person=person_id, organisation=organisation_id, person__is_active=True
    )
    row = member.select_related("person", "organisation").first()
    return set(of(Actor(row.person, row.organisation))) if row else set()


def everywhere(person: Person, worn: list[Membership]) -> dict[int, dict[str, list[Key]]]:
    """The person's keys under each of these hats, by organisation; hats as hats.of gives them."""
    return {
        hat.organisation_id: of(Actor.dressed(person, hat.organisation, hat.wardrobe))
        for hat in worn
    }
