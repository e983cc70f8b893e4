"""A message told once, on the next page that is shown."""

from dataclasses import asdict, dataclass

from django.utils.functional import SimpleLazyObject

KEPT = "flashes"


@dataclass(frozen=True)
class Flash:
    text: str
    tone: str = "done"  # done | info | turn | late


def tell(request, text: str, tone: str = "done") -> None:
    told = [*request.session.get(KEPT, []), asdict(Flash(str(text), tone))]
    request.session[KEPT] = told[-5:]


def taken(request) -> list[Flash]:
    """The messages, which are gone from now on."""
    if not hasattr(request, "session") or KEPT not in request.session:
        return []
    return [Flash(**one) for one in request.session.pop(KEPT)]


def messages(request) -> dict:
    """Context processor: read only by a page that shows them."""
    return {"messages": SimpleLazyObject(lambda: taken(request))}
