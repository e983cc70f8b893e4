"""The doors of an order."""

from django.urls import path

from ombud.orders.views import deciding, drafting, order, ordering, terms

app_name = "order"
urlpatterns = [
    path("new/", ordering.new, name="new"),
    path("<slug:number>/", order.page, name="case"),
    path("new/<slug:service>/", ordering.offers, name="offers"),
    path("new/<slug:service>/<slug:offer>/", ordering.begin, name="begin"),
    path("new/<slug:service>/<slug:offer>/tell/", ordering.tell_agent, name="tell_agent"),
    path("<slug:number>/offer/", ordering.offer, name="offer"),
    path("<slug:number>/agent/", ordering.agent, name="agent"),
    path("<slug:number>/details/", drafting.details, name="details"),
    path("<slug:number>/price/", drafting.price, name="price"),
    path("<slug:number>/check/", drafting.check, name="check"),
    path("<slug:number>/sent/", drafting.sent, name="sent"),
    path("<slug:number>/terms/", terms.page, name="terms"),
    path("<slug:number>/terms/<int:version>.pdf", terms.pdf, name="terms_pdf"),
    path("<slug:number>/review/", deciding.review, name="review"),
    path("<slug:number>/attest/", deciding.attest, name="attest"),
    path("<slug:number>/reject/", deciding.reject, name="reject"),
    path("<slug:number>/send-back/", deciding.send_back, name="send_back"),
    path("<slug:number>/whole/", order.whole, name="whole"),
    path("<slug:number>/note/", order.note, name="note"),
    path("<slug:number>/discard/", order.discard, name="discard"),
    path("<slug:number>/restore/", order.restore, name="restore"),
    path("<slug:number>/copy/", order.copy, name="copy"),
    path("<slug:number>/release/", order.release, name="release"),
    path("<slug:number>/start/", order.start, name="start"),
    path("<slug:number>/connected/", order.report_connected, name="report_connected"),
    path("<slug:number>/evidence/<uuid:signature>/", order.evidence, name="evidence"),
]
