"""The doors of an information request."""

from django.urls import path

from ombud.inquiries.views import desk, guests, hooks, settings, setup, signing, staff

LINK = "i/<str:token>/"

app_name = "inquiry"
urlpatterns = [
    path(LINK, guests.landing, name="guest"),
    path(f"{LINK}begin/", guests.begin, name="begin"),
    path(f"{LINK}form/contact/", guests.page, {"name": "contact"}, name="contact"),
    path(f"{LINK}form/contact/save/", guests.save, {"name": "contact"}, name="save_contact"),
    path(f"{LINK}form/matter/", guests.page, {"name": "matter"}, name="matter"),
    path(f"{LINK}form/matter/save/", guests.save, {"name": "matter"}, name="save_matter"),
    path(f"{LINK}photo/", guests.add_photo, name="add_photo"),
    path(f"{LINK}photo/<uuid:document>/", guests.photo, name="photo"),
    path(f"{LINK}costs/", guests.costs, name="costs"),
    path(f"{LINK}review/", guests.review, name="review"),
    path(f"{LINK}submit/", guests.submit, name="submit"),
    path(f"{LINK}sign/", signing.sign, name="sign"),
    path(f"{LINK}signing/", signing.page, name="signing"),
    path(f"{LINK}signing/status/", signing.status, name="signing_status"),
    path(f"{LINK}signing/qr/", signing.qr, name="signing_qr"),
    path(f"{LINK}signing/cancel/", signing.cancel, name="signing_cancel"),
    path(f"{LINK}signing/renew/", signing.renew, name="signing_renew"),
    path(f"{LINK}done/", signing.done, name="done"),
    path(f"{LINK}done/copy.pdf", signing.copy, name="copy"),
    path(f"{LINK}done/mail/", signing.mail, name="mail"),
    path("hooks/agiloft/<str:secret>/", hooks.agiloft, name="hook"),
    path("inquiries/", desk.page, name="list"),
    path("inquiries/several/", desk.bulk, name="bulk"),
    path("inquiries/figures/", desk.numbers, name="figures"),
    path("inquiries/start/", setup.start, name="start"),
    path("inquiries/start/set-up/", setup.set_up, name="set_up"),
    path("inquiries/start/test/", setup.test, name="test"),
    path("inquiries/callers/", setup.callers, name="callers"),
    path("inquiries/settings/", settings.overview, name="settings"),
    path("inquiries/settings/texts/count/", settings.count, name="count"),
    path("inquiries/settings/<slug:part>/", settings.edit, name="edit"),
    path("inquiries/settings/<slug:part>/<int:number>/", settings.version_page, name="version"),
    path("inquiries/new/", staff.new, name="new"),
    path("inquiries/<slug:number>/", staff.page, name="case"),
    path("inquiries/<slug:number>/photo/<uuid:document>/", staff.photo, name="staff_photo"),
    path("inquiries/<slug:number>/resend/", staff.resend, name="resend"),
    path("inquiries/<slug:number>/correct/", staff.correct, name="correct"),
    path("inquiries/<slug:number>/withdraw/", staff.withdraw, name="withdraw"),
    path("inquiries/<slug:number>/restart/", staff.restart, name="restart"),
]
