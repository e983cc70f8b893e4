"""The only list of doors."""

from django.urls import include, path

from ombud.config import health

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("", include("ombud.post.urls")),
    path("", include("ombud.desk.urls")),
    path("orders/", include("ombud.orders.urls")),
]
