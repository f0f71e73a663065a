"""One-to-ones at the desk and on the reference page."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.models import Role
from reservations.models.booking import Outcome
from tests.factories import NOW, at, make_booking, make_branch, make_device, make_ticket, make_user
from tests.troubleshooting.shifts import make_appointment, make_shifts, make_topic
from tests.troubleshooting.staffed import HTMX, counted, element, freeze, signed_in, text_of
from troubleshooting.models import Appointment, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_two(monkeypatch):
    freeze(monkeypatch)
    make_topic(name="Jobs and résumés")


@pytest.fixture
def branch():
    return make_branch(name="Harbour", slug="harbour")


@pytest.fixture
def librarian(branch):
    user = make_user(Role.REFERENCE, branch)
    make_shifts(user, branch)
    return user


@pytest.fixture
def desk(branch):
    return signed_in(Role.DESK, branch)[0]


@pytest.fixture
def reference(branch):
    return signed_in(Role.REFERENCE, branch)[0]


def book(client, query="", **fields):
    sent = {"start": at(15).isoformat(), "topic": "job_resume", "where": "own", "request_key": str(uuid4())}
    return client.post(reverse("appointment-book", args=["harbour"]) + query, {**sent, **fields})


def beside(client):
    return client.get(reverse("reference-beside", args=["harbour"]))


def act(client, name, one, **fields):
    return client.post(reverse(f"appointment-{name}", args=[one.pk]), fields)


def test_the_page_shows_days_and_the_free_times_of_one(desk, branch, librarian):
    page = desk.get(reverse("appointment-new", args=["harbour"]))
    assert [f"{slot.start.hour - 5}:{slot.start.minute:02}" for slot in page.context["slots"]] == [
        "14:30",
        "15:00",
        "15:30",
        "16:00",
        "16:30",
    ]
    assert "Today Tomorrow Thu 26" in text_of(page)


def test_another_day_is_a_plain_link(desk, branch, librarian):
    page = desk.get(reverse("appointment-new", args=["harbour"]), {"day": "2026-11-26"})
    assert page.context["day"].day == 26
    assert len(page.context["slots"]) == 16


@pytest.mark.parametrize("day", ["", "soon", "2026-13-41", "2020-01-01"])
def test_a_day_that_cannot_be_shows_the_first_one(desk, branch, librarian, day):
    assert desk.get(reverse("appointment-new", args=["harbour"]), {"day": day}).context["day"].day == 24


def test_without_staff_hours_the_page_says_who_sets_them(desk, branch):
    page = desk.get(reverse("appointment-new", args=["harbour"]))
    assert "No librarian has a free time in the next two weeks." in text_of(page)


def test_booked_leads_to_the_slip_with_number_time_place_and_no_name(desk, branch, librarian):
    answer = book(desk)
    one = Appointment.objects.get()
    assert answer.headers["Location"] == reverse("appointment", args=[one.pk])
    words = text_of(desk.get(answer.headers["Location"]))
    for said in ("One-to-one 1", "15:00 to 15:30", "Tuesday 24 November", "Come 5 minutes before", "no name on it"):
        assert said in words


def test_a_double_click_books_once(desk, branch, librarian):
    key = str(uuid4())
    assert book(desk, request_key=key).headers["Location"] == book(desk, request_key=key).headers["Location"]


def test_a_taken_time_is_answered_with_three_others_that_one_tap_books(desk, branch, librarian):
    book(desk)
    answer = book(desk, topic="job_resume")
    assert answer.status_code == 409
    assert "Somebody else has just taken this time." in text_of(answer)
    assert [slot.start for slot in answer.context["nearest"]] == [at(15, 30), at(16), at(16, 30)]
    assert f'name="start" value="{at(15, 30).isoformat()}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"start": ""}, "start"),
        ({"start": "<b>"}, "start"),
        ({"topic": "gossip"}, "topic"),
        ({"where": "roof"}, "where"),
        ({"request_key": "1"}, "request_key"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_the_rest_is_kept(desk, branch, librarian, fields, field):
    answer = book(desk, **fields)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("start", ["0001-01-01T00:00", "9999-12-31T23:59:59+14:00", "2026-11-24T03:00:00+00:00"])
def test_a_time_that_is_none_of_ours_is_not_booked(desk, branch, librarian, start):
    assert book(desk, start=start).status_code in {409, 422}
    assert not Appointment.objects.exists()


def test_a_seat_in_the_address_can_be_chosen_and_is_kept(desk, branch, librarian):
    seat = make_device(branch, label="7")
    assert "Seat 7" in text_of(desk.get(reverse("appointment-new", args=["harbour"]), {"seat": seat.pk}))
    book(desk, query=f"?seat={seat.pk}", where="this")
    assert Appointment.objects.get().seat.device == seat


def test_a_seat_that_is_not_free_is_said_and_nothing_is_booked(desk, branch, librarian):
    seat = make_device(branch)
    make_booking(seat, at(15), at(16))
    answer = book(desk, query=f"?seat={seat.pk}", where="this")
    assert answer.status_code == 422
    assert "This computer is not free at that time." in text_of(answer)


def test_a_question_in_the_address_is_named_and_linked(desk, branch, librarian):
    ticket = make_ticket(branch, text="My <b>résumé</b>", category=make_topic())
    page = desk.get(reverse("appointment-new", args=["harbour"]), {"ticket": ticket.pk})
    assert "My &lt;b&gt;résumé&lt;/b&gt;" in page.content.decode()
    assert page.context["form"]["topic"].value() == "job_resume"
    book(desk, query=f"?ticket={ticket.pk}")
    assert Appointment.objects.get().ticket == ticket


@pytest.mark.parametrize("name", ["ticket", "seat"])
def test_what_belongs_to_another_branch_does_not_exist_here(branch, librarian, name):
    other = make_branch()
    client, _user = signed_in(Role.DESK, branch, other)
    pk = make_ticket(other).pk if name == "ticket" else make_device(other).pk
    assert client.get(reverse("appointment-new", args=["harbour"]), {name: pk}).status_code == 404


def test_moving_leads_to_a_new_slip(desk, branch, librarian):
    book(desk)
    old = Appointment.objects.get()
    sent = {"start": at(16).isoformat(), "request_key": str(uuid4())}
    answer = act(desk, "moved", old, **sent)
    new = Appointment.objects.get(continues=old)
    assert answer.headers["Location"] == reverse("appointment", args=[new.pk])


def test_its_own_time_is_not_offered_as_taken_when_it_is_moved(desk, branch, librarian):
    one = make_appointment(librarian, branch, at(15))
    page = desk.get(reverse("appointment-move", args=[one.pk]))
    assert at(15) in [slot.start for slot in page.context["slots"]]


def test_a_move_to_a_taken_time_is_refused_with_others(desk, branch, librarian):
    one, _other = (make_appointment(librarian, branch, at(hour)) for hour in (15, 16))
    answer = act(desk, "moved", one, start=at(16).isoformat(), request_key=str(uuid4()))
    assert answer.status_code == 409
    assert answer.context["nearest"]


def test_cancelling_is_said_and_a_second_time_changes_nothing(desk, branch, librarian):
    one = make_appointment(librarian, branch, at(15), number=3)
    for _ in range(2):
        answer = act(desk, "cancel", one)
    assert "One-to-one 3 is cancelled." in text_of(desk.get(answer.headers["Location"]))


def test_who_is_here_cannot_be_cancelled(desk, branch, librarian):
    one = make_appointment(librarian, branch, at(14), arrived_at=NOW)
    answer = act(desk, "cancel", one)
    assert answer.status_code == 409
    assert "They are here already." in text_of(answer)


def test_the_queue_has_a_place_for_them_and_a_link_where_nothing_is_loaded(reference, branch):
    page = reference.get(reverse("reference"))
    assert f'hx-get="{reverse("reference-beside", args=["harbour"])}"' in element(page, "beside")
    assert "One-to-ones and known faults" in element(page, "beside")


def test_the_fragment_is_the_same_element_as_on_its_page(reference, branch, librarian):
    make_appointment(librarian, branch, at(15))
    page = beside(reference)
    fragment = reference.get(reverse("reference-beside", args=["harbour"]), **HTMX)
    assert element(page, "beside") == element(fragment, "beside")


def test_todays_are_listed_with_what_can_be_done(reference, branch, librarian):
    make_appointment(librarian, branch, at(14), number=4, category=make_topic("own", name="Own phone"))
    make_appointment(librarian, branch, at(10, day=25), category=make_topic("other_day", name="Tomorrow's"))
    words = text_of(beside(reference))
    assert "14:00 Own phone Reference desk, 30 min, 4 They are here Not come Move Cancel" in words
    assert "Tomorrow" not in words


def test_one_to_come_later_today_has_no_buttons_yet(reference, branch, librarian):
    make_appointment(librarian, branch, at(16))
    assert "They are here" not in text_of(beside(reference))


def test_what_does_not_fit_any_more_stands_first_with_its_reason(reference, branch, librarian):
    make_appointment(librarian, branch, at(18, day=25))
    seat = make_booking(make_device(branch), at(16), at(16, 30), kind="class", ended_at=NOW, outcome=Outcome.DISPLACED)
    make_appointment(librarian, branch, at(16), where="seat", seat=seat)
    words = text_of(beside(reference))
    assert "To be told" in words
    assert "The librarian works other hours. Move Cancel" in words
    assert "The computer is not kept any more. Move Cancel" in words


def test_they_are_here_opens_the_record_and_saving_it_counts_once(reference, branch, librarian):
    one = make_appointment(librarian, branch, at(14), number=4)
    answer = act(reference, "here", one)
    assert answer.headers["Location"] == reverse("appointment-record", args=[one.pk])
    page = reference.get(answer.headers["Location"])
    assert "Here since 14:07." in text_of(page)
    assert page.context["form"]["read_level"].value() == 3
    sent = {"duration": "to_30", "read_level": "4", "counts": "yes", "answer": "Template 3"}
    for _ in range(2):
        assert act(reference, "held", one, **sent).headers["Location"] == reverse("reference-branch", args=["harbour"])
    assert Ticket.objects.values_list("read_level", "counts_as_reference", "answer").get() == (4, True, "Template 3")
    assert "This month: 1 held, 30 min." in text_of(beside(reference))


def test_a_record_that_is_too_long_keeps_its_words(reference, branch, librarian):
    one = make_appointment(librarian, branch, at(14))
    answer = act(reference, "held", one, duration="to_30", answer="x" * 10_000)
    assert answer.status_code == 422
    assert "x" * 10_000 in answer.content.decode()
    assert "Your words are still in the form below." in text_of(answer)


def test_not_come_is_said_and_counted_as_such(reference, branch, librarian):
    one = make_appointment(librarian, branch, at(14), number=4)
    answer = act(reference, "not-come", one)
    assert "One-to-one 4: nobody came. It is not counted." in text_of(reference.get(answer.headers["Location"]))
    assert "Once nobody came." in text_of(beside(reference))


def test_not_come_before_its_start_is_refused_with_the_way_on(reference, branch, librarian):
    answer = act(reference, "not-come", make_appointment(librarian, branch, at(14, 30)))
    assert answer.status_code == 409
    assert "It begins at 14:30. Wait until then, or cancel it." in text_of(answer)


def test_ten_minutes_before_it_stands_in_the_bar(reference, branch, librarian):
    make_appointment(librarian, branch, NOW + timedelta(minutes=10), number=4)
    bar = element(reference.get(reverse("reference")), "next")
    assert "One-to-one 4" in bar
    assert "They are here" in bar


def test_eleven_minutes_before_the_bar_is_empty(reference, branch, librarian):
    make_appointment(librarian, branch, NOW + timedelta(minutes=11))
    assert reference.get(reverse("reference")).context["next"] is None


def test_who_waits_longer_than_promised_comes_first_in_the_bar(reference, branch, librarian):
    make_appointment(librarian, branch, at(14, 10))
    make_ticket(branch, tier=2, promised_at=NOW - timedelta(minutes=1))
    assert reference.get(reverse("reference")).context["next"]["verb"] == "Take it"


def test_the_list_beside_has_a_constant_number_of_queries(reference, branch, librarian):
    sizes = []
    for hours in ((9, 10), (11, 12, 15, 16)):
        for hour in hours:
            make_appointment(librarian, branch, at(hour))
        with counted() as queries:
            beside(reference)
        sizes.append(len(queries))
    assert sizes[0] == sizes[1] <= 10


def test_another_branchs_one_to_one_does_not_exist(librarian):
    other = make_branch()
    one = make_appointment(librarian, other, at(15))
    client, _user = signed_in(Role.REFERENCE, make_branch())
    answers = [client.get(reverse("appointment", args=[one.pk])), act(client, "here", one), act(client, "cancel", one)]
    assert [answer.status_code for answer in answers] == [404] * 3


def test_days_away_show_whom_they_hit_and_are_saved_on_the_second_click(branch, librarian):
    make_appointment(librarian, branch, at(10, day=25))
    client, _user = signed_in(Role.MANAGER)
    url = reverse("absence-add", args=[librarian.pk])
    sent = {"from_on": "2026-11-25", "until_on": "2026-11-25", "reason": "away"}
    shown = client.post(url, sent)
    assert shown.status_code == 409
    assert "1 one-to-one is booked then" in text_of(shown)
    assert not librarian.absences.exists()
    client.post(url, {**sent, "seen": shown.context["hits"].seen})
    assert librarian.absences.exists()


def test_a_shorter_week_shows_whom_it_hits(branch, librarian):
    make_appointment(librarian, branch, at(10, day=25))
    client, _user = signed_in(Role.MANAGER)
    answer = client.post(reverse("staff-week-save", args=[librarian.pk]), {"do": "save"})
    assert answer.status_code == 409
    assert 'form="week-form" name="seen"' in answer.content.decode()
    assert librarian.shifts.count() == 7
