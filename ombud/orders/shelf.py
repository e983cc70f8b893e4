"""What an organisation may order: services with the offers that are open to it."""

from dataclasses import dataclass, field
from typing import TypeVar

from ombud.orders import rules
from ombud.orders.catalogue import Chain, Offer, Price, Service
from ombud.people.models import Organisation
from ombud.people.settings import Setting, said

Row = TypeVar("Row", bound=Setting)


@dataclass
class Way:
    """One offer with what it costs and the road it takes."""

    offer: Offer
    price: Price
    chain: Chain

    @property
    def is_direct(self) -> bool:
        return self.offer.read.connection == "direct"

    @property
    def is_pilot(self) -> bool:
        return bool(self.offer.read.pilots)


@dataclass
class Shelf:
    service: Service
    ways: list[Way] = field(default_factory=list)

    @property
    def name(self) -> str:
        return said(self.service.read.name)

    @property
    def is_pilot(self) -> bool:
        return bool(self.ways) and all(way.is_pilot for way in self.ways)


def of(organisation: Organisation) -> list[Shelf]:
    """By name; a service of which nothing is open to the organisation is not there."""
    services, prices = newest(Service, organisation), newest(Price, organisation)
    chains = newest(Chain, organisation)
    found: dict[str, Shelf] = {}
    for offer in newest(Offer, organisation).values():
        body = offer.read
        service, price = services.get(body.service), prices.get(body.price)
        chain = chains.get(body.chain)
        if not (service and price and chain):
            continue
        if rules.is_open_to(organisation, offer, service.read):
            here = found.setdefault(service.key, Shelf(service))
            here.ways.append(Way(offer, price, chain))
    for shelf in found.values():
        shelf.ways.sort(key=lambda way: (way.offer.read.connection == "agent", way.offer.key))
    return sorted(found.values(), key=lambda shelf: shelf.name.casefold())


def newest(table: type[Row], organisation: Organisation) -> dict[str, Row]:
    """The newest row of each key: the organisation's own before its portal's."""
    holders = [holder for holder in (organisation.portal, organisation) if holder]
    rows = table.objects.current(*holders)  # type: ignore[attr-defined]
    own_last = sorted(rows, key=lambda row: row.organisation_id == organisation.pk)
    return {row.key: row for row in own_last}  # type: ignore[misc]


def named(organisation: Organisation, service: str) -> Shelf | None:
    return next((one for one in of(organisation) if one.service.key == service), None)
