"""Every named constraint of troubleshooting is violated once: the database has the last word."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from helpdesk.db import constraint_of
from tests.factories import (
    NOW,
    make_branch,
    make_category,
    make_guide,
    make_handoff,
    make_notification,
    make_ticket,
    make_user,
)
from troubleshooting.models import (
    Category,
    GuideAnswer,
    GuideStep,
    GuideVersion,
    Handoff,
    Notification,
    SweepMark,
    Ticket,
    TicketEvent,
)

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


def version(**fields):
    """Return a second version of a guide that is in use, published and replaced unless `fields` say otherwise."""
    live = make_guide()
    return make_guide_row(live.category, **{"is_live": False, **fields})


def make_guide_row(category, **fields):
    defaults = {"category": category, "number": 2, "made_at": NOW, "published_at": NOW, "by_kind": "system"}
    return GuideVersion.objects.create(**{**defaults, **fields})


def two_drafts():
    draft = version(published_at=None)
    make_guide_row(draft.category, number=3, published_at=None)


def guide_step(**fields):
    GuideStep.objects.create(**{"version": make_guide(), "key": "x", "position": 9, "yes": "it", "no": "it", **fields})


def guide_answer(times=1, **fields):
    asked, step = ticket(), make_guide().steps.first()
    for _time in range(times):
        GuideAnswer.objects.create(
            **{"ticket": asked, "step": step, "answer": "no", "at": NOW, "by_kind": "staff", **fields}
        )


VIOLATIONS = {
    "guide_version_number_once": lambda: version(number=1),
    "guide_version_one_live": lambda: version(is_live=True),
    "guide_version_one_draft": two_drafts,
    "guide_version_live_is_published": lambda: make_guide_row(make_category(), is_live=True, published_at=None),
    "guide_version_actor_known": lambda: version(by_kind="ghost"),
    "guide_step_key_once": lambda: guide_step(key="first"),
    "guide_step_position_once": lambda: guide_step(position=1),
    "guide_step_key_is_no_end": lambda: guide_step(key="solved"),
    "guide_step_leads_somewhere": lambda: guide_step(no=""),
    "guide_answer_once": lambda: guide_answer(times=2),
    "guide_answer_known": lambda: guide_answer(answer="maybe"),
    "guide_answer_actor_known": lambda: guide_answer(by_kind="ghost"),
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
    models = [Category, GuideAnswer, GuideStep, GuideVersion, Handoff, Notification, SweepMark, Ticket, TicketEvent]
    assert {c.name for model in models for c in model._meta.constraints} == set(VIOLATIONS)
