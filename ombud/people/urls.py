"""The doors of people: in, out, and to oneself."""

from django.urls import path

from ombud.people.views import login, me

app_name = "people"
urlpatterns = [
    path("login/bankid/begin/", login.begin, name="bankid_begin"),
    path("login/bankid/", login.bankid, name="bankid"),
    path("login/bankid/qr/", login.qr, name="bankid_qr"),
    path("login/bankid/again/", login.again, name="bankid_again"),
    path("login/bankid/cancel/", login.cancel, name="bankid_cancel"),
    path("login/bankid/back/", login.back, name="bankid_back"),
    path("login/bankid/done/", login.done, name="bankid_done"),
    path("logout/", login.logout, name="logout"),
    path("switch/", me.switch, name="switch"),
    path("language/", me.language, name="language"),
    path("me/", me.profile, name="profile"),
]
