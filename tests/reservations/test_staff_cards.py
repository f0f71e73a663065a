"""The desk's pages of cards and passes: look one up and say why, block it, issue a sheet of slips, a second seat."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.models import Role
from reservations.models import Booking, CardBlock, GuestPass, Patron, PatronLookup
from reservations.patrons.keys import guest_key
from reservations.patrons.sources import Denied, Identity
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import sitting

pytestmark = pytest.mark.django_db
NUMBER = "29990000000017"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def branch():
    make.make_card(NUMBER)
    return make.make_branch(policy={"gap_minutes": 0, "guest_pass_days": 2})


@pytest.fixture(autouse=True)
def user(client, branch):
    member = make.make_user(Role.DESK, branch)
    client.force_login(member)
    return member


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def find(client, branch, **fields):
    return client.post(reverse("card-find", args=[branch.slug]), {"number": NUMBER, "why": "ask", **fields})


def block(client, branch, patron, **fields):
    sent = {"until": "2026-11-30", "reason": "lost", "bookings": "cancel", "request_key": uuid4()}
    return client.post(reverse("card-block", args=[branch.slug, patron.pk]), {**sent, **fields})


def test_a_look_up_shows_what_is_booked_and_is_logged_with_its_reason(client, branch, user):
    find(client, branch)
    seat = make.make_device(branch, label="4")
    make.make_booking(seat, at(16), at(17), patron=Patron.objects.get())
    page = text(find(client, branch, why="sign_in"))
    assert "Card …017" in page
    assert "Seat 4" in page
    assert [row.why for row in PatronLookup.objects.order_by("pk")] == ["ask", "sign_in"]
    assert {row.user for row in PatronLookup.objects.all()} == {user}


def test_a_look_up_needs_a_reason_of_the_list(client, branch):
    answer = find(client, branch, why="curiosity")
    assert (answer.status_code, PatronLookup.objects.count()) == (422, 0)


def test_no_reason_of_a_look_up_is_chosen_before_somebody_chooses(client, branch):
    page = client.get(reverse("card", args=[branch.slug])).content.decode()
    assert 'name="why"' in page
    assert not re.search(r'name="why"[^>]* checked', page)
    answer = client.post(reverse("card-find", args=[branch.slug]), {"number": NUMBER})
    assert (answer.status_code, PatronLookup.objects.count()) == (422, 0)
    assert "Choose why you look." in text(answer)


def test_a_card_that_was_not_looked_up_is_asked_for(client, branch):
    answer = client.get(reverse("card-shown", args=[branch.slug, make.make_patron().pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("card", args=[branch.slug]))


def test_an_unknown_number_is_a_sentence_and_is_logged(client, branch):
    answer = find(client, branch, number="29990000009999")
    assert answer.status_code == 422
    assert "No card and no guest pass of today has this number." in text(answer)
    assert PatronLookup.objects.get().found is False


def test_a_card_is_blocked_and_the_block_lifted(client, branch):
    find(client, branch)
    patron = Patron.objects.get()
    shown = reverse("card-shown", args=[branch.slug, patron.pk])
    blocked = block(client, branch, patron)
    assert (blocked.status_code, blocked["Location"]) == (302, shown)
    page = text(client.get(shown))
    assert f"Card {patron.alias} is blocked until Mon 30 Nov." in page
    assert "Blocked until Mon 30 Nov: reported lost or stolen." in page
    patron.refresh_from_db()
    held = CardBlock.objects.get()
    assert (held.reason, held.branch, held.blocked_until) == ("lost", branch, patron.blocked_until)
    page = text(find(client, branch, why="block"))
    assert "reported lost or stolen" in page
    lifted = client.post(reverse("card-lift", args=[branch.slug, held.pk]))
    assert (lifted.status_code, lifted["Location"]) == (302, shown)
    patron.refresh_from_db()
    assert patron.blocked_until is None


def test_nobody_is_blocked_who_has_not_been_looked_up(client, branch):
    assert block(client, branch, make.make_patron()).status_code == 404


def test_a_block_in_the_past_and_a_note_with_a_number_are_refused_at_their_fields(client, branch):
    find(client, branch)
    patron = Patron.objects.get()
    past = block(client, branch, patron, until="2026-11-01")
    assert past.status_code == 422
    assert "A block ends on a day to come" in text(past)
    noted = block(client, branch, patron, note=f"Card {NUMBER}")
    assert noted.status_code == 422
    assert NUMBER not in text(noted)
    assert not CardBlock.objects.exists()


@pytest.mark.parametrize("until", ["9999-12-31", "2028-01-01"])
def test_a_block_far_beyond_a_year_is_refused_at_its_field(client, branch, until):
    find(client, branch)
    answer = block(client, branch, Patron.objects.get(), until=until)
    assert answer.status_code == 422
    assert "Choose a day to come, within a year." in text(answer)


def test_a_batch_shows_its_codes_once(client, branch):
    sent = {"many": 3, "lasts": "d2", "request_key": uuid4()}
    address = reverse("passes-issue", args=[branch.slug])
    first = client.post(address, sent)
    codes = [code.replace(" ", "") for code in re.findall(r"\d{3} \d{3} \d{4}", first.content.decode())]
    assert {guest_key(code) for code in codes} == set(GuestPass.objects.values_list("key", flat=True))
    again = client.post(address, sent).content.decode()
    assert not re.findall(r"\d{3} \d{3} \d{4}", again)
    assert GuestPass.objects.count() == 3


@pytest.mark.parametrize("fields", [{"many": 0}, {"many": 41}, {"many": "x"}, {"lasts": "d3"}])
def test_a_batch_out_of_bounds_is_refused_at_its_field(client, branch, fields):
    sent = {"many": 3, "lasts": "d1", "request_key": uuid4(), **fields}
    answer = client.post(reverse("passes-issue", args=[branch.slug]), sent)
    assert (answer.status_code, GuestPass.objects.count()) == (422, 0)


def test_a_pass_is_taken_back_at_the_desk(client, branch):
    client.post(reverse("passes-issue", args=[branch.slug]), {"many": 1, "lasts": "d1", "request_key": uuid4()})
    given = GuestPass.objects.get()
    assert given.alias in text(client.get(reverse("passes", args=[branch.slug])))
    client.post(reverse("pass-revoke", args=[given.pk]), {"next": "/desk/"})
    given.refresh_from_db()
    assert given.revoked_at == NOW
    assert f"Take back pass {given.alias}" not in text(client.get(reverse("passes", args=[branch.slug])))


def test_the_desk_books_a_seat_for_somebody_with_an_adult(client, branch):
    row = sitting(make.make_device(branch))
    make.make_device(branch)
    assert client.get(reverse("booking-with", args=[row.pk])).status_code == 200
    sent = {"band": "school_child", "request_key": uuid4(), "next": "/desk/"}
    assert client.post(reverse("booking-with-book", args=[row.pk]), sent).status_code == 302
    assert Booking.objects.get(responsible=row.patron).patron.age_band == "school_child"
    full = client.post(reverse("booking-with-book", args=[row.pk]), {**sent, "request_key": uuid4()})
    assert full.status_code == 422
    assert "1 seat beside your own is the most." in text(full)


def with_child(branch, band="small_child"):
    """Return an adult's booking, and that of who comes with them."""
    seat, other = make.make_device(branch), make.make_device(branch)
    adult, child = make.make_patron(), make.make_patron(source="family", age_band=band)
    row = make.make_booking(seat, at(16), at(17), patron=adult)
    return row, make.make_booking(other, at(16), at(17), patron=child, responsible=adult)


