"""Real carriers over real sockets: a sandbox for these tests, and a web server for its reports."""

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
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
    running.ask("timing", sms_seconds=0.1)
    for name in ("SMS_URL", "SMS_USER", "SMS_PASSWORD"):
        setattr(settings, name, running.environment[f"OMBUD_{name}"])
    settings.SMS_SENDER = "Ombud"
    settings.EMAIL_HOST = running.environment["OMBUD_SMTP_HOST"]
    settings.EMAIL_PORT = int(running.environment["OMBUD_SMTP_PORT"])
    settings.DEFAULT_FROM_EMAIL = "Ombud <no-reply@ombud.example>"
    settings.ROOT_URLCONF = "tests.post.urls"
    return running


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


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


class Closing(WSGIServer):
    def shutdown_request(self, request):
        super().shutdown_request(request)
        connection.close()


@pytest.fixture
def web(commits, outside, settings) -> Iterator[str]:
    """The doors of Ombud on a port of this machine."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Closing, Quiet)
    settings.WEB_URL = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    yield settings.WEB_URL
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield
