"""Reads of the ways out of a refusal at the desk: the nearest moments, the line, another branch with free seats."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import words
from helpdesk.models import User
from reservations.availability import Offer, free_in, nearest, room_for_days
from reservations.booking.at_desk import LATER, NOW, Wish
from reservations.calendars import calendar_of
from reservations.desk_times import Wanted
from reservations.forms import read_moment
from reservations.joining import may_join
from reservations.models import Branch, Patron, Turn
from reservations.models.people import AgeBand, Source
from reservations.overview import BranchFree, branches_with_free
from reservations.room import Room
from reservations.rules.slot import Slot
from reservations.ways import NO_OFFER, ONLY_NOW

NO_MOMENT = {"unknown_number", "pass_over", "card_denied", "reason_needed", *NO_OFFER} - {
    "no_guests"
}  # another seat may take guests
WAYS = 3  # beside the person, who is the last
ELSEWHERE = 1  # other branches, where something works here
OFFER = "offer"


@dataclass(frozen=True)
class Moment:
    """A slot that works, as a button of the form: `value` is what it sends."""

    title: str
    detail: str
    value: str


@dataclass(frozen=True)
class Ways:
    """What works instead: nearest moments first, the line where it makes sense, other branches."""

    moments: list[Moment]
    line: bool
    elsewhere: list[BranchFree]


def ways_out(
    user: User,
    branch: Branch,
    patron: Patron | None,
    wish: Wish,
    codes: Collection[str],
    *,
    now: datetime,
    is_here: bool = True,
) -> Ways:
    """Return up to WAYS ways out of a refused wish, the best first; a constant number of queries.

    `patron` is whom staff looked up, None for somebody who is about to get a guest pass.
    Who is not here (`is_here`) is offered nothing that begins now.
    """
    if NO_MOMENT & set(codes):
        return Ways([], line=False, elsewhere=[])
    room = room_for_days(
        branch, now=now, patron=patron or _new_guest(branch, now), needs=wish.wanted.needs, by_staff=True
    )
    offers = _offers(room, wish, guest=patron is None)
    if ONLY_NOW & set(codes):
        offers = [offer for offer in offers if offer.slot.start <= now]
    if not is_here:
        offers = [offer for offer in offers if offer.slot.start > now]
    line = wish.when == NOW and is_here and _can_wait(room, wish)
    at_once = wish.when != NOW or any(offer.slot.start <= now for offer in offers)
    others = [] if at_once else _elsewhere(user, branch, now)[: ELSEWHERE if line or offers else WAYS]
    moments = [_moment(offer, now) for offer in offers[: WAYS - line - len(others)]]
    return Ways(moments, line=line, elsewhere=others)


def _new_guest(branch: Branch, now: datetime) -> Patron:
    """Return an unsaved stand-in, of whom no row tells, for somebody who is about to get a guest pass."""
    calendar = calendar_of(branch.pk)
    until = calendar.day_bounds(calendar.branch_day(now))[1]
    return Patron(pk=0, source=Source.GUEST, age_band=AgeBand.UNKNOWN, valid_until=until)


def _can_wait(room: Room, wish: Wish) -> bool:
    """Return whether a place in line would be given: the branch is open, and no seat of the kind is free."""
    kinds = {device.device_class.code: device.device_class for device in room.devices}
    if room.calendar.usable_span(room.now, room.branch.policy.stop_minutes) is None:
        return False
    if room.patron and Turn.objects.open().filter(patron=room.patron).exists():
        return False
    return may_join(room, room.patron or Patron(source=Source.LOCAL), kinds.get(wish.wanted.class_code))


def _elsewhere(user: User, branch: Branch, now: datetime) -> list[BranchFree]:
    """Return the other open branches with free seats, most seats first."""
    others = [row for row in branches_with_free(user, now=now) if row.branch.pk != branch.pk]
    return sorted((row for row in others if row.is_open and row.free), key=lambda row: -row.free)


def _offers(room: Room, wish: Wish, *, guest: bool) -> list[Offer]:
    """Return the slots that work: the nearest on the seats that were asked for, a free seat now, other seats."""
    branch, now, wanted = room.branch, room.now, wish.wanted
    session = branch.policy.guest_session_minutes if guest else branch.policy.session_minutes
    length = min(wish.minutes or session, session)
    look = partial(nearest, branch, around=_around(branch, wish, now), minutes=length, now=now, patron=room.patron)
    near = look(limit=WAYS, by_staff=True, fits=wanted.fits)
    seats = [seat for seat in free_in(room).options if wanted.needs <= seat.device.serves]
    free = [Offer(seat.device, Slot.of(now, min(seat.minutes, length))) for seat in seats]
    asks_more = wanted.device_id or wanted.class_code
    others = look(limit=WAYS, by_staff=True, needs=wanted.needs) if asks_more else []
    found: dict[tuple[int, datetime], Offer] = {}
    for offer in [*near[:1], *free[:1], *others[:1], *near[1:], *others[1:]]:
        found.setdefault((offer.device.pk, max(offer.slot.start, now)), offer)
    return list(found.values())


def _around(branch: Branch, wish: Wish, now: datetime) -> datetime:
    """Return the moment to look around: now, or the wished one on the branch's grid and within its horizon."""
    around = min(wish.start or now, now + timedelta(days=branch.policy.horizon_days))
    local = timezone.localtime(around)
    step = timedelta(minutes=branch.policy.start_every_minutes)
    past = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return max(around - past % step, now)


def _moment(offer: Offer, now: datetime) -> Moment:
    slot = offer.slot
    at_once = slot.start <= now
    said = {"start": words.moment(slot.start, now), "end": words.clock(slot.end)}
    title = _("now to %(end)s") % said if at_once else _("%(start)s to %(end)s") % said
    start = "" if at_once else slot.start.isoformat()
    return Moment(title, offer.device.said, f"{OFFER}|{offer.device.pk}|{start}|{slot.minutes}")


def offer_wish(value: str) -> Wish | None:
    """Return the wish that the button of a moment sends, None for anything else."""
    kind, *parts = value.split("|")
    if kind != OFFER or len(parts) != 3:
        return None
    device, start, minutes = parts
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in (device, minutes)) or minutes == "0":
        return None
    try:
        at = read_moment(start) if start else None
    except ValidationError:
        return None
    return Wish(LATER if at else NOW, Wanted(device_id=int(device)), at, int(minutes))
