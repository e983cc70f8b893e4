"""What a provider works on: service cases, repairs, and the cards of their customers."""

from ombud.servicecases.models.card import Apart, Card, Change, Drawn
from ombud.servicecases.models.repair import Line, Repair
from ombud.servicecases.models.servicecase import ServiceCase

__all__ = ["Apart", "Card", "Change", "Drawn", "Line", "Repair", "ServiceCase"]
