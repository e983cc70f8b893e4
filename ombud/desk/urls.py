"""The doors above all flats."""

from django.urls import path

from ombud.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("approvals/", views.approvals, name="approvals"),
    path("cases/<slug:number>/", views.case, name="case"),
    path("signings/<uuid:pk>/", views.signing, name="signing"),
    path("signings/<uuid:pk>/back/", views.signing_back, name="signing_back"),
]
