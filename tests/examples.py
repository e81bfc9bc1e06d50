"""How many examples the tests of properties try: few in `make test`, many in `make soak`."""

import os

from hypothesis import settings

MANY_TIMES = 20 if int(os.environ.get("SOAK", "0")) else 1


def examples(count: int) -> settings:
    """So many examples in `make test`, and twenty times as many in `make soak`."""
    return settings(max_examples=count * MANY_TIMES)
