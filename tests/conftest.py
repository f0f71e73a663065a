"""The engines of the suite: started once by the first process, shared by its parallel workers."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.utils import translation

from helpdesk import embedded

ENGINES = pytest.StashKey[ExitStack]()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start PostgreSQL and Valkey, unless DATABASE_URL and REDIS_URL name servers."""
    if hasattr(session.config, "workerinput"):
        return
    stack = session.config.stash[ENGINES] = ExitStack()
    try:
        stack.enter_context(embedded.engines(durable=False))
    except embedded.EngineError as error:
        raise pytest.UsageError(str(error)) from error


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what stays until the end: modules, models, thousands of collected tests."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the engines after the last test database is gone."""
    if ENGINES in config.stash:
        config.stash[ENGINES].close()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Give every test the same language: a kiosk that was switched to Spanish leaves its thread so."""
    yield
    translation.deactivate()
