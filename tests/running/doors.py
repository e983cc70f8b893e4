"""One door only: what every answer carries does not depend on which rooms there are."""

from django.urls import path

from ombud.config import health

urlpatterns = [path("healthz", health.alive)]
