"""The doors of a service case."""

from django.urls import path

from ombud.servicecases.views import servicecase as views

app_name = "servicecase"
urlpatterns = [
    path("<slug:number>/", views.page, name="case"),
    path("<slug:number>/close/", views.close, name="close"),
]
