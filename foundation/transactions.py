"""One operation, one transaction: begun anew where the database gave it up for the sake of another one."""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

logger = logging.getLogger(__name__)
Given = ParamSpec("Given")
Result = TypeVar("Result")

GIVEN_UP = {"40P01", "40001"}
"""SQLSTATE of what PostgreSQL ends because two transactions wait for each other, or fit into no order."""
MOST_ATTEMPTS = 5
LONGEST_PAUSE = 0.2
"""Seconds before the last attempt; those before it wait less."""


def one_transaction(operation: Callable[Given, Result]) -> Callable[Given, Result]:
    """Run an operation in one transaction, and anew, MOST_ATTEMPTS times in all, where the database gave it up.

    The order in which locks are taken (docs/architecture.md) leaves nothing to give up; this is for what nobody thought
    of. Inside another transaction only that one can begin anew, and does if it is such an operation: the error goes on
    to it. An operation changes nothing but the database, and nothing of what it is given that it reads again.
    """

    @wraps(operation)
    def run(*args: Given.args, **named: Given.kwargs) -> Result:
        attempts = 1 if connection.in_atomic_block else MOST_ATTEMPTS
        for attempt in range(1, attempts):
            try:
                with transaction.atomic():
                    return operation(*args, **named)
            except OperationalError as error:
                if not was_given_up(error):
                    raise
                logger.warning("%s is begun anew: attempt %s was given up", operation.__qualname__, attempt)
                time.sleep(LONGEST_PAUSE * attempt / attempts * random.random())  # noqa: S311 - no secret
        with transaction.atomic():
            return operation(*args, **named)

    run.is_one_transaction = True  # type: ignore[attr-defined]  # tests find the operations by it
    return run


def was_given_up(error: BaseException) -> bool:
    """Whether the database ended the transaction although nothing is wrong with it: the same once more may succeed."""
    return getattr(error.__cause__, "sqlstate", None) in GIVEN_UP


@contextmanager
def reading_one_state() -> Iterator[None]:
    """What is read within is of one moment, and nobody waits for it. Within a transaction it changes nothing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # `atomic` would keep every writer waiting
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
