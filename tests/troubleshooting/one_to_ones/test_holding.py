"""What became of a one-to-one: counted once and rightly, or nobody came; the figures of a month."""

from datetime import date, timedelta

import pytest

from helpdesk.actor import staff
from helpdesk.models import Role
from helpdesk.registry import purges
from tests.factories import NOW, at, make_booking, make_branch, make_category, make_device, make_ticket, make_user
from tests.troubleshooting.shifts import make_appointment, make_shifts
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.one_to_ones.holding import arrive, hold_appointment, not_come
from troubleshooting.one_to_ones.reads import Held, held_in, today_at
from troubleshooting.privacy import purge_appointments

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def librarian(branch):
    return make_user(Role.REFERENCE, branch)


@pytest.fixture
def by(librarian):
    return staff(librarian.pk, librarian.role)


@pytest.fixture
def one(branch, librarian):
    return make_appointment(librarian, branch, at(14))


def hold(one, by, **fields):
    return hold_appointment(appointment_id=one.pk, by=by, now=at(14, 30), **{"duration": "to_30", **fields})


def refusal(verb, one, by, now=NOW):
    with pytest.raises(TicketRefused) as refused:
        verb(appointment_id=one.pk, by=by, now=now)
    return refused.value.code


def test_saying_twice_that_they_are_here_is_saying_it_once(one, by):
    arrive(appointment_id=one.pk, by=by, now=at(14))
    assert arrive(appointment_id=one.pk, by=by, now=at(14, 5)).arrived_at == at(14)


def test_what_took_place_is_one_question_done_at_reference(one, by, librarian):
    done = hold(one, by, answer="Template 3")
    ticket = Ticket.objects.get()
    assert (done.outcome, done.ticket, done.ended_at) == ("held", ticket, at(14, 30))
    assert (ticket.tier, ticket.state, ticket.outcome, ticket.owner) == (Tier.REFERENCE, "done", "answered", librarian)
    assert (ticket.duration, ticket.read_level, ticket.answer) == ("to_30", 3, "Template 3")
    assert [event.what for event in ticket.events.all()] == ["one_to_one_held"]


def test_recording_twice_counts_once(one, by):
    assert hold(one, by) == hold(one, by)
    assert Ticket.objects.counted().count() == 1


@pytest.mark.parametrize(("kind", "counts"), [("reference", True), ("tech_help", True), ("tech_help", False)])
def test_it_counts_as_its_topic_says_whatever_its_length(branch, librarian, by, kind, counts):
    topic = make_category("topic", kind=kind, counts_as_reference=counts, tier=Tier.REFERENCE)
    hold(make_appointment(librarian, branch, at(14), category=topic), by, duration="under_1")
    assert Ticket.objects.values_list("kind", "counts_as_reference").get() == (kind, counts)


def test_staff_may_say_otherwise(one, by):
    hold(one, by, read_level=5, counts_as_reference=False)
    assert Ticket.objects.values_list("read_level", "counts_as_reference").get() == (5, False)


def test_the_question_that_it_was_made_from_is_its_record(branch, librarian, by):
    ticket = make_ticket(branch, tier=Tier.REFERENCE, promised_at=at(14))
    hold(make_appointment(librarian, branch, at(14), ticket=ticket), by)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome, Ticket.objects.count()) == ("done", "answered", 1)


def test_where_that_question_is_done_already_the_meeting_has_a_record_of_its_own(branch, librarian, by):
    ticket = make_ticket(branch, state="done", done_at=NOW, outcome="answered")
    assert hold(make_appointment(librarian, branch, at(14), ticket=ticket), by).ticket != ticket


def test_a_colleagues_question_is_not_finished_over_their_head(branch, librarian, by):
    other = make_user(Role.REFERENCE, branch)
    ticket = make_ticket(branch, tier=Tier.REFERENCE, state="claimed", owner=other, claimed_at=NOW)
    one = make_appointment(librarian, branch, at(14), ticket=ticket)
    assert refusal(hold_appointment, one, by) == "not_yours"
    one.refresh_from_db()
    assert one.ended_at is None


def test_nobody_came_is_no_question_and_gives_the_computer_back(branch, librarian, by):
    seat = make_booking(make_device(branch), at(14), at(14, 30), kind="class")
    one = make_appointment(librarian, branch, at(14), where="seat", seat=seat)
    for _ in range(2):
        assert not_come(appointment_id=one.pk, by=by, now=at(14, 15)).outcome == "not_come"
    seat.refresh_from_db()
    assert seat.ended_at == at(14, 15)
    assert not Ticket.objects.exists()


