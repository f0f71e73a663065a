"""The demo library on a Tuesday afternoon: every screen has something true to show."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Q

from helpdesk.actor import patron as by_patron
from helpdesk.models import Role, User
from reservations.board import board
from reservations.booking.ahead import book
from reservations.booking.line import rejoin
from reservations.booking.resume import resume
from reservations.booking.settle import settle_branch
from reservations.calendars import calendar_of
from reservations.calls import open_calls
from reservations.desk_line import desk_line
from reservations.models import Booking, Branch, Card, Closure, Device, GuestPass, Patron, Turn
from reservations.models.booking import Kind, Outcome
from reservations.my_turn import open_turn
from reservations.pace import kept_promises
from reservations.patrons.keys import card_key, pin_matches
from reservations.public import demo
from tests.factories import NOW, make_user
from troubleshooting.demo.build import build
from troubleshooting.guides.figures import figures_of, never_solves, said
from troubleshooting.guides.live import live_guide
from troubleshooting.models import Category, GuideAnswer, Handoff, Notification, Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Channel, State
from troubleshooting.tally import tally_day

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def northlight(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo as it is on a Tuesday at 14:07, built once for the tests that only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        build(now=NOW)
        connection.check_constraints()  # once, not at the end of each test
        yield
        transaction.set_rollback(True)


def branch_of(slug: str) -> Branch:
    return Branch.objects.select_related("policy").get(slug=slug)


def free_seats(slug: str) -> set[str]:
    found = board(branch_of(slug), now=NOW)
    return {seat.number for zone in found.zones for seat in zone.seats if seat.state == "free"}


def patron_with(place: int) -> Patron:
    return Patron.objects.get(key=card_key(demo.CARD_LIST[place].number))


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_five_branches_have_ten_to_thirty_devices_each(northlight: None) -> None:
    counted = Branch.objects.annotate(many=Count("devices")).values_list("many", flat=True)
    assert len(counted) == 5
    assert all(10 <= many <= 30 for many in counted)


def test_there_are_eleven_classes_from_internet_computer_to_wireless_network(northlight: None) -> None:
    assert set(Device.objects.values_list("device_class__code", flat=True)) == {
        "internet",
        "express",
        "mac",
        "easy-access",
        "kids",
        "catalogue",
        "printer",
        "release-station",
        "scanner",
        "kiosk",
        "wifi",
    }


def test_each_branch_keeps_the_rules_of_another_library(northlight: None) -> None:
    assert Branch.objects.values("policy__name").distinct().count() == 5


def test_a_branch_closes_for_lunch_one_has_a_closed_day_and_a_holiday_comes(northlight: None) -> None:
    lunch = Branch.objects.filter(opening_hours__weekday=0).annotate(openings=Count("opening_hours"))
    assert lunch.filter(openings=2).exists()
    assert Branch.objects.exclude(opening_hours__weekday=6).exists()
    assert Closure.objects.filter(branch=None, on__gt=NOW.date()).exists()


def test_there_is_one_tech_one_manager_and_two_posts_a_branch_without_names(northlight: None) -> None:
    assert User.objects.filter(role=Role.TECH).count() == User.objects.filter(role=Role.MANAGER).count() == 1
    assert not Branch.objects.annotate(many=Count("posts")).exclude(many=2).exists()
    assert not User.objects.exclude(first_name="", last_name="").exists()


def test_every_account_signs_in_with_the_demo_password(northlight: None) -> None:
    assert all(user.check_password(demo.PASSWORD) for user in User.objects.filter(username__in=["it", "manager"]))
    assert User.objects.values("password").distinct().count() == 1


def test_the_printed_cards_have_their_pin_and_no_booking(northlight: None) -> None:
    cards = [Card.objects.get(key=card_key(card.number)) for card in demo.CARD_LIST[: demo.SHOWN]]
    assert all(pin_matches(demo.PIN, card.pin_hash) for card in cards)
    assert not Booking.objects.filter(patron__key__in=[card.key for card in cards]).exists()


def test_bookings_of_past_days_name_nobody(northlight: None) -> None:
    assert not Booking.objects.filter(ended_at__lt=NOW - timedelta(hours=14), patron__isnull=False).exists()


def test_the_week_has_every_way_a_booking_ends(northlight: None) -> None:
    found = set(Booking.objects.exclude(outcome="").values_list("outcome", flat=True))
    assert found >= {Outcome.FINISHED, Outcome.RAN_OUT, Outcome.NO_SHOW, Outcome.CANCELLED, Outcome.DISPLACED}


def test_no_two_ended_bookings_held_one_device_at_once(northlight: None) -> None:
    held = Booking.objects.exclude(outcome__in=[Outcome.CANCELLED, Outcome.DISPLACED])
    for device in Device.objects.all():
        rows = list(held.filter(device=device).order_by("period"))
        pairs = itertools.pairwise(rows)
        assert all(first.end is not None and first.end <= second.start for first, second in pairs), device


def test_the_harbour_board_shows_every_state_at_once(northlight: None) -> None:
    found = board(Branch.objects.get(slug="harbour"), now=NOW)
    states = {seat.state for zone in found.zones for seat in zone.seats}
    assert states == {"free", "use", "wait", "booked", "clean", "class", "out"}


def test_five_people_are_in_line_at_harbour_each_with_a_range_and_one_of_them_is_called(
    northlight: None,
) -> None:
    lineup = desk_line(branch_of("harbour"), NOW)
    assert [shown.row.state for shown in lineup.rows] == ["called", "waiting", "waiting", "waiting", "waiting"]
    assert [row.turn.needs for row in lineup.rows] == [[], ["headset"], ["scanner"], [], ["window"]]
    assert lineup.longest == 9
    assert lineup.next is not None
    assert lineup.next.row.claim_by == NOW + timedelta(minutes=3)
    assert all(0 <= shown.row.low <= shown.row.high for shown in lineup.rows)


def test_ordinary_seats_are_taken_where_people_wait_and_free_where_nobody_does(northlight: None) -> None:
    assert free_seats("harbour") == {"11", "12"}  # quick stop, easy access
    assert free_seats("millbrook") == {"2", "11"}
    assert not Turn.objects.open().filter(branch__slug="millbrook").exists()


def test_a_missed_call_can_be_taken_back_and_a_session_left_by_mistake_goes_on(northlight: None) -> None:
    missed = Turn.objects.get(outcome="missed", ended_at__gt=NOW - timedelta(minutes=15))
    left = Booking.objects.get(device__label="6", branch__slug="harbour", ended_at=NOW - timedelta(minutes=1))
    with undone():
        assert rejoin(turn=missed, by=by_patron(), now=NOW).ended_at is None
        assert resume(booking=left, by=by_patron(), now=NOW).continues == left


def test_the_card_that_is_said_to_wait_waits_and_the_one_that_is_said_to_sit_sits(northlight: None) -> None:
    waits = open_turn(patron_with(demo.WAITS), NOW)
    assert waits is not None
    assert waits.state == "waiting"
    assert Booking.objects.live(NOW).get(patron=patron_with(demo.SITS)).device.label == "1"


def test_the_teen_card_of_the_sign_ins_can_still_book_at_harbour(northlight: None) -> None:
    teen = Patron(key=card_key("29990000001117"), alias="117", age_band="teen", seen_at=NOW)
    start = NOW.replace(minute=0) + timedelta(hours=4)
    seat = Device.objects.get(branch__slug="harbour", label="2")
    with undone():
        teen.save()
        verb = partial(book, branch_id=seat.branch_id, device_id=seat.pk, patron=teen, by=by_patron(), now=NOW)
        assert verb(start=start, end=start + timedelta(hours=1), request_key=uuid4()).pk


@pytest.mark.parametrize("slug", ["harbour", "millbrook"])
def test_most_promises_of_the_last_weeks_were_kept(northlight: None, slug: str) -> None:
    kept = kept_promises(branch_of(slug).pk, NOW)
    assert kept is not None
    assert kept.samples >= 40
    assert 0.85 <= kept.share <= 0.9


def test_every_branch_has_learned_how_long_people_stay(northlight: None) -> None:
    assert Branch.objects.filter(paces__samples__gte=20).distinct().count() == 5


def test_numbers_of_today_are_drawn_once_and_none_lies_ahead(northlight: None) -> None:
    for branch in Branch.objects.filter(numbers_on=NOW.date(), numbers_drawn__gt=0):
        rows = Booking.objects.filter(branch=branch, number__startswith="D", period__startswith__date=NOW.date())
        drawn = {*rows.values_list("number", flat=True)}
        drawn |= {*Turn.objects.filter(branch=branch, on=NOW.date()).values_list("number", flat=True)}
        assert {int(number[1:]) for number in drawn} == set(range(1, branch.numbers_drawn + 1)), branch


def test_every_walk_up_has_its_number(northlight: None) -> None:
    assert not Booking.objects.filter(walk_up=True, number="").exists()


def test_nothing_is_stale_as_built(northlight: None) -> None:
    assert [settle_branch(branch_id=pk, now=NOW) for pk in Branch.objects.values_list("pk", flat=True)] == [0] * 5


def test_a_guest_pass_is_in_use(northlight: None) -> None:
    guest_pass = GuestPass.objects.get()
    assert Booking.objects.live(NOW).filter(patron__key=guest_pass.key).exists()


def test_a_device_is_out_while_and_only_while_its_fault_is_open(northlight: None) -> None:
    out = Booking.objects.filter(kind=Kind.REPAIR, ended_at=None).values_list("device_id", flat=True)
    held = Ticket.objects.open().filter(holds_device=True).values_list("device_id", flat=True)
    assert sorted(out) == sorted(held)
    assert len(out) >= 5


def test_a_fault_of_today_took_a_booking_away_and_the_desk_has_a_call_to_make(northlight: None) -> None:
    assert open_calls(Branch.objects.get(slug="harbour")).exists()


def test_somebody_waits_for_help_at_a_seat_from_which_a_question_is_open_at_the_desk(northlight: None) -> None:
    asked = Ticket.objects.open().get(tier=Tier.DESK, channel=Channel.SEAT, branch__slug="harbour")
    assert asked.device is not None
    assert Booking.objects.live(NOW).get(device=asked.device).help_at == asked.opened_at


def test_questions_are_open_at_every_level_some_late_some_in_time(northlight: None) -> None:
    for tier in (Tier.DESK, Tier.REFERENCE, Tier.IT):
        waiting = Ticket.objects.open().filter(tier=tier)
        assert waiting.filter(promised_at__lt=NOW).exists(), tier
        assert waiting.filter(promised_at__gte=NOW).exists(), tier


def test_every_open_question_above_the_desk_has_a_delivered_handoff(northlight: None) -> None:
    above = Ticket.objects.open().filter(tier__gte=Tier.REFERENCE)
    assert not above.exclude(pk__in=Handoff.objects.filter(delivered_at__isnull=False).values("ticket")).exists()


def test_no_mail_of_the_demo_waits_to_be_sent(northlight: None) -> None:
    assert not Notification.objects.filter(sent_at=None).exists()


def test_the_tally_of_today_has_every_button(northlight: None) -> None:
    branch = Branch.objects.get(slug="harbour")
    assert all(button.count for button in tally_day(branch.pk, calendar_of(branch.pk), NOW).buttons)


def test_done_questions_have_words_and_fit_their_level(northlight: None) -> None:
    worded = Ticket.objects.filter(state=State.DONE).exclude(text="")
    assert worded.count() > 100
    assert not worded.filter(Q(done_at__gt=NOW) | Q(opened_at__gt=F("done_at"))).exists()


def test_an_account_of_ones_own_stops_the_reset(settings: Any, northlight: None) -> None:
    settings.DEMO = True
    make_user(Role.DESK, username="town-hall")
    with pytest.raises(CommandError, match="town-hall"):
        call_command("demo", "--reset")
    assert Patron.objects.exists()


def test_the_sign_ins_name_every_post_three_free_cards_and_two_in_the_room(settings: Any, northlight: None) -> None:
    settings.DEMO = True
    said = StringIO()
    call_command("demo", "--sign-ins", stdout=said)
    assert all(account.username in said.getvalue() for account in demo.ACCOUNTS)
    assert [card.number in said.getvalue() for card in demo.CARD_LIST].count(True) == 5


def test_guides_have_weeks_of_answers_and_one_step_never_solves(northlight: None) -> None:
    printing = Category.objects.get(code="printing")
    figures = figures_of(printing.pk, NOW)
    guide = live_guide(printing.pk)
    assert guide
    assert GuideAnswer.objects.filter(at__lt=NOW - timedelta(weeks=4)).exists()
    assert [never_solves(step, figures[said(step)]) for step in guide.steps if said(step) in figures].count(True) == 1


def test_what_patrons_solved_alone_is_at_tier_0(northlight: None) -> None:
    alone = Ticket.objects.filter(tier=Tier.SELF_HELP, channel=Channel.KIOSK)
    assert alone.count() > 50
    assert not alone.filter(answers__by_kind="staff").exists()
