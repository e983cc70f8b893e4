"""Building the demo world: once, in one go, always the same."""

import sys
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from demo import agreements, catalogue, engagements, inquiries, mirrors, personas, repairs
from demo.applicants import APPLICANTS, MEMBERS
from demo.outside import Outside
from demo.people import Someone
from demo.places import BY_KEY, NORDVARD, PLACES, Place, Seat
from demo.stage import NotDone, Stage
from demo.stories import STORIES, played
from ombud.cases.models import PREFIXES, Case, next_number
from ombud.desk import actions as desk
from ombud.desk import tasks
from ombud.lib import clock
from ombud.orders import actions as orders
from ombud.orders.catalogue import Policy
from ombud.orders.models import CareUnit, Order
from ombud.people import actions
from ombud.people.actors import NOBODY, Actor
from ombud.people.models import (
    Grant,
    Membership,
    Notice,
    Office,
    Organisation,
    Person,
    Standing,
    Token,
    Verification,
)
from ombud.people.roles import EVERYTHING, Role
from ombud.servicecases.models import ServiceCase
from ombud.signing.models import Signature

OPENED, SETTLED = 176, 173  # working days ago
VERSIONS = {2: 110, 3: 12}  # the first is there before anybody is given a role for a service
READ_AFTER = 4
AWAY_SINCE, AWAY_FOR = 1, timedelta(days=16)
BUILT = "demo"  # the standing of an operator whose world is whole

HALF_BUILT = (
    "The database holds people, but no whole demo world: begin anew with `ombud demo --reset`,"
    " or empty the database that DATABASE_URL names."
)

Say = Callable[[str], None]


class HalfBuilt(Exception):
    """Somebody was here before; only an empty database can be built in."""


def is_built() -> bool:
    return Standing.objects.filter(what=BUILT).exists()


def build(outside: Outside, say: Say = lambda words: None) -> None:
    """Everything, unless it is there already. Afterwards the clock shows the real time."""
    if is_built():
        return
    if Person.objects.exists() or Organisation.objects.exists():
        raise HalfBuilt
    stage = Stage(outside)
    with outside.travelling():
        say("Organisations and people ...")
        begin(stage)
        say("Services, offers, prices and terms ...")
        publish(stage)
        say("Applications and agreements ...")
        agreements.play(stage, APPLICANTS)
        say("Agents' engagements ...")
        engagements.play(stage, long_ago=True)
        play(stage, say)
        engagements.play(stage, long_ago=False)
        say("Customers and repairs ...")
        repairs.play(stage)
        say("Information requests ...")
        inquiries.play(stage)
        read_what_is_old(stage)
        stand_in(stage)
        say("The service desk outside ...")
        inquiries.link_caller(stage, mirrors.link_agiloft(stage))
        stand(stage.organisation(NORDVARD), BUILT)


# Organisations and people


def begin(stage: Stage) -> None:
    """The operator, then those who have signed agreements with it, and their people."""
    settle_operator(stage)
    others = [*agreements.guests(stage, APPLICANTS), *inquiries.customers()]
    stage.outside.declare([*agreements.guests(stage, MEMBERS), *others])
    agreements.play(stage, MEMBERS)
    settle(stage)
    stage.outside.declare([*personas.rows(), *others])


@transaction.atomic
def settle_operator(stage: Stage) -> None:
    """The operator, with the first version of its catalogue and of the terms of agreements."""
    stage.go_to(OPENED, "08:00")
    operator = Organisation.begin(
        NORDVARD.name,
        NORDVARD.number,
        *NORDVARD.kinds,
        email=f"info@{NORDVARD.domain}",
        billing=NORDVARD.billing,
    )
    administrator = person(stage.cast[NORDVARD.seats[0].who])
    Membership.objects.create(person=administrator, organisation=operator)
    named = {"person": administrator, "organisation": operator, "given_by": operator}
    Grant.objects.create(role=Role.ADMINISTRATOR, scope=EVERYTHING, **named)
    give_token(stage.cast[NORDVARD.seats[0].who], operator)
    seat_all(stage, NORDVARD, operator, administrator)
    publish_version(stage, 1)
    agreements.publish(stage)


@transaction.atomic
def settle(stage: Stage) -> None:
    """Whoever has signed its agreement: its administrator lets in the others."""
    stage.go_to(SETTLED, "08:00")
    for place in PLACES:
        if place is not NORDVARD:
            here = stage.organisation(place)
            admit(here, place)
            seat_all(stage, place, here, stage.person(place.seats[0].who))


def admit(here: Organisation, place: Place) -> None:
    """Where its invoices go, the units it is known to have, and what it demands; engagements from
    before the house kept them."""
    here.billing = place.billing
    here.save(update_fields=["billing"])
    for key in engagements.given(place.key, place.engaged):
        stand(here, "agent", f"service:{key}")
    units = [CareUnit(organisation=here, **unit) for unit in place.care_units()]
    CareUnit.objects.bulk_create(units)
    if place.four_eyes:
        Policy.objects.add(here, "order", {"four_eyes": True})


def stand(here: Organisation, what: str, scope: str = "") -> None:
    number = next_number(PREFIXES[Case.Kind.AGREEMENT])
    Standing.objects.create(organisation=here, what=what, scope=scope, case_number=number)


