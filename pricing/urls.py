"""Addresses of what a reseller pays itself. All else of prices lies in the administration."""

from django.urls import path

from .costs import views as costs

app_name = "pricing"
urlpatterns = [
    path("manage/cost-rates/", costs.cost_rates, name="cost-rates"),
    path("manage/cost-rates/<int:pk>/", costs.cost_rate, name="cost-rate"),
    path("manage/cost-rates/<int:pk>/remove/", costs.remove_cost_rate, name="cost-rate-remove"),
    path("manage/cost-rates/import/", costs.import_cost_rates, name="cost-rates-import"),
    path("manage/cost-rates/export.xlsx", costs.export_cost_rates, {"form": "xlsx"}, name="cost-rates-xlsx"),
    path("manage/cost-rates/export.csv", costs.export_cost_rates, {"form": "csv"}, name="cost-rates-csv"),
]
