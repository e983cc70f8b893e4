"""Who stands in for whom, and the brief for whoever stands in."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from ombud.desk import stand_ins
from ombud.desk.api import envelope, shapes
from ombud.desk.api.answers import ROOT, answer, page, reads
from ombud.desk.api.gate import actor_of
from ombud.desk.stand_ins import Happened
from ombud.desk.waiting import Waits
from ombud.people.models import StandIn

router = Router(tags=["people"])


@router.get("/stand-ins", response=shapes.StandIns, by_alias=True, openapi_extra=reads())
def listed(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom in your organisation: under way and to come."""
    here = actor_of(request).organisation
    found = StandIn.objects.at(here).unended()
    return page([shown(row) for row in found], None)


@router.get(
    "/stand-ins/{int:stand_in}/brief",
    response=shapes.StandInBrief,
    by_alias=True,
    openapi_extra=reads(404),
)
def brief(request: HttpRequest, stand_in: int) -> HttpResponse:
    """What waits, what falls due and what has happened: for whoever stands in, while it lasts."""
    actor = actor_of(request)
    told = stand_ins.brief(actor, stand_ins.found(actor, stand_in))
    return answer(
        {
            "stand_in": shown(told.row),
            "open": [waits(one) for one in told.open],
            "due": [waits(one) for one in told.due],
            "happened": [happened(one) for one in told.happened],
            "unread": told.unread,
        }
    )


def shown(row: StandIn) -> dict:
    return {
        "id": row.pk,
        "person": str(row.person),
        "username": row.person.username,
        "instead_of": str(row.instead_of),
        "roles": row.roles,
        "from": row.from_at,
        "until": row.until_at,
        "brief": f"{ROOT}/stand-ins/{row.pk}/brief",
    }


def waits(one: Waits) -> dict:
    return {
        "case": one.number,
        "title": one.title,
        "role": one.role,
        "since": one.since,
        "due_at": one.due_at,
        "href": envelope.href(one.number),
    }


def happened(one: Happened) -> dict:
    return {
        "case": one.number,
        "seq": one.seq,
        "verb": one.verb,
        "at": one.at,
        "person": one.who or None,
        "is_new": one.is_new,
        "href": f"{envelope.href(one.number)}/events",
    }
