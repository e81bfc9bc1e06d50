"""Many numbers as one value of a query: `licenseid__in=among(numbers)`."""

import json
from collections.abc import Iterable

from django.db import connection
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL


def among(numbers: Iterable[int]) -> RawSQL:
    """What `__in` takes instead of a list of row numbers.

    Of a list each number is a parameter, which Django looks at, the driver writes out and the database reads, once more
    for each query: with hundreds of them that takes longer than fetching the rows. This is one parameter.
    """
    values = sorted(set(numbers))
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [values], output_field=BigIntegerField())
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(values)], output_field=BigIntegerField())
