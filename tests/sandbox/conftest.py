"""One sandbox for all of these tests, emptied before each."""

from collections.abc import Iterator

import pytest

from tests.sandbox.desk import Desk
from tests.sandbox.outside import Outside


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    outside = Outside(tmp_path_factory.mktemp("sandbox"))
    yield outside
    assert outside.stop() == 0


@pytest.fixture
def outside(running: Outside) -> Outside:
    running.ask("reset", people=True)
    return running


@pytest.fixture
def desk(outside: Outside) -> Iterator[Desk]:
    one = Desk(outside)
    yield one
    one.http.close()
