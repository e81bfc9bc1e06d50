"""Loading the sample data as on a chosen day."""

from datetime import date, datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.apps import apps
from django.core.management import call_command
from django.utils import translation

from pricing.loader import forget_published_tables

DAY = date(2026, 11, 23)
JAPAN = ZoneInfo("Asia/Tokyo")
MODELS = [
    model
    for app in ("licensing", "pricing", "quotes", "renewals")
    for model in apps.get_app_config(app).get_models()
    if not model._meta.proxy
]


def load_on(day: date) -> str:
    """Load the sample as on a day at 11 o'clock in Japan; what the command prints, in English."""
    forget_published_tables()
    out = StringIO()
    at = datetime(day.year, day.month, day.day, 11, tzinfo=JAPAN)
    with time_machine.travel(at, tick=False), translation.override("en"):
        call_command("load_sample", allow_without_debug=True, stdout=out)  # in tests DEBUG is off
    return out.getvalue()


def all_rows() -> dict[str, list[Any]]:
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in MODELS}
