"""The only list of doors."""

from django.urls import include, path, re_path

from ombud.config import health
from ombud.desk import refusals
from ombud.desk.api.door import api
from ombud.people.views import login, password

handler400 = refusals.bad_request
handler403 = refusals.forbidden
handler404 = refusals.not_found
handler500 = refusals.broken

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("api/v1/", api.urls),
    # What begins with a word of its own stands first: the rest is looked through door by door.
    path("orders/", include("ombud.orders.urls")),
    path("engagements/", include("ombud.orders.engagements.urls")),
    path("agreements/", include("ombud.agreements.urls")),
    path("service/", include("ombud.servicecases.urls.servicecase")),
    path("repairs/", include("ombud.servicecases.urls.repair")),
    path("customers/", include("ombud.servicecases.urls.card")),
    path("links/", include("ombud.sync.urls")),
    path("ui/", include("ombud.ui.urls")),
    path("", include("ombud.desk.urls")),
    path("", include("ombud.inquiries.urls")),
    path("", include("ombud.post.urls")),
    path("login/", login.page, name="account_login"),
    path("password/reset/", password.ask, name="account_reset_password"),
    path("password/reset/sent/", password.sent, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        password.choose,
        name="account_reset_password_from_key",
    ),
    path("password/reset/done/", password.done, name="account_reset_password_from_key_done"),
    path("", include("ombud.people.urls")),
]
