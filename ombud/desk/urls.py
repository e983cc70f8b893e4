"""The doors above all flats."""

from django.urls import include, path

from ombud.desk.views import (
    agent_orders,
    approvals,
    asking,
    cases,
    dead_ends,
    documents,
    four_eyes,
    front,
    guides,
    invoices,
    notices,
    organisation,
    stand_ins,
)

app_name = "desk"
urlpatterns = [
    path("", front.home, name="home"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<slug:number>/", cases.case, name="case"),
    path("documents/<uuid:key>/", documents.document, name="document"),
    path("agent/orders/", agent_orders.agent_orders, name="agent_orders"),
    path("search/", cases.search, name="search"),
    path("notices/", notices.notices, name="notices"),
    path("notices/panel/", notices.panel, name="notices_panel"),
    path("notices/read/", notices.read_all, name="notices_read"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("guide/<slug:name>/", guides.guide, name="guide"),
    path("organisation/", organisation.roles, name="organisation"),
    path("organisation/grant/", organisation.grant, name="grant"),
    path("organisation/revoke/", organisation.revoke, name="revoke"),
    path("organisation/ask/", asking.ask, name="ask_for_role"),
    path("organisation/decline/", asking.decline, name="decline_role"),
    path("organisation/people/add/", organisation.add, name="add_person"),
    path("organisation/people/invite/", organisation.invite, name="invite"),
    path("organisation/reference/", invoices.reference, name="reference"),
    path("organisation/journal/", organisation.journal, name="journal"),
    path("organisation/dead-ends/", dead_ends.report, name="dead_ends"),
    path("organisation/four-eyes/", four_eyes.four_eyes, name="four_eyes"),
    path("organisation/stand-ins/name/", stand_ins.name, name="name_stand_in"),
    path("organisation/stand-ins/<int:pk>/", stand_ins.stand_in, name="stand_in"),
    path("organisation/stand-ins/<int:pk>/end/", stand_ins.end, name="end_stand_in"),
    path("organisation/stand-ins/<int:pk>/brief/", stand_ins.brief, name="brief"),
    path("", include("ombud.desk.signing_urls")),
]
