"""docs/quote-states.md draws and lists exactly the ways that the code knows."""

import re
from pathlib import Path

from django.conf import settings

from quotes.models import TRANSITIONS, State

PAGE = Path(settings.BASE_DIR, "docs", "quote-states.md").read_text(encoding="utf-8")


def test_the_diagram_has_every_way_and_no_other():
    drawn = re.findall(r"^    (\w+) --> (\w+): (\w+)$", PAGE, re.MULTILINE)
    walked = [(str(source), str(way.target), way.name) for way in TRANSITIONS for source in way.sources]
    assert sorted(drawn) == sorted(walked)
    assert set(re.findall(r"^    (\w+) -->", PAGE, re.MULTILINE)) == set(State.values)
    assert re.findall(r"^    \[\*\] --> (\w+)", PAGE, re.MULTILINE) == [State.ISSUED]


def test_the_table_says_where_each_way_leads_and_what_it_needs():
    rows = re.findall(r"^\| `(\w+)` \| ([\w, ]+) \| (\w+) \| [^|]+ \| (yes|no) \|", PAGE, re.MULTILINE)
    told = {name: (set(sources.split(", ")), target, needs == "yes") for name, sources, target, needs in rows}
    assert told == {way.name: ({*map(str, way.sources)}, str(way.target), way.needs_reason) for way in TRANSITIONS}
