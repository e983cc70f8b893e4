"""The applications of the demo world, played by real deeds; signatories sign by their links."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from demo import agreement_terms, personas
from demo.applicants import Applicant
from demo.people import Someone
from demo.places import NORDVARD
from demo.stage import NotDone, Stage
from ombud.agreements import actions
from ombud.agreements.deeds import DEEDS
from ombud.agreements.models import Agreement, Named, Qualification
from ombud.cases import files
from ombud.cases.deeds import named
from ombud.cases.passes import Pass
from ombud.lib import days
from ombud.people.actors import NOBODY
from ombud.people.models import Membership, Organisation, Token
from ombud.signing import ceremony
from ombud.signing.models import Signature
from ombud.ui import paper

REVIEWER = "reviewer"


def publish(stage: Stage) -> None:
    """The terms of both sides, in force from the first day."""
    by = stage.actor("catalogue", NORDVARD)
    for side, title in agreement_terms.TITLES.items():
        text = agreement_terms.TEXTS[side]
        today = days.today().isoformat()
        actions.announce(by.organisation, by=by, side=side, title=title, text=text, valid_on=today)


def play(stage: Stage, applicants: tuple[Applicant, ...]) -> None:
    """Every deed of every application in the order of time."""
    told = [(one, deed) for one in applicants for deed in one.deeds]
    begun: dict[str, Agreement] = {}
    for one, (ago, at, name, given) in sorted(told, key=lambda row: (-row[1][0], row[1][1])):
        stage.go_to(ago, at)
        with translation.override("sv"):
            done = does(stage, one, name, given, begun.get(one.place.key))
        begun[one.place.key] = done
        stage.carry()
    for one in applicants:
        make_themselves_known(stage, one)


def does(
    stage: Stage, one: Applicant, name: str, given: dict, agreement: Agreement | None
) -> Agreement:
    if agreement is None:
        operator = stage.organisation(NORDVARD)
        return actions.submit(operator, by=NOBODY, **application(stage, one))
    fresh = again(agreement)
    if name == "sign":
        sign(stage, fresh, stage.cast[given["who"]])
    elif name == "deliver":
        deliver(stage, fresh, **given)
    else:
        by = stage.actor(REVIEWER, NORDVARD)
        stage.sees(by, fresh.case)
        ceremony.perform(named(DEEDS, name), fresh, given, by=by)
        stage.sees(by, fresh.case)
    return again(agreement)


def application(stage: Stage, one: Applicant) -> dict:
    place = one.place
    people = {part: [stage.cast[who] for who in one.named(part)] for part in Named.Part.values}
    (admin,) = people["administrator"]
    return {
        "side": one.side,
        "number": place.number,
        "name": place.name,
        "category": place.category,
        "email": f"info@{place.domain}",
        "phone": "",
        "mode": one.mode,
        "language": "sv",
        "applicant": {"name": admin.name, "email": admin.email},
        "administrator": details(admin),
        "signatories": [details(someone) for someone in people["signatory"]],
        "contacts": [details(someone) for someone in people["contact"]],
    }


def details(someone: Someone) -> dict:
    names = ("given", "family", "email", "phone", "personal_number")
    return {name: getattr(someone, name) for name in names}


def deliver(stage: Stage, agreement: Agreement, what: str, words: str = "", aged: int = 0) -> None:
    by = Pass.objects.filter(case=agreement.case, purpose="status").last().actor()
    given: dict = {"what": what, "words": words}
    if aged:
        dated = days.today() - timedelta(days=aged)
        label = str(Qualification.What(what).label)
        upload = SimpleUploadedFile(f"{label}.pdf", extract(agreement, label, dated))
        given |= {"document": str(files.keep(upload, by=by).key), "dated_on": dated.isoformat()}
    actions.deliver(agreement, by=by, **given)


def extract(agreement: Agreement, title: str, dated) -> bytes:
    """A paper as an authority might write it; it says itself that it is none."""
    return paper.pdf(
        paper.Paper(
            language="sv",
            title=title,
            publisher="Myndigheten för exempel (demo)",
            facts=(("Organisation", agreement.name), ("Datum", dated.isoformat())),
            parts=(paper.Part("", ("Inga anmärkningar. Det här är ett exempel och inget äkta.",)),),
            foot=title,
            pages="Sida {page} av {pages}",
            day=dated,
        )
    )


def sign(stage: Stage, agreement: Agreement, someone: Someone) -> None:
    one = next(row for row in agreement.signatories if row.email == someone.email)
    by = one.guest.actor(agreement.organisation)
    begun = ceremony.perform(named(DEEDS, "sign"), agreement, {"method": "bankid"}, by=by)
    assert isinstance(begun, Signature)
    stage.outside.sign(someone.personal_number, auto_start_token=begun.challenge.auto_start_token)
    done = ceremony.collect(begun)
    if done.status != Signature.Status.COMPLETE:
        raise NotDone(f"{someone.name} could not sign {agreement}: {done.hint} {done.reasons}")


def again(agreement: Agreement) -> Agreement:
    rows = Agreement.objects.select_related("case", "operator", "organisation", "paper")
    return rows.get(pk=agreement.pk)


def make_themselves_known(stage: Stage, one: Applicant) -> None:
    """Who was let in gets the password and the token that are printed, as everybody here."""
    here = Organisation.objects.filter(number=one.place.number).first()
    for seat in one.place.seats:
        someone = stage.cast[seat.who]
        belongs = Membership.objects.filter(organisation=here, person__email=someone.email)
        if here is None or (row := belongs.select_related("person").first()) is None:
            continue
        person = row.person
        person.username, person.password = someone.username, personas.hashed(someone.password)
        person.save(update_fields=["username", "password"])
        digest = Token.digest(personas.token(someone.username, here.number))
        Token.objects.create(person=person, organisation=here, sha256=digest)


def guests(stage: Stage, applicants: tuple[Applicant, ...]) -> list[dict]:
    """Those with a phone on the table and no account: signatories, and who was never let in."""
    return [
        {
            "name": someone.name,
            "email": someone.email,
            "phone": someone.phone,
            "personal_number": someone.personal_number,
            "organisation": {"name": one.place.name, "number": one.place.number},
            "roles": list(seat.roles),
        }
        for one in applicants
        for seat in one.place.seats
        for someone in [stage.cast[seat.who]]
    ]
