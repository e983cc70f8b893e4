"""An open page follows what others do, also after its line was broken."""

import time

import pytest
from playwright.sync_api import expect

from tests.journeys.arranging import Arranging

pytestmark = pytest.mark.browser


def test_an_open_page_follows_what_others_do(comes, house):
    arranged = Arranging(house)
    number = arranged.sent("hjorten-orderer", "npo-direct")
    orderer = comes("hjorten-orderer", f"/orders/{number}/")
    before = orderer.card.inner_text()
    arranged.attested(number, "hjorten-attestant")
    expect(orderer.card).not_to_have_text(before, timeout=15_000)


def test_what_happened_while_the_line_was_broken_is_shown_when_it_is_back(comes, house):
    arranged = Arranging(house)
    number = arranged.sent("hjorten-orderer", "npo-direct")
    orderer = comes("hjorten-orderer", f"/orders/{number}/")
    before = orderer.card.inner_text()
    (push,) = (child for child in house.home.children if child.name == "push")
    push.ask_to_end()
    push.end(time.monotonic() + 5)
    try:
        arranged.attested(number, "hjorten-attestant")
        assert orderer.card.inner_text() == before
    finally:
        push.begin()
    expect(orderer.card).not_to_have_text(before, timeout=30_000)
    orderer.faults.clear()  # the broken line is named in the browser's console
