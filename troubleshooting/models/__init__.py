"""The tables of troubleshooting: categories, tickets and their events, the outbox, what was learned, what is found."""

from troubleshooting.models.category import Category
from troubleshooting.models.handoff import Handoff, Notification, SweepMark
from troubleshooting.models.search import SavedView, SearchWord
from troubleshooting.models.ticket import Ticket, TicketEvent
from troubleshooting.models.triage import TriageModel

__all__ = [
    "Category",
    "Handoff",
    "Notification",
    "SavedView",
    "SearchWord",
    "SweepMark",
    "Ticket",
    "TicketEvent",
    "TriageModel",
]
