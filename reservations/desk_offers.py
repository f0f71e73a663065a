"""Reads of the ways out of a refusal at the desk: the nearest moments, the line, another branch with free seats."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from helpdesk import words
from helpdesk.models import User
from reservations.availability import Offer, nearest
from reservations.booking.at_desk import LATER, NOW, Wish
from reservations.desk_times import Wanted
from reservations.forms import read_moment
from reservations.models import Branch
from reservations.overview import BranchFree, branches_with_free
from reservations.patrons.door import patron_known
from reservations.ways import NO_OFFER, ONLY_NOW

NO_MOMENT = {*NO_OFFER, "unknown_number", "reason_needed"}
MOMENTS = 3
ELSEWHERE = 2
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


def ways_out(user: User, branch: Branch, number: str, wish: Wish, codes: Collection[str], *, now: datetime) -> Ways:
    """Return the ways out of a refused wish; a constant number of queries."""
    if NO_MOMENT & set(codes):
        return Ways([], line=False, elsewhere=[])
    patron = patron_known(number, now) if number else None
    session = branch.policy.guest_session_minutes if not number else branch.policy.session_minutes
    around = min(max(wish.start or now, now), now + timedelta(days=branch.policy.horizon_days))
    length = min(wish.minutes or session, session)
    offers = nearest(
        branch,
        around=around,
        minutes=length,
        now=now,
        patron=patron,
        limit=MOMENTS,
        by_staff=True,
        fits=wish.wanted.fits,
    )
    if ONLY_NOW & set(codes):
        offers = [offer for offer in offers if offer.slot.start <= now]
    here_and_now = wish.when == NOW
    others = [row for row in branches_with_free(user, now=now) if row.branch.pk != branch.pk] if here_and_now else []
    free = sorted((row for row in others if row.is_open and row.free), key=lambda row: -row.free)
    return Ways([_moment(offer, now) for offer in offers], here_and_now, free[:ELSEWHERE])


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
