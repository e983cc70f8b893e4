"""The stories, played once against the running servers: each step, and who was told by what."""

import time
from collections.abc import Callable

import httpx

from demo import people, personas
from demo.door import Broken, Visitor, address, until
from demo.outside import Outside
from demo.places import BY_KEY, PLACES
from ombud.cases import sight, timeline

BILLING = {"reference": "8123", "address": "", "e_invoice": ""}
Told = tuple[str, ...]


def main() -> int:
    began, play = time.monotonic(), Play(Outside.named())
    held = [play.act(story) for story in (doors, via_agent, directly, rejected, records)]
    took = f"{play.count} steps in {time.monotonic() - began:.0f} s"
    print(f"\nEvery step held: {took}." if all(held) else f"\nNOT every step held: {took}.")
    return 0 if all(held) else 1


class Play:
    """The personas, and what has come to their mailboxes so far."""

    def __init__(self, outside: Outside):
        self.outside, self.count = outside, 0
        rows = {(row["username"], row["organisation"]["number"]): row for row in personas.rows()}
        cast = people.cast()
        self.visitors = {
            (seat.who, place.key): Visitor(rows[cast[seat.who].username, place.number], outside)
            for place in PLACES
            for seat in place.seats
        }
        self.names = {row["email"]: row["name"] for row in rows.values()}

    def act(self, story: Callable[["Play"], None]) -> bool:
        """One story to its end, or to the step that does not hold."""
        print(f"\n{(story.__doc__ or '').strip()}", flush=True)
        try:
            story(self)
        except (Broken, httpx.HTTPError, KeyError) as no:
            print(f"  FAILED  {no!r}", flush=True)
            return False
        return True

    def who(self, key: str, place: str = "") -> Visitor:
        """Somebody by the script's name; in the place that the name begins with."""
        return self.visitors[key, place or home(key)]

    def quietest(self, *places: str) -> str:
        """The place whose attestant got the fewest messages: codes are rationed."""
        got = {one: len(self.outside.ask("sms", to=self.attestant(one))) for one in places}
        return min(places, key=lambda one: got[one])

    def attestant(self, place: str) -> str:
        return self.who(f"{place}-attestant").row["phone"]

    def step(self, words: str, do: Callable[[], object], tell: Told = ()) -> object:
        """Do it, then wait until everybody has the letter that is owed to them."""
        before = self.seen()
        found = do()
        self.count += 1
        print(f"  ok  {words}", flush=True)
        for letter in self.arrived(before, {self.who(key).row["email"] for key in tell}):
            name = self.names.get(letter["to"], letter["to"])
            print(f"        told: {name} by e-mail “{letter['subject']}”", flush=True)
        return found

    def seen(self) -> int:
        return len(self.outside.mails())

    def arrived(self, before: int, owed: set[str]) -> list[dict]:
        def all_there():
            got = self.outside.mails()[before:]
            return [got] if owed <= {row["to"] for row in got} else None

        names = ", ".join(sorted(owed))
        return until(all_there, f"letters to {names}")[0] if owed else []


def home(key: str) -> str:
    return next(place.key for place in PLACES if any(seat.who == key for seat in place.seats))


def insist(holds: object, words: str) -> None:
    if not holds:
        raise Broken(words)


def stands(visitor: Visitor, number: str, state: str) -> None:
    found = visitor.case(number)["state"]
    insist(found == state, f"{number} is {found}, not {state}, for {visitor}.")


# Stories


def doors(play: Play) -> None:
    """The doors are open"""
    nobody = httpx.Client(base_url=address(), timeout=30, trust_env=False)

    def login_page():
        answer = nobody.get("/login/")
        insist(answer.status_code == 200, f"The login page answered {answer.status_code}.")

    def stranger():
        answer = nobody.get("/api/v1/me")
        insist(answer.status_code == 401, f"Without a token: {answer.status_code}.")

    def everybody():
        for visitor in play.visitors.values():
            told = visitor.get("me")
            insist(told["organisation"]["number"] == visitor.number, f"{visitor}: {told}")

    play.step("The login page answers", login_page)
    play.step("Nobody comes in without a token", stranger)
    play.step(f"{len(play.visitors)} personas are known by their tokens", everybody)


