"""The only list of doors."""

from django.urls import path

from ombud.config import health

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
]
