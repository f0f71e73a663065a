"""A patron in two sources is one patron: keys that lead to one row, and two rows that become one."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from helpdesk.purging import purge
from reservations.booking.seat import start_now
from reservations.models import Booking, Patron, PatronDay, PatronKey, Turn
from reservations.patrons.keys import away_key, card_key, internal_key
from reservations.patrons.remember import known_by, merge, remember
from reservations.patrons.sources import Identity
from reservations.rules import Refused
from tests import factories as make
from tests.factories import NOW, at
from tests.racing import race

pytestmark = pytest.mark.django_db

TYPED, RETURNED, INTERNAL = card_key("ann"), card_key("29990000000017"), internal_key("p42")
PERSON = Identity(RETURNED, "sip2", "017", "adult", also=(TYPED, INTERNAL), unproven=(away_key("ann"),))


def turn(patron, branch, number="D41"):
    return Turn.objects.create(
        branch=branch, patron=patron, on=date(2026, 11, 24), number=number, minutes=60, joined_at=NOW, place_at=NOW
    )


def day(patron, branch, kind, **figures):
    return PatronDay.objects.create(
        patron=patron, branch=branch, device_class=kind, on=date(2026, 11, 23), **{"minutes": 30, **figures}
    )


@pytest.mark.parametrize("key", [TYPED, RETURNED, INTERNAL])
def test_every_key_leads_to_the_one_patron(key):
    patron = remember(PERSON, NOW)
    assert known_by([key]) == patron
    assert remember(Identity(key, "sip2", "x", "adult"), NOW) == patron
    assert Patron.objects.count() == 1


def test_a_local_card_of_the_same_number_is_the_same_patron():
    patron = remember(Identity(RETURNED, "local", "017", "adult"), NOW)
    assert remember(PERSON, NOW) == patron


def test_a_new_card_of_the_same_person_is_known_by_the_library_systems_own_id():
    patron = remember(PERSON, NOW)
    replaced = Identity(card_key("29990000000099"), "sip2", "099", "adult", also=(INTERNAL,))
    assert remember(replaced, NOW) == patron
    assert known_by([card_key("29990000000099")]) == patron


def test_two_rows_of_one_person_become_one_with_all_they_have():
    branch = make.make_branch()
    seat = make.make_device(branch)
    other = make.make_patron(key=TYPED, blocked_until=at(20))
    booking = make.make_booking(seat, at(16), at(17), patron=other)
    place = turn(other, branch)
    day(other, branch, seat.device_class)
    own = make.make_patron(key=RETURNED)
    day(own, branch, seat.device_class, minutes=20, no_shows=1)
    patron = remember(PERSON, NOW)
    assert patron == own
    assert [Booking.objects.get(pk=booking.pk).patron, Turn.objects.get(pk=place.pk).patron] == [own, own]
    assert (PatronDay.objects.get().minutes, PatronDay.objects.get().no_shows) == (50, 1)
    assert patron.blocked_until == at(20)
    assert Patron.objects.get() == known_by([TYPED]) == patron
    assert booking.events.get().what == "merged"


def test_every_table_that_names_a_patron_follows():
    branch = make.make_branch()
    other, own = make.make_patron(key=TYPED), make.make_patron(key=RETURNED)
    child = make.make_booking(make.make_device(branch), at(16), at(17), responsible=other)
    remember(PERSON, NOW)
    child.refresh_from_db()
    assert child.responsible == own


def test_who_was_responsible_for_their_own_second_card_is_it_no_more():
    branch = make.make_branch()
    other, own = make.make_patron(key=TYPED), make.make_patron(key=RETURNED)
    row = make.make_booking(make.make_device(branch), at(16), at(17), patron=other, responsible=own)
    remember(PERSON, NOW)
    row.refresh_from_db()
    assert (row.patron, row.responsible) == (own, None)


def test_nobody_loses_a_seat_where_both_rows_have_one_at_the_same_time():
    branch = make.make_branch()
    other, own = make.make_patron(key=TYPED), make.make_patron(key=RETURNED)
    one = make.make_booking(make.make_device(branch), at(16), at(17), patron=other)
    make.make_booking(make.make_device(branch), at(16, 30), at(17, 30), patron=own)
    day(other, branch, one.device.device_class)
    assert remember(PERSON, NOW) == own
    assert Booking.objects.get(pk=one.pk).patron == other
    assert (PatronDay.objects.get().patron, Patron.objects.count()) == (other, 2)
    Booking.objects.filter(pk=one.pk).update(ended_at=at(16, 10), outcome="cancelled")
    remember(PERSON, at(18))
    assert Patron.objects.get() == own


def test_nobody_loses_a_place_in_line_where_both_rows_wait():
    branch = make.make_branch()
    other, own = make.make_patron(key=TYPED), make.make_patron(key=RETURNED)
    turn(other, branch), turn(own, branch, "D42")
    remember(PERSON, NOW)
    assert Turn.objects.open().count() == 2


def test_what_was_sat_on_trust_becomes_the_cards_once_it_is_checked():
    seat = make.make_device(make.make_branch())
    trusted = remember(Identity(away_key("ann"), "away", "ann", "unknown"), NOW)
    row = make.make_booking(seat, at(14), at(14, 30), patron=trusted, checked_in_at=at(14))
    patron = remember(PERSON, NOW)
    row.refresh_from_db()
    assert (row.patron, patron.source, patron != trusted) == (patron, "sip2", True)
    assert not PatronKey.objects.filter(key=away_key("ann")).exists()


def test_a_number_on_trust_never_leads_to_the_card():
    patron = remember(PERSON, NOW)
    assert remember(Identity(away_key("ann"), "away", "ann", "unknown"), NOW) != patron


def test_the_keys_go_with_the_patron():
    remember(PERSON, NOW)
    assert PatronKey.objects.count() == 2
    assert purge(now=NOW + timedelta(days=29), dry_run=False)["patron"] == 0
    assert purge(now=NOW + timedelta(days=31), dry_run=False)["patron"] == 1
    assert not PatronKey.objects.exists()


def test_a_number_on_trust_is_forgotten_after_a_day():
    remember(Identity(away_key("ann"), "away", "ann", "unknown"), NOW)
    remember(PERSON, NOW)
    remember(Identity(away_key("bob"), "away", "bob", "unknown"), NOW)
    assert purge(now=NOW + timedelta(hours=25), dry_run=False)["patron"] == 1
    assert Patron.objects.get().source == "sip2"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_first_sign_ins_at_once_make_one_patron():
    kinds = [(RETURNED, (TYPED, INTERNAL)), (RETURNED, (INTERNAL,)), (TYPED, (INTERNAL,)), (INTERNAL, ())]
    people = [replace(PERSON, key=key, also=also) for key, also in kinds * 2]
    results = race(*[partial(remember, person, NOW) for person in people])
    assert results == {"accepted": 8}
    assert Patron.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(6))
def test_a_seat_taken_while_two_cards_become_one_person_is_that_persons(_round):
    branch = make.make_branch()
    seats = [make.make_device(branch) for _each in range(4)]
    other, own = make.make_patron(key=TYPED), make.make_patron(key=RETURNED)

    def sit(patron, seat):
        start_now(branch_id=branch.pk, patron=patron, device_id=seat.pk, request_key=uuid4(), by=by_patron(), now=NOW)

    results = race(
        partial(sit, other, seats[0]), partial(sit, own, seats[1]), partial(remember, PERSON, NOW),
        partial(remember, PERSON, NOW), partial(merge, into=own, other=other, now=NOW),
    )  # fmt: skip
    assert not [key for key in results if key.startswith("error")], results
    held = list(Booking.objects.open().values_list("patron", flat=True))
    assert len(held) == len(set(held))
    assert None not in held


def test_a_verb_with_a_row_that_is_gone_is_refused_in_words():
    branch = make.make_branch()
    seat, gone = make.make_device(branch), make.make_patron(key=TYPED)
    make.make_patron(key=RETURNED)
    remember(PERSON, NOW)
    with pytest.raises(Refused, match="patron_gone"):
        start_now(branch_id=branch.pk, patron=gone, device_id=seat.pk, request_key=uuid4(), by=by_patron(), now=NOW)
