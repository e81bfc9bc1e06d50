"""Every address of the portal."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from config.health import healthz
from renewals.desk.views import start

handler500 = "config.errors.server_error"
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("config.accounts")),
    path("admin/", admin.site.urls),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("", start, name="start"),
    path("", include("licensing.urls")),
    path("", include("pricing.urls")),
    path("", include("quotes.urls")),
    path("", include("renewals.urls")),
]
