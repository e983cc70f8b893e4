"""The doors of a signing."""

from django.urls import path

from ombud.desk import signings

urlpatterns = [
    path("signings/<uuid:pk>/", signings.page, name="signing"),
    path("signings/<uuid:pk>/back/", signings.back, name="signing_back"),
    path("signings/<uuid:pk>/status/", signings.status, name="signing_status"),
    path("signings/<uuid:pk>/qr/", signings.qr, name="signing_qr"),
    path("signings/<uuid:pk>/code/", signings.code, name="signing_code"),
    path("signings/<uuid:pk>/new-code/", signings.new_code, name="signing_new_code"),
    path("signings/<uuid:pk>/cancel/", signings.cancel, name="signing_cancel"),
    path("signings/<uuid:pk>/renew/", signings.renew, name="signing_renew"),
    path("signings/<uuid:pk>/again/", signings.again, name="signing_again"),
]
