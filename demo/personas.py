"""Who is who in the demo world, how to log in as them, and where to begin."""

import os

from demo import people
from demo.people import Someone
from demo.places import BY_KEY, PLACES
from ombud.config.env import Unfit
from ombud.lib import vault
from ombud.people.models import Grant, Membership

NONE_YET = "There is no demo world in this database; `ombud demo` makes one."


def rows() -> list[dict]:
    """A row for each person and organisation, in the order of the organisations."""
    seats = {
        (row["username"], row["organisation"]["number"]): row for row in map(row_of, members())
    }
    known = people.cast()
    told = [(known[seat.who].username, place.number) for place in PLACES for seat in place.seats]
    if not seats:
        raise Unfit([NONE_YET])
    return [seats[key] for key in told if key in seats]


def members():
    names = {someone.username for someone in people.cast().values()}
    found = Membership.objects.current().filter(person__username__in=names)
    return found.select_related("person", "organisation")


def row_of(member: Membership) -> dict:
    someone = by_username()[member.person.username]
    here = member.organisation
    return {
        "name": someone.name,
        "username": someone.username,
        "password": someone.password,
        "email": someone.email,
        "organisation": {"name": here.name, "number": here.number},
        "roles": roles_of(member),
        "personal_number": someone.personal_number,
        "phone": someone.phone,
        "token": token(someone.username, here.number),
    }


def roles_of(member: Membership) -> list[str]:
    held = Grant.objects.current().filter(person=member.person, organisation=member.organisation)
    return sorted(set(held.values_list("role", flat=True)))


def by_username() -> dict[str, Someone]:
    return {someone.username: someone for someone in people.cast().values()}


def token(username: str, number: str) -> str:
    """The same at every build of this installation, and unknown outside it."""
    return f"demo-{vault.index(f'{username} at {number}', 'demo token')[:32]}"


def introduce() -> str:
    """Where to begin."""
    url = os.environ.get("OMBUD_WEB_URL", "http://localhost:8000")
    phones = os.environ.get("OMBUD_SANDBOX_URL", "http://127.0.0.1:8002")
    cast = people.cast()
    said = {key: f"{cast[key].name} ({cast[key].username})" for key in cast}
    agent, attestant = BY_KEY["systempartner"].name, cast["systempartner-attestant"].name
    return f"""
  Ombud       {url}
  The phones  {phones}   (BankID, SMS and mail of everybody below)

  Log in by BankID on the phones page, or by password: "demo-" and the username.

  1. Log in as {said["alvsunda-orderer"]}. Order NPÖ, via {agent}.
  2. {said["systempartner-handler"]} finds it under Aviseringar, certifies, chooses {attestant}.
  3. {said["systempartner-attestant"]} attests with BankID.
  4. {said["alvsunda-attestant"]} attests for the customer, with a code by SMS.
  5. {said["desk-one"]} finds the new case at customer service; the agent starts.

  Also: {said["fyrbaken-owner"]} belongs to two organisations;
  {said["osterlund-both"]} may not attest what he has ordered (four eyes);
  {said["lindhamra-both"]} may, by BankID; Kurvan Journalsystem cannot be chosen, and says why.
"""
