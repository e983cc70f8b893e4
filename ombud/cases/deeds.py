"""A deed as the doors know it: its name, its shape, its rule and what does it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.utils.functional import Promise
from pydantic import BaseModel, ValidationError

from ombud.lib.errors import Misshapen, Reason
from ombud.lib.shapes import faults
from ombud.people.actors import Actor


@dataclass(frozen=True)
class Deed:
    """`signed_by` names the ways of signing the deed knows; `methods` says which of them are open
    to an actor now, each with what bars it; `document` and `facts` render what is signed, and by
    whom; `lacking` tells what must be given before there is anything to sign."""

    name: str
    label: str | Promise
    shape: type[BaseModel]
    rule: Callable[..., list[Reason]]
    action: Callable
    signed_by: tuple[str, ...] = ()
    methods: Callable[..., dict[str, list[Reason]]] | None = None
    document: Callable[..., str] | None = None
    facts: Callable[..., dict] | None = None
    lacking: Callable[..., list[dict]] | None = None

    def read(self, typed: dict) -> dict:
        """What was typed as arguments, plain enough for JSON."""
        try:
            return self.shape.model_validate(typed).model_dump(mode="json")
        except ValidationError as error:
            raise Misshapen(faults(error)) from error

    def fits(self, actor: Actor, *matter) -> Actor:
        """The actor, or the actor in the place of the first colleague who has the right."""
        if len(actor.faces) == 1:
            return actor
        for face in actor.faces:
            if not any(reason.because == "right" for reason in self.rule(face, *matter)):
                return face
        return actor

    def reasons(self, actor: Actor, *matter) -> list[Reason]:
        return self.rule(self.fits(actor, *matter), *matter)

    def ways(self, actor: Actor, *matter) -> dict[str, list[Reason]]:
        """The ways of signing, each with what bars it for this actor."""
        if self.methods is None:
            return {method: [] for method in self.signed_by}
        return self.methods(self.fits(actor, *matter), *matter)


def offered(deeds: list[Deed], actor: Actor, *matter) -> list[tuple[Deed, list[Reason]]]:
    """Every deed of the kind with what bars it: listed, allowed or not."""
    return [(deed, deed.reasons(actor, *matter)) for deed in deeds]


def named(deeds: list[Deed], name: str) -> Deed:
    for deed in deeds:
        if deed.name == name:
            return deed
    raise Http404
