"""Read of whether a booking can be sat down to now, as the check-in will see it, and in small words why not."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from helpdesk import words
from reservations.mine import Mine
from reservations.models import Booking, Branch, Patron
from reservations.models.booking import OUT
from reservations.room import Room, load_room
from reservations.rules.slot import Slot
from reservations.rules.when import least_left


def why_not_now(found: list[Mine], branch: Branch, patron: Patron, now: datetime) -> dict[int, str]:
    """Return why a check-in at a screen of `branch` would not work now, '' where it would, for each that is near.

    Keyed by booking; others are left out. No query where there is none, at most five else.
    """
    rows = [mine.booking for mine in found if mine.may_sit_down(branch)]
    if not rows:
        return {}
    room = load_room(branch, now=now, end=now + timedelta(days=1), patron=patron)
    sits = next((mine.booking for mine in found if mine.state == "running"), None)
    return {row.pk: _why(room, row, sits) for row in rows}


def _why(room: Room, row: Booking, sits: Booking | None) -> str:
    """Return why `row` cannot be sat down to, '' where it can; `sits` is where the patron is now."""
    if sits:
        return _("You sit at seat %(seat)s now. Say there that you are done first.") % {"seat": sits.device.label}
    until = row.start if row.start > room.now else row.booked_period.upper
    if until <= room.now:
        return ""
    others = [
        each for each in room.rows.get(row.device_id, []) if each.pk != row.pk and not each.effective_end(room.now)
    ]
    there = next((each for each in others if Slot(room.now, until).meets(each.start, each.until(room.now))), None)
    if there:
        return _taken(there)
    device = next((device for device in room.devices if device.pk == row.device_id), None)
    if device is None:
        return _("This seat is not here any more.")
    short = least_left(room.asked(device, Slot(room.now, row.booked_period.upper), ahead=False))
    return str(short.sentence) if short else ""


def _taken(there: Booking) -> str:
    if there.kind in OUT or there.end is None:
        return _("The seat is out of service.")
    return _("Somebody else has the seat until %(time)s.") % {"time": words.clock(there.end)}