def via_agent(play: Play) -> None:
    """An order via an agent, from catalogue to active"""
    place = play.quietest("alvsunda", "strandkoping", "hjorten")
    orderer, attestant = play.who(f"{place}-orderer"), play.who(f"{place}-attestant")
    handler, chief = play.who("systempartner-handler"), play.who("systempartner-attestant")
    number = play.step(
        f"{orderer} begins an order of NPÖ",
        lambda: orderer.begins("start_order", offer="npo-agent"),
    )["number"]
    agent = BY_KEY["systempartner"]
    filled = {
        "agent": agent.number,
        "units": BY_KEY[place].care_units(),
        "answers": {"purpose": "Läsa journaler.", "start": "", "processing_agreement": True},
        "billing": BILLING,
    }
    play.step(
        f"fills in {number}: {agent.name}, {len(BY_KEY[place].units)} units",
        lambda: orderer.does(number, "save", **filled),
    )
    insist(not handler.sees(number), "The agent sees a draft.")
    play.step(
        f"accepts the terms and sends {number}",
        lambda: orderer.does(number, "send", accept_terms=True),
        tell=(f"{place}-orderer", "systempartner-handler"),
    )
    stands(handler, number, "agent_review")
    insist(handler.has_turn(number), f"{number} does not wait for {handler}.")
    insist(not attestant.has_turn(number), f"{number} waits for {attestant} already.")
    given = {"attestant": chief.row["username"], "certify": True, "accept_terms": True}
    play.step(
        f"{handler} certifies, chooses {chief.row['name']}, approves with BankID by QR code",
        lambda: handler.signs_by_qr(number, "approve", billing=BILLING, **given),
        tell=("systempartner-attestant",),
    )
    stands(orderer, number, "agent_attest")
    play.step(
        f"{chief} attests with BankID on the same device",
        lambda: chief.signs_here(number, "attest", decision="approve"),
        tell=(f"{place}-attestant", f"{place}-orderer"),
    )
    stands(orderer, number, "customer_attest")
    play.step(
        f"{attestant} attests with a code by SMS",
        lambda: attestant.signs_by_code(number, "attest", decision="approve"),
        tell=("desk-one", "desk-two", "systempartner-handler", f"{place}-orderer"),
    )
    stands(orderer, number, "case_open")
    insist(handler.has_turn(number), f"{number} does not wait for {handler}.")
    play.step("Customer service has one case of it", lambda: one_case(play, number))
    play.step(
        f"{handler} starts the connection",
        lambda: handler.does(number, "start"),
        tell=(f"{place}-orderer",),
    )
    play.step(
        f"{handler} reports it connected",
        lambda: handler.does(number, "report_connected"),
        tell=(f"{place}-orderer",),
    )
    stands(orderer, number, "active")


def one_case(play: Play, number: str) -> None:
    desk = play.who("desk-one")
    rows = desk.get(f"cases?kind=servicecase&q={number}")["items"]
    found = [row for row in rows if desk.case(row["number"])["data"]["origin"] == number]
    insist(len(found) == 1, f"{len(found)} cases of {number} at customer service.")


def directly(play: Play) -> None:
    """A direct order, attested by SMS"""
    place = play.quietest("norrsund", "osterlund")
    orderer, attestant = play.who(f"{place}-orderer"), play.who(f"{place}-attestant")
    number = play.step(
        f"{orderer} begins an order of Stöd och behandling",
        lambda: orderer.begins(
            "start_order",
            offer="sob-direct",
            units=BY_KEY[place].care_units(0),
            answers={"purpose": "Behandling på nätet.", "start": ""},
            billing=BILLING,
        ),
    )["number"]
    play.step(
        f"sends {number}",
        lambda: orderer.does(number, "send", accept_terms=True),
        tell=(f"{place}-orderer", f"{place}-attestant"),
    )
    play.step(
        f"{attestant} attests with a code by SMS",
        lambda: attestant.signs_by_code(number, "attest", decision="approve"),
        tell=(f"{place}-orderer", "desk-one", "desk-two"),
    )
    stands(orderer, number, "case_open")
    desk = play.who("desk-one")
    insist(desk.has_turn(number), f"{number} does not wait for {desk}.")
    insist(not play.who("systempartner-admin").sees(number), "A stranger sees the order.")


def rejected(play: Play) -> None:
    """An order that the agent rejects"""
    orderer, attestant = play.who("lindhamra-both"), play.who("lindhamra-attestant")
    handler = play.who("vardlanken-handler")
    number = play.step(
        f"{orderer} begins an order of Journalen",
        lambda: orderer.begins(
            "start_order",
            offer="journalen-agent",
            agent=BY_KEY["vardlanken"].number,
            units=BY_KEY["lindhamra"].care_units(0),
            answers={"purpose": "Journal på nätet.", "start": "", "processing_agreement": True},
            billing=BILLING,
        ),
    )["number"]
    play.step(
        f"sends {number}",
        lambda: orderer.does(number, "send", accept_terms=True),
        tell=("lindhamra-both", "vardlanken-handler"),
    )
    play.step(
        f"{handler} rejects it with BankID, and says why",
        lambda: handler.signs_by_qr(number, "reject", note="Systemet stöder inte tjänsten ännu."),
        tell=("lindhamra-both",),
    )
    stands(orderer, number, "rejected_by_agent")
    told = [row for row in play.outside.ask("mail", to=attestant.row["email"])]
    insist(not any(number in row["subject"] for row in told), "The attestant was troubled.")
    copy = play.step(f"{orderer} copies it, to put it right", lambda: copied(orderer, number))
    stands(orderer, str(copy), "draft")


def copied(orderer: Visitor, number: str) -> str:
    action = orderer.found(orderer.case(number)["actions"], "copy")
    return orderer.post(action["href"], {}, 201)["number"]


def records(play: Play) -> None:
    """What was written down holds together"""

    def chains():
        broken = timeline.verify_all()
        insist(broken is None, f"The chain is broken at {broken}.")

    def sights():
        wrong = sight.check_all()
        insist(wrong is None, f"Sight is not what it should be in {wrong}.")

    play.step("Every event and journal follows from the one before", chains)
    play.step("Everybody sees what parties and seats say, and nothing else", sights)
