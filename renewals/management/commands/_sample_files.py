"""Where the sample's files are, and how their rows are read."""

import csv
from pathlib import Path

from django.conf import settings

SAMPLE = Path(settings.BASE_DIR) / "sample"
Rows = list[dict[str, str]]


def read_rows(file_name: str) -> Rows:
    with (SAMPLE / file_name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
