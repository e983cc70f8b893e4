"""python -m tests.journeys.world: everybody, the whole catalogue, and an order in most states."""
# ruff: noqa: E402

import django

django.setup()  # before the models that follow

from demo import (
    agreements,
    applicants,
    engagements,
    inquiries,
    mirrors,
    places,
    repairs,
    stories,
    world,
)
from demo.outside import Outside
from demo.stage import Stage
from ombud.orders.models import Order
from ombud.servicecases.models import ServiceCase

ORDERS = (  # of the demo world's: few, since each signature takes its time
    "norrsund-npo",
    "norrsund-journalen",
    "norrsund-sakerhet",
    "norrsund-pilot",
    "norrsund-sob",
    "hjorten-eremiss",
    "hjorten-again",
    "strandkoping-webcert",
    "lindhamra-webcert",
)
INQUIRIES = ("10444", "10478")


def main() -> None:
    outside = Outside.named()
    stage = Stage(outside)
    with outside.travelling():
        world.begin(stage)
        world.publish(stage)
        agreements.play(stage, applicants.APPLICANTS)
        engagements.play(stage, long_ago=True)
        play(stage)
        engagements.play(stage, long_ago=False)
        repairs.play(stage)
        inquiries.play(stage, INQUIRIES, opens="00:00", closes="23:59")
        world.read_what_is_old(stage)
        world.stand_in(stage)
    system = mirrors.link_agiloft(stage)
    mirrors.mirror(outside, system, ServiceCase.objects.latest("case__number").case)


def play(stage: Stage) -> None:
    begun: dict[str, Order] = {}
    for story, deed in stories.played():
        if story.key not in ORDERS:
            continue
        place = places.BY_KEY[story.place]
        if deed.name == "start_order":
            begun[story.key] = stage.begin(deed, place, story)
        elif deed.name == "copy":
            begun[story.key] = stage.copy(deed, place, begun[story.copied_from])
        else:
            stage.does(deed, begun[story.key])


if __name__ == "__main__":
    main()
