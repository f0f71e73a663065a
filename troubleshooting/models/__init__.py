"""The tables of troubleshooting: categories, tickets and their events, the outbox, what was learned,
staff hours and one-to-ones."""

from troubleshooting.models.appointment import Appointment
from troubleshooting.models.category import Category
from troubleshooting.models.handoff import Handoff, Notification, SweepMark
from troubleshooting.models.promise import Promise
from troubleshooting.models.staffing import Absence, Shift
from troubleshooting.models.ticket import Ticket, TicketEvent
from troubleshooting.models.triage import TriageModel

__all__ = [
    "Absence",
    "Appointment",
    "Category",
    "Handoff",
    "Notification",
    "Promise",
    "Shift",
    "SweepMark",
    "Ticket",
    "TicketEvent",
    "TriageModel",
]
