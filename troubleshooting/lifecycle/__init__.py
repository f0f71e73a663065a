"""Every write to a question: a verb locks, checks the table of moves, saves, records, rings the bell."""

from troubleshooting.lifecycle.answering import answer_step, undo_answer
from troubleshooting.lifecycle.calling import call, open_call_at, solved_at_seat
from troubleshooting.lifecycle.claiming import claim, put_back
from troubleshooting.lifecycle.closing import reopen, resolve, withdraw
from troubleshooting.lifecycle.counting import count, take_back
from troubleshooting.lifecycle.intake import log
from troubleshooting.lifecycle.moves import TicketRefused, allowed
from troubleshooting.lifecycle.passing import escalate, hand_over, send_back
from troubleshooting.lifecycle.resting import hand_on, keep, park
from troubleshooting.lifecycle.settling import take_over
from troubleshooting.lifecycle.sorting import sort
from troubleshooting.lifecycle.splitting import split, withdraw_all
from troubleshooting.lifecycle.working import add_note, keep_on

__all__ = [
    "TicketRefused",
    "add_note",
    "allowed",
    "answer_step",
    "call",
    "claim",
    "count",
    "escalate",
    "hand_on",
    "hand_over",
    "keep",
    "keep_on",
    "log",
    "open_call_at",
    "park",
    "put_back",
    "reopen",
    "resolve",
    "send_back",
    "solved_at_seat",
    "sort",
    "split",
    "take_back",
    "take_over",
    "undo_answer",
    "withdraw",
    "withdraw_all",
]
