"""The doors of an engagement."""

from django.urls import path

from ombud.orders.engagements.views import applying, attesting, engagement, listing

app_name = "engagement"
urlpatterns = [
    path("", listing.page, name="all"),
    path("new/", applying.new, name="new"),
    path("new/<slug:service>/", applying.apply, name="apply"),
    path("<slug:number>/complete/", applying.complete, name="complete"),
    path("<slug:number>/attest/", attesting.attest, name="attest"),
    path("<slug:number>/refuse/", attesting.refuse, name="refuse"),
    path("<slug:number>/evidence/", attesting.evidence, name="evidence"),
    path("<slug:number>/approve/", engagement.approve, name="approve"),
    path("<slug:number>/ask/", engagement.ask, name="ask"),
    path("<slug:number>/reject/", engagement.reject, name="reject"),
    path("<slug:number>/withdraw/", engagement.withdraw, name="withdraw"),
    path("<slug:number>/end/", engagement.end, name="end"),
    path("<slug:number>/", engagement.page, name="case"),
]
