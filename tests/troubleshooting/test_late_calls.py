"""Nobody came in time: the next desk is rung, once, and the call stays with the desk."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from helpdesk.actor import patron, staff
from tests.factories import NOW, make_branch, make_category, make_device, make_handoff, make_ticket, make_user
from tests.troubleshooting.racing import race
from tests.troubleshooting.staffed import HTMX, counted, element, freeze, signed_in, text_of
from troubleshooting import late_calls
from troubleshooting.handoff import deliver, sweep
from troubleshooting.help_address import code_of
from troubleshooting.late_calls import STILL_HERE, ring_late_calls
from troubleshooting.lifecycle import claim, put_back, withdraw
from troubleshooting.models import Handoff, Notification, Ticket
from troubleshooting.notifications import unread

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def call(branch, late=2 * MINUTE, **fields):
    """Return a call from a kiosk whose promise passed `late` ago."""
    promised = NOW - late
    times = {"opened_at": promised - 5 * MINUTE, "promised_at": promised}
    return make_ticket(branch, **{"channel": "kiosk", **times, **fields})


def rung():
    return list(Handoff.objects.filter(why="call").values_list("ticket_id", "to_tier"))


def told():
    return sorted(Notification.objects.values_list("recipient__username", "channel"))


def ring(limit=10, now=NOW):
    return ring_late_calls(now, limit)


def test_a_late_call_rings_at_reference_and_stays_with_the_desk():
    ticket = call(make_branch())
    assert (ring(), rung()) == (1, [(ticket.pk, 2)])
    before = (ticket.tier, ticket.state, ticket.step, ticket.version, ticket.promised_at)
    ticket.refresh_from_db()
    assert (ticket.tier, ticket.state, ticket.step, ticket.version, ticket.promised_at) == before


def test_its_story_says_so():
    ticket = call(make_branch())
    ring()
    event = ticket.events.get()
    assert (event.what, event.by_kind, event.to_tier) == ("rang_next", "system", 1)


@pytest.mark.parametrize(("late", "rings"), [(timedelta(0), 0), (SECOND, 1)])
def test_it_rings_once_the_promise_has_passed(late, rings):
    call(make_branch(), late=late)
    assert ring() == rings


@pytest.mark.parametrize(("age", "rings"), [(STILL_HERE - SECOND, 1), (STILL_HERE, 0)])
def test_nobody_is_rung_for_somebody_who_asked_half_a_day_ago(age, rings):
    call(make_branch(), opened_at=NOW - age)
    assert ring() == rings


def test_ringing_twice_changes_nothing():
    call(make_branch())
    assert [ring(), ring(now=NOW + 30 * MINUTE)] == [1, 0]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "claimed", "owner": True, "claimed_at": NOW},
        {"state": "done", "outcome": "answered", "done_at": NOW},
        {"tier": 2},
        {"tier": 3},
        {"promised_at": None},
        {"channel": "desk"},
        {"channel": "seat"},
    ],
    ids=["taken", "done", "with reference", "with it", "nothing promised", "from the desk", "logged by staff"],
)
def test_what_is_no_call_that_waits_at_the_desk_rings_nowhere(fields):
    if fields.get("owner"):
        fields = {**fields, "owner": make_user()}
    call(make_branch(), **fields)
    assert ring() == 0


def test_a_call_from_a_seat_rings_too():
    ticket = call(make_branch(), channel="seat")
    ticket.events.create(at=NOW, what="logged", to_tier=1, **patron().columns())
    assert ring() == 1


def test_a_call_that_was_put_back_after_it_rang_does_not_ring_again():
    ticket, user = call(make_branch()), make_user()
    ring()
    claim(ticket_id=ticket.pk, by=staff(user.pk, user.role), now=NOW)
    put_back(ticket_id=ticket.pk, by=staff(user.pk, user.role), now=NOW)
    assert ring() == 0


def test_the_reference_staff_of_the_branch_are_told():
    here, elsewhere = make_branch(), make_branch()
    make_user("reference", here, username="here", email="")
    make_user("reference", elsewhere, username="elsewhere", email="")
    make_user("manager", here, username="manager", email="")
    call(here)
    sweep(NOW)
    assert told() == [("here", "screen")]


def test_a_branch_without_reference_staff_rings_its_managers_who_can_phone():
    branch = make_branch()
    make_user("desk", branch, username="desk", email="")
    make_user("manager", username="manager", email="")
    call(branch)
    sweep(NOW)
    assert told() == [("manager", "screen")]


def test_one_sweep_rings_and_delivers_although_the_broker_is_dead(monkeypatch, django_capture_on_commit_callbacks):
    def dead(name, args):
        raise OperationalError("the broker is away")

    monkeypatch.setattr("helpdesk.bell.app.send_task", dead)
    branch = make_branch()
    make_user("reference", branch, username="reference", email="")
    call(branch)
    with django_capture_on_commit_callbacks(execute=True):
        swept = sweep(NOW)
    assert (swept.rung, swept.delivered, told()) == (1, 1, [("reference", "screen")])


def test_the_mail_says_that_it_stays_with_the_desk_and_holds_no_words_of_the_patron(mailoutbox):
    branch = make_branch(name="Harbour")
    make_user("reference", branch)
    ticket = call(branch, text="My name is on the form", device=make_device(branch, label="4"))
    sweep(NOW)
    (mail,) = mailoutbox
    assert f"The desk has not come to {ticket.number}. It stays with the desk: go there, or phone." in mail.body
    assert "Harbour 4" in mail.body
    assert "My name" not in mail.body


def test_a_call_that_was_taken_before_the_delivery_tells_nobody():
    branch, user = make_branch(), make_user()
    make_user("reference", branch)
    ticket = call(branch)
    ring()
    claim(ticket_id=ticket.pk, by=staff(user.pk, user.role), now=NOW)
    deliver(Handoff.objects.get().pk, NOW)
    assert (told(), Handoff.objects.get().delivered_at) == ([], NOW)


def test_the_message_goes_from_the_screen_once_somebody_took_it():
    branch = make_branch()
    librarian, other = make_user("reference", branch), make_user()
    ticket = call(branch)
    sweep(NOW)
    before = unread(librarian).count()
    claim(ticket_id=ticket.pk, by=staff(other.pk, other.role), now=NOW)
    assert (before, unread(librarian).count()) == (1, 0)


def test_one_that_raises_does_not_stop_the_others(monkeypatch, caplog):
    bad, good = call(make_branch(), late=3 * MINUTE), call(make_branch())
    real = late_calls.steps.record

    def record(ticket, *args):
        if ticket.pk == bad.pk:
            raise RuntimeError("broken")
        real(ticket, *args)

    monkeypatch.setattr(late_calls.steps, "record", record)
    assert (ring(), rung()) == (1, [(good.pk, 2)])
    assert f"call {bad.pk} could not ring" in caplog.text


def test_the_command_rings_too(monkeypatch):
    freeze(monkeypatch)
    call(make_branch())
    call_command("sweep")
    assert len(rung()) == 1


def test_the_strip_of_every_page_says_it_with_the_way_there(monkeypatch):
    freeze(monkeypatch)
    branch = make_branch(name="Harbour")
    client, _user = signed_in("reference", branch)
    call(branch, device=make_device(branch, label="4"))
    sweep(NOW)
    strip = element(client.get(reverse("notices"), **HTMX), "notices")
    assert 'data-announce="The desk has not come: Harbour, Seat 4' in strip
    assert reverse("reference-branch", args=[branch.slug]) in strip


def test_the_reference_page_shows_it_with_how_late_and_a_button_that_takes_it(monkeypatch):
    freeze(monkeypatch)
    branch = make_branch()
    client, user = signed_in("reference", branch)
    ticket = call(branch, device=make_device(branch, label="4"))
    page = client.get(reverse("reference"))
    assert "The desk has not come" in text_of(page)
    assert "Seat 4 2 min late" in text_of(page)
    assert reverse("desk-take", args=[ticket.pk]) in page.content.decode()
    client.post(reverse("desk-take", args=[ticket.pk]))
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.tier) == (user, 1)
    assert "The desk has not come" not in text_of(client.get(reverse("reference")))


def test_another_branchs_late_call_is_not_on_the_page(monkeypatch):
    freeze(monkeypatch)
    client, _user = signed_in("reference", make_branch())
    call(make_branch())
    assert "The desk has not come" not in text_of(client.get(reverse("reference")))


def test_a_late_call_costs_the_reference_page_no_query(monkeypatch):
    freeze(monkeypatch)
    branch = make_branch()
    client, _user = signed_in("reference", branch)
    call(branch)
    with counted() as late:
        client.get(reverse("reference"))
    Ticket.objects.all().delete()
    with counted() as calm:
        client.get(reverse("reference"))
    assert len(late) == len(calm)


def at_the_seat(monkeypatch, *roles):
    """Return what the page of a late call says before and after the next sweep."""
    freeze(monkeypatch)
    make_category("pc_performance")
    seat = make_device(make_branch())
    for role in roles:
        make_user(role, seat.branch, email="")
    ticket = call(seat.branch, device=seat)
    page = reverse("seat-help-coming", args=[code_of(seat.pk, 0), ticket.request_key])
    before = text_of(Client().get(page))
    sweep(NOW)
    return before, text_of(Client().get(page))


def test_the_page_at_the_seat_says_that_reference_is_told(monkeypatch):
    before, after = at_the_seat(monkeypatch, "reference")
    assert "Nobody could come yet. We tell the next desk now." in before
    assert "Nobody could come yet. Reference is told too." in after


def test_where_a_manager_was_told_it_says_that(monkeypatch):
    _before, after = at_the_seat(monkeypatch, "manager")
    assert "A manager is told too." in after


def test_a_late_call_that_is_withdrawn_leaves_the_list(monkeypatch):
    freeze(monkeypatch)
    branch = make_branch()
    client, _user = signed_in("reference", branch)
    ticket = call(branch)
    withdraw(ticket_id=ticket.pk, by=patron(), now=NOW)
    assert "The desk has not come" not in text_of(client.get(reverse("reference")))


def test_a_question_passed_on_and_a_ring_share_a_step_and_are_two_rows():
    ticket = call(make_branch())
    make_handoff(ticket, step=0, to_tier=2)
    assert ring() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_ring_once():
    branch = make_branch()
    make_user("reference", branch, email="")
    for number in range(1, 5):
        call(branch)
        race(*[lambda: sweep(NOW)] * 2)
        sweep(NOW)
        assert (Handoff.objects.count(), Notification.objects.count()) == (number, number)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_sweep_and_a_claim_leave_one_owner_and_no_message_to_a_taken_call():
    branch, user = make_branch(), make_user()
    librarian = make_user("reference", branch, email="")
    for _ in range(4):
        ticket = call(branch)
        race(lambda t=ticket: claim(ticket_id=t.pk, by=staff(user.pk, user.role), now=NOW), lambda: sweep(NOW))
        ticket.refresh_from_db()
        assert (ticket.owner, ticket.tier, unread(librarian).count()) == (user, 1, 0)
