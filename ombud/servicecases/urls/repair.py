"""The doors of a repair."""

from django.urls import path

from ombud.servicecases.views import repair as views

app_name = "repair"
urlpatterns = [
    path("", views.repairs, name="list"),
    path("<slug:number>/", views.page, name="case"),
    path("<slug:number>/note/", views.note, name="note"),
    path("<slug:number>/status/", views.set_status, name="set_status"),
    path("<slug:number>/photos/", views.set_photos, name="set_photos"),
    path("<slug:number>/lines/add/", views.add_line, name="add_line"),
    path("<slug:number>/lines/remove/", views.remove_line, name="remove_line"),
    path("<slug:number>/continue/", views.continue_in, name="continue_in"),
    path("<slug:number>/close/", views.close, name="close"),
]
