"""Every write to a question: a verb locks, checks the table of moves, saves, records, rings the bell."""

from troubleshooting.lifecycle.calling import call, open_call_at, solved_at_seat
from troubleshooting.lifecycle.claiming import claim, put_back
from troubleshooting.lifecycle.closing import reopen, resolve, withdraw
from troubleshooting.lifecycle.counting import count, take_back
from troubleshooting.lifecycle.intake import log
from troubleshooting.lifecycle.moves import TicketRefused, allowed
from troubleshooting.lifecycle.passing import escalate, hand_over, send_back

__all__ = [
    "TicketRefused",
    "allowed",
    "call",
    "claim",
    "count",
    "escalate",
    "hand_over",
    "log",
    "open_call_at",
    "put_back",
    "reopen",
    "resolve",
    "send_back",
    "solved_at_seat",
    "take_back",
    "withdraw",
]
