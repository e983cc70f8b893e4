"""Who you are here, and what you were told."""

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from ombud.cases import letters, looks
from ombud.cases.models import Sight
from ombud.desk import stand_ins
from ombud.desk.api import envelope, shapes
from ombud.desk.api.answers import PAGE, ROOT, answer, page, posts, reads
from ombud.desk.api.cases import Text, place
from ombud.desk.api.gate import actor_of
from ombud.desk.api.stand_ins import shown as standing
from ombud.people import hats, keys
from ombud.people.actors import Actor
from ombud.people.models import Ask, Notice
from ombud.people.roles import Role

router = Router()
MOST = 1000


@router.get("/me", response=shapes.Me, by_alias=True, tags=["people"], openapi_extra=reads())
def me(request: HttpRequest) -> HttpResponse:
    """The person, the organisation and the roles of your token; and your other organisations."""
    actor = actor_of(request)
    assert actor.person is not None and actor.organisation is not None
    worn = [envelope.organisation(row.organisation) for row in hats.of(actor.person)]
    told = {
        "person": str(actor.person),
        "username": actor.person.username,
        "organisation": envelope.organisation(actor.organisation),
        "roles": actor.roles,
        "organisations": worn,
        "stands_in_for": [standing(one.row) for one in stand_ins.mine(actor)],
    }
    return answer(told)


@router.get("/roles/asked", response=shapes.Asks, tags=["people"], openapi_extra=reads())
def asked(request: HttpRequest) -> HttpResponse:
    """Who waits to be given which role: all for an administrator, else what you asked for."""
    actor = actor_of(request)
    rows = Ask.objects.open().filter(organisation=actor.organisation)
    if not actor.may_wear(Role.ADMINISTRATOR):
        rows = rows.filter(person=actor.person)
    told = rows.select_related("person").order_by("asked_at")[:MOST]
    return page([as_ask(row) for row in told], None)


def as_ask(row: Ask) -> dict:
    person = {"person": str(row.person), "username": row.person.username}
    return {**person, "role": row.role, "at": row.asked_at}


@router.get("/notices", response=shapes.Notices, tags=["notices"], openapi_extra=reads(422))
def notices(request: HttpRequest, cursor: Text = None) -> HttpResponse:
    """What you were told, the latest first."""
    rows = told(actor_of(request)).select_related("person", "organisation").order_by("-pk")
    if before := place(cursor):
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    further = str(found[PAGE - 1].pk) if len(found) > PAGE else None
    return page([shown(notice) for notice in found[:PAGE]], further)


@router.post("/notices/read", response=shapes.Read, tags=["notices"], openapi_extra=posts())
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    actor = actor_of(request)
    return answer({"read": looks.read_all(actor, told(actor))})


@router.post(
    "/notices/{int:notice}/read", response=shapes.Notice, tags=["notices"], openapi_extra=posts(404)
)
def read(request: HttpRequest, notice: int) -> HttpResponse:
    """Mark one as read."""
    actor = actor_of(request)
    mine = told(actor).filter(pk=notice)
    looks.read_all(actor, mine)
    row = mine.select_related("person", "organisation").first()
    if row is None:
        raise Http404
    return answer(shown(row))


def told(actor: Actor):
    """The actor's notices: of cases that it still sees and in circles that it still sees, and of
    stand-ins."""
    is_seen = Func(
        OuterRef("circle"),
        F("circles"),
        template="(%(expressions)s))",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )
    sights = Sight.objects.filter(
        is_seen, case__number=OuterRef("case_number"), key__in=list(keys.of(actor))
    )
    is_told = Q(kind__in=Notice.OF_NO_CASE) | Exists(sights)
    return Notice.objects.of(actor.person, actor.organisation).filter(is_told)


def shown(notice: Notice) -> dict:
    said = letters.say(notice)
    return {
        "id": notice.pk,
        "case": notice.case_number,
        "subject": said["subject"],
        "words": said["lead"],
        "why": said["why"],
        "by_when": notice.by_when,
        "at": notice.at,
        "read_at": notice.read_at,
        "href": href(notice),
        "instead_of": notice.data.get("instead_of"),
    }


def href(notice: Notice) -> str:
    """To the case; else to the stand-ins, or to who waits for a role."""
    if notice.case_number:
        return envelope.href(notice.case_number)
    return f"{ROOT}/{'stand-ins' if notice.kind == Notice.STAND_IN else 'roles/asked'}"
