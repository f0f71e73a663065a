"""The story of a question that bounces: "between you, tech support, you and tech support again? That's just silly"."""

from datetime import timedelta

import pytest

from helpdesk.actor import staff
from tests.factories import NOW, at, make_branch, make_device, make_ticket, make_user
from troubleshooting.lifecycle import (
    TicketRefused,
    add_note,
    claim,
    escalate,
    hand_over,
    put_back,
    reopen,
    resolve,
    send_back,
    take_over,
)
from troubleshooting.lifecycle.settling import keepers

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def librarian(branch):
    return make_user("reference", branch, username="harbour-reference")


@pytest.fixture
def desk(branch):
    return make_user("desk", branch, username="harbour-desk")


@pytest.fixture
def tech():
    return make_user("tech", username="the-tech")


def by(user):
    return staff(user.pk, user.role)


def refused(verb, **options):
    with pytest.raises(TicketRefused) as refusal:
        verb(**options)
    return refusal.value


def told(ticket):
    return list(ticket.events.values_list("what", flat=True))


@pytest.fixture
def passed_once(branch, desk, librarian):
    """The desk hands a question over, the librarian takes it."""
    ticket = make_ticket(branch, device=make_device(branch), text="The form does not print")
    hand_over(ticket_id=ticket.pk, by=by(desk), now=NOW)
    claim(ticket_id=ticket.pk, by=by(librarian), now=NOW + MINUTE)
    ticket.refresh_from_db()
    return ticket


@pytest.fixture
def came_back_twice(passed_once, librarian, tech):
    """The librarian sends it to IT, IT sends it back."""
    escalate(ticket_id=passed_once.pk, by=by(librarian), now=NOW + 2 * MINUTE)
    send_back(ticket_id=passed_once.pk, note="The printer works", by=by(tech), now=NOW + 3 * MINUTE)
    passed_once.refresh_from_db()
    return passed_once


def test_the_desk_hands_over_and_that_is_no_bounce(passed_once):
    assert passed_once.bounces == 0


def test_the_patron_stays_at_the_seat_with_the_number_they_know(passed_once):
    stayed = (passed_once.device_id, passed_once.pk)
    passed_once.refresh_from_db()
    assert (passed_once.device_id, passed_once.number) == stayed


def test_reference_sends_it_to_it_and_that_is_the_first_bounce(passed_once, librarian):
    assert escalate(ticket_id=passed_once.pk, by=by(librarian), now=NOW).bounces == 1


def test_a_question_logged_for_it_at_once_has_been_passed_on_before_it_comes_back(branch, tech):
    from_desk = make_ticket(branch)
    escalate(ticket_id=from_desk.pk, by=by(tech), now=NOW)
    assert send_back(ticket_id=from_desk.pk, by=by(tech), now=NOW).bounces == 1


def test_at_the_second_bounce_it_stops_with_who_had_it_there_before(came_back_twice, librarian):
    assert (came_back_twice.bounces, came_back_twice.tier) == (2, 2)
    assert (came_back_twice.state, came_back_twice.owner) == ("claimed", librarian)
    assert told(came_back_twice)[-2:] == ["sent_back", "settled"]


@pytest.mark.parametrize("verb", [escalate, put_back])
def test_then_nobody_sends_it_anywhere_and_the_sentence_says_who_keeps_it(came_back_twice, librarian, verb):
    refusal = refused(verb, ticket_id=came_back_twice.pk, by=by(librarian), now=NOW + 4 * MINUTE)
    assert refusal.code == "stopped"
    assert "It stays with harbour-reference" in refusal.sentence


def test_whoever_makes_the_second_bounce_names_who_keeps_it(passed_once, branch, librarian, tech):
    colleague = make_user("reference", branch)
    escalate(ticket_id=passed_once.pk, by=by(librarian), now=NOW)
    send_back(ticket_id=passed_once.pk, keeper_id=colleague.pk, by=by(tech), now=NOW)
    passed_once.refresh_from_db()
    assert passed_once.owner == colleague


def test_named_from_its_own_level_it_stays_at_that_level(passed_once, librarian, tech):
    escalate(ticket_id=passed_once.pk, by=by(librarian), now=NOW)
    ticket = send_back(ticket_id=passed_once.pk, keeper_id=tech.pk, by=by(tech), now=NOW)
    assert (ticket.tier, ticket.owner_id) == (3, tech.pk)