def test_the_desk_does_not_leave_a_small_child_alone(client, branch):
    row, child = with_child(branch)
    answer = client.post(reverse("booking-cancel", args=[row.pk]), {"next": "/desk/"}, follow=True)
    child.refresh_from_db()
    assert child.outcome == "cancelled"
    assert f"Given back with it, for who was with them: {child.device.said}." in text(answer)


def test_the_desk_hears_who_keeps_a_seat_when_the_adult_cancels_or_moves(client, branch):
    row, teen = with_child(branch, "young_teen")
    free = make.make_device(branch)
    said = f"Who is with them still has {teen.device.said}."
    moved = client.post(reverse("booking-move", args=[row.pk]), {"device": free.pk, "next": "/desk/"}, follow=True)
    assert said in text(moved)
    gone = client.post(reverse("booking-cancel", args=[row.pk]), {"next": "/desk/"}, follow=True)
    assert said in text(gone)


def test_where_no_guest_may_book_the_desk_is_told_before_it_issues(client, branch):
    type(branch.policy).objects.update(guests_allowed=False)
    said = f"The rules of {branch.name} let no guest book."
    assert said in text(client.get(reverse("passes", args=[branch.slug])))
    assert said in text(client.post(reverse("guest-pass", args=[branch.slug]), {"request_key": uuid4()}))


def test_where_guests_may_book_there_is_nothing_to_tell(client, branch):
    assert "let no guest book" not in text(client.get(reverse("passes", args=[branch.slug])))


def test_after_a_batch_a_pass_is_taken_back_to_a_page_that_opens(client, branch):
    sent = {"many": 1, "lasts": "d1", "request_key": uuid4()}
    page = client.post(reverse("passes-issue", args=[branch.slug]), sent)
    assert f'name="next" value="{reverse("passes", args=[branch.slug])}"' in page.content.decode()


def test_the_way_back_is_never_the_address_of_a_form(client, branch):
    form = reverse("passes-issue", args=[branch.slug])
    guest = GuestPass.objects.create(
        key="g1:x", alias="G001", branch=branch, issued_at=NOW, valid_until=at(0, day=25), request_key=uuid4()
    )
    answer = client.post(reverse("pass-revoke", args=[guest.pk]), {"next": form})
    assert answer["Location"] == reverse("passes", args=[branch.slug])


def test_staff_read_why_the_library_system_says_no_and_that_the_age_is_what_is_unknown(client, branch, monkeypatch):
    def denied(number, now):
        raise Denied(Identity("c1:1", "sip2", "024", "unknown"), "fees", "BV")

    monkeypatch.setattr("reservations.patrons.lookup.shown_at_desk", denied)
    page = text(find(client, branch))
    assert "The library system says no: fees (more is owed than the limit) BV." in page
    assert "The patron is told: Our staff have to look at this card first." in page
    assert "Card …024 age not known" in page
    assert "Our staff have not blocked this card." in page
