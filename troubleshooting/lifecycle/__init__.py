"""Every write to a question: a verb locks, checks the table of moves, saves, records, rings the bell."""

from troubleshooting.lifecycle.answering import answer_step, undo_answer
from troubleshooting.lifecycle.calling import call
from troubleshooting.lifecycle.claiming import claim, put_back
from troubleshooting.lifecycle.closing import reopen, resolve, take_back, withdraw
from troubleshooting.lifecycle.intake import log
from troubleshooting.lifecycle.moves import TicketRefused, allowed
from troubleshooting.lifecycle.passing import escalate, hand_over, send_back

__all__ = [
    "TicketRefused",
    "allowed",
    "answer_step",
    "call",
    "claim",
    "escalate",
    "hand_over",
    "log",
    "put_back",
    "reopen",
    "resolve",
    "send_back",
    "take_back",
    "undo_answer",
    "withdraw",
]
