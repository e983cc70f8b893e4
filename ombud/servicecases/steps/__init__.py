"""What a deed of an upper floor may have done here, in its own transaction."""

from ombud.servicecases.steps.card import card_for
from ombud.servicecases.steps.repair import choose_side, note_signing, open_repair
from ombud.servicecases.steps.servicecase import go_on, open_for, release_for

__all__ = [
    "card_for",
    "choose_side",
    "go_on",
    "note_signing",
    "open_for",
    "open_repair",
    "release_for",
]
