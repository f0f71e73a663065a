"""The broker is down, or hangs: the verb succeeds all the same, and the row waits for the sweep."""

import socket

import pytest
from kombu.exceptions import OperationalError

from helpdesk import bell
from helpdesk.actor import staff
from helpdesk.celery import app
from tests.factories import NOW, make_branch, make_ticket, make_user
from troubleshooting.handoff import sweep
from troubleshooting.lifecycle import escalate
from troubleshooting.models import Handoff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def rested_bell(monkeypatch):
    """Let the bell ring at once, whatever an earlier test did to it."""
    monkeypatch.setattr(bell, "_quiet_until", 0.0)


@pytest.fixture
def hanging_broker():
    """A broker that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def escalated():
    ticket = make_ticket(make_branch())
    escalate(ticket_id=ticket.pk, by=staff(None, "desk"), now=NOW)
    return ticket.handoffs.get()


def test_a_refused_ring_is_logged_and_the_escalation_stands(monkeypatch, caplog):
    def refuse(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(app, "send_task", refuse)
    handoff = escalated()
    assert handoff.delivered_at is None
    assert "bell not rung" in caplog.text


def test_the_sweep_finds_what_the_bell_could_not_ring_for(monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("connection refused")

    make_user("tech", email="")
    monkeypatch.setattr(app, "send_task", refuse)
    escalated()
    assert sweep(NOW).delivered == 1


def test_a_broker_that_hangs_does_not_fail_the_escalation(monkeypatch, hanging_broker, caplog):
    send_task = app.send_task

    def send_to_the_hanging_one(name, args):
        with app.connection_for_write(hanging_broker) as connection:
            return send_task(name, args=args, connection=connection)

    monkeypatch.setattr(app, "send_task", send_to_the_hanging_one)
    escalated()
    assert Handoff.objects.filter(delivered_at=None).count() == 1
    assert "bell not rung" in caplog.text
