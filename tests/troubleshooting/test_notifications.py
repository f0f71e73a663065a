"""E-mail to staff: once, again after a failure, a dead letter in the end."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPResponseException, SMTPServerDisconnected

import pytest
from django.core.mail import EmailMessage

from helpdesk.actor import SYSTEM
from tests.factories import (
    NOW,
    make_branch,
    make_category,
    make_device,
    make_handoff,
    make_notification,
    make_ticket,
    make_user,
)
from troubleshooting import tasks
from troubleshooting.handoff import sweep
from troubleshooting.models import Notification
from troubleshooting.notifications import dead_letters, dismiss, mark_read, retry_dead, send_notification, unread

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def mail():
    branch = make_branch(name="Harbour")
    category = make_category("display", name="No picture")
    ticket = make_ticket(branch, category=category, device=make_device(branch, label="8"), text="Ann's screen")
    return make_notification(make_handoff(ticket), make_user("tech", email="tech@example.org"))


@pytest.fixture
def broken_server(monkeypatch):
    def send(self, fail_silently=False):
        raise SMTPResponseException(535, b"bad password hunter2 for tech@example.org")

    monkeypatch.setattr(EmailMessage, "send", send)


def tries(mail, moments):
    """Send at each moment; return the waits in minutes that follow."""
    waits = []
    for _ in range(moments):
        now = Notification.objects.get(pk=mail.pk).next_try_at
        send_notification(mail.pk, now)
        mail.refresh_from_db()
        waits.append((mail.next_try_at - now) // MINUTE if not mail.dead_at else None)
    return waits


def test_a_mail_names_number_place_and_kind(mail, mailoutbox):
    send_notification(mail.pk, NOW)
    (message,) = mailoutbox
    assert message.to == ["tech@example.org"]
    assert message.subject == f"Harbour: {mail.handoff.ticket.pk} No picture"
    assert "Harbour 8" in message.body


def test_a_mail_leaves_the_patrons_words_at_home(mail, mailoutbox):
    send_notification(mail.pk, NOW)
    assert "Ann" not in mailoutbox[0].subject + mailoutbox[0].body


def test_a_sent_mail_is_marked_and_not_sent_again(mail, mailoutbox):
    assert [send_notification(mail.pk, NOW), send_notification(mail.pk, NOW + MINUTE)] == [True, False]
    mail.refresh_from_db()
    assert (mail.sent_at, mail.attempts, len(mailoutbox)) == (NOW, 1, 1)


def test_a_mail_waits_for_its_time(mail, mailoutbox):
    assert not send_notification(mail.pk, NOW - MINUTE)
    assert not mailoutbox


def test_while_one_worker_sends_another_keeps_its_hands_off(mail, monkeypatch):
    others = []

    def send(self, fail_silently=False):
        others.append(send_notification(mail.pk, NOW + MINUTE))
        return 1

    monkeypatch.setattr(EmailMessage, "send", send)
    send_notification(mail.pk, NOW)
    assert others == [False]


def test_a_worker_that_died_while_sending_costs_the_lease_and_not_the_mail(mail, monkeypatch, mailoutbox):
    def die(self, fail_silently=False):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", die)
        with pytest.raises(KeyboardInterrupt):
            send_notification(mail.pk, NOW)
    assert [send_notification(mail.pk, NOW + MINUTE), send_notification(mail.pk, NOW + 2 * MINUTE)] == [False, True]


def test_the_waits_double(mail, broken_server):
    assert tries(mail, 7) == [1, 2, 4, 8, 16, 32, 64]


def test_after_eight_tries_it_is_a_dead_letter(mail, broken_server):
    tries(mail, 8)
    assert (mail.attempts, list(dead_letters())) == (8, [mail])


def test_a_dead_letter_is_not_tried_again(mail, broken_server):
    tries(mail, 8)
    assert not send_notification(mail.pk, NOW + timedelta(days=1))


def test_the_error_is_its_kind_and_number_without_the_servers_words(mail, broken_server):
    tries(mail, 1)
    assert mail.last_error == "SMTPResponseException 535"


def test_an_address_that_is_gone_is_an_error_too(mail):
    mail.recipient.email = ""
    mail.recipient.save()
    tries(mail, 1)
    assert mail.last_error == "ValueError"


def test_a_last_try_that_never_came_back_is_a_dead_letter(mail):
    Notification.objects.filter(pk=mail.pk).update(attempts=8)
    assert not send_notification(mail.pk, NOW)
    assert list(dead_letters()) == [mail]


def test_a_dead_letter_can_be_tried_again(mail, broken_server, monkeypatch, mailoutbox):
    tries(mail, 8)
    assert retry_dead(notification_id=mail.pk, by=SYSTEM, now=NOW + timedelta(days=1))
    mail.refresh_from_db()
    assert (mail.dead_at, mail.attempts, mail.next_try_at) == (None, 0, NOW + timedelta(days=1))


def test_a_retry_that_the_server_takes_is_sent(mail, mailoutbox):
    Notification.objects.filter(pk=mail.pk).update(attempts=8, dead_at=NOW)
    retry_dead(notification_id=mail.pk, by=SYSTEM, now=NOW)
    assert send_notification(mail.pk, NOW)


def test_only_a_dead_letter_is_tried_again(mail):
    assert not retry_dead(notification_id=mail.pk, by=SYSTEM, now=NOW)


def test_a_dismissed_dead_letter_leaves_the_list(mail):
    Notification.objects.filter(pk=mail.pk).update(dead_at=NOW)
    assert [dismiss(notification_id=mail.pk, by=SYSTEM, now=NOW) for _ in range(2)] == [True, False]
    assert not dead_letters().exists()


def test_a_sweep_stops_at_a_server_that_is_down_and_goes_on_behind_it(mail, monkeypatch):
    second = make_notification(make_handoff(mail.handoff.ticket), make_user("tech"), next_try_at=NOW + MINUTE / 2)

    def send(self, fail_silently=False):
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailMessage, "send", send)
    first_round, second_round = [sweep(NOW + MINUTE / 2) for _ in range(2)]
    second.refresh_from_db()
    assert (first_round.sent, second_round.sent, second.attempts) == (0, 0, 1)


def test_the_task_sends_what_is_due(mail, mailoutbox):
    Notification.objects.filter(pk=mail.pk).update(next_try_at=datetime(2020, 1, 1, tzinfo=UTC))
    tasks.send_notification(mail.pk)
    assert len(mailoutbox) == 1


def test_what_is_on_screen_is_unread_until_it_is_read(mail):
    tech = mail.recipient
    shown = make_notification(mail.handoff, tech, channel="screen", sent_at=NOW)
    before = list(unread(tech))
    assert (before, mark_read(tech, NOW), list(unread(tech))) == ([shown], 1, [])


def test_reading_does_not_read_for_others(mail):
    make_notification(mail.handoff, mail.recipient, channel="screen", sent_at=NOW)
    mark_read(make_user("tech"), NOW)
    assert unread(mail.recipient).exists()