def seat_all(stage: Stage, place: Place, here: Organisation, administrator: Person) -> None:
    """The first is the administrator, who lets in the others."""
    others = place.seats[1:]
    by = Actor(administrator, here)
    for name in place.offices:
        actions.open_office(here, by=by, name=name)
    for seat in others:
        someone = stage.cast[seat.who]
        person(someone)
        let_in(here, someone, by)
    for seat in place.seats:
        give_roles(here, stage.cast[seat.who], seat, by)
    for seat in others:
        give_token(stage.cast[seat.who], here)


def person(someone: Someone) -> Person:
    known = Person.objects.filter(username=someone.username).first()
    if known:
        return known
    found = Person.objects.begin(
        someone.username,
        someone.given,
        someone.family,
        email=someone.email,
        phone=someone.phone,
        phone_set_at=clock.now(),
        personal_number=someone.personal_number,
        language=someone.language,
        by_sms=someone.by_sms,
    )
    found.password = personas.hashed(someone.password)
    found.save(update_fields=["password"])
    return found


def let_in(here: Organisation, someone: Someone, by: Actor) -> None:
    names = {"given": someone.given, "family": someone.family, "email": someone.email}
    number = someone.personal_number
    actions.add_person(here, by=by, phone=someone.phone, personal_number=number, **names)
    asked = Verification.objects.filter(organisation=here, person__email=someone.email)
    for link in asked.filter(used_at=None):  # who is known elsewhere proves to be that person
        desk.verify_account(link, by=NOBODY, personal_number=number)


def give_roles(here: Organisation, someone: Someone, seat: Seat, by: Actor) -> None:
    offices = Office.objects.at(here).filter(name__in=seat.offices)
    scopes = [*seat.scopes, *(office.scope for office in offices)] or [""]
    wanted = [(role, scope) for role in seat.roles for scope in scopes]
    named = {"person__username": someone.username, "organisation": here}
    held = set(Grant.objects.current().filter(**named).values_list("role", "scope"))
    for role, scope in wanted:
        if (role, scope or EVERYTHING) not in held:
            actions.grant(here, by=by, person=someone.username, role=role, scope=scope)


def give_token(someone: Someone, here: Organisation) -> None:
    Token.objects.create(
        person=Person.objects.get(username=someone.username),
        organisation=here,
        sha256=Token.digest(personas.token(someone.username, here.number)),
    )


# The catalogue


def publish(stage: Stage) -> None:
    for version, days in VERSIONS.items():
        stage.go_to(days, "07:30")
        publish_version(stage, version)


@transaction.atomic
def publish_version(stage: Stage, version: int) -> None:
    by = stage.actor("catalogue", NORDVARD)
    for thing, key, body in catalogue.rows(version):
        orders.publish(by.organisation, by=by, thing=thing, key=key, body=body)


# The orders


def play(stage: Stage, say: Say) -> None:
    """Every deed in the order of time, as if the house had been open all along."""
    begun: dict[str, Order] = {}
    script = played()
    for done, (story, deed) in enumerate(script):
        if done % 10 == 0:
            say(f"Orders: {done} of {len(script)} deeds played ...")
        place = BY_KEY[story.place]
        if deed.name == "start_order":
            begun[story.key] = stage.begin(deed, place, story)
        elif deed.name == "copy":
            begun[story.key] = stage.copy(deed, place, begun[story.copied_from])
        else:
            stage.does(deed, begun[story.key])
    signed = Signature.objects.filter(status=Signature.Status.COMPLETE).count()
    say(f"Orders: {len(STORIES)}, with {signed} signatures.")


def read_what_is_old(stage: Stage) -> None:
    """People have read what was told days ago, unless it still waits for them, and have looked
    at the case that customer service opened for it."""
    stage.go_to(READ_AFTER, "16:45")
    old = Notice.objects.unread().filter(at__lt=clock.now()).exclude(calls=True, over_at=None)
    opened = {row.origin_id: row.case for row in ServiceCase.objects.select_related("case")}
    for notice in old.select_related("person", "organisation"):
        by = Actor(notice.person, notice.organisation)
        case = Case.objects.get(number=notice.case_number)
        stage.sees(by, case)
        if case.pk in opened:
            stage.sees(by, opened[case.pk])


def stand_in(stage: Stage) -> None:
    """One of the attestants is away since some days, and the administrator stands in."""
    stage.go_to(AWAY_SINCE, "16:50")
    by = stage.actor("systempartner-chief", BY_KEY["systempartner"])
    actions.name_stand_in(
        by.organisation,
        by=by,
        person=stage.cast["systempartner-admin"].username,
        roles=[Role.ATTESTANT],
        until_at=(clock.now() + AWAY_FOR).isoformat(),
    )
    tasks.turn_stand_ins()
    stage.carry()


def main() -> int:
    if settings.ENV.env not in ("demo", "test"):
        return told("The demo world is built only where OMBUD_ENV is demo.")
    try:
        build(Outside.named(), lambda words: print(f"  {words}", file=sys.stderr, flush=True))
    except HalfBuilt:
        return told(HALF_BUILT)
    except NotDone as no:
        return told(str(no))
    return 0


def told(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
