"""What a request does beyond its own flat: the repair case and card, and the other system."""

from ombud.inquiries.models import Inquiry
from ombud.people.actors import Actor


def connect(inquiry: Inquiry, *, by: Actor) -> None: ...


def tell(inquiry: Inquiry, *, by: Actor, mobile: bool = False) -> None: ...


def differs(inquiry: Inquiry, person: dict[str, str]) -> bool:
    """Whether whoever signed has another family name than whom the other system knows."""
    known = inquiry.known.get("family", "")
    return bool(known) and folded(known) != folded(person["family"])


def folded(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").split())


def apply(inquiry: Inquiry, person: dict[str, str], *, by: Actor): ...
