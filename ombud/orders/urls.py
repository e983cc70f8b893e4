"""The doors of an order."""

from django.urls import path

from ombud.desk import views

app_name = "order"
urlpatterns = [path("<slug:number>/", views.home, name="case")]
