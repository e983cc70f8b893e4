"""The doors of an agreement."""

from django.urls import path

from ombud.agreements.views import agreement, applying, guests, signing

LINK = "link/<str:token>/"

app_name = "agreement"
urlpatterns = [
    path("apply/", applying.choose, name="choose"),
    path("apply/<slug:side>/", applying.apply, name="apply"),
    path("signing/back/", signing.back, name="back"),
    path(LINK, guests.page, name="guest"),
    path(f"{LINK}agreement.pdf", guests.paper, name="guest_paper"),
    path(f"{LINK}complete/", guests.complete, name="complete"),
    path(f"{LINK}deliver/", guests.deliver, name="deliver"),
    path(f"{LINK}sign/", signing.sign, name="sign"),
    path(f"{LINK}signing/", signing.page, name="signing"),
    path(f"{LINK}signing/status/", signing.status, name="signing_status"),
    path(f"{LINK}signing/qr/", signing.qr, name="signing_qr"),
    path(f"{LINK}signing/cancel/", signing.cancel, name="signing_cancel"),
    path(f"{LINK}signing/renew/", signing.renew, name="signing_renew"),
    path(f"{LINK}decline/", signing.decline, name="decline"),
    path("<slug:number>/", agreement.page, name="case"),
    path("<slug:number>/agreement.pdf", agreement.paper, name="paper"),
    path("<slug:number>/files/<uuid:document>/", agreement.file, name="file"),
    path("<slug:number>/approve/", agreement.approve, name="approve"),
    path("<slug:number>/ask/", agreement.ask, name="ask"),
    path("<slug:number>/reject/", agreement.reject, name="reject"),
    path("<slug:number>/tick/", agreement.tick, name="tick"),
    path("<slug:number>/replace/", agreement.replace, name="replace"),
    path("<slug:number>/resend/", agreement.resend, name="resend"),
    path("<slug:number>/note/", agreement.note, name="note"),
]
