"""A repair that a flat above opens, writes on and sends on, in its own deed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ombud.cases import placing
from ombud.cases.events import record
from ombud.cases.models import CASE, Case, Document
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.people.roles import Role
from ombud.people.settings import Said
from ombud.servicecases import linked
from ombud.servicecases.matching import How
from ombud.servicecases.models import Card, Repair
from ombud.servicecases.notices import repair as notices
from ombud.servicecases.states.repair import Side


def open_repair(
    portal: Organisation,
    *,
    card: Card,
    how: How | None = None,
    title: Said | str,
    reference: str = "",
    object: str,
    fault: str = "",
    answers: Iterable[Mapping[str, Any]] = (),
    photos: Iterable[Document] = (),
    costs: Mapping[str, Any] | None = None,
    side: str = Side.UNDECIDED,
    by: Actor,
    key: str,
) -> Repair:
    """Open the repair of a customer; under the same key there is one. `answers`: label and value,
    in their order. `photos` stand in other cases, and stand here too from now on. `costs`: fixed,
    approximate, ceiling in minor units with VAT; currency, terms."""
    held = Organisation.objects.locked(portal)
    known = Repair.objects.filter(provider=held, key=key).select_related("case", "card").first()
    if known is not None:
        return known
    said = {"sv": title} if isinstance(title, str) else title
    named = {language: text[:200] for language, text in said.items()}
    case = Case.objects.begin(Case.Kind.REPAIR, named, held)
    case.is_held, case.reference = True, reference[:100]
    case.save(update_fields=["reference"])
    repair = Repair.objects.create(
        case=case,
        provider=held,
        key=key,
        card=card,
        how=how.as_json() if how else {},
        object=object[:200],
        fault=fault,
        answers=[dict(one) for one in answers],
        side=side,
        **{name: value for name, value in (costs or {}).items() if value is not None},
    )
    case.admit(held, "provider", [CASE])
    case.wait_for(held, Role.CASE_HANDLER)
    placed = placing.copy(photos, case).told()
    told: dict[str, Any] = {"card": card.number, "outcome": how.outcome if how else "", **placed}
    record(case, "opened", by=by, tell=notices.opened(repair), **told)
    return repair


def note_signing(
    repair: Repair,
    *,
    identity: str,
    evidence: str,
    when: datetime,
    by: Actor,
    terms: str = "",
    form_sha256: str = "",
) -> None:
    """Write down on the repair that the customer has signed: who, masked; when; what; and where the
    evidence is. The same evidence is noted once."""
    held = Repair.objects.locked(repair)
    if held.case.events.filter(verb="repair.signed", data__evidence=evidence).exists():
        return
    words = {"name": identity, "terms": terms}
    told: dict[str, Any] = {
        "evidence": evidence,
        "signed_at": when.isoformat(),
        "form": form_sha256[:12],
    }
    record(held.case, "signed", by=by, words=words, **told)


def choose_side(repair: Repair, side: str, *, by: Actor) -> Repair:
    """Where the repair goes on, as the portal's setting says; a person's choice is a deed
    (`continue_in`). A repair that has been sent on already stays where it is."""
    held = Repair.objects.locked(repair)
    if held.side != Side.UNDECIDED or not held.is_worked_on:
        return held
    held.choose(side, by)
    if side == Side.AGILOFT:
        held.case.wait_no_more()
    linked.chosen(held.case, side, by=by)
    record(held.case, "continued", by=by, side=side)
    return held
