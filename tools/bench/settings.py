"""The portal's production settings and one address more: the bare view that a request is compared with."""

import os
from pathlib import Path
from typing import Any

from config.settings import *  # noqa: F403
from config.settings import TEMPLATES as PORTALS_TEMPLATES

ROOT_URLCONF = "tools.bench.urls"
STATIC_ROOT = Path(os.environ["BENCH_FOLDER"]) / "static"
PORTALS: dict[str, Any] = PORTALS_TEMPLATES[0]
TEMPLATES = [PORTALS | {"DIRS": [*PORTALS["DIRS"], Path(__file__).parent / "templates"]}]
