from django.urls import path

from ombud.post import views

app_name = "post"

urlpatterns = [
    path("post/reports/<uuid:reference>/<slug:secret>/", views.report, name="report"),
]
