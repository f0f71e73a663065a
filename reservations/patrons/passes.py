"""Guest passes: one or a batch from the desk, one from a kiosk where the policy allows. A code is shown once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.calendars import calendar_of
from reservations.kept_out import takes_guests
from reservations.models import Branch, GuestPass, Kiosk, Patron
from reservations.patrons.keys import guest_key
from reservations.patrons.remember import remember
from reservations.patrons.sources import pass_identity
from reservations.rules.problem import Problem, Refused

CODE_DIGITS = 10  # of a guest pass: typed on the kiosk's digits, 10^10 against 20 tries in ten minutes
MOST = 40  # passes of one batch: a sheet of slips
HOURS = (1, 2, 4)  # for which a pass may be given, beside days
TODAY = "d1"
REPEATED = Problem(
    "repeated", gettext_lazy("This pass has just been issued."), gettext_lazy("Double request"), lift_by=""
)
NOT_HERE = Problem(
    "no_self_service",
    gettext_lazy("This screen gives out no guest numbers. Ask at the desk for one."),
    gettext_lazy("Guest passes at the kiosk"),
    lift_by="",
)
GONE = Problem(
    "passes_gone",
    gettext_lazy("This screen has given out all its guest numbers for today. Ask at the desk for one."),
    gettext_lazy("Passes a kiosk gives out in a day"),
    lift_by="",
)


@dataclass(frozen=True)
class IssuedPass:
    """A new guest pass and its code, which is shown now and never again ("" for a repeated request)."""

    guest_pass: GuestPass
    code: str


def lengths(branch: Branch) -> list[str]:
    """Return for how long a pass of the branch may be given: hours as h1, branch days as d1 (today)."""
    days = [f"d{day}" for day in range(1, branch.policy.guest_pass_days + 1)]
    return [*(f"h{hours}" for hours in HOURS), *days]


@transaction.atomic
def issue_guest_pass(
    *, branch: Branch, request_key: UUID, by: Actor, now: datetime, lasts: str = TODAY, kiosk: Kiosk | None = None
) -> IssuedPass:
    """Issue a pass that is good at every branch for as long as `lasts` says, until this branch day ends without.

    Raises Refused `pass_length` for a length that the policy does not have.
    """
    earlier = GuestPass.objects.filter(request_key=request_key).first()
    if earlier:
        return IssuedPass(earlier, "")
    code = "".join(secrets.choice("0123456789") for _digit in range(CODE_DIGITS))
    guest_pass = GuestPass(
        key=guest_key(code),
        alias=f"G{code[-3:]}",
        branch=branch,
        issued_at=now,
        issued_by_id=by.user_id,
        issued_kiosk=kiosk,
        valid_until=_end(branch, lasts, now),
        request_key=request_key,
    )
    with refused_by("reservations_guestpass_request_key_key", Refused(REPEATED)):
        guest_pass.save(force_insert=True)
    return IssuedPass(guest_pass, code)


def _end(branch: Branch, lasts: str, now: datetime) -> datetime:
    if lasts not in lengths(branch):
        sentence = _("A guest pass of this branch is not given for so long. Choose one of the shown.")
        raise Refused(Problem("pass_length", sentence, _("Guest pass, days"), str(branch.policy.guest_pass_days)))
    many = int(lasts[1:])
    if lasts.startswith("h"):
        return now + timedelta(hours=many)
    calendar = calendar_of(branch.pk)
    return calendar.day_bounds(calendar.branch_day(now) + timedelta(days=many - 1))[1]


@transaction.atomic
def issue_batch(
    *, branch: Branch, many: int, request_key: UUID, by: Actor, now: datetime, lasts: str = TODAY
) -> list[IssuedPass]:
    """Issue 1 to MOST passes at once; a repeated request gets the same ones without their codes.

    Raises Refused `pass_many` and `pass_length`.
    """
    if not 1 <= many <= MOST:
        sentence = _("A batch has 1 to %(most)d passes. Choose a number between them.") % {"most": MOST}
        raise Refused(Problem("pass_many", sentence, _("Passes of one batch"), str(MOST), lift_by=""))
    return [
        issue_guest_pass(branch=branch, request_key=uuid5(request_key, str(n)), by=by, now=now, lasts=lasts)
        for n in range(many)
    ]


@transaction.atomic
def take_pass(*, kiosk: Kiosk, request_key: UUID, by: Actor, now: datetime) -> IssuedPass:
    """Give somebody at a kiosk a pass for today, where its branch does so and while its day's number is not used up.

    Raises Refused `no_self_service` and `passes_gone`.
    """
    Kiosk.objects.select_for_update(no_key=True).get(pk=kiosk.pk)  # one at a time, so that none slips past the count
    if not _gives(kiosk):
        raise Refused(NOT_HERE)
    earlier = GuestPass.objects.filter(request_key=request_key, issued_kiosk=kiosk).exists()
    if not earlier and not _has_some(kiosk, now):
        raise Refused(GONE)
    return issue_guest_pass(branch=kiosk.branch, request_key=request_key, by=by, now=now, kiosk=kiosk)


def gives_passes(kiosk: Kiosk, now: datetime) -> bool:
    """Return whether somebody would get a pass from this screen now. At most four queries."""
    return _gives(kiosk) and _has_some(kiosk, now)


def _gives(kiosk: Kiosk) -> bool:
    """Return whether the policy lets the screen give out passes; one that no seat of the branch takes is none."""
    return bool(kiosk.branch.policy.guest_self_service) and takes_guests(kiosk.branch)


def _has_some(kiosk: Kiosk, now: datetime) -> bool:
    return bool(given_today(kiosk, now) < kiosk.branch.policy.guest_self_a_day)


def given_today(kiosk: Kiosk, now: datetime) -> int:
    """Return how many passes a kiosk has given out in this branch day."""
    calendar = calendar_of(kiosk.branch_id)
    began = calendar.day_bounds(calendar.branch_day(now))[0]
    return GuestPass.objects.filter(issued_kiosk=kiosk, issued_at__gte=began).count()


def patron_of_pass(guest_pass: GuestPass, now: datetime) -> Patron:
    """Return the patron who holds a pass that has just been issued."""
    return remember(pass_identity(guest_pass), now)
