"""What every test stands on: databases of its own, a closed door to the world, a browser."""

import os
import shutil
import socket
import tempfile
from contextlib import ExitStack

import pytest
from django.conf import settings

from tests import databases

ended = ExitStack()
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
if not IS_WORKER:  # workers inherit the environment of the one that started them
    ended.enter_context(databases.CLUSTER.running())
    kept = ended.enter_context(tempfile.TemporaryDirectory(prefix="ombud-files-"))
    os.environ.update(OMBUD_TEST_RUN=str(os.getpid()), OMBUD_FILES=kept)
os.environ.update(databases.environment())  # each worker has a web port of its own
settings.WEB_URL = os.environ["OMBUD_WEB_URL"]  # may have been read before that
settings.CSRF_TRUSTED_ORIGINS = [settings.WEB_URL]
settings.DATABASES  # noqa: B018  read them now, so that pytest-django finds Django ready


def pytest_unconfigure(config):
    ended.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """In place of Django's own: a copy of the template, used as the app, owned by the owner."""
    with django_db_blocker.unblock():
        name = databases.copy(os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    yield
    with django_db_blocker.unblock():
        databases.drop(name)


# The world outside is shut

_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex


def _is_here(address) -> bool:
    host = address[0] if isinstance(address, tuple) else ""
    return host in ("", "localhost", "::1") or host.startswith("127.")


def _guarded(connect):
    def guard(self, address):
        if self.family != socket.AF_UNIX and not _is_here(address):
            raise OSError(f"Tests speak to this machine only, not to {address}.")
        return connect(self, address)

    return guard


socket.socket.connect = _guarded(_connect)
socket.socket.connect_ex = _guarded(_connect_ex)


# The browser

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    named = os.environ.get("OMBUD_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def pytest_collection_modifyitems(config, items):
    driven = [item for item in items if item.get_closest_marker("browser")]
    if not driven or chromium():
        return
    if os.environ.get("OMBUD_REQUIRE_BROWSER"):
        raise pytest.UsageError("No Chromium was found, and OMBUD_REQUIRE_BROWSER is set.")
    for item in driven:
        item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))
    config.stash[SKIPPED] = len(driven)


SKIPPED = pytest.StashKey[int]()


def pytest_terminal_summary(terminalreporter, config):
    lost = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if "no Chromium" in str(report.longrepr)
    ]
    if lost:
        line = f"NO CHROMIUM: {len(lost)} browser tests were skipped; set OMBUD_CHROMIUM."
        terminalreporter.write_line(line, red=True, bold=True)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser's program; journeys start it with --no-sandbox when they run as root."""
    return chromium() or pytest.skip("no Chromium on this machine")
