"""Book, move and cancel a one-to-one: the librarian's time, the computer, the question."""

from datetime import time, timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from helpdesk.actor import staff
from helpdesk.models import Role
from reservations.models import Booking, OpeningHours
from reservations.models.booking import Kind
from tests.factories import (
    NOW,
    at,
    make_booking,
    make_branch,
    make_device,
    make_kiosk,
    make_patron,
    make_ticket,
    make_user,
)
from tests.troubleshooting.racing import race
from tests.troubleshooting.shifts import make_absence, make_appointment, make_shifts, make_topic
from troubleshooting.lifecycle import TicketRefused, resolve
from troubleshooting.models import Appointment, Handoff
from troubleshooting.models.appointment import Where
from troubleshooting.models.category import Tier
from troubleshooting.one_to_ones import booking, rules
from troubleshooting.one_to_ones.booking import (
    Place,
    SlotTaken,
    book_appointment,
    cancel_appointment,
    move_appointment,
)

pytestmark = pytest.mark.django_db

OWN, SEAT = Place(Where.OWN), Place(Where.SEAT)
WEDNESDAY = 25


@pytest.fixture
def branch():
    return make_branch(policy={"gap_minutes": 5})


@pytest.fixture
def librarian(branch):
    user = make_user(Role.REFERENCE, branch)
    make_shifts(user, branch)
    return user


@pytest.fixture
def desk(branch):
    user = make_user(Role.DESK, branch)
    return staff(user.pk, user.role)


@pytest.fixture(autouse=True)
def _topic(db):
    make_topic()


def book(branch, by, start=None, **fields):
    defaults = {"category": "job_resume", "place": OWN, "request_key": uuid4(), "now": NOW}
    return book_appointment(branch_id=branch.pk, start=start or at(15), by=by, **{**defaults, **fields})


def move(one, by, start, **fields):
    return move_appointment(appointment_id=one.pk, start=start, by=by, now=NOW, **{"request_key": uuid4(), **fields})


def refusal(call):
    with pytest.raises(TicketRefused) as refused:
        call()
    return refused.value


def clocks(slots):
    return [f"{slot.start.hour - 5}:{slot.start.minute:02}" for slot in slots]


def test_a_free_time_is_booked_with_the_next_number_of_its_day(branch, librarian, desk):
    first, second = book(branch, desk), book(branch, desk, at(16))
    assert (first.librarian, first.start, first.minutes) == (librarian, at(15), 30)
    assert (first.number, second.number) == (1, 2)
    assert book(branch, desk, at(10, day=WEDNESDAY)).number == 1


def test_the_same_request_again_is_the_first_one(branch, librarian, desk):
    key = uuid4()
    assert book(branch, desk, request_key=key) == book(branch, desk, at(16), request_key=key)


def test_a_taken_time_is_refused_and_the_next_three_are_offered(branch, librarian, desk):
    book(branch, desk)
    taken = refusal(lambda: book(branch, desk))
    assert isinstance(taken, SlotTaken)
    assert clocks(taken.nearest) == ["15:30", "16:00", "16:30"]


def test_with_a_second_librarian_the_same_time_is_booked_twice(branch, librarian, desk):
    other = make_user(Role.REFERENCE, branch)
    make_shifts(other, branch)
    assert {book(branch, desk).librarian, book(branch, desk).librarian} == {librarian, other}


def test_a_librarian_who_has_one_elsewhere_at_that_time_is_not_offered(branch, librarian, desk):
    make_appointment(librarian, make_branch(), at(15))
    assert refusal(lambda: book(branch, desk)).code == "slot_taken"


@pytest.mark.parametrize("start", [at(8, 30), at(17), at(15, 10), at(14), at(10, day=9) + timedelta(days=60)])
def test_a_time_that_is_not_offered_cannot_be_booked(branch, librarian, desk, start):
    assert refusal(lambda: book(branch, desk, start)).code == "slot_taken"


def test_after_midnight_a_taken_time_of_the_day_before_stays_taken(desk):
    branch = make_branch(hours=False)
    OpeningHours.objects.create(branch=branch, weekday=1, opens=time(12), closes=time(3))
    user = make_user(Role.REFERENCE, branch)
    make_shifts(user, branch, days=[1], hours=[(20, 3)])
    night = at(0, 10, day=WEDNESDAY)
    first = book(branch, desk, at(1, day=WEDNESDAY), now=night)
    assert (first.on.day, refusal(lambda: book(branch, desk, at(1, day=WEDNESDAY), now=night)).code) == (
        24,
        "slot_taken",
    )


def test_desk_staff_are_no_librarians_to_book(branch, desk):
    make_shifts(make_user(Role.DESK, branch), branch)
    assert refusal(lambda: book(branch, desk)).code == "slot_taken"


