"""The door of reservations: what other apps may use. Everything else here is private to this app."""

from reservations import demo
from reservations.board import Board, Seat, board
from reservations.board_rows import ToTell
from reservations.booking.degrade import degrade, mend
from reservations.booking.help import begin_help, end_help
from reservations.booking.keep import give_seat_back, keep_seat
from reservations.booking.service import Removal, expect_back, return_to_service, take_out_of_service
from reservations.calendar import Calendar
from reservations.calendars import calendars_of
from reservations.calls import open_calls
from reservations.desk_line import DeskLine, DeskRow, desk_line
from reservations.finding import devices_called
from reservations.kiosk_request import KioskRequest, actor_at, is_poll, kiosk_view, patron_of, render_step, see_other
from reservations.locks import lock_branch
from reservations.needs import lack_word, need_word
from reservations.overview import BranchFree, branches_with_free
from reservations.period import period
from reservations.reseating import Preview, preview_lacks, preview_lines, preview_out, preview_words
from reservations.rules.problem import Refused
from reservations.rules.reach import back_problem
from reservations.scopes import board_scope
from reservations.seats import SeatPage, device_for, expected_back, seat_page, standing_device
from reservations.set_up.checklist import missing_at
from reservations.staffing import branch_for, branches_for, branches_seen, devices_of, staff_at
from reservations.wait_words import wait_words
from reservations.whereabouts import seat_of

__all__ = [
    "Board",
    "BranchFree",
    "Calendar",
    "DeskLine",
    "DeskRow",
    "KioskRequest",
    "Preview",
    "Refused",
    "Removal",
    "Seat",
    "SeatPage",
    "ToTell",
    "actor_at",
    "back_problem",
    "begin_help",
    "board",
    "board_scope",
    "branch_for",
    "branches_for",
    "branches_seen",
    "branches_with_free",
    "calendars_of",
    "degrade",
    "demo",
    "desk_line",
    "device_for",
    "devices_called",
    "devices_of",
    "end_help",
    "expect_back",
    "expected_back",
    "give_seat_back",
    "is_poll",
    "keep_seat",
    "kiosk_view",
    "lack_word",
    "lock_branch",
    "mend",
    "missing_at",
    "need_word",
    "open_calls",
    "patron_of",
    "period",
    "preview_lacks",
    "preview_lines",
    "preview_out",
    "preview_words",
    "render_step",
    "return_to_service",
    "seat_of",
    "seat_page",
    "see_other",
    "staff_at",
    "standing_device",
    "take_out_of_service",
    "wait_words",
]
