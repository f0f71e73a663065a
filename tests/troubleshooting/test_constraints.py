"""Every named constraint of troubleshooting is violated once: the database has the last word."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from helpdesk.db import constraint_of
from tests.factories import NOW, make_branch, make_category, make_handoff, make_notification, make_ticket, make_user
from troubleshooting.models import Category, Handoff, Notification, SavedView, SweepMark, Ticket, TicketEvent

pytestmark = [pytest.mark.django_db, pytest.mark.db]

EARLIER = NOW - timedelta(seconds=1)


def ticket(**fields):
    return make_ticket(make_branch(), **fields)


def claimed(**fields):
    return ticket(state="claimed", **fields)


def done(**fields):
    return ticket(**{"state": "done", "done_at": NOW, "outcome": "answered", **fields})


def notification(**fields):
    return make_notification(make_handoff(ticket()), make_user(), **fields)


def twice_told():
    handoff, user = make_handoff(ticket()), make_user()
    make_notification(handoff, user)
    make_notification(handoff, user)


def twice_passed_on():
    passed = ticket()
    make_handoff(passed, step=1)
    make_handoff(passed, step=1)


def views(*pairs):
    owner = make_user()
    for name, place in pairs:
        SavedView.objects.create(owner=owner, name=name, query="", place=place)


VIOLATIONS = {
    "saved_view_one_of_a_name": lambda: views(("Jams", 1), ("Jams", 2)),
    "saved_view_one_in_a_place": lambda: views(("Jams", 1), ("Forms", 1)),
    "saved_view_has_a_name": lambda: views(("", 1)),
    "saved_view_at_most_twenty": lambda: views(("Jams", 21)),
    "category_tier_known": lambda: make_category(tier=4),
    "category_kind_known": lambda: make_category(kind="gossip"),
    "category_tally_known": lambda: make_category(tally_group="weather"),
    "category_read_level_in_scale": lambda: make_category(read_level=7),
    "handoff_once_per_step": twice_passed_on,
    "handoff_to_reference_or_it": lambda: make_handoff(ticket(), to_tier=1),
    "handoff_delivered_after_created": lambda: make_handoff(ticket(), delivered_at=EARLIER),
    "notification_once_per_channel": twice_told,
    "notification_sent_or_dead": lambda: notification(sent_at=NOW, dead_at=NOW),
    "notification_waiting_has_a_next_try": lambda: notification(next_try_at=None),
    "notification_channel_known": lambda: notification(channel="pigeon"),
    "sweep_mark_single": lambda: SweepMark.objects.create(at=NOW, only=False),
    "ticket_done_has_time_and_outcome": lambda: done(outcome=""),
    "ticket_claim_has_owner_and_time": lambda: claimed(claimed_at=NOW),
    "ticket_waiting_has_no_owner": lambda: ticket(owner=make_user()),
    "ticket_tier_known": lambda: ticket(tier=4),
    "ticket_kind_known": lambda: ticket(kind="gossip"),
    "ticket_state_known": lambda: ticket(state="lost"),
    "ticket_outcome_known": lambda: done(outcome="vanished"),
    "ticket_channel_known": lambda: ticket(channel="pigeon"),
    "ticket_duration_known": lambda: ticket(duration="ages"),
    "ticket_read_level_in_scale": lambda: ticket(read_level=0),
    "ticket_only_device_faults_hold": lambda: ticket(holds_device=True),
    "ticket_ends_after_it_began": lambda: done(done_at=EARLIER),
    "ticket_event_actor_known": lambda: TicketEvent.objects.create(
        ticket=ticket(), at=NOW, what="logged", by_kind="ghost"
    ),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(name):
    with pytest.raises(IntegrityError) as refused:
        VIOLATIONS[name]()
    assert constraint_of(refused.value) == name


def test_every_named_constraint_is_violated_above():
    models = [Category, Handoff, Notification, SavedView, SweepMark, Ticket, TicketEvent]
    assert {c.name for model in models for c in model._meta.constraints} == set(VIOLATIONS)
