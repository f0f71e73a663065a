"""The bell: rings after the commit, is forgotten when the broker is down, and then keeps quiet for a while."""

import pytest
from kombu.exceptions import OperationalError

from helpdesk import bell

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch):
    calls = []
    monkeypatch.setattr(bell, "_quiet_until", 0.0)
    monkeypatch.setattr(bell.app, "send_task", lambda name, args: calls.append((name, args)))
    return calls


def ring(capture):
    with capture(execute=True):
        bell.ring("troubleshooting.deliver_it", 7)


def test_it_rings_by_name_with_the_id(rung, django_capture_on_commit_callbacks):
    ring(django_capture_on_commit_callbacks)
    assert rung == [("troubleshooting.deliver_it", [7])]


def test_it_does_not_ring_before_the_commit(rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False):
        bell.ring("troubleshooting.deliver_it", 7)
    assert rung == []


@pytest.mark.parametrize("error", [OperationalError("down"), ConnectionRefusedError(), TimeoutError()])
def test_a_broker_that_is_down_is_forgotten_and_not_asked_again_at_once(
    rung, monkeypatch, error, django_capture_on_commit_callbacks
):
    tries = []

    def refuse(name, args):
        tries.append(name)
        raise error

    monkeypatch.setattr(bell.app, "send_task", refuse)
    ring(django_capture_on_commit_callbacks)
    ring(django_capture_on_commit_callbacks)
    assert len(tries) == 1
