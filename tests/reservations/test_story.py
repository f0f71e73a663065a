"""A booking's story: every event in words, who did it and why, and what hangs together, on one page."""

import pytest
from django.urls import reverse

from helpdesk import actor
from helpdesk.models import Role
from reservations.booking.ahead import cancel
from reservations.booking.seat import check_in
from reservations.booking.service import handle_call, take_out_of_service
from reservations.models import Booking, BookingEvent, Call
from reservations.story import story_for
from reservations.story_words import HAPPENED
from tests.factories import NOW, at, make_booking, make_branch, make_device, make_kiosk, make_patron, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def user(client, branch):
    member = make_user(Role.DESK, branch)
    client.force_login(member)
    return member


@pytest.fixture
def by(user):
    return actor.staff(user.pk, user.role)


@pytest.fixture
def booking(branch):
    return make_booking(make_device(branch, label="3"), at(15), at(16), patron=make_patron(alias="417"))


def tell(booking, what, *, by=actor.SYSTEM, reason="", when=NOW, **detail):
    return BookingEvent.objects.create(
        booking=booking, at=when, what=what, reason=reason, detail=detail, **by.columns()
    )


def only_line(user, booking):
    (line,) = story_for(user, booking.pk, now=NOW).lines
    return line


def page_of(client, booking):
    return client.get(reverse("booking-story", args=[booking.pk])).content.decode()


def test_the_head_says_what_was_asked_and_how_it_stands(user, booking):
    story = story_for(user, booking.pk, now=NOW)
    assert (story.kind, story.who, story.asked) == ("Booking", "…417", "today 15:00 to 16:00, 1 hour")
    assert (story.state.icon, story.state.word) == ("clock", "Booked")


def test_what_it_became_differs_from_what_was_asked_when_the_time_was_bent(user, branch):
    late = make_booking(make_device(branch), at(13), at(14), checked_in_at=at(13, 20))
    late.period = type(late.period)(at(13, 20), at(14, 30), "[)")
    late.save()
    story = story_for(user, late.pk, now=NOW)
    assert (story.asked, story.became) == ("today 13:00 to 14:00, 1 hour", "today 13:20 to 14:30, 1 h 10")


@pytest.mark.parametrize(
    ("fields", "icon", "word"),
    [
        ({"checked_in_at": at(14)}, "person", "In use"),
        ({"check_in_by": at(14, 10)}, "hourglass", "Check-in due"),
        ({"check_in_by": at(14, 5)}, "hourglass", "Nobody came in time"),
        ({"kind": "class", "note": "Excel"}, "class", "Class"),
        ({"kind": "repair"}, "out", "Out of service"),
        ({"checked_in_at": at(14), "ended_at": at(14, 5), "outcome": "finished"}, "check", "Finished"),
        ({"ended_at": at(14, 5), "outcome": "cancelled"}, "cross", "Cancelled"),
    ],
)
def test_the_state_has_an_icon_and_a_word(user, branch, fields, icon, word):
    row = make_booking(make_device(branch), at(14), at(15), **fields)
    state = story_for(user, row.pk, now=NOW).state
    assert (state.icon, state.word) == (icon, word)


def test_a_booking_nobody_came_to_was_kept_and_not_used(user, branch):
    missed = make_booking(
        make_device(branch), at(13), at(14), check_in_by=at(13, 10), ended_at=at(13, 10), outcome="no_show"
    )
    assert story_for(user, missed.pk, now=NOW).became == "not used, kept until today 13:10"


def test_a_booking_cancelled_before_its_start_was_not_used(user, by, booking):
    cancel(booking=booking, by=by, now=NOW)
    assert story_for(user, booking.pk, now=NOW).became == "not used, free again since today 14:07"


def test_events_come_in_order_with_the_account_of_the_post_and_the_reason(user, by, booking):
    tell(booking, "booked", by=actor.patron(), when=at(13))
    cancel(booking=booking, by=by, now=NOW, reason="rang to say so")
    lines = story_for(user, booking.pk, now=NOW).lines
    assert [(line.when, line.what, line.who, line.reason) for line in lines] == [
        ("13:00", "Booked", "a patron", ""),
        ("14:07", "Cancelled", user.username, "rang to say so"),
    ]


def test_a_late_check_in_says_so(user, by, branch):
    missed = make_booking(make_device(branch), at(13, 50), at(15), check_in_by=at(14))
    check_in(booking=missed, by=by, now=NOW)
    assert [line.what for line in story_for(user, missed.pk, now=NOW).lines] == [
        "Nobody came in time",
        "Checked in late, the seat was still free",
    ]


def test_an_end_that_a_rule_made_and_nobody_wrote_down_yet_is_told(user, branch):
    over = make_booking(make_device(branch), at(13), at(14), checked_in_at=at(13))
    line = only_line(user, over)
    assert (line.when, line.what, line.who) == ("14:00", "The time was up", "the system")


@pytest.mark.parametrize("code", sorted(HAPPENED))
def test_every_known_event_has_a_sentence(user, booking, code):
    tell(booking, code)
    assert only_line(user, booking).what not in {"", code}


