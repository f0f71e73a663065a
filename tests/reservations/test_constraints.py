"""The database has the last word: every named constraint of reservations is violated once."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from helpdesk.db import constraint_of
from reservations.models import (
    Block,
    Booking,
    BookingEvent,
    BranchPace,
    Call,
    CardBlock,
    CardImport,
    CardImportRow,
    ClassRule,
    Closure,
    EarlyClosing,
    GuestPass,
    HoursChange,
    KeyFingerprint,
    OpeningHours,
    PatronDay,
    PatronLookup,
    SourceState,
    SpecialHours,
    Turn,
    TurnEvent,
)
from reservations.period import period
from tests import factories as make
from tests.factories import NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def booking(**fields):
    return make.make_booking(make.make_device(make.make_branch()), at(15), at(16), **fields)


def changed(row, **fields):
    type(row).objects.filter(pk=row.pk).update(**fields)


def twice_on_a_device():
    first = booking()
    make.make_booking(first.device, at(15, 30), at(16, 30))


def twice_for_a_patron():
    first = booking()
    make.make_booking(make.make_device(first.branch), at(15, 30), at(16, 30), patron=first.patron)


def hours(branch, weekday, opens, closes):
    return OpeningHours.objects.create(branch=branch, weekday=weekday, opens=time(opens), closes=time(closes))


def overlapping_hours():
    branch = make.make_branch(hours=False)
    hours(branch, 0, 22, 2)
    hours(branch, 1, 1, 5)


def block(**fields):
    values = {"title": "Class", "first_on": date(2026, 11, 24), "starts": time(10), "ends": time(11), "made_at": NOW}
    return Block.objects.create(branch=make.make_branch(), **{**values, **fields})


def hours_change(branch):
    return HoursChange.objects.create(branch=branch, on=NOW.date(), changed={"rows": {}, "turns": []})


def special(branch, opens=10, closes=12):
    return SpecialHours.objects.create(
        branch=branch, on=date(2026, 11, 24), opens=time(opens), closes=time(closes), reason="Storm"
    )


def closing(branch=None, **fields):
    plain = {"on": date(2026, 11, 24), "closes_at": time(15), "reason": "Storm", "at": NOW}
    return EarlyClosing.objects.create(branch=branch or make.make_branch(), **{**plain, **fields})


def its_own_adult():
    row = booking()
    changed(row, responsible=row.patron)


def twice(model, **fields):
    model.objects.create(**fields)
    model.objects.create(**fields)


def device_label_twice():
    device = make.make_device(make.make_branch(), label="printer 1")
    make.make_device(device.branch, label=device.label.upper())


def itself_displaced():
    row = booking()
    changed(row, displaced_by=row.pk)


def rule(policy=None, kind=None, **fields):
    return ClassRule.objects.create(
        policy=policy or make.make_policy(), device_class=kind or make.make_class(), **fields
    )


def turn(branch=None, **fields):
    branch = branch or make.make_branch()
    plain = {"on": date(2026, 11, 24), "number": "D41", "minutes": 60, "joined_at": NOW, "place_at": NOW}
    return Turn.objects.create(**{"branch": branch, "patron": make.make_patron(), **plain, **fields})


def one_place_each():
    patron = make.make_patron()
    turn(patron=patron)
    turn(patron=patron)


def pace(branch=None, kind=None, **fields):
    branch, kind = branch or make.make_branch(), kind or make.make_class()
    plain = {"shares": [1.0] * 11, "missed": 0.1, "samples": 3, "learned_at": NOW}
    return BranchPace.objects.create(**{"branch": branch, "device_class": kind, **plain, **fields})


def patron_day_twice():
    who, branch, kind = make.make_patron(), make.make_branch(), make.make_class()
    twice(PatronDay, patron=who, branch=branch, device_class=kind, on=date(2026, 11, 24))


def guest_pass(**fields):
    plain = {"key": "g1:1", "alias": "G1", "issued_at": NOW, "valid_until": at(19), "request_key": make.uuid.uuid4()}
    return GuestPass.objects.create(branch=make.make_branch(), **{**plain, **fields})


def card_import(**fields):
    return CardImport.objects.create(**{"digest": "d", "made_at": NOW, "moved_at": NOW, **fields})


def staged(**fields):
    return CardImportRow.objects.create(
        **{"card_import": fields.pop("card_import", None) or card_import(), "line": 2, "key": "c1:1", **fields}
    )


def staged_twice():
    read = card_import()
    staged(card_import=read)
    staged(card_import=read)


def card_block(**fields):
    plain = {"reason": "lost", "made_at": NOW, "blocked_until": at(19)}
    return CardBlock.objects.create(patron=make.make_patron(), branch=make.make_branch(), **{**plain, **fields})


def lookup(**fields):
    return PatronLookup.objects.create(**{"at": NOW, "branch": make.make_branch(), "why": "ask", **fields})


EVENT = {"at": NOW, "what": "x"}
FOREVER = datetime(9999, 6, 1, tzinfo=UTC)

VIOLATIONS = {
    "policy_slot_fits_session": lambda: make.make_policy(min_slot_minutes=61, session_minutes=60),
    "policy_session_fits_day": lambda: make.make_policy(session_minutes=121, day_minutes=120),
    "policy_numbers_sane": lambda: make.make_policy(grace_minutes=0),
    "policy_choices_known": lambda: make.make_policy(day_scope="x"),
    "policy_when_away_known": lambda: make.make_policy(when_away="x"),
    "source_away_has_a_failure": lambda: SourceState.objects.create(name="x", open_until=NOW),
    "policy_session_fits_week": lambda: make.make_policy(session_minutes=60, week_minutes=59),
    "policy_bookings_end_before_the_stop": lambda: make.make_policy(stop_minutes=20, last_booking_minutes=15),
    "one_post_per_branch": lambda: (lambda b: make.make_user("desk", b, b))(make.make_branch()),
    "area_once_per_branch": lambda: (lambda b: [make.make_area(b, "Row"), make.make_area(b, "row")])(
        make.make_branch()
    ),
    "kiosk_paired_once_per_name": lambda: (lambda b: [make.make_kiosk(b, each, name="Door") for each in "ab"])(
        make.make_branch()
    ),
    "opening_weekday_known": lambda: hours(make.make_branch(hours=False), 7, 9, 10),
    "opening_not_empty": lambda: hours(make.make_branch(hours=False), 1, 9, 9),
    "opening_hours_do_not_overlap": overlapping_hours,
    "closure_once": lambda: twice(Closure, branch=None, on=date(2026, 12, 25), reason="Christmas"),
    "class_rule_once_per_policy": lambda: (lambda p, k: [rule(p, k), rule(p, k)])(
        make.make_policy(), make.make_class()
    ),
    "class_rule_ages_ordered": lambda: rule(least_age=13, greatest_age=12),
    "class_rule_session_fits_day": lambda: rule(session_minutes=31, day_minutes=30),
    "class_rule_session_sane": lambda: rule(session_minutes=4),
    "class_rule_access_known": lambda: rule(access="x"),
    "device_class_only_computers_bookable": lambda: make.make_class(kind="printer", bookable=True),
    "device_class_kind_known": lambda: make.make_class(kind="toaster", bookable=False),
    "device_label_once_per_branch": device_label_twice,
    "patron_age_band_known": lambda: make.make_patron(age_band="old"),
    "patron_source_known": lambda: make.make_patron(source="x"),
    "card_age_band_known": lambda: make.make_card(age_band="old"),
    "card_pin_is_hashed": lambda: make.make_card(pin_hash="2468"),
    "guest_pass_ends_after_issue": lambda: GuestPass.objects.create(
        key="g1:1", alias="G1", branch=make.make_branch(), issued_at=NOW, valid_until=NOW, request_key=make.uuid.uuid4()
    ),
    "key_fingerprint_single": lambda: KeyFingerprint.objects.create(fingerprint="x", only=False),
    "kiosk_revoked_after_pairing": lambda: make.make_kiosk(make.make_branch(), revoked_at=NOW - timedelta(minutes=1)),
    "booking_one_per_device": twice_on_a_device,
    "booking_one_per_patron": twice_for_a_patron,
    "booking_period_has_a_start": lambda: changed(booking(), period=period(at(15), at(15))),
    "booking_booked_period_has_a_start": lambda: changed(booking(), booked_period=period(at(15), at(15))),
    "booking_open_end_is_null": lambda: changed(booking(), period=period(at(15), FOREVER)),
    "booking_only_repairs_are_open_ended": lambda: changed(booking(), period=period(at(15), None)),
    "booking_end_has_an_outcome": lambda: changed(booking(), ended_at=NOW),
    "booking_live_has_a_patron": lambda: changed(booking(), patron=None),
    "booking_only_patrons_check_in": lambda: booking(kind="class", check_in_by=NOW),
    "booking_patron_has_check_in": lambda: changed(booking(), check_in_by=None),
    "booking_only_running_help": lambda: changed(booking(), help_at=NOW),
    "booking_offer_has_a_claim_time": lambda: booking(kind="offer", check_in_by=None),
    "turn_number_once_a_day": lambda: (lambda b: [turn(b), turn(b)])(make.make_branch()),
    "turn_one_per_patron": one_place_each,
    "turn_end_has_an_outcome": lambda: turn(ended_at=NOW),
    "turn_open_has_a_patron": lambda: turn(patron=None),
    "turn_offer_was_called": lambda: turn(offer=booking(kind="offer", check_in_by=NOW)),
    "turn_ranges_ordered": lambda: turn(promised_low_at=NOW, promised_high_at=NOW - timedelta(minutes=1)),
    "turn_outcome_known": lambda: turn(ended_at=NOW, outcome="x"),
    "turn_removed_for_a_reason": lambda: turn(ended_at=NOW, outcome="removed"),
    "turn_event_actor_known": lambda: TurnEvent.objects.create(turn=turn(), by_kind="ghost", **EVENT),
    "turn_minutes_sane": lambda: turn(minutes=0),
    "pace_once_per_class": lambda: (lambda b, k: [pace(b, k), pace(b, k)])(make.make_branch(), make.make_class()),
    "pace_has_deciles": lambda: pace(shares=[1.0]),
    "pace_missed_is_a_share": lambda: pace(missed=1.1),
    "patron_day_once": patron_day_twice,
    "booking_block_is_no_person": lambda: booking(block=block()),
    "booking_responsible_is_somebody_else": its_own_adult,
    "block_kind_known": lambda: block(kind="x"),
    "block_not_empty": lambda: block(ends=time(10)),
    "special_hours_once": lambda: (lambda b: [special(b), special(b)])(make.make_branch()),
    "special_hours_not_empty": lambda: special(make.make_branch(), 10, 10),
    "early_closing_once_a_day": lambda: (lambda b: [closing(b), closing(b)])(make.make_branch()),
    "early_closing_says_why": lambda: closing(reason=""),
    "early_closing_undone_after": lambda: closing(undone_at=NOW - timedelta(minutes=1)),
    "hours_change_once_a_day": lambda: (lambda b: [hours_change(b), hours_change(b)])(make.make_branch()),
    "booking_kind_known": lambda: booking(kind="x"),
    "booking_outcome_known": lambda: changed(booking(), ended_at=NOW, outcome="x"),
    "booking_not_its_own_cause": itself_displaced,
    "guest_pass_revoked_after_issue": lambda: guest_pass(revoked_at=NOW - timedelta(minutes=1)),
    "card_import_once_at_a_time": lambda: [card_import(), card_import(state="ready")],
    "card_import_state_known": lambda: card_import(state="x", ended_at=NOW),
    "card_import_end_has_a_time": lambda: card_import(state="done"),
    "card_import_not_beyond_itself": lambda: card_import(staged=1, applied=2),
    "card_import_row_once": staged_twice,
    "card_import_row_pin_is_hashed": lambda: staged(pin_hash="2468"),
    "card_import_row_band_known": lambda: staged(age_band="old"),
    "card_block_reason_known": lambda: card_block(reason="x"),
    "card_block_ends_after_it_began": lambda: card_block(blocked_until=NOW),
    "card_block_lifted_after_it_began": lambda: card_block(lifted_at=NOW - timedelta(minutes=1)),
    "card_block_lifted_has_a_time": lambda: card_block(lifted_by=make.make_user()),
    "patron_lookup_why_known": lambda: lookup(why="x"),
    "patron_lookup_unknown_is_nobody": lambda: lookup(found=False, patron=make.make_patron()),
    "booking_event_actor_known": lambda: BookingEvent.objects.create(booking=booking(), by_kind="ghost", **EVENT),
    "call_why_known": lambda: Call.objects.create(booking=booking(), made_at=NOW, why="x"),
    "call_handled_after_made": lambda: Call.objects.create(
        booking=booking(), made_at=NOW, handled_at=NOW - timedelta(minutes=1)
    ),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses_a_violation_of(name):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        VIOLATIONS[name]()
    assert constraint_of(refused.value) == name


def test_every_named_constraint_has_its_violation():
    named = {c.name for model in apps.get_app_config("reservations").get_models() for c in model._meta.constraints}
    assert named == set(VIOLATIONS)


def test_back_to_back_periods_do_not_collide():
    first = booking()
    make.make_booking(first.device, at(16), at(17))


def test_hours_that_run_past_sunday_midnight_meet_those_of_monday():
    branch = make.make_branch(hours=False)
    hours(branch, 6, 22, 8)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        hours(branch, 0, 7, 23)
    assert constraint_of(refused.value) == "opening_hours_do_not_overlap"


def test_an_ended_row_no_longer_holds_its_device():
    first = booking(ended_at=at(15, 10), outcome="cancelled")
    make.make_booking(first.device, at(15, 30), at(16, 30))


def test_two_seats_can_be_swapped_in_one_update():
    one = booking()
    two = make.make_booking(make.make_device(one.branch), at(15), at(16))
    swapped = {one.pk: two.device_id, two.pk: one.device_id}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reservations_booking SET device_id = CASE id WHEN %s THEN %s ELSE %s END WHERE id IN (%s, %s)",
            [one.pk, swapped[one.pk], swapped[two.pk], one.pk, two.pk],
        )
    assert dict(Booking.objects.values_list("pk", "device_id")) == swapped
