"""Real deeds at past times: what people did, with real signatures of the sandbox."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from demo import people
from demo.outside import Outside
from demo.places import BY_KEY, Place
from demo.script import Deed, Story
from ombud.cases import files, looks
from ombud.cases.deeds import named
from ombud.cases.models import Case, Matter
from ombud.lib import clock
from ombud.orders import actions
from ombud.orders.deeds import DEEDS
from ombud.orders.models import Order
from ombud.people.actors import Actor
from ombud.people.models import Notice, Office, Organisation, Person
from ombud.post import tasks
from ombud.post.models import Letter
from ombud.signing import ceremony
from ombud.signing.models import Signature

HOME = ZoneInfo("Europe/Stockholm")


class NotDone(Exception):
    """A deed of the script did not come off; the words say which and why."""


class Stage:
    """Where the script is played: the sandbox, and the rows of people and organisations."""

    def __init__(self, outside: Outside):
        self.outside = outside
        self.cast = people.cast()
        self.today = clock.now().astimezone(HOME).date()

    def go_to(self, days: int, at: str) -> None:
        """So many working days before today, at a time of that day."""
        day = self.today
        while days:
            day -= timedelta(days=1)
            days -= day.weekday() < 5
        self.outside.go_to(datetime.combine(day, time.fromisoformat(at), HOME))

    def organisation(self, place: Place) -> Organisation:
        return Organisation.objects.select_related("portal").get(number=place.number)

    def person(self, key: str) -> Person:
        return Person.objects.get(username=self.cast[key].username)

    def actor(self, key: str, place: Place) -> Actor:
        return Actor(self.person(key), self.organisation(place))

    # Deeds

    def begin(self, deed: Deed, place: Place, story: Story) -> Order:
        self.go_to(deed.days, deed.at)
        by = self.actor(deed.who, place)
        papers = [SimpleUploadedFile(paper.name, paper.content) for paper in story.papers]
        with translation.override(by.person.language):
            keys = [str(files.keep(paper, by=by).key) for paper in papers]
            asks = {**story.asks, "attachments": keys, **self.office(by, story)}
            order = actions.start_order(by=by, offer=story.offer, **asks)
        self.sees(by, order.case)
        return order

    def office(self, by: Actor, story: Story) -> dict:
        """By its number, as an order names it."""
        if "office" not in story.asks:
            return {}
        named = Office.objects.at(by.organisation).get(name=story.asks["office"])
        return {"office": named.pk}

    def copy(self, deed: Deed, place: Place, order: Order) -> Order:
        self.go_to(deed.days, deed.at)
        by = self.actor(deed.who, place)
        draft = actions.copy(again(order), by=by)
        self.sees(by, draft.case)
        return draft

    def does(self, deed: Deed, order: Order) -> None:
        """The deed, with the order looked at before and after, all at its time."""
        self.go_to(deed.days, deed.at)
        order = again(order)
        by = self.actor(deed.who, self.place_in(order, deed.who))
        self.sees(by, order.case)
        with translation.override(by.person.language):
            typed = self.typed(deed, by)
            done = ceremony.perform(named(DEEDS, deed.name), order, typed, by=by)
            if isinstance(done, Signature):
                self.sign(done)
        self.sees(by, order.case)
        self.carry()

    def typed(self, deed: Deed, by: Actor) -> dict:
        if deed.name != "approve":
            return deed.typed
        attestant = self.cast[deed.typed["attestant"]].username
        return {**deed.typed, "attestant": attestant, "billing": by.organisation.billing}

    def place_in(self, order: Order, who: str) -> Place:
        """For which of the order's parties this person acts."""
        parties = [order.operator, order.agent, order.customer]
        numbers = {party.number for party in parties if party}
        for place in BY_KEY.values():
            if place.number in numbers and any(seat.who == who for seat in place.seats):
                return place
        raise NotDone(f"{who} has no part in {order}.")

    def sees(self, by: Actor, case: Case) -> None:
        """Whoever opens a case has seen it, and read what it told of."""
        now = clock.now()
        looks.look(by.person, case, now)
        mine = Notice.objects.of(by.person, by.organisation).unread()
        mine.filter(case_number=case.number).update(read_at=now)

    # Signing

    def sign(self, signature: Signature) -> None:
        by_code = signature.method == Signature.Method.SMS
        signed = self.by_code(signature) if by_code else self.by_bankid(signature)
        if signed.status != Signature.Status.COMPLETE:
            why = f"{signed.status} {signed.hint} {signed.reasons}"
            raise NotDone(f"{signature.person} could not sign {signature.deed}: {why}")

    def by_bankid(self, signature: Signature) -> Signature:
        number, token = signature.person.personal_number, signature.challenge.auto_start_token
        self.outside.sign(number, auto_start_token=token)
        return ceremony.collect(signature)

    def by_code(self, signature: Signature) -> Signature:
        self.carry()
        code = self.outside.code(signature.person.phone, signature.case.number)
        if code is None:
            raise NotDone(f"No code came to {signature.person}.")
        return ceremony.try_code(signature, code)[0]

    def carry(self) -> None:
        """What a worker would do: carry the letters that wait, at the time they were written."""
        waiting = Letter.objects.filter(state=Letter.State.QUEUED).order_by("pk")
        for pk in waiting.values_list("pk", flat=True):
            tasks.carry(letter_id=pk)


def again(matter: Matter) -> Order:
    return Order.objects.select_related("case", "customer", "agent", "operator").get(pk=matter.pk)
