"""What the pages of customer cards show, told in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ombud.cases.models import Case
from ombud.lib import phones
from ombud.servicecases import finding, matching
from ombud.servicecases.forms.card import COUNTRIES, LABELS, LANGUAGES
from ombud.servicecases.matching import Pair
from ombud.servicecases.models import Card, Change, Repair
from ombud.servicecases.models.card import FIELDS
from ombud.servicecases.states.repair import ENDED, Side, State
from ombud.ui.forms import Field
from ombud.ui.pieces import Option

MOST_CASES = 100


def shown(name: str, value: Any) -> str:
    """The value of a field as it is read."""
    if name == "phone":
        return phones.national(value) if value else ""
    if name == "barred":
        return _("Yes") if value else _("No")
    known = {"kind": Card.Kind.choices, "country": COUNTRIES, "language": LANGUAGES}
    return str(dict(known.get(name, ())).get(value, value))


def label(name: str) -> str:
    return str(LABELS[name])


def why(pair: Pair) -> str:
    """Why two cards may be one customer's."""
    return {
        "number": _("The same personal or organisation number"),
        "phone": _("The same phone and the same name")
        if pair.first.is_company
        else _("The same mobile and the same last name"),
        "email": _("The same e-mail and the same name"),
    }[pair.why]


def doubles(card: Card) -> list[dict[str, Any]]:
    return [beside(pair, card) for pair in matching.pairs(card.organisation, card)]


def beside(pair: Pair, card: Card) -> dict[str, Any]:
    other = pair.second if pair.first.pk == card.pk else pair.first
    return {"card": other, "why": why(pair), "other_numbers": pair.other_numbers}


def cases(card: Card) -> list[dict[str, Any]]:
    """Its repairs, and those of the cards that were merged into it, the latest first."""
    rows = Repair.objects.filter(card__in=card.family_of()).select_related("case")
    return [
        {
            "number": row.case.number,
            "object": row.object,
            "state": str(State(row.state).label),
            "ended": row.state in ENDED,
            "side": str(Side(row.side).label),
            "at": row.case.opened_at,
        }
        for row in rows.order_by("-case__opened_at", "-pk")[:MOST_CASES]
    ]


def history(card: Card) -> list[dict[str, Any]]:
    return [line(one) for one in finding.history(card)]


def line(one: Change) -> dict[str, Any]:
    fields = [
        (label(name), shown(name, old), shown(name, new))
        for name, (old, new) in one.fields.items()
        if one.verb != Change.Verb.MADE
    ]
    return {
        "row": one,
        "text": verb(one),
        "fields": fields,
        "reason": one.facts.get("reason", ""),
    }


def verb(one: Change) -> str:
    facts = {"card": one.facts.get("card", "")}
    known = {
        Change.Verb.MADE: pgettext("card", "The card was made"),
        Change.Verb.MATCHED: pgettext("card", "The customer signed again, and was known"),
        Change.Verb.CHANGED: pgettext("card", "The card was changed"),
        Change.Verb.MERGED: pgettext("card", "%(card)s was merged into this card") % facts,
        Change.Verb.UNMERGED: pgettext("card", "The merge of %(card)s was undone") % facts,
        Change.Verb.SHOWN: pgettext("card", "The whole number was shown"),
    }
    return known[Change.Verb(one.verb)]


# Two cards side by side


def choices(card: Card, into: Card, taken: list[str] | None = None) -> list[Field]:
    """A question for each field in which they differ; what stands alone is chosen already."""
    return [
        Field(
            f"take_{name}",
            label(name),
            kind="radio",
            value="card" if is_taken(name, card, into, taken) else "into",
            options=(
                Option("into", written(name, into), into.number),
                Option("card", written(name, card), card.number),
            ),
        )
        for name in FIELDS
        if name != "kind" and differs(name, card, into)
    ]


def differs(name: str, card: Card, into: Card) -> bool:
    if name == "number":
        return card.full_number != into.full_number
    return getattr(card, name) != getattr(into, name)


def is_taken(name: str, card: Card, into: Card, taken: list[str] | None) -> bool:
    if taken is not None:
        return name in taken
    return not into.shown(name) and bool(card.shown(name))


def written(name: str, card: Card) -> str:
    return shown(name, card.shown(name)) or _("Nothing")


def alike(card: Card, into: Card) -> list[tuple[str, str]]:
    """What is the same on both."""
    return [
        (label(name), shown(name, into.shown(name)))
        for name in FIELDS
        if not differs(name, card, into) and into.shown(name) not in ("", False)
    ]


def taken(post) -> list[str]:
    return [name for name in FIELDS if post.get(f"take_{name}") == "card"]


def count_of_cases(card: Card) -> int:
    return Case.objects.filter(repair__card__in=card.family_of()).count()
