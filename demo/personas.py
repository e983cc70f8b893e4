"""Who is who in the demo world, how to log in as them, and where to begin."""

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher

from demo import people
from demo.applicants import APPLYING
from demo.people import Someone
from demo.places import BY_KEY, PLACES
from ombud.config.env import Unfit
from ombud.lib import vault
from ombud.people.models import Grant, Membership

FEW_ROUNDS = 5_000
NONE_YET = "There is no demo world in this database; `ombud demo` makes one."


def rows() -> list[dict]:
    """A row for each person and organisation, in the order of the organisations."""
    seats = {
        (row["username"], row["organisation"]["number"]): row for row in map(row_of, members())
    }
    known = people.cast()
    places = (*PLACES, *APPLYING)
    told = [(known[seat.who].username, place.number) for place in places for seat in place.seats]
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


def hashed(password: str) -> str:
    """Few rounds: these passwords are printed; the first login hashes them properly."""
    hasher, salt = get_hasher(), vault.index(password, "demo salt")[:22]
    few = {"iterations": FEW_ROUNDS} if isinstance(hasher, PBKDF2PasswordHasher) else {}
    return hasher.encode(password, salt, **few)


def introduce() -> str:
    """Where to begin."""
    cast = people.cast()
    said = {key: f"{someone.name} ({someone.username})" for key, someone in cast.items()}
    handler, attestant = said["systempartner-handler"], said["systempartner-attestant"]
    return f"""
  Log in by BankID, with the phones page beside it, or by password: "demo-" and the username.
  Other ways: "E-legitimation via mäklare" lets you choose anybody; "Företagsinloggning" opens an
  account once it has been linked under Min profil, Så loggar du in, where an app for codes, a
  security code by SMS and a passkey are added too. To make somebody an administrator more than
  ten minutes after the login, or after one by password alone, you are asked to confirm.

  1. Log in as {said["alvsunda-orderer"]} and order NPÖ via {BY_KEY["systempartner"].name}.
  2. Log in as {handler}: the order stands under Aviseringar. Certify it,
     choose {cast["systempartner-attestant"].name} to attest, and approve with BankID.
  3. Log in as {attestant} and attest with BankID.
  4. Log in as {said["alvsunda-attestant"]} and attest with a code by SMS.
  5. Log in as {said["desk-one"]}: the case has come to customer service.

  The service desk (Agiloft) is a page of its own: {settings.AGILOFT_URL}/ ("Ärendesystem" on the
  phones page). "Request information" on a case there sends its customer an SMS with a link.
  Log in as {said["desk-one"]} and choose Förfrågningar (/inquiries/): all of them stand there,
  the SMS with its link on the customer's phone.

  Also: {said["fyrbaken-owner"]} belongs to two organisations. {said["lindhamra-both"]}
  orders and attests, with BankID only; {said["osterlund-both"]} too, but not the same order.
  {said["reviewer"]} reviews applications; {said["backen-director"]} has a link to sign
  by in the mailbox on the phones page; {said["tallbacken-admin"]} administers a new customer.
  {BY_KEY["kurvan"].name} cannot be chosen as agent, and the page says why.
  {BY_KEY["vardlanken"].name} has ended one of its engagements: two orders are held.
"""
