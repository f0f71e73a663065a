"""The outbox: delivered once, by its bell or by the sweep."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from helpdesk.actor import staff
from tests.factories import NOW, make_branch, make_handoff, make_notification, make_ticket, make_user
from troubleshooting import handoff as outbox
from troubleshooting import tasks
from troubleshooting.handoff import deliver, last_sweep_age, oldest_undelivered_age, sweep
from troubleshooting.lifecycle import escalate, hand_over
from troubleshooting.models import Handoff, Notification, SweepMark

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(seconds=30)


@pytest.fixture
def rings(monkeypatch):
    """Collect what is rung instead of sending it."""
    heard = []
    monkeypatch.setattr("helpdesk.bell.app.send_task", lambda name, args: heard.append((name, *args)))
    return heard


def told(handoff):
    return sorted(handoff.notifications.values_list("recipient__username", "channel"))


def test_escalating_rings_its_bell_with_the_handoff_after_the_commit(rings, django_capture_on_commit_callbacks):
    ticket = make_ticket(make_branch())
    with django_capture_on_commit_callbacks() as callbacks:
        escalate(ticket_id=ticket.pk, by=staff(None, "desk"), now=NOW)
    before = list(rings)
    for callback in callbacks:
        callback()
    assert (before, rings) == ([], [("troubleshooting.deliver_it", ticket.handoffs.get().pk)])


def test_handing_over_rings_at_reference(rings, django_capture_on_commit_callbacks):
    ticket = make_ticket(make_branch())
    with django_capture_on_commit_callbacks(execute=True):
        hand_over(ticket_id=ticket.pk, by=staff(None, "desk"), now=NOW)
    assert rings == [("troubleshooting.deliver_reference", ticket.handoffs.get().pk)]


def test_a_handoff_to_it_tells_the_tech_on_screen_and_by_mail():
    make_user("tech", username="tech", email="tech@example.org")
    handoff = make_handoff(make_ticket(make_branch()))
    deliver(handoff.pk, LATER)
    handoff.refresh_from_db()
    assert (handoff.delivered_at, told(handoff)) == (LATER, [("tech", "email"), ("tech", "screen")])


def test_without_an_address_the_screen_has_to_do():
    make_user("tech", username="tech", email="")
    handoff = make_handoff(make_ticket(make_branch()))
    deliver(handoff.pk, NOW)
    assert told(handoff) == [("tech", "screen")]


def test_only_the_librarians_of_the_branch_are_told():
    here, elsewhere = make_branch(), make_branch()
    make_user("reference", here, username="here", email="")
    make_user("reference", elsewhere, username="elsewhere", email="")
    make_user("desk", here, username="desk", email="")
    handoff = make_handoff(make_ticket(here), to_tier=2)
    deliver(handoff.pk, NOW)
    assert told(handoff) == [("here", "screen")]


def test_delivered_twice_it_tells_once():
    make_user("tech")
    handoff = make_handoff(make_ticket(make_branch()))
    assert [deliver(handoff.pk, NOW), deliver(handoff.pk, LATER)] == [True, False]
    handoff.refresh_from_db()
    assert (handoff.delivered_at, handoff.notifications.count()) == (NOW, 2)


def test_a_row_that_is_there_already_is_not_doubled():
    handoff, tech = make_handoff(make_ticket(make_branch())), make_user("tech")
    make_notification(handoff, tech, channel="screen", sent_at=NOW)
    deliver(handoff.pk, NOW)
    assert handoff.notifications.count() == 2


def test_an_unknown_handoff_is_nobodys():
    assert not deliver(987654321, NOW)


def test_a_handoff_to_nobody_is_delivered_and_warned_about(caplog):
    handoff = make_handoff(make_ticket(make_branch()))
    assert deliver(handoff.pk, NOW)
    assert "nobody to tell" in caplog.text


def test_each_mail_is_rung_for(rings, django_capture_on_commit_callbacks):
    make_user("tech")
    handoff = make_handoff(make_ticket(make_branch()))
    with django_capture_on_commit_callbacks(execute=True):
        deliver(handoff.pk, NOW)
    mail = handoff.notifications.get(channel="email")
    assert rings == [("troubleshooting.send_notification", mail.pk)]


def test_the_sweep_delivers_what_no_bell_rang_for(mailoutbox):
    make_user("tech")
    handoff = make_handoff(make_ticket(make_branch()))
    swept = sweep(LATER)
    handoff.refresh_from_db()
    assert (swept.delivered, swept.sent, handoff.delivered_at, len(mailoutbox)) == (1, 1, LATER, 1)


def test_sweeping_twice_changes_nothing(mailoutbox):
    make_user("tech")
    make_handoff(make_ticket(make_branch()))
    sweep(NOW)
    rows = list(Notification.objects.order_by("pk").values())
    assert (sweep(LATER).delivered, list(Notification.objects.order_by("pk").values())) == (0, rows)
    assert len(mailoutbox) == 1


def test_a_row_that_cannot_be_delivered_does_not_stop_the_others(monkeypatch, caplog):
    tech = make_user("tech")
    broken, good = make_branch(), make_branch()
    bad, fine = make_handoff(make_ticket(broken)), make_handoff(make_ticket(good))

    def staff_at(branch_id, roles):
        if branch_id == broken.pk:
            raise RuntimeError("broken")
        return [tech]

    monkeypatch.setattr(outbox, "staff_at", staff_at)
    swept = sweep(LATER)
    assert (swept.delivered, swept.failed) == (1, 1)
    assert set(Handoff.objects.filter(delivered_at=None)) == {bad}
    assert fine.notifications.exists()


def test_the_sweep_marks_its_time():
    sweep(NOW)
    sweep(LATER)
    assert [mark.at for mark in SweepMark.objects.all()] == [LATER]


def test_the_age_of_the_last_sweep_is_seconds():
    sweep(NOW)
    assert last_sweep_age(LATER) == 30


def test_where_no_sweep_ever_ran_the_age_is_alarming():
    assert last_sweep_age(NOW) > 120


def test_the_age_of_the_oldest_undelivered_row_is_seconds():
    make_handoff(make_ticket(make_branch()))
    assert oldest_undelivered_age(LATER) == 30


def test_with_everything_delivered_the_age_is_nothing():
    make_handoff(make_ticket(make_branch()), delivered_at=NOW)
    assert oldest_undelivered_age(LATER) == 0


def test_the_command_says_what_it_did(capsys):
    make_handoff(make_ticket(make_branch()))
    call_command("sweep")
    assert capsys.readouterr().out == "delivered 1, sent 0, failed 0\n"


@pytest.mark.parametrize("task", [tasks.deliver_it, tasks.deliver_reference])
def test_a_task_delivers_its_handoff(task):
    handoff = make_handoff(make_ticket(make_branch()))
    task(handoff.pk)
    handoff.refresh_from_db()
    assert handoff.delivered_at


def test_the_sweep_task_sweeps():
    tasks.sweep()
    assert SweepMark.objects.exists()


def test_every_ring_and_schedule_names_a_task_that_exists(settings):
    learned = (tasks.learn_triage, tasks.learn_search_words)
    ours = (tasks.deliver_it, tasks.deliver_reference, tasks.send_notification, tasks.sweep, *learned)
    named = {task.name for task in ours}
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    rung = {name for name in scheduled | set(settings.CELERY_TASK_ROUTES) if name.startswith("troubleshooting.")}
    assert rung == named
