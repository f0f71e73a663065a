"""Every named constraint of troubleshooting is violated once: the database has the last word."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError

from helpdesk.db import constraint_of
from reservations.period import period
from tests.factories import (
    NOW,
    make_booking,
    make_branch,
    make_category,
    make_device,
    make_guide,
    make_handoff,
    make_notification,
    make_ticket,
    make_user,
)
from tests.troubleshooting.shifts import make_appointment
from troubleshooting.models import (
    Absence,
    Appointment,
    Category,
    GuideAnswer,
    GuideStep,
    GuideVersion,
    Handoff,
    Notification,
    Promise,
    SavedView,
    Shift,
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


def promised(**fields):
    made = {"step": 0, "tier": 1, "made_at": NOW, "promised_at": NOW, "ended_at": NOW}
    return Promise.objects.create(**{"ticket": fields.pop("of", None) or ticket(), **made, **fields})


def promised_twice():
    once = promised()
    promised(of=once.ticket)


def half_of_itself():
    whole = ticket()
    whole.split_from = whole
    whole.save()


def two_halves_counted():
    whole = ticket(counts_as_reference=True)
    make_ticket(whole.branch, split_from=whole, counts_as_reference=True)


def shift(*times, **fields):
    """Make shifts of one person from nine on, unless `times` say otherwise."""
    user, branch = make_user(), make_branch()
    for starts, ends in times or [(9, 12)]:
        defaults = {"weekday": 1, "starts": time(starts), "ends": time(ends)}
        Shift.objects.create(**{"user": user, "branch": branch, **defaults, **fields})


def absence(*days, **fields):
    """Make absences of one person on days of November."""
    user = make_user()
    for first, last in days or [(24, 25)]:
        defaults = {"from_on": date(2026, 11, first), "until_on": date(2026, 11, last)}
        Absence.objects.create(**{"user": user, **defaults, **fields})


def appointments(*fields):
    """Make one-to-ones of one librarian at one time, changed by `fields`."""
    librarian, branch = make_user("reference"), make_branch()
    for number, changed in enumerate(fields, start=1):
        make_appointment(librarian, branch, NOW, **{"number": number, **changed})


def its_own_cause():
    appointment = make_appointment(make_user("reference"), make_branch(), NOW)
    Appointment.objects.filter(pk=appointment.pk).update(continues=appointment.pk)


def at_own_device_with_a_seat():
    branch = make_branch()
    booking = make_booking(make_device(branch), NOW, NOW + timedelta(minutes=30))
    make_appointment(make_user("reference"), branch, NOW, seat=booking)


CANCELLED = {"ended_at": NOW, "outcome": "cancelled"}


def twice_rung():
    late = ticket()
    make_handoff(late, step=1, to_tier=2, why="call")
    make_handoff(late, step=2, to_tier=2, why="call")


def views(*pairs):
    owner = make_user()
    for name, place in pairs:
        SavedView.objects.create(owner=owner, name=name, query="", place=place)


def version(**fields):
    """Return a second version of a guide that is in use, published and replaced unless `fields` say otherwise."""
    live = make_guide()
    return make_guide_row(live.category, **{"is_live": False, **fields})


def make_guide_row(category, **fields):
    defaults = {"category": category, "number": 8, "made_at": NOW, "published_at": NOW, "by_kind": "system"}
    return GuideVersion.objects.create(**{**defaults, **fields})


def two_drafts():
    draft = version(published_at=None)
    make_guide_row(draft.category, number=9, published_at=None)


def guide_step(**fields):
    GuideStep.objects.create(**{"version": make_guide(), "key": "x", "position": 9, "yes": "it", "no": "it", **fields})


def guide_answer(times=1, **fields):
    asked, step = ticket(), make_guide().steps.first()
    for _time in range(times):
        GuideAnswer.objects.create(
            **{"ticket": asked, "step": step, "answer": "no", "at": NOW, "by_kind": "staff", **fields}
        )


VIOLATIONS = {
    "category_box_has_a_length": lambda: make_category(box_minutes=0),
    "handoff_why_known": lambda: make_handoff(ticket(), why="bored"),
    "promise_once_per_step": promised_twice,
    "promise_ends_after_it_was_made": lambda: promised(ended_at=EARLIER),
    "promise_tier_known": lambda: promised(tier=4),
    "ticket_settled_has_an_owner": lambda: ticket(bounces=2),
    "ticket_is_no_half_of_itself": half_of_itself,
    "ticket_done_rests_no_more": lambda: done(rests_until=NOW),
    "ticket_halves_count_once": two_halves_counted,
    "appointment_one_per_librarian": lambda: appointments({}, {}),
    "appointment_number_once_a_day": lambda: appointments(CANCELLED, {"number": 1}),
    "appointment_period_has_two_ends": lambda: appointments({"period": period(NOW, None)}),
    "appointment_booked_period_has_two_ends": lambda: appointments({"booked_period": period(NOW, None)}),
    "appointment_end_has_an_outcome": lambda: appointments({"ended_at": NOW}),
    "appointment_held_has_a_record": lambda: appointments({"ended_at": NOW, "outcome": "held"}),
    "appointment_nobody_came_and_arrived": lambda: appointments(
        {"ended_at": NOW, "outcome": "not_come", "arrived_at": NOW}
    ),
    "appointment_seat_is_at_a_computer": at_own_device_with_a_seat,
    "appointment_where_known": lambda: appointments({"where": "roof"}),
    "appointment_outcome_known": lambda: appointments({"ended_at": NOW, "outcome": "lost"}),
    "appointment_actor_known": lambda: appointments({"by_kind": "ghost"}),
    "appointment_not_its_own_cause": its_own_cause,
    "shift_weekday_known": lambda: shift(weekday=7),
    "shift_not_empty": lambda: shift((9, 9)),
    "shifts_of_a_person_do_not_overlap": lambda: shift((9, 13), (12, 17)),
    "absence_ends_after_it_begins": lambda: absence((25, 24)),
    "absence_reason_known": lambda: absence(reason="ill"),
    "absences_of_a_person_do_not_overlap": lambda: absence((20, 24), (24, 26)),
    "saved_view_one_of_a_name": lambda: views(("Jams", 1), ("Jams", 2)),
    "saved_view_one_in_a_place": lambda: views(("Jams", 1), ("Forms", 1)),
    "saved_view_has_a_name": lambda: views(("", 1)),
    "saved_view_at_most_twenty": lambda: views(("Jams", 21)),
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
    "handoff_rings_once_per_level": twice_rung,
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
    told = [Handoff, Notification, Promise, SweepMark, Ticket, TicketEvent]
    guides = [GuideAnswer, GuideStep, GuideVersion]
    models = [Absence, Appointment, Category, SavedView, Shift, *guides, *told]
    assert {c.name for model in models for c in model._meta.constraints} == set(VIOLATIONS)
