"""Orders brought to where a journey begins, by programs: what is not the point of it."""

from typing import Any

from tests.journeys.house import House

BILLING = {"reference": "8123", "address": "", "e_invoice": ""}


class Arranging:
    def __init__(self, house: House):
        self.house = house

    def does(self, key: str, number: str, deed: str, place: str = "", **typed: Any) -> None:
        self.house.program(key, place).does(number, deed, **typed)

    def state(self, key: str, number: str, place: str = "") -> str:
        return self.house.program(key, place).case(number)["state"]

    def draft(self, orderer: str, offer: str, agent: str = "", source: str = "") -> str:
        program, place = self.house.program(orderer), self.house.place(orderer)
        number = program.begins("start_order", offer=offer)["number"]
        answers = {"purpose": "Prövas i webbläsaren.", "start": ""}
        if agent:
            answers |= {"processing_agreement": True}
        asked: dict[str, Any] = {"units": place.care_units(0), "answers": answers}
        if agent:
            asked["agent"] = self.house.place(agent).number
        if source:
            asked["source"] = source
        program.does(number, "save", billing=BILLING, **asked)
        return number

    def sent(self, orderer: str, offer: str, agent: str = "", source: str = "") -> str:
        number = self.draft(orderer, offer, agent, source)
        self.does(orderer, number, "send", accept_terms=True)
        return number

    def reviewed(self, number: str, handler: str, attestant: str) -> str:
        chosen = self.house.person(attestant).username
        given = {"attestant": chosen, "certify": True, "accept_terms": True, "billing": BILLING}
        self.house.program(handler).signs_here(number, "approve", **given)
        return number

    def attested(self, number: str, attestant: str) -> str:
        self.house.program(attestant).signs_here(number, "attest", decision="approve")
        return number
