"""The story of the end of a shift: keep, hand on, park; nothing sits on someone who is off today."""

from datetime import timedelta

import pytest

from helpdesk.actor import staff
from tests.factories import NOW, at, make_branch, make_device, make_ticket, make_user
from troubleshooting.handoff import sweep
from troubleshooting.lifecycle import TicketRefused, claim, hand_on, hand_over, keep, park
from troubleshooting.telling import stands
from troubleshooting.worklist import Card

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
TOMORROW = at(10, day=25)


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def librarian(branch):
    return make_user("reference", branch, username="harbour-reference")


def by(user):
    return staff(user.pk, user.role)


@pytest.fixture
def mine(branch, librarian):
    """A question that the librarian has when the shift ends."""
    ticket = make_ticket(branch, device=make_device(branch))
    hand_over(ticket_id=ticket.pk, by=staff(None, "desk"), now=NOW)
    claim(ticket_id=ticket.pk, by=by(librarian), now=NOW + MINUTE)
    ticket.refresh_from_db()
    return ticket


def refused(verb, **options):
    with pytest.raises(TicketRefused) as refusal:
        verb(**options)
    return refusal.value.code


def test_kept_until_tomorrow_it_stays_hers_and_the_story_says_so(mine, librarian):
    keep(ticket_id=mine.pk, until=TOMORROW, note="The book arrives", by=by(librarian), now=NOW)
    mine.refresh_from_db()
    assert (mine.owner, mine.rests_until) == (librarian, TOMORROW)
    assert mine.events.get(what="kept").text == "until tomorrow 10:00. The book arrives"


def test_the_patron_hears_when_it_goes_on(mine, librarian):
    ticket = keep(ticket_id=mine.pk, until=TOMORROW, by=by(librarian), now=NOW)
    assert stands(ticket, NOW) == "we go on tomorrow at 10:00"


def test_handed_on_it_is_a_colleagues_with_the_words(mine, branch, librarian):
    colleague = make_user("reference", branch, username="evening-reference")
    hand_on(ticket_id=mine.pk, to_id=colleague.pk, note="Half done", by=by(librarian), now=NOW)
    mine.refresh_from_db()
    assert (mine.owner, mine.tier, mine.bounces) == (colleague, 2, 0)
    assert mine.events.get(what="handed_on").text == "evening-reference. Half done"


def test_to_hand_on_is_no_new_promise(mine, branch, librarian):
    colleague = make_user("reference", branch)
    ticket = hand_on(ticket_id=mine.pk, to_id=colleague.pk, by=by(librarian), now=at(15))
    assert (ticket.promised_at, ticket.reached_at) == (mine.promised_at, NOW + MINUTE)


def test_it_is_handed_on_to_somebody_of_the_level_who_is_here(mine, branch, librarian):
    for other in (make_user("desk", branch), make_user("reference", make_branch()), librarian):
        options = {"ticket_id": mine.pk, "to_id": other.pk, "by": by(librarian), "now": NOW}
        assert refused(hand_on, **options) == "unknown_keeper"


def test_parked_it_is_nobodys_and_not_late_before_its_moment(mine, librarian):
    park(ticket_id=mine.pk, until=TOMORROW, reason="She brings the file", by=by(librarian), now=NOW)
    mine.refresh_from_db()
    assert (mine.state, mine.owner, mine.tier) == ("waiting", None, 2)
    night = Card(mine, at(20))
    assert (night.rests, night.is_late) == (True, False)
    assert mine.events.get(what="parked").text == "until tomorrow 10:00. She brings the file"


def test_it_comes_back_by_itself_at_its_moment_with_a_promise_from_then(mine, librarian):
    park(ticket_id=mine.pk, until=TOMORROW, reason="She brings the file", by=by(librarian), now=NOW)
    mine.refresh_from_db()
    assert not Card(mine, TOMORROW).rests
    assert mine.promised_at == TOMORROW + 5 * MINUTE
    assert (Card(mine, TOMORROW + 6 * MINUTE).is_late, mine.version) == (True, mine.version)


def test_nobody_is_told_that_it_is_late_before_it_is_back(mine, librarian):
    park(ticket_id=mine.pk, until=TOMORROW, reason="She brings the file", by=by(librarian), now=NOW)
    sweep(at(18))
    assert not mine.handoffs.filter(why="late").exists()
    sweep(TOMORROW + 6 * MINUTE)
    assert mine.handoffs.filter(why="late").count() == 1


def test_the_promise_before_it_is_still_written_down(mine, librarian):
    park(ticket_id=mine.pk, until=TOMORROW, reason="She brings the file", by=by(librarian), now=at(15))
    past = mine.past_promises.get(tier=2)
    assert (past.promised_at, past.reached_at) == (mine.promised_at, NOW + MINUTE)


def test_a_parked_question_can_be_taken_before_its_moment(mine, librarian):
    park(ticket_id=mine.pk, until=TOMORROW, reason="She brings the file", by=by(librarian), now=NOW)
    ticket = claim(ticket_id=mine.pk, by=by(librarian), now=at(16))
    assert (ticket.rests_until, Card(ticket, at(16)).rests) == (None, False)


def test_parking_needs_a_reason(mine, librarian):
    options = {"ticket_id": mine.pk, "until": TOMORROW, "reason": " ", "by": by(librarian), "now": NOW}
    assert refused(park, **options) == "no_reason"


@pytest.mark.parametrize("until", [NOW, NOW - MINUTE, NOW + timedelta(days=31)])
def test_a_moment_that_is_past_or_too_far_is_refused(mine, librarian, until):
    assert refused(keep, ticket_id=mine.pk, until=until, by=by(librarian), now=NOW) == "not_ahead"
    options = {"ticket_id": mine.pk, "until": until, "reason": "File", "by": by(librarian), "now": NOW}
    assert refused(park, **options) == "not_ahead"


def test_nobody_parks_what_somebody_else_has(mine, branch):
    other = by(make_user("reference", branch))
    options = {"ticket_id": mine.pk, "until": TOMORROW, "reason": "File", "by": other, "now": NOW}
    assert refused(park, **options) == "not_yours"
