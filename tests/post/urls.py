from django.urls import include, path

urlpatterns = [path("", include("ombud.post.urls"))]
