"""The doors of people: in, out, and to oneself."""

from django.urls import path

from ombud.people.views import confirm, login, me, oidc, second, security

app_name = "people"
urlpatterns = [
    path("login/bankid/begin/", login.begin, name="bankid_begin"),
    path("login/bankid/", login.bankid, name="bankid"),
    path("login/bankid/qr/", login.qr, name="bankid_qr"),
    path("login/bankid/again/", login.again, name="bankid_again"),
    path("login/bankid/cancel/", login.cancel, name="bankid_cancel"),
    path("login/bankid/back/", login.back, name="bankid_back"),
    path("login/bankid/done/", login.done, name="bankid_done"),
    path("login/oidc/begin/", oidc.begin, name="oidc_begin"),
    path("login/oidc/back/", oidc.back, name="oidc_back"),
    path("login/passkey/options/", second.options, name="passkey_options"),
    path("login/passkey/", second.by_passkey, name="passkey_login"),
    path("login/second/", second.page, name="second"),
    path("login/second/code/", second.code, name="second_code"),
    path("login/second/send/", second.send, name="second_send"),
    path("login/second/sms/", second.sms, name="second_sms"),
    path("login/second/passkey/", second.passkey, name="second_passkey"),
    path("confirm/", confirm.page, name="confirm"),
    path("confirm/code/", confirm.code, name="confirm_code"),
    path("confirm/passkey/", confirm.passkey, name="confirm_passkey"),
    path("confirm/password/", confirm.password, name="confirm_password"),
    path("confirm/send/", confirm.send, name="confirm_send"),
    path("confirm/sms/", confirm.sms, name="confirm_sms"),
    path("confirm/programs/", confirm.programs, name="programs"),
    path("logout/", login.logout, name="logout"),
    path("switch/", me.switch, name="switch"),
    path("language/", me.language, name="language"),
    path("me/security/", security.page, name="security"),
    path("me/security/app/", security.app, name="app_add"),
    path("me/security/codes/", security.codes, name="codes"),
    path("me/security/passkeys/add/", security.passkey_add, name="passkey_add"),
    path("me/security/passkeys/<int:pk>/", security.passkey, name="passkey"),
    path("me/security/phone/", security.code_phone, name="code_phone"),
    path("me/security/phone/code/", security.code_phone_code, name="code_phone_code"),
    path("me/security/remove/<slug:kind>/", security.remove, name="remove"),
    path("me/security/remove/<slug:kind>/<int:pk>/", security.remove, name="remove"),
    path("me/security/end/", security.end, name="login_end"),
    path("me/", me.profile, name="profile"),
]