def test_the_question_of_somebody_who_did_not_come_is_withdrawn(branch, librarian, by):
    ticket = make_ticket(branch, tier=Tier.REFERENCE)
    not_come(appointment_id=make_appointment(librarian, branch, at(14), ticket=ticket).pk, by=by, now=at(14, 15))
    ticket.refresh_from_db()
    assert ticket.outcome == "withdrawn"


def test_nobody_can_have_stayed_away_before_it_begins(one, by):
    assert refusal(not_come, one, by, at(13, 59)) == "too_early"


def test_who_is_here_has_come(one, by):
    arrive(appointment_id=one.pk, by=by, now=at(14))
    assert refusal(not_come, one, by) == "begun"


def test_what_is_over_takes_no_second_end(one, by):
    not_come(appointment_id=one.pk, by=by, now=NOW)
    assert refusal(arrive, one, by) == refusal(hold_appointment, one, by) == "over"


def test_the_figures_of_a_month_count_each_branch_and_what_was_moved_once(branch, librarian, by):
    for hour in (9, 10):
        hold(make_appointment(librarian, branch, at(hour)), by)
    moved = make_appointment(librarian, branch, at(11), ended_at=NOW, outcome="moved")
    hold(make_appointment(librarian, branch, at(12), continues=moved), by)
    not_come(appointment_id=make_appointment(librarian, branch, at(13)).pk, by=by, now=NOW)
    hold(make_appointment(librarian, make_branch(), at(14)), by)
    hold(make_appointment(librarian, branch, at(14) - timedelta(days=30)), by)
    assert held_in(branch.pk, date(2026, 11, 3)) == Held(held=3, minutes=90, not_come=1)
    assert held_in(branch.pk, date(2026, 12, 1)) == Held(0, 0, 0)


def test_what_does_not_fit_any_more_is_to_be_told_and_says_why(branch, librarian):
    make_shifts(librarian, branch, hours=[(9, 15)])
    fits = make_appointment(librarian, branch, at(14, 30))
    late = make_appointment(librarian, branch, at(16))
    page = today_at(branch.pk, NOW)
    assert [line.appointment for line in page.lines] == [fits]
    assert [(line.appointment, line.why) for line in page.to_tell] == [(late, "hours")]


def test_what_nobody_recorded_yesterday_is_still_there(branch, librarian):
    old = make_appointment(librarian, branch, at(14, day=23))
    assert [(line.appointment, line.is_over) for line in today_at(branch.pk, NOW).lines] == [(old, True)]


def test_it_is_soon_ten_minutes_before_and_until_somebody_has_come(branch, librarian, by):
    make_shifts(librarian, branch)
    one = make_appointment(librarian, branch, at(15))

    def soon(now):
        return [line.is_soon for line in today_at(branch.pk, now).lines]

    assert [soon(at(14, 49)), soon(at(14, 50)), soon(at(15, 29))] == [[False], [True], [True]]
    arrive(appointment_id=one.pk, by=by, now=at(15))
    assert soon(at(15, 1)) == [False]


def test_todays_list_asks_four_questions_however_many_there_are(django_assert_num_queries, branch, librarian):
    make_shifts(librarian, branch)
    for hour in (9, 10, 11, 15, 16):
        make_appointment(librarian, branch, at(hour))
    with django_assert_num_queries(4):
        assert [str(line.appointment.place) for line in today_at(branch.pk, NOW).lines]


def test_after_thirty_days_a_one_to_one_is_cut_off_from_its_computer_and_keeps_its_figures(branch, librarian, by):
    seat = make_booking(make_device(branch), at(14), at(14, 30), kind="class")
    one = hold(make_appointment(librarian, branch, at(14), where="seat", seat=seat, by_user=librarian), by)
    later = at(14, 30) + timedelta(days=30)
    assert purge_appointments(later - timedelta(seconds=1), False) == 0
    assert [purge_appointments(later, dry) for dry in (True, False, False)] == [1, 1, 0]
    one.refresh_from_db()
    assert (one.seat, one.by_user, one.by_kiosk) == (None, None, None)
    assert held_in(branch.pk, date(2026, 11, 1)).held == 1
    assert "one_to_ones" in {entry.key for entry in purges()}
