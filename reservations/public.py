"""The door of reservations: what other apps may use. Everything else here is private to this app."""

from reservations.booking.service import Removal, return_to_service, take_out_of_service
from reservations.calendar import Calendar
from reservations.calendars import calendars_of
from reservations.locks import lock_branch
from reservations.staffing import branch_for, branches_for, devices_of, staff_at

__all__ = [
    "Calendar",
    "Removal",
    "branch_for",
    "branches_for",
    "calendars_of",
    "devices_of",
    "lock_branch",
    "return_to_service",
    "staff_at",
    "take_out_of_service",
]
