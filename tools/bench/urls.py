"""Every address of the portal, and the bare view's."""

from django.urls import include, path

from .bare import bare

urlpatterns = [path("bench/bare/<str:code>/", bare, name="bare"), path("", include("config.urls"))]