def test_at_a_kiosk_nothing_begins_within_the_hour(branch, librarian):
    kiosk = by_patron(make_kiosk(branch).pk)
    assert refusal(lambda: book(branch, kiosk)).code == "slot_taken"
    assert book(branch, kiosk, at(15, 30)).by_kind == "patron"


def test_one_screen_cannot_take_every_time_there_is(branch, librarian, monkeypatch):
    monkeypatch.setattr(rules, "OPEN_AT_KIOSK", 1)
    kiosk = by_patron(make_kiosk(branch).pk)
    book(branch, kiosk, at(16))
    assert refusal(lambda: book(branch, kiosk, at(16, 30))).code == "kiosk_full"


def test_an_unknown_topic_is_refused(branch, librarian, desk):
    assert refusal(lambda: book(branch, desk, category="gossip")).code == "unknown_category"


def test_a_computer_is_really_kept_and_says_for_what(branch, librarian, desk):
    device = make_device(branch)
    one = book(branch, desk, place=SEAT)
    assert (one.seat.device, one.seat.kind, one.seat.note) == (device, Kind.CLASS, "One-to-one 1")
    assert (one.seat.start, one.seat.end) == (at(15), at(15, 30))


def test_the_computer_that_is_free_is_taken_cleaning_included(branch, librarian, desk):
    busy, free = make_device(branch), make_device(branch)
    make_booking(busy, at(15, 33), at(16))
    assert book(branch, desk, place=SEAT).seat.device == free


def test_without_a_free_computer_nothing_is_booked(branch, librarian, desk):
    make_booking(make_device(branch), at(14), at(16))
    assert refusal(lambda: book(branch, desk, place=SEAT)).code == "seat"
    assert not Appointment.objects.exists()


def test_a_chosen_computer_that_is_taken_is_refused(branch, librarian, desk):
    busy, _free = make_device(branch), make_device(branch)
    make_booking(busy, at(15), at(16))
    assert refusal(lambda: book(branch, desk, place=Place(Where.SEAT, busy.pk))).code == "seat"


def test_a_seat_of_another_branch_is_refused(branch, librarian, desk):
    assert refusal(lambda: book(branch, desk, place=Place(Where.SEAT, make_device(make_branch()).pk))).code == "seat"


def test_who_has_signed_in_at_the_kiosk_has_the_computer_as_their_own_booking(branch, librarian):
    make_device(branch)
    who = make_patron()
    one = book(branch, by_patron(make_kiosk(branch).pk), at(16), place=Place(Where.SEAT, patron=who))
    assert (one.seat.patron, one.seat.kind) == (who, Kind.PATRON)
    assert "patron" not in {field.name for field in Appointment._meta.get_fields()}


def test_a_patron_who_is_booked_elsewhere_then_is_told_so(branch, librarian):
    who = make_patron()
    make_booking(make_device(branch), at(16), at(17), patron=who)
    make_device(branch)
    kiosk = by_patron(make_kiosk(branch).pk)
    assert refusal(lambda: book(branch, kiosk, at(16), place=Place(Where.SEAT, patron=who))).code == "seat"


def test_a_move_ends_the_old_row_and_continues_it_with_a_new_number(branch, librarian, desk):
    old = book(branch, desk)
    new = move(old, desk, at(10, day=WEDNESDAY))
    old.refresh_from_db()
    assert (old.outcome, old.ended_at, old.start) == ("moved", NOW, at(15))
    assert (new.continues, new.start, new.number, new.category) == (old, at(10, day=WEDNESDAY), 1, old.category)


def test_a_move_by_half_an_hour_may_meet_its_own_old_time(branch, librarian, desk):
    assert move(book(branch, desk), desk, at(15, 30)).start == at(15, 30)


def test_a_move_takes_its_computer_along(branch, librarian, desk):
    make_device(branch)
    old = book(branch, desk, place=SEAT)
    new = move(old, desk, at(15, 30))
    assert new.seat.start == at(15, 30)
    assert Booking.objects.get(pk=old.seat_id).outcome == "cancelled"


def test_a_refused_move_leaves_everything_as_it_was(branch, librarian, desk):
    make_device(branch)
    old, _other = book(branch, desk, place=SEAT), book(branch, desk, at(16))
    assert refusal(lambda: move(old, desk, at(16))).code == "slot_taken"
    old.refresh_from_db()
    assert old.ended_at is None
    assert old.seat.ended_at is None


def test_moving_twice_with_one_key_is_moving_once(branch, librarian, desk):
    old, key = book(branch, desk), uuid4()
    assert move(old, desk, at(16), request_key=key) == move(old, desk, at(16), request_key=key)


def test_what_is_cancelled_cannot_be_moved(branch, librarian, desk):
    one = book(branch, desk)
    cancel_appointment(appointment_id=one.pk, by=desk, now=NOW)
    assert refusal(lambda: move(one, desk, at(16))).code == "over"


