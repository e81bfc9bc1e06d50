"""The start page and the customers."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.start, name="start"),
    path("customers/", views.customers, name="customers"),
    path("customers/<int:pk>/", views.customer, name="customer"),
]
