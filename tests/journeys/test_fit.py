"""Every page at every width, in every language, light and dark: nothing for axe to find, nothing
that has to be pushed sideways."""

import pytest

from tests.journeys.fitting import faults, speaks
from tests.journeys.looks import LOOKS, NOT_LOOKED_AT, places
from tests.leak.policy import PAGES

pytestmark = pytest.mark.browser


def test_every_page_is_looked_at():
    assert set(PAGES) - NOT_LOOKED_AT - set(LOOKS) == set()


@pytest.mark.parametrize("name", LOOKS)
def test_a_page_fits(comes, stays, house, name):
    who, path = LOOKS[name]
    path = path.format_map(places(house))
    visitor = stays(who, path) if who else comes("norrsund-orderer", path, as_stranger=True)
    assert faults(visitor) == []
    speaks(visitor, visitor.me.language)
    assert visitor.faults == []
