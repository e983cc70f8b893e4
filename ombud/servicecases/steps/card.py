"""The card of whoever a flat above has to do with, made or found in that flat's own deed."""

from collections.abc import Mapping
from typing import Any

from ombud.people import journal
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.servicecases import matching
from ombud.servicecases.matching import DOUBTED, MATCHED, NEW, How
from ombud.servicecases.models import Card, Change, Drawn
from ombud.servicecases.models.card import SEALED, numbers_of


def card_for(
    portal: Organisation,
    details: Mapping[str, Any],
    *,
    first: str,
    by: Actor,
    key: str,
    other_signer: bool = False,
) -> tuple[Card, How]:
    """The customer's card. `first`: "match" looks for one that is there already, "new" makes one in
    any case; either way the likely doubles are told and nothing is merged. `details`: given,
    family, personal_number (only as an e-ID vouched for it), phone, email, street, postal_code,
    city, country, language. `other_signer`: somebody else than the customer has signed; it is a
    card of its own, without a number, and a person looks at it. Asked again under the same key it
    is the same answer."""
    held = Organisation.objects.locked(portal)
    known = Drawn.objects.filter(organisation=held, key=key).select_related("card").first()
    if known is not None:
        return known.card.root(), How(**known.how)
    told = matching.cleaned(details)
    if other_signer:
        told.pop(SEALED, None)
    hit = matching.find(held, told)
    if hit.card is not None and first == "match" and not other_signer:
        card = hit.card
        written = matching.to_write(card, told)
        filled = [name for name in written if not card.shown(name)]
        fields = card.write(written)
        changed = [name for name in fields if name not in filled]
        how = How(MATCHED, hit.by, [name for name in fields if name in filled], changed)
        verb = Change.Verb.MATCHED
    else:
        card = Card(organisation=held, serial=Card.objects.next_serial(held))
        fields = card.write(told)
        doubles = numbers_of(hit.doubles or ([hit.card] if hit.card else []))
        outcome = DOUBTED if doubles or other_signer else NEW
        how = How(outcome, hit.by, doubles=doubles, other_signer=other_signer)
        verb = Change.Verb.MADE
    card.keep()
    card.tell(verb, by, fields, key=key, matched_by=how.by)
    Drawn.objects.create(organisation=held, key=key, card=card, how=how.as_json())
    journal.note(held, f"card.{verb}", by=by, card=card.number, doubles=how.doubles)
    return card, how