def test_cancelling_frees_time_and_computer_and_twice_is_once(branch, librarian, desk):
    make_device(branch)
    one = book(branch, desk, place=SEAT)
    for _ in range(2):
        assert cancel_appointment(appointment_id=one.pk, by=desk, now=NOW).outcome == "cancelled"
    assert book(branch, desk, place=SEAT).start == at(15)


def test_a_question_is_promised_for_the_time_of_its_one_to_one_and_is_not_late_before(branch, librarian, desk):
    ticket = make_ticket(branch, tier=Tier.REFERENCE, promised_at=NOW, state="waiting")
    one = book(branch, desk, at(10, day=WEDNESDAY), ticket_id=ticket.pk)
    ticket.refresh_from_db()
    assert one.ticket == ticket
    assert (ticket.promised_at, ticket.state) == (at(10, day=WEDNESDAY), "waiting")


def test_a_desk_question_goes_to_reference_with_its_one_to_one(branch, librarian, desk):
    ticket = make_ticket(branch)
    book(branch, desk, ticket_id=ticket.pk)
    ticket.refresh_from_db()
    assert (ticket.tier, ticket.promised_at) == (Tier.REFERENCE, at(15))
    assert Handoff.objects.get().ticket == ticket


def test_the_help_clock_ends_because_nobody_comes_to_the_seat_now(branch, librarian, desk):
    seat = make_device(branch)
    sits = make_booking(seat, at(14), at(15), checked_in_at=at(14), help_at=at(14, 5), help_added=5)
    ticket = make_ticket(branch, device=seat)
    book(branch, desk, ticket_id=ticket.pk)
    sits.refresh_from_db()
    assert sits.help_at is None


def test_a_question_has_one_one_to_one_at_a_time(branch, librarian, desk):
    ticket = make_ticket(branch)
    book(branch, desk, ticket_id=ticket.pk)
    assert refusal(lambda: book(branch, desk, at(16), ticket_id=ticket.pk)).code == "booked_already"


@pytest.mark.parametrize(("fields", "code"), [({"tier": Tier.IT}, "already_there"), ({"other": True}, "other_branch")])
def test_a_question_that_is_elsewhere_gets_none(branch, librarian, desk, fields, code):
    place = make_branch() if fields.pop("other", False) else branch
    ticket = make_ticket(place, **fields)
    assert refusal(lambda: book(branch, desk, ticket_id=ticket.pk)).code == code
    assert not Appointment.objects.exists()


def test_a_move_moves_the_promise_and_cancelling_gives_the_usual_one_back(branch, librarian, desk):
    ticket = make_ticket(branch, category=make_topic(promise_minutes=5))
    one = move(book(branch, desk, ticket_id=ticket.pk), desk, at(16))
    ticket.refresh_from_db()
    assert ticket.promised_at == at(16)
    cancel_appointment(appointment_id=one.pk, by=desk, now=NOW)
    ticket.refresh_from_db()
    assert ticket.promised_at == NOW + timedelta(minutes=5)
    assert [event.what for event in ticket.events.all()] == ["one_to_one", "one_to_one", "one_to_one_off"]


def test_a_question_that_was_answered_meanwhile_stays_answered(branch, librarian, desk):
    ticket = make_ticket(branch)
    one = book(branch, desk, ticket_id=ticket.pk)
    resolve(ticket_id=ticket.pk, outcome="answered", by=desk, now=NOW)
    cancel_appointment(appointment_id=one.pk, by=desk, now=NOW)
    ticket.refresh_from_db()
    assert ticket.state == "done"


def test_an_absence_that_was_noted_takes_the_times_away(branch, librarian, desk):
    make_absence(librarian, 24, 24)
    assert refusal(lambda: book(branch, desk)).code == "slot_taken"


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_of_two_who_book_the_same_time_one_gets_it_and_the_other_the_next_three():
    make_topic()
    branch = make_branch()
    user, desks = make_user(Role.REFERENCE, branch), [make_user(Role.DESK, branch) for _ in range(2)]
    make_shifts(user, branch)
    results = race(*(lambda d=d: book(branch, staff(d.pk, d.role)) for d in desks))
    assert sum(isinstance(each, Appointment) for each in results) == 1
    assert [clocks(each.nearest) for each in results if isinstance(each, SlotTaken)] == [["15:30", "16:00", "16:30"]]


def test_the_database_has_the_last_word_on_a_librarians_time(branch, librarian, desk, monkeypatch):
    one = book(branch, desk)
    seen = booking.free_slots(branch.pk, now=NOW, notice=False, without=one.pk)  # as it was before
    monkeypatch.setattr(booking, "free_slots", lambda *_args, **_options: seen)
    assert isinstance(refusal(lambda: book(branch, desk)), SlotTaken)
