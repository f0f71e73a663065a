"""The wall display: public, numbers only, every wait with its reason and the next moment."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from helpdesk import clock
from reservations.models import Branch, Device, Turn
from reservations.wall import branch_on_wall, wall_of
from reservations.wall_waits import seat_words
from tests import factories as make
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _at_seven_past_two(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def branch():
    return make.make_branch(slug="harbour", name="Harbour")


def url(branch: Branch) -> str:
    return reverse("wall", args=[branch.slug])


def shown(branch: Branch, now=NOW):
    return wall_of(branch_on_wall(branch.slug), now=now)


def seat_line(branch: Branch, now=NOW) -> tuple[str, str]:
    line = shown(branch, now).waits[0]
    return line.value, line.note


def call(branch: Branch, device: Device, number: str, called_at=NOW, **fields) -> Turn:
    """Return a number that was called to `device`; `outcome` ends it."""
    over = {"ended_at": called_at, "outcome": "finished"} if fields.get("outcome") else {}
    patron = make.make_patron()
    offer = make.make_booking(
        device, called_at, called_at + 60 * MINUTE, kind="offer", check_in_by=called_at + 5 * MINUTE, **over
    )
    ended = {"ended_at": called_at} if fields.get("outcome") else {}
    return Turn.objects.create(
        branch=branch,
        on=NOW.date(),
        number=number,
        minutes=60,
        patron=patron,
        joined_at=called_at,
        place_at=called_at,
        called_at=called_at,
        first_called_at=called_at,
        offer=offer,
        request_key=uuid4(),
        **ended,
        **fields,
    )


def test_an_unknown_branch_is_not_there(client):
    assert client.get(reverse("wall", args=["nowhere"])).status_code == 404


def test_nothing_can_be_sent_to_it(client, branch):
    assert client.post(url(branch)).status_code == 405


def test_the_number_called_now_comes_with_its_seat(branch):
    call(branch, make.make_device(branch, label="3"), "D41")
    assert (shown(branch).now.number, shown(branch).now.seat.label) == ("D41", "3")


def test_a_call_that_nobody_came_for_is_not_shown_any_more(branch):
    call(branch, make.make_device(branch), "D41", NOW - 6 * MINUTE)
    assert (shown(branch).now, shown(branch).before) == (None, [])


def test_the_last_three_are_those_who_took_their_seats_the_newest_first(branch):
    for minutes, number, outcome in ((9, "D35", "seated"), (8, "D36", "seated"), (7, "D37", "missed")):
        call(branch, make.make_device(branch), number, NOW - minutes * MINUTE, outcome=outcome)
    for minutes, number in ((6, "D38"), (5, "D39")):
        call(branch, make.make_device(branch), number, NOW - minutes * MINUTE, outcome="seated")
    assert [called.number for called in shown(branch).before] == ["D39", "D38", "D36"]


def test_yesterdays_numbers_are_gone(branch):
    call(branch, make.make_device(branch), "D41", NOW - timedelta(days=1), outcome="seated")
    assert shown(branch).before == []


def test_while_nobody_is_called_it_says_what_to_do(client, branch):
    device = make.make_device(branch)
    make.make_booking(device, at(13, 30), at(14, 30), checked_in_at=at(13, 30))
    assert "Take a number at the kiosk. It is called here." in client.get(url(branch)).content.decode()


def test_a_free_seat_says_how_to_get_it(branch):
    make.make_device(branch)
    assert seat_line(branch) == ("1 free", "start at the kiosk")


def test_a_free_seat_of_a_walk_up_class_is_there_to_sit_down(branch):
    make.make_device(branch, kind=make.make_class(walk_up_only=True))
    assert seat_line(branch) == ("1 free", "sit down now")


def test_seats_in_use_say_how_long_a_newcomer_waits(branch):
    make.make_booking(make.make_device(branch), at(13, 30), at(14, 20), checked_in_at=at(13, 30))
    value, note = seat_line(branch)
    assert (value.endswith(" to 20 min"), note) == (True, "nobody before you")


def wait_in_line(branch, number):
    Turn.objects.create(
        branch=branch,
        on=NOW.date(),
        number=number,
        minutes=60,
        patron=make.make_patron(),
        joined_at=NOW,
        place_at=NOW,
    )


def test_a_wait_says_how_many_come_first(branch):
    make.make_booking(make.make_device(branch), at(13, 30), at(14, 20), checked_in_at=at(13, 30))
    wait_in_line(branch, "D41")
    wait_in_line(branch, "D42")
    assert seat_line(branch)[1] == "2 waiting"


def test_while_people_wait_and_nobody_is_called_it_says_where_numbers_are(branch):
    make.make_device(branch)
    wait_in_line(branch, "D41")
    assert shown(branch).calm == ("Take a number", "At the kiosk. It is called here.")


@pytest.mark.parametrize("waits", [False, True])
def test_no_number_is_asked_for_where_every_seat_is_broken(branch, waits):
    device = make.make_device(branch)
    make.make_booking(device, at(14), None, kind="repair")
    if waits:
        wait_in_line(branch, "D41")
    assert shown(branch).calm == ("Every seat is out of service", "Ask at the desk.")


def test_a_line_that_no_seat_serves_any_more_today_is_no_fault(branch):
    make.make_booking(make.make_device(branch), at(13, 30), at(18, 45), checked_in_at=at(13, 30))
    wait_in_line(branch, "D41")
    assert seat_line(branch) == ("from tomorrow 09:00", "no more today")


def test_a_class_says_until_when_it_goes_on(branch):
    make.make_booking(make.make_device(branch), at(13, 30), at(15), kind="class")
    assert seat_line(branch) == ("from 15:05", "class until then")


def test_a_repair_with_an_end_says_from_when_it_works(branch):
    make.make_booking(make.make_device(branch), at(13, 30), at(15), kind="repair")
    assert seat_line(branch) == ("from 15:00", "out of service until then")


def test_when_the_computers_have_stopped_it_says_when_they_start_again(branch):
    make.make_device(branch)
    assert seat_line(branch, at(18, 50)) == ("from tomorrow 09:00", "no more today")


def test_seats_that_are_taken_until_closing_are_free_tomorrow(branch):
    make.make_booking(make.make_device(branch), at(13, 30), at(18, 45), checked_in_at=at(13, 30))
    assert seat_line(branch) == ("from tomorrow 09:00", "no more today")


def test_a_class_whose_last_seat_broke_says_whom_to_ask(branch):
    make.make_booking(make.make_device(branch), at(13, 30), None, kind="repair")
    assert seat_line(branch) == ("out of service", "ask at the desk")


def test_a_closed_branch_says_when_it_opens(branch):
    make.make_device(branch)
    night = at(21)
    assert seat_line(branch, night) == ("closed", "opens tomorrow 09:00")
    assert shown(branch, night).foot == "Closed now. Opens tomorrow at 09:00."


def test_the_foot_says_when_the_last_sessions_end(branch):
    assert shown(branch).foot == "Open until 19:00. The last sessions end at 18:45."


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (["12"], "Seat 12"),
        (["10", "11"], "Seats 10 and 11"),
        (["1", "2", "3", "4"], "Seats 1 to 4"),
        (["1", "2", "3", "8", "12"], "Seats 1 to 3, 8 and 12"),
        (["1", "2", "3", "A1"], "Seats 1 to 3 and A1"),
    ],
)
def test_seats_are_said_as_ranges(labels, said):
    assert seat_words([Device(label=label) for label in labels]) == said


def test_it_names_no_card_and_no_class_in_the_room(client, branch):
    patron = make.make_patron(alias="4711")
    make.make_booking(make.make_device(branch), at(13, 30), at(15), patron=patron, checked_in_at=at(13, 30))
    make.make_booking(make.make_device(branch), at(13, 30), at(15), kind="class", note="Job club of Mrs Miller")
    page = client.get(url(branch)).content.decode()
    assert not [word for word in ("4711", "Miller") if word in page]


def test_more_classes_than_can_be_read_are_named_in_one_line(branch):
    for _count in range(12):
        make.make_device(branch, kind=make.make_class())
    wall = shown(branch)
    assert (len(wall.waits), wall.hidden) == (9, 4)  # eight classes and the help line


def test_help_is_measured_at_the_desk(branch):
    for _count in range(2):
        make.make_ticket(branch)
    line = shown(branch).waits[-1]
    assert (line.title, line.value, line.note) == ("Help at your seat", "about 10 to 15 min", "2 before you")


def test_help_with_nobody_before_takes_what_it_usually_takes(branch):
    line = shown(branch).waits[-1]
    assert (line.value, line.note) == ("about 5 min", "nobody before you")


def test_an_unchanged_poll_is_answered_with_nothing(client, branch):
    live = client.get(url(branch)).context["live"]
    assert client.get(url(branch), {"live": live}, headers={"HX-Request": "true"}).status_code == 204


def test_a_poll_brings_the_call_and_the_waits_and_no_page(client, branch):
    part = client.get(url(branch), headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in part, 'id="call"' in part, 'id="waits"' in part) == (False, True, True)


def queries(branch: Branch, counted) -> int:
    with counted() as found:
        assert Client().get(url(branch)).status_code == 200
    return len(found)


def test_the_number_of_queries_does_not_grow_and_none_asks_who_is_there(branch, django_assert_max_num_queries):
    make.make_device(branch)
    few = queries(branch, lambda: django_assert_max_num_queries(14))
    for number in range(8):
        device = make.make_device(branch, kind=make.make_class())
        make.make_booking(device, at(13, 30), at(15), checked_in_at=at(13, 30))
        call(branch, make.make_device(branch), f"D{number}1", outcome="seated")
    with django_assert_max_num_queries(14) as found:
        Client().get(url(branch))
    assert len(found) == few
    assert not [q["sql"] for q in found if "django_session" in q["sql"] or "helpdesk_user" in q["sql"]]
