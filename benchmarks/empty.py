"""An empty app on the same libraries: what the four processes weigh with nothing of our own.

`application` is the web's, `push` the live updates', and `work` the worker's.
"""

import importlib
import os
import sys

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

from ombud.config import database

# What Ombud's modules import.
LIBRARIES = """
allauth.account.adapter allauth.account.forms allauth.account.middleware allauth.account.views
allauth.mfa.totp.internal.auth allauth.mfa.webauthn.internal.auth babel.dates babel.numbers
cryptography.fernet cryptography.hazmat.primitives.asymmetric.padding
cryptography.hazmat.primitives.kdf.hkdf cryptography.x509 cryptography.x509.ocsp
django.contrib.auth.middleware django.contrib.postgres.fields django.contrib.postgres.search
django.contrib.sessions.backends.db django.contrib.staticfiles.storage
django.core.cache.backends.db django.core.mail.backends.smtp django.middleware.csrf
django.middleware.locale django_htmx.middleware fido2.server httpx jinja2.ext jwt lxml.etree
ninja ninja.files phonenumbers procrastinate.contrib.django psycopg_pool pydantic_settings segno
structlog whitenoise.middleware whitenoise.storage
""".split()
OF_THE_COMMAND_LINE = ["rich.console", "rich.table", "typer"]


def empty(request):
    return HttpResponse("empty")


urlpatterns = [path("", empty)]
settings.configure(
    SECRET_KEY="empty",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.staticfiles",
        "allauth",
        "allauth.account",
        "allauth.mfa",
        "procrastinate.contrib.django",
        "django_htmx",
    ],
    MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
    LOGGING_CONFIG=None,
    DATABASES={"default": database.as_django(os.environ["DATABASE_URL"])},
    TEMPLATES=[{"BACKEND": "django.template.backends.jinja2.Jinja2"}],
)
django.setup()
for library in LIBRARIES:
    importlib.import_module(library)
application, push = get_wsgi_application(), get_asgi_application()


def work() -> None:
    for library in OF_THE_COMMAND_LINE:
        importlib.import_module(library)
    app = sys.modules["procrastinate.contrib.django"].app
    mine = app.with_connector(app.connector.get_worker_connector())
    mine.task(nothing, name="bench.nothing")
    mine.run_worker(concurrency=4, listen_notify=True, delete_jobs="successful")


def nothing() -> None:
    """A job of which only the queue's own cost is left."""
