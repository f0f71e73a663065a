"""Real threads: a block against bookings, one pass at two kiosks, an import against sign-ins, a kiosk's last pass."""

import io
from functools import partial
from uuid import uuid4

import pytest

from helpdesk.actor import SYSTEM, staff
from helpdesk.actor import patron as by_patron
from reservations.booking.ahead import book
from reservations.booking.card_blocks import block_card, revoke_pass
from reservations.booking.family import book_beside
from reservations.booking.seat import start_now
from reservations.cards.importing import begin_import, import_batch, receive
from reservations.models import Booking, Card, CardBlock, GuestPass, Patron
from reservations.patrons.door import sign_in
from reservations.patrons.passes import issue_guest_pass, take_pass
from tests import factories as make
from tests.factories import NOW, at
from tests.racing import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.db]
BY = by_patron()
ROUNDS = 5


def booking(seat, patron, start, end):
    return partial(
        book, branch_id=seat.branch_id, device_id=seat.pk, patron=patron, start=start, end=end,
        request_key=uuid4(), by=BY, now=NOW,
    )  # fmt: skip


def block(patron, branch, desk):
    return partial(
        block_card, patron=patron, branch_id=branch.pk, until=at(19, day=27), reason="talk", cancels=True,
        request_key=uuid4(), by=desk, now=NOW,
    )  # fmt: skip


def test_after_a_block_is_committed_no_booking_of_the_card_is_accepted_at_any_branch():
    desk = staff(make.make_user().pk, "desk")
    branches = [make.make_branch(policy={"open_bookings": 9, "day_minutes": 600}) for _ in range(2)]
    seats = [make.make_device(branch) for branch in branches for _ in range(2)]
    for _round in range(ROUNDS):
        patron = make.make_patron()
        verbs = [booking(seats[n], patron, at(14 + n, 30), at(15 + n, 15)) for n in range(4)]
        results = race(*verbs, block(patron, branches[0], desk))
        assert not [name for name in results if name not in {"accepted", "refused:blocked"}]
        assert not Booking.objects.open().filter(patron=patron).exists()
        Booking.objects.all().delete()


def test_two_blocks_of_one_card_at_once_leave_one():
    desk, branch = staff(make.make_user().pk, "desk"), make.make_branch()
    for _round in range(ROUNDS):
        patron = make.make_patron()
        assert race(*[block(patron, branch, desk) for _ in range(3)]) == {"accepted": 3}
        assert CardBlock.objects.filter(patron=patron, lifted_at=None).count() == 1


def test_one_pass_at_two_kiosks_is_one_patron_and_one_seat():
    branch, desk = make.make_branch(), staff(make.make_user().pk, "desk")
    kiosks = [make.make_kiosk(branch, token=f"kiosk-{n}") for n in range(2)]
    for _round in range(ROUNDS):
        seats = [make.make_device(branch) for _ in range(2)]
        code = issue_guest_pass(branch=branch, request_key=uuid4(), by=desk, now=NOW).code

        def sit(kiosk, seat, code=code):
            guest = sign_in(number=code, pin="", kiosk=kiosk, now=NOW)
            return start_now(branch_id=branch.pk, patron=guest, device_id=seat.pk, request_key=uuid4(), by=BY, now=NOW)

        results = race(*[partial(sit, *pair) for pair in zip(kiosks, seats, strict=True)])
        assert results == {"accepted": 1, "refused:elsewhere": 1} or results == {"accepted": 1, "refused:day_limit": 1}


def test_a_pass_that_is_taken_back_against_its_booking_keeps_nothing_ahead():
    branch, desk = make.make_branch(), staff(make.make_user().pk, "desk")
    kiosk = make.make_kiosk(branch)
    for _round in range(ROUNDS):
        given = issue_guest_pass(branch=branch, request_key=uuid4(), by=desk, now=NOW)
        guest = sign_in(number=given.code, pin="", kiosk=kiosk, now=NOW)
        results = race(
            booking(make.make_device(branch), guest, at(16), at(16, 30)),
            partial(revoke_pass, guest_pass=given.guest_pass, by=desk, now=NOW),
        )
        assert not [name for name in results if name.startswith("error")]
        assert not Booking.objects.open().filter(patron=guest).exists()


def test_the_last_pass_of_a_kiosk_goes_to_one():
    branch = make.make_branch(policy={"guest_self_service": True, "guest_self_a_day": 1})
    kiosk = make.make_kiosk(branch)
    takers = [partial(take_pass, kiosk=kiosk, request_key=uuid4(), by=BY, now=NOW) for _ in range(4)]
    assert race(*takers) == {"accepted": 1, "refused:passes_gone": 3}
    assert GuestPass.objects.count() == 1


def test_two_taps_for_a_second_seat_bring_one_person():
    for _round in range(ROUNDS):
        branch = make.make_branch(policy={"gap_minutes": 0})
        row = make.make_booking(make.make_device(branch), at(14), at(15), checked_in_at=at(14))
        for _seat in range(3):
            make.make_device(branch)
        taps = [partial(book_beside, booking=row, band="adult", request_key=uuid4(), by=BY, now=NOW) for _ in range(3)]
        assert race(*taps) == {"accepted": 1, "refused:family_seats": 2}
        assert Patron.objects.filter(source="family", bookings__branch=branch).count() == 1


def test_sign_ins_go_on_while_a_file_is_imported():
    kiosk = make.make_kiosk(make.make_branch())
    numbers = [f"2999000000{n:04}" for n in range(60)]
    for number in numbers[:6]:
        make.make_card(number, "1111")
    lines = "\n".join(["number,pin", *(f"{number},1111" for number in numbers)])
    read = receive(stream=io.BytesIO(lines.encode()), by=SYSTEM, now=NOW)
    begin_import(card_import=read, by=SYSTEM, now=NOW)
    signing = [partial(sign_in, number=number, pin="1111", kiosk=kiosk, now=NOW) for number in numbers[:6]]
    results = race(partial(import_batch, pk=read.pk, now=NOW), partial(import_batch, pk=read.pk, now=NOW), *signing)
    assert results == {"accepted": 8}
    assert Card.objects.count() == 60
