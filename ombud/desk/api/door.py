"""The programs' door as one thing: its rooms, its noes, its documentation."""

from functools import cached_property
from typing import Any

from ninja import NinjaAPI

from ombud.desk.api import (
    belonging,
    cards,
    cases,
    choices,
    deeds,
    files,
    gate,
    people,
    problems,
    reports,
    services,
    shapes,
    signings,
    stand_ins,
)

ABOUT = """Every case, whatever its kind, and every deed, as on the pages.

A token stands for a person in an organisation. What that person may not see does not exist here:
404. A list is `items` and `next`; hand `next` back as `cursor`. Every POST honours
`Idempotency-Key`. Every no is `application/problem+json`, with `reasons` (what bars the deed, and
who can put it right) or `errors` (which field is wrong). A deed under signature answers 202 and
says where the signing goes on."""


class Door(NinjaAPI):
    def get_openapi_schema(self, **more: Any) -> Any:
        return self.documentation

    def get_openapi_operation_id(self, operation: Any) -> str:
        return operation.view_func.__name__

    @cached_property
    def documentation(self) -> Any:
        told = super().get_openapi_schema()
        known = told["components"]["schemas"]
        known |= (
            deeds.taken()
            | cards.taken()
            | problems.SCHEMAS
            | {"Code": shapes.Code.model_json_schema()}
        )
        return told


api = Door(
    title="Ombud",
    version="1",
    description=ABOUT,
    urls_namespace="api",
    auth=gate.Token(),
    docs_url=None,
)
problems.say_all(api)
api.add_decorator(gate.opened, mode="view")
for room in (
    cases,
    choices,
    deeds,
    signings,
    files,
    people,
    belonging,
    reports,
    stand_ins,
    services,
    cards,
):
    api.add_router("", room.router)
