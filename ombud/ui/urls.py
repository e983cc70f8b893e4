"""The doors of the look: the page of components (never in production) and the choice of colours."""

from django.urls import path

from ombud.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.page, name="page"),
    path("scheme/", views.scheme, name="scheme"),
]
