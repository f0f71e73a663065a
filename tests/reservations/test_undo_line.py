"""What staff did to the line a moment ago is taken back; the story of a place in line tells it all."""

from datetime import timedelta

import pytest
from django.urls import reverse

from reservations.booking import line
from reservations.booking.service import take_out_of_service
from reservations.booking.undo_line import undo_turn
from reservations.models import Turn
from reservations.turn_story import turn_story
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.lining import BY, advanced, called, freed, full_branch, joined, refusal, sitting
from tests.reservations.sitting import by_desk, told

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
SOON = NOW + 8 * SECOND


@pytest.fixture
def desk():
    return by_desk()


@pytest.fixture
def three():
    """A full branch and the three who wait for its seat, in order."""
    branch, seats = full_branch()
    return branch, seats[0], [joined(branch, now=NOW + n * SECOND) for n in range(-3, 0)]


def take_back(turn, by, now=SOON):
    return undo_turn(event_id=turn.events.exclude(what="undone").latest("pk").pk, by=by, now=now)


def order(branch):
    return list(Turn.objects.open().filter(branch=branch).in_order())


def test_who_was_skipped_is_first_again(three, desk):
    branch, _seat, turns = three
    line.skip(turn=turns[0], by=desk, now=NOW)
    assert order(branch) == [turns[1], turns[0], turns[2]]
    take_back(turns[0], desk)
    assert order(branch) == turns
    assert told(turns[0]) == ["joined", "skipped", "undone"]


def test_who_was_taken_out_is_back_in_its_place(three, desk):
    branch, _seat, turns = three
    line.remove(turn=turns[0], reason="Went home", by=desk, now=NOW)
    place = take_back(turns[0], desk)
    assert (order(branch), place.outcome, place.reason) == (turns, "", "")


def test_a_seat_that_nobody_took_meanwhile_is_held_again(desk):
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    line.remove(turn=turn, reason="Wrong number", by=desk, now=NOW)
    assert take_back(turn, desk).offer.device == seats[0]


def test_who_was_taken_out_is_back_in_line_without_the_seat_that_was_given_on(desk):
    branch, seats = full_branch()
    turn, other = called(branch, seats[0]), joined(branch)
    line.remove(turn=turn, reason="Not here", by=desk, now=NOW)
    assert take_back(turn, desk).offer is None
    assert order(branch) == [turn, other]
    other.refresh_from_db()
    assert other.offer.device == seats[0]


def test_who_was_skipped_is_first_again_while_the_seat_that_was_given_on_stays_with_who_has_it(desk):
    branch, seats = full_branch()
    turn, other = called(branch, seats[0]), joined(branch)
    line.skip(turn=turn, by=desk, now=NOW)
    assert take_back(turn, desk).offer is None
    assert order(branch) == [turn, other]
    other.refresh_from_db()
    assert other.offer.device == seats[0]


def test_a_seat_of_a_kind_that_was_not_asked_for_may_be_given_meanwhile(three, desk):
    branch, seat, turns = three
    studio = sitting(make.make_device(branch, kind=make.make_class(code="studio"))).device
    other = joined(branch, class_code="studio")
    branch.turns.exclude(pk=other.pk).update(device_class=seat.device_class)
    line.skip(turn=turns[0], by=desk, now=NOW)
    freed(studio)
    advanced(branch)
    other.refresh_from_db()
    assert other.offer.device == studio
    assert take_back(turns[0], desk).place_at == turns[0].place_at


def test_who_was_called_since_is_left_alone(three, desk):
    branch, seat, turns = three
    line.skip(turn=turns[0], by=desk, now=NOW)
    done = turns[0].events.latest("pk").pk
    line.leave(turn=turns[1], by=BY, now=NOW)
    freed(seat)
    advanced(branch)
    assert refusal(undo_turn, event_id=done, by=desk, now=SOON) == ["undo_moved_on"]


def test_taking_back_twice_is_taking_back_once(three, desk):
    _branch, _seat, turns = three
    line.skip(turn=turns[0], by=desk, now=NOW)
    take_back(turns[0], desk)
    take_back(turns[0], desk, SOON + SECOND)
    assert told(turns[0]) == ["joined", "skipped", "undone"]


