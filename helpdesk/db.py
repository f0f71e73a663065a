"""The database has the last word: one place that turns a violated named constraint into a domain error."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction


def constraint_of(error: IntegrityError) -> str:
    """Return the name of the constraint that PostgreSQL says was violated, or ''."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


@contextmanager
def refused_by(constraint: str, error: Exception) -> Iterator[None]:
    """Run the block in a savepoint of its own; raise `error` if the named `constraint` refuses it.

    Any other IntegrityError goes through untouched. The savepoint keeps the outer transaction usable.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refused:
        if constraint_of(refused) == constraint:
            raise error from refused
        raise