def test_only_staff_of_the_two_levels_who_are_here_can_be_named(passed_once, librarian, tech):
    stranger = make_user("reference", make_branch())
    escalate(ticket_id=passed_once.pk, by=by(librarian), now=NOW)
    options = {"ticket_id": passed_once.pk, "keeper_id": stranger.pk, "by": by(tech), "now": NOW}
    assert refused(send_back, **options).code == "unknown_keeper"
    passed_once.refresh_from_db()
    assert (passed_once.tier, passed_once.bounces) == (3, 1)


def test_where_nobody_had_it_there_before_it_stays_with_who_passes_it_on(branch, desk, tech):
    ticket = make_ticket(branch)
    escalate(ticket_id=ticket.pk, by=by(desk), now=NOW)
    send_back(ticket_id=ticket.pk, by=by(tech), now=NOW)
    ticket = escalate(ticket_id=ticket.pk, by=by(desk), now=NOW)
    assert (ticket.bounces, ticket.tier, ticket.owner_id) == (2, 1, desk.pk)


def test_those_who_can_keep_it_are_the_staff_of_both_levels(branch, desk, librarian, tech):
    manager = make_user("manager")
    assert keepers(branch.pk, {2, 3}, tech.pk, NOW) == [librarian, tech, manager]


def test_all_levels_write_on_its_page(came_back_twice, desk, tech):
    add_note(ticket_id=came_back_twice.pk, text="She comes back at four", by=by(desk), now=NOW)
    add_note(ticket_id=came_back_twice.pk, text="Driver is current", by=by(tech), now=NOW)
    notes = came_back_twice.events.filter(what="noted").values_list("by_user__username", "text")
    assert set(notes) == {("harbour-desk", "She comes back at four"), ("the-tech", "Driver is current")}


def test_the_same_note_sent_twice_is_one_note(came_back_twice, desk):
    for _ in range(2):
        add_note(ticket_id=came_back_twice.pk, text="She comes back", by=by(desk), now=NOW)
    assert came_back_twice.events.filter(what="noted").count() == 1


def test_a_note_makes_nobodys_form_old(came_back_twice, desk, librarian):
    version = came_back_twice.version
    add_note(ticket_id=came_back_twice.pk, text="She comes back", by=by(desk), now=NOW)
    resolve(ticket_id=came_back_twice.pk, outcome="answered", version=version, by=by(librarian), now=at(15))


def test_a_note_without_words_is_none(came_back_twice, desk):
    options = {"ticket_id": came_back_twice.pk, "text": " ", "by": by(desk), "now": NOW}
    assert refused(add_note, **options).code == "empty_note"


def test_a_colleague_takes_it_over_and_says_why(came_back_twice, tech):
    ticket = take_over(ticket_id=came_back_twice.pk, note="It is the driver after all", by=by(tech), now=at(15))
    assert (ticket.owner_id, ticket.tier, ticket.bounces) == (tech.pk, 3, 2)
    assert ticket.events.last().text == "It is the driver after all"


def test_taking_over_needs_a_word_why(came_back_twice, tech):
    options = {"ticket_id": came_back_twice.pk, "note": "", "by": by(tech), "now": NOW}
    assert refused(take_over, **options).code == "no_reason"


def test_a_question_that_still_moves_is_taken_from_the_line_instead(passed_once, tech):
    options = {"ticket_id": passed_once.pk, "note": "Mine", "by": by(tech), "now": NOW}
    assert refused(take_over, **options).code == "not_settled"


def test_opened_again_it_is_still_with_who_kept_it(came_back_twice, librarian):
    resolve(ticket_id=came_back_twice.pk, outcome="answered", by=by(librarian), now=at(15))
    ticket = reopen(ticket_id=came_back_twice.pk, by=by(librarian), now=at(16))
    assert (ticket.state, ticket.owner_id) == ("claimed", librarian.pk)


def test_each_promise_of_the_way_is_still_written_down(came_back_twice):
    promises = came_back_twice.past_promises.values_list("tier", "reached_at")
    assert list(promises) == [(2, NOW + MINUTE), (3, None)]
