"""What stands in the log of the portal."""

import logging

import pytest
from django.core.exceptions import PermissionDenied

from config.logs import without_traceback_of_refusals


def record(error: Exception | None) -> logging.LogRecord:
    info = (type(error), error, None) if error else None
    return logging.LogRecord("django.request", logging.WARNING, __file__, 1, "Forbidden: /", None, info)


def test_a_refusal_is_one_line() -> None:
    said = record(PermissionDenied("Quotes are made by reseller staff."))
    assert without_traceback_of_refusals(said)
    assert logging.Formatter("%(levelname)s %(message)s").format(said) == "WARNING Forbidden: /"


@pytest.mark.parametrize("error", [ValueError("wrong"), None])
def test_an_error_keeps_its_traceback(error: Exception | None) -> None:
    said = record(error)
    assert without_traceback_of_refusals(said)
    assert (said.exc_info is not None) == (error is not None)


def test_the_portal_logs_this_way(settings) -> None:
    console = settings.LOGGING["handlers"]["console"]
    assert console["filters"] == ["refusals"]
    assert settings.LOGGING["filters"]["refusals"]["callback"].endswith("config.logs.without_traceback_of_refusals")
