"""The door of reservations: what other apps may use. Everything else here is private to this app."""

from reservations.board import Board, BranchFree, Seat, board, branches_with_free
from reservations.booking.service import Removal, return_to_service, take_out_of_service
from reservations.calendar import Calendar
from reservations.calendars import calendars_of
from reservations.calls import open_calls
from reservations.locks import lock_branch
from reservations.scopes import board_scope
from reservations.seats import SeatPage, device_for, seat_page
from reservations.staffing import branch_for, branches_for, devices_of, staff_at

__all__ = [
    "Board",
    "BranchFree",
    "Calendar",
    "Removal",
    "Seat",
    "SeatPage",
    "board",
    "board_scope",
    "branch_for",
    "branches_for",
    "branches_with_free",
    "calendars_of",
    "device_for",
    "devices_of",
    "lock_branch",
    "open_calls",
    "return_to_service",
    "seat_page",
    "staff_at",
    "take_out_of_service",
]
