"""The doors of the customer register."""

from django.urls import path

from ombud.servicecases.views import card as views
from ombud.servicecases.views import merging

app_name = "card"
urlpatterns = [
    path("", views.register, name="list"),
    path("new/", views.new, name="new"),
    path("duplicates/", merging.duplicates, name="duplicates"),
    path("<slug:number>/", views.page, name="card"),
    path("<slug:number>/edit/", views.edit, name="edit"),
    path("<slug:number>/number/", views.show_number, name="show_number"),
    path("<slug:number>/merge/<slug:other>/", merging.merge, name="merge"),
    path("<slug:number>/merge/<slug:other>/apart/", merging.keep_apart, name="keep_apart"),
    path("<slug:number>/undo/", merging.undo, name="undo"),
]
