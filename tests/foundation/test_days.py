"""Days in templates: as Django writes them, each once."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template, defaultfilters
from django.utils import translation

from foundation.templatetags.days import _written, show_day

DAY = date(2027, 3, 1)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("form", [None, "SHORT_DATE_FORMAT", "Y-m-d", "Y/n"])
def test_a_day_reads_as_ever(language, form):
    with translation.override(language):
        for value in (DAY, date(2028, 2, 29), datetime(2027, 3, 1, 9, 5), None, "", "no day"):
            assert show_day(value, form) == defaultfilters.date(value, form)


def test_it_is_remembered_in_each_language():
    _written.cache_clear()
    template = Template("{{ day|date }} {{ day|date }} {{ day|date:'SHORT_DATE_FORMAT' }}")
    with translation.override("ja"):
        assert template.render(Context({"day": DAY})) == "2027年3月1日 2027年3月1日 2027/03/01"
    assert (_written.cache_info().misses, _written.cache_info().hits) == (2, 1)
    with translation.override("en"):
        assert "2027年" not in template.render(Context({"day": DAY}))


def test_moments_are_shown_at_japans_clock():
    template = Template("{{ at|date:'Y-m-d H:i' }}")
    assert template.render(Context({"at": datetime(2027, 3, 1, 15, 30, tzinfo=UTC)})) == "2027-03-02 00:30"
