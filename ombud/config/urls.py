"""The only list of doors."""

from django.urls import include, path

from ombud.config import health
from ombud.desk import refusals
from ombud.desk.api.door import api
from ombud.people.views import login

handler400 = refusals.bad_request
handler403 = refusals.forbidden
handler404 = refusals.not_found
handler500 = refusals.broken

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("api/v1/", api.urls),
    path("", include("ombud.post.urls")),
    path("login/", login.page, name="account_login"),
    path("", include("ombud.people.urls")),
    path("", include("ombud.desk.urls")),
    path("ui/", include("ombud.ui.urls")),
    path("agreements/", include("ombud.agreements.urls")),
    path("orders/", include("ombud.orders.urls")),
    path("service/", include("ombud.servicecases.urls")),
]