def test_an_event_without_a_sentence_is_shown_by_its_code(user, booking):
    tell(booking, "teleported")
    assert only_line(user, booking).what == "teleported"


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ({"minutes": 15}, "15 min"),
        ({"until": "2026-11-24T21:30:00+00:00", "minutes": 75}, "1 h 15, until 16:30"),
        ({"to_seat": "7", "from_seat": "3"}, "from seat 3, to seat 7"),
        ({"codes": ["day_limit", "gap", "brand_new"]}, "Minutes a day, Cleaning gap, brand_new"),
        ({"undone": "extended"}, "Made longer"),
        ({"number": "K12"}, "number K12"),
        ({"minutes": "many", "until": "soon"}, ""),
        ({"until": "2026-13-45T99:00:00Z"}, ""),
        ({}, ""),
    ],
)
def test_details_are_said_in_words(user, booking, detail, said):
    tell(booking, "overridden", **detail)
    assert only_line(user, booking).details == said


def test_a_patron_is_named_by_the_kiosk_alone(user, branch, booking):
    tell(booking, "booked", by=actor.patron(make_kiosk(branch, name="Kiosk 2").pk))
    assert only_line(user, booking).who == "a patron at Kiosk 2"


def test_an_account_that_is_gone_leaves_its_line(user, branch, booking):
    gone = make_user(Role.DESK, branch)
    tell(booking, "cancelled", by=actor.staff(gone.pk, gone.role))
    gone.delete()
    assert only_line(user, booking).who == "a member of staff whose account is gone"


def test_a_moved_session_links_to_where_it_came_from_and_went_to(client, user, booking):
    after = make_booking(booking.device, at(16), at(17), continues=booking)
    assert [(link.pk, link.how) for link in story_for(user, booking.pk, now=NOW).links] == [(after.pk, "Goes on as")]
    back = story_for(user, after.pk, now=NOW).links
    assert [(link.pk, link.how, link.text) for link in back] == [
        (booking.pk, "Goes on from", "Booking, Seat 3, today 15:00 to 16:00, 1 hour")
    ]
    assert reverse("booking-story", args=[booking.pk]) in page_of(client, after)


def test_a_fault_and_the_booking_it_took_away_lead_to_each_other(user, by, booking):
    removal = take_out_of_service(device_id=booking.device_id, by=by, now=NOW, note="No picture")
    taken = story_for(user, booking.pk, now=NOW)
    assert [(link.pk, link.how) for link in taken.links] == [(removal.repair.pk, "Taken away by")]
    repair = story_for(user, removal.repair.pk, now=NOW)
    assert [(link.pk, link.how) for link in repair.links] == [(booking.pk, "Took away")]
    assert (repair.kind, repair.who, repair.asked) == ("Repair", "", "since today 14:07")


def test_the_call_says_since_when_it_waits_and_then_who_made_it(user, by, booking):
    take_out_of_service(device_id=booking.device_id, by=by, now=NOW, note="No picture")
    assert story_for(user, booking.pk, now=NOW).told == "Not told yet: on the desk's list since 14:07."
    handle_call(call=Call.objects.get(booking=booking), by=by, now=at(14, 12))
    assert story_for(user, booking.pk, now=at(14, 20)).told == f"Told by {user.username}: 14:12."


def test_a_forgotten_patron_is_said_plainly(client, user, branch):
    past = make_booking(make_device(branch), at(13, day=20), at(14, day=20), ended_at=at(14, day=20), outcome="ran_out")
    Booking.objects.update(patron=None)
    assert story_for(user, past.pk, now=NOW).who == ""
    assert "nobody can see any more whose booking this was" in page_of(client, past)


def test_a_booking_without_events_says_so(client, user, booking):
    assert "No event was recorded" in page_of(client, booking)


def test_what_staff_wrote_is_escaped(client, user, by, booking):
    tell(booking, "cancelled", by=by, reason="<script>alert(1)</script>", from_seat="<b>3</b>")
    html = page_of(client, booking)
    assert "&lt;script&gt;alert(1)" in html
    assert "from seat &lt;b&gt;3&lt;/b&gt;" in html


def test_staff_of_another_branch_find_no_story(client, user):
    elsewhere = make_booking(make_device(make_branch()), at(15), at(16))
    assert client.get(reverse("booking-story", args=[elsewhere.pk])).status_code == 404


@pytest.mark.parametrize("events", [1, 8])
def test_a_long_story_takes_as_many_queries_as_a_short_one(
    user, by, branch, booking, events, django_assert_num_queries
):
    for number in range(events):
        tell(booking, "extended", by=by, minutes=15)
        make_booking(make_device(branch), at(16, number), at(17), continues=booking)
        make_booking(make_device(branch), at(16, number), at(17), displaced_by=booking)
    with django_assert_num_queries(4):
        story_for(user, booking.pk, now=NOW)


def test_the_seat_page_and_the_call_list_lead_to_the_story(client, user, by, branch, booking):
    address = reverse("booking-story", args=[booking.pk])
    assert address in client.get(reverse("desk-seat", args=[booking.device_id])).content.decode()
    take_out_of_service(device_id=booking.device_id, by=by, now=NOW, note="No picture")
    assert address in client.get(reverse("desk-branch", args=[branch.slug])).content.decode()