@pytest.mark.parametrize(("seconds", "found"), [(15, None), (16, ["undo_too_late"])])
def test_within_ten_seconds_and_five_of_mercy(three, desk, seconds, found):
    _branch, _seat, turns = three
    line.skip(turn=turns[0], by=desk, now=NOW)
    if found:
        assert refusal(take_back, turns[0], desk, NOW + seconds * SECOND) == found
    else:
        assert take_back(turns[0], desk, NOW + seconds * SECOND) == turns[0]


def test_another_member_of_staff_takes_nothing_back(three, desk):
    _branch, _seat, turns = three
    line.skip(turn=turns[0], by=desk, now=NOW)
    assert refusal(take_back, turns[0], by_desk()) == ["undo_not_yours"]


def test_who_left_by_themselves_is_not_put_back(three, desk):
    _branch, _seat, turns = three
    line.leave(turn=turns[0], by=desk, now=NOW)
    assert refusal(take_back, turns[0], desk) == ["undo_cannot"]


def test_who_joined_anew_keeps_the_new_place(three, desk):
    branch, _seat, turns = three
    line.remove(turn=turns[0], reason="Went home", by=desk, now=NOW)
    joined(branch, patron=turns[0].patron, now=NOW + SECOND)
    assert refusal(take_back, turns[0], desk) == ["in_line"]


# the story


def test_the_reason_of_who_was_taken_out_is_kept_where_no_seat_was_held(three, desk):
    _branch, _seat, turns = three
    line.remove(turn=turns[0], reason="Went home", by=desk, now=NOW)
    turns[0].refresh_from_db()
    assert (turns[0].outcome, turns[0].reason) == ("removed", "Went home")
    assert turn_story(turns[0], now=NOW)[-1].reason == "Went home"


def test_a_missed_call_and_the_way_back_are_told():
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    advanced(branch, at(14, 20))
    line.rejoin(turn=turn, by=BY, now=at(14, 21))
    assert told(turn) == ["joined", "called", "missed", "rejoined", "called"]


def test_a_seat_that_breaks_while_it_is_held_is_told(desk):
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    take_out_of_service(device_id=seats[0].pk, by=desk, now=NOW, note="No picture")
    advanced(branch)
    assert told(turn) == ["joined", "called", "seat_lost"]


def test_who_sits_down_and_whom_the_evening_sends_home_are_told():
    branch, seats = full_branch()
    turn, late = called(branch, seats[0]), joined(branch)
    line.claim(turn=turn, by=BY, now=NOW)
    advanced(branch, at(18, 59))
    assert (told(turn)[-1], told(late)[-1]) == ("seated", "closed")


# at the desk


def test_the_desk_takes_a_skip_back(client, three, monkeypatch):
    branch, _seat, turns = three
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)
    client.force_login(make.make_user("desk", branch))
    client.post(reverse("turn-skip", args=[turns[0].pk]))
    done = turns[0].events.latest("pk").pk
    page = client.get(reverse("turn", args=[turns[0].pk])).content.decode()
    assert reverse("turn-undo", args=[done]) in page
    client.post(reverse("turn-undo", args=[done]))
    assert order(branch) == turns


def test_the_page_of_a_place_says_why_it_was_taken_out(client, three, desk):
    branch, _seat, turns = three
    line.remove(turn=turns[0], reason="Went <home>", by=desk, now=NOW)
    client.force_login(make.make_user("desk", branch))
    page = client.get(reverse("turn", args=[turns[0].pk])).content.decode()
    assert page.count("<q>Went &lt;home&gt;</q>") == 2
    assert "Took a place in line" in page
    assert reverse("turn-rejoin", args=[turns[0].pk]) in page


def test_a_place_of_another_branch_is_not_taken_back(client, three, desk):
    _branch, _seat, turns = three
    line.skip(turn=turns[0], by=desk, now=NOW)
    client.force_login(make.make_user("desk", make.make_branch()))
    assert client.post(reverse("turn-undo", args=[turns[0].events.latest("pk").pk])).status_code == 404
