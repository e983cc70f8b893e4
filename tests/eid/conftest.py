"""The real protocol over real sockets: a sandbox for these tests, and settings that point at it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import translation

from ombud.lib import clock
from tests.emptying import empty
from tests.sandbox.outside import Outside


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    outside = Outside(tmp_path_factory.mktemp("sandbox"))
    yield outside
    outside.stop()


@pytest.fixture
def outside(running: Outside, settings) -> Outside:
    running.ask("reset", people=True)
    for name in ("BANKID_URL", "BANKID_CA", "BANKID_CERT", "BANKID_KEY", "BANKID_SIGN_ROOT"):
        setattr(settings, name, running.environment[f"OMBUD_{name}"])
    return running


@pytest.fixture
def restless(monkeypatch):
    """Every question to BankID is let through."""
    monkeypatch.setattr("ombud.eid.challenges.PACE", timedelta(0))


@pytest.fixture
def later():
    """Let the clock of these tests go ahead, for good."""
    entered = []

    def ahead(**span):
        entered.append(clock.ahead(**span))
        entered[-1].__enter__()

    yield ahead
    for one in reversed(entered):
        one.__exit__(None, None, None)


@pytest.fixture
def commits(django_db_setup, django_db_blocker):
    """Real commits, for what threads must see of one another; emptied afterwards."""
    with django_db_blocker.unblock():
        yield
        empty()


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield
