"""A seat for somebody with an adult: a booking beside the adult's own, and what both do together.

Who sits there is a patron of one booking, with the age band that was chosen and no card; the adult is `responsible`.
The seat runs at most as long as the adult's, so the adult's own limits bound it and need no second account.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helpdesk.actor import Actor
from reservations.booking.ahead import cancel, over_problem
from reservations.booking.frame import Frame, open_frame, seats_of
from reservations.booking.insert import insert
from reservations.booking.override import record
from reservations.booking.seat import finish
from reservations.booking.time import extend
from reservations.booking.trust import count_trust, trust_problems
from reservations.locks import lock_branch
from reservations.models import Booking, Device, Patron
from reservations.models.booking import Kind
from reservations.models.people import AGES, AgeBand, Source
from reservations.period import period
from reservations.rules.booking import booking_problems
from reservations.rules.fit import MINUTE
from reservations.rules.problem import Problem, Refused
from reservations.rules.slot import Slot

ADULT = 18
BANDS = (AgeBand.SMALL_CHILD, AgeBand.SCHOOL_CHILD, AgeBand.YOUNG_TEEN, AgeBand.OLDER_TEEN, AgeBand.ADULT)
Verb = Callable[..., Booking]
RUNNING: tuple[Verb, ...] = (finish, extend)  # what is done to a seat at which somebody sits
NOT_ADULT = Problem(
    "not_adult",
    gettext_lazy("An adult takes a seat for somebody with them. Ask at the desk together."),
    gettext_lazy("Who brings somebody"),
)


@transaction.atomic
def book_beside(
    *, booking: Booking, band: str, request_key: UUID, by: Actor, now: datetime, override: str = ""
) -> Booking:
    """Book a seat for somebody of the age `band` at the times of an adult's `booking`, now if the adult sits there.

    The nearest free seat whose class fits the age is taken, until the adult's end or less where the class gives less.
    The same `request_key` again returns the first one. Raises Refused `over`, `not_adult`, `family_seats`, `no_seat`,
    and every rule that keeps them from the seat with the fewest rules against it.
    """
    frame = open_frame(
        branch_id=booking.branch_id,
        now=now,
        patron_id=booking.patron_id,
        device_ids={booking.device_id, *seats_of(booking.branch_id)},
        booking_id=booking.pk,
        request_key=request_key,
    )
    if frame.repeated:
        return frame.repeated
    row = frame.row(booking)
    adult = frame.patron
    lifted = frame.check([*_may_bring(frame, row), *trust_problems(frame, adult, by)], by=by, override=override)
    frame = replace(frame, patron=_somebody(frame, band), days=())
    device, slot, problems = _seat(frame, row, by, guest=adult is not None and adult.is_guest)
    lifted += frame.check(problems, by=by, override=override)
    made = insert(frame, device, slot, walk_up=row.is_running, by=by, request_key=request_key)
    count_trust(adult, by, now)
    made.responsible_id = booking.patron_id
    made.save(update_fields=["responsible"])
    record(made, lifted, override=override, by=by, now=now)
    return made


def _may_bring(frame: Frame, row: Booking) -> list[Problem]:
    """Return what keeps the adult of `row` from a further seat."""
    adult = frame.patron
    if adult is None or row.kind != Kind.PATRON or row.ended_at or adult.source == Source.FAMILY:
        raise Refused(over_problem())
    if AGES[adult.age_band][0] < ADULT:
        return [NOT_ADULT]
    most = frame.branch.policy.family_seats
    if len(beside(row)) < most:
        return []
    sentence = ngettext(
        "%(count)d seat beside your own is the most. Ask at the desk for more.",
        "%(count)d seats beside your own are the most. Ask at the desk for more.",
        most,
    )
    if not most:
        sentence = _("Our staff book seats for somebody with you. Ask at the desk together.")
    rule = _("Seats for somebody with an adult")
    return [Problem("family_seats", sentence % {"count": most} if most else sentence, rule, str(most))]


def _somebody(frame: Frame, band: str) -> Patron:
    """Make the patron of this one booking: no card, an age band, the adult's alias with a mark."""
    assert frame.patron is not None
    whole = "" if frame.patron.is_guest else "…"  # as the adult is said: a guest pass as it is, of a card its end
    alias = f"{whole}{frame.patron.alias[:14]}+"
    key = f"f1:{secrets.token_hex(24)}"
    return Patron.objects.create(key=key, source=Source.FAMILY, alias=alias, age_band=AgeBand(band), seen_at=frame.now)


def _seat(frame: Frame, row: Booking, by: Actor, *, guest: bool) -> tuple[Device, Slot, list[Problem]]:
    """Return the nearest seat that works, else the one with the fewest rules against it.

    Who comes with a `guest` has no card here either.
    """
    own = frame.device(row.device_id)
    others = sorted((d for d in frame.devices if d.pk != own.pk and d.retired_on is None), key=_nearness(own))
    found: list[tuple[Device, Slot, list[Problem]]] = []
    for device in others:
        slot = _slot(frame, row, device)
        if slot is None:
            continue
        asked = frame.asked(device, slot, walk_up=row.is_running, by=by)
        problems = booking_problems(replace(asked, patron=replace(asked.patron, is_guest=guest)))
        if not problems:
            return device, slot, []
        found.append((device, slot, problems))
    if not found:
        sentence = _("No other seat is free at your times. Ask at the desk.")
        raise Refused(Problem("no_seat", sentence, _("All seats taken"), lift_by=""))
    return min(found, key=lambda each: len(each[2]))


def _slot(frame: Frame, row: Booking, device: Device) -> Slot | None:
    """Return the adult's times on `device`, shorter where its class is; None where nothing is left of them."""
    assert row.end is not None
    start = frame.start_on(device) if row.is_running else max(row.start, frame.now)
    end = min(row.end, start + frame.policy_facts(device).session * MINUTE)
    return Slot(start, end) if end - start >= timedelta(minutes=1) else None


def _nearness(own: Device) -> Callable[[Device], tuple[bool, bool, int, int]]:
    return lambda device: (
        device.area_id != own.area_id,
        device.device_class_id != own.device_class_id,
        abs(device.position - own.position),
        device.pk,
    )


def beside(booking: Booking) -> list[Booking]:
    """Return the standing seats of people whom the adult of `booking` has with them at its times."""
    if booking.patron_id is None:
        return []
    return list(_with(booking).select_related("device__device_class", "branch__policy", "patron"))


def _with(booking: Booking) -> QuerySet[Booking]:
    standing = Booking.objects.open().filter(responsible=booking.patron_id, branch=booking.branch_id)
    return standing.filter(period__overlap=period(booking.start, booking.end)).order_by("pk")


def may_bring(booking: Booking, now: datetime) -> bool:
    """Return whether a seat beside `booking` would be offered: an adult's own, and the policy's number not reached."""
    adult = booking.patron
    if adult is None or adult.source == Source.FAMILY or booking.effective_end(now) is not None:
        return False
    most = booking.branch.policy.family_seats
    return bool(most) and AGES[adult.age_band][0] >= ADULT and len(beside(booking)) < most


def chosen(verb: Verb, booking: Booking, *, both: bool) -> Verb:
    """Return `verb` for one booking or for both; who may not stay alone leaves with the adult in any case."""
    leaves = verb in (cancel, finish) and any(needs_the_adult(row) for row in beside(booking))
    return partial(together, verb=verb) if both or leaves else verb


def needs_the_adult(row: Booking) -> bool:
    """Return whether who sits at `row` may do so only while the adult is there; device and branch's policy are read.

    A small child never stays alone, wherever it sits: libraries ask for an adult with it in the whole house.
    """
    if row.patron is None:
        return False
    if row.patron.age_band == AgeBand.SMALL_CHILD:
        return True
    rule = row.branch.policy.rule_for(row.device.device_class_id)
    return AGES[row.patron.age_band][0] < rule.supervised_below


@transaction.atomic
def together(*, verb: Verb, booking: Booking, by: Actor, now: datetime, **words: Any) -> Booking:
    """Let `verb` (check_in, cancel, finish, extend) do the same to an adult's booking and the seats beside it.

    Both or none; a seat beside it that is past that step is left as it is. Raises what the verb raises.
    """
    lock_branch(booking.branch_id)
    is_running = verb in RUNNING
    rows = [row for row in beside(booking) if row.is_running == is_running and row.effective_end(now) is None]
    done = verb(booking=booking, by=by, now=now, **words)
    for row in rows:
        verb(booking=row, by=by, now=now, **words)
    return done
