"""The story of the end of a shift: keep, hand on, park; nothing sits on someone who is off today."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from helpdesk.actor import staff
from tests.factories import NOW, at, make_branch, make_device, make_ticket, make_user
from tests.troubleshooting.racing import race
from tests.troubleshooting.staffed import element, freeze, signed_in, text_of
from troubleshooting.absent import off_among
from troubleshooting.arrival import waiting_at_desk
from troubleshooting.handoff import sweep
from troubleshooting.lifecycle import TicketRefused, claim, hand_on, hand_over, keep, park
from troubleshooting.models import Absence, Shift
from troubleshooting.staffing import off_today
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


def test_what_is_parked_at_the_desk_is_no_call_that_waits(branch, monkeypatch):
    freeze(monkeypatch)
    make_ticket(branch, device=make_device(branch), rests_until=TOMORROW, promised_at=TOMORROW, text="The file")
    client, _user = signed_in("desk", branch)
    page = client.get(reverse("desk"))
    assert "The file" in element(page, "help")
    assert "Nobody waits now." in text_of(page)
    assert "Take it" not in element(page, "next")
    assert waiting_at_desk(branch.pk, NOW).count() == 0
    assert waiting_at_desk(branch.pk, TOMORROW).count() == 1


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


def works(user, branch, *weekdays, starts=9, ends=17):
    for weekday in weekdays:
        Shift.objects.create(user=user, branch=branch, weekday=weekday, starts=time(starts), ends=time(ends))


@pytest.fixture
def hers_on_her_day_off(mine, branch, librarian):
    """The librarian has it; on this Tuesday she does not work."""
    works(librarian, branch, 3, 4)
    return mine


def test_what_sits_on_someone_who_is_off_today_is_free_to_take(hers_on_her_day_off, branch):
    colleague = make_user("reference", branch)
    ticket = claim(ticket_id=hers_on_her_day_off.pk, by=by(colleague), now=NOW + 5 * MINUTE)
    assert ticket.owner_id == colleague.pk
    last = ticket.events.get(what="taken_over")
    assert (last.text, last.by_user) == ("harbour-reference is off today.", colleague)


def test_what_sits_on_someone_who_is_here_is_not(mine, branch, librarian):
    works(librarian, branch, 1)
    assert refused(claim, ticket_id=mine.pk, by=by(make_user("reference", branch)), now=NOW) == "already_claimed"


def test_without_any_hours_noted_nobody_is_off(mine, branch):
    assert refused(claim, ticket_id=mine.pk, by=by(make_user("reference", branch)), now=NOW) == "already_claimed"


def test_the_queue_says_so_to_everybody_and_so_does_the_next_bar(hers_on_her_day_off, branch, monkeypatch):
    freeze(monkeypatch, NOW + 5 * MINUTE)
    client, _user = signed_in("reference", branch)
    page = client.get(reverse("reference"))
    assert "its owner is off today" in element(page, "queue")
    assert "its owner is off today" in element(page, "next")
    client.post(reverse("reference-take", args=[hers_on_her_day_off.pk]))
    assert "You: taken at 14:12." in text_of(client.get(reverse("reference")))


def test_the_desk_says_so_too(branch, monkeypatch):
    freeze(monkeypatch)
    desk = make_user("desk", branch)
    works(desk, branch, 4)
    make_ticket(branch, state="claimed", owner=desk, claimed_at=NOW, device=make_device(branch))
    client, _user = signed_in("desk", branch)
    page = client.get(reverse("desk"))
    assert "Its owner is off today." in element(page, "next")
    assert "owner off today" in element(page, "help")


def test_the_techs_list_says_so_too(branch, monkeypatch):
    freeze(monkeypatch)
    tech = make_user("tech")
    works(tech, branch, 4)
    fault = make_ticket(branch, tier=3, state="claimed", owner=tech, claimed_at=NOW)
    client, user = signed_in("tech")
    page = client.get(reverse("it"))
    assert "its owner is off today" in element(page, "jobs")
    client.post(reverse("it-take", args=[fault.pk]))
    fault.refresh_from_db()
    assert fault.owner == user


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_over_at_once_one_gets_it():
    branch = make_branch()
    off = make_user("reference", branch)
    works(off, branch, 4)
    users = [make_user("reference", branch) for _ in range(3)]
    for _ in range(4):
        ticket = make_ticket(branch, tier=2, state="claimed", owner=off, claimed_at=NOW)
        results = race(*[lambda u=u, t=ticket: claim(ticket_id=t.pk, by=by(u), now=NOW) for u in users])
        refusals = [result.code for result in results if isinstance(result, TicketRefused)]
        assert refusals == ["already_claimed"] * 2
        assert ticket.events.filter(what="taken_over").count() == 1


@pytest.mark.parametrize(
    ("shifts", "away", "moment"),
    [
        ((), None, NOW),
        (((1, 9, 17),), None, NOW),
        (((4, 9, 17),), None, NOW),
        (((1, 9, 17),), 24, NOW),
        (((1, 9, 17),), 25, NOW),
        (((0, 22, 2),), None, at(1)),
        (((0, 22, 2),), None, at(3)),
        (((0, 22, 2), (1, 9, 17)), None, at(3)),
        (((0, 22, 2),), 23, at(1)),
        (((0, 22, 2),), 24, at(1)),
    ],
)
def test_the_condition_in_sql_says_what_the_staff_hours_say(branch, librarian, shifts, away, moment):
    for weekday, starts, ends in shifts:
        works(librarian, branch, weekday, starts=starts, ends=ends)
    if away:
        day = date(2026, 11, away)
        Absence.objects.create(user=librarian, from_on=day, until_on=day)
    assert off_among([librarian.pk], moment) == off_today([librarian.pk], moment)
