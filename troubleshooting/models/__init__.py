"""The tables of troubleshooting: categories, guides, tickets and their events, the outbox, help addresses,
what was learned, what is found, staff hours and one-to-ones."""

from troubleshooting.models.appointment import Appointment
from troubleshooting.models.category import Category
from troubleshooting.models.guide import GuideAnswer, GuideStep, GuideVersion
from troubleshooting.models.handoff import Handoff, Notification, SweepMark
from troubleshooting.models.help_address import HelpAddress
from troubleshooting.models.promise import Promise
from troubleshooting.models.search import SavedView, SearchWord
from troubleshooting.models.staffing import Absence, Shift
from troubleshooting.models.ticket import Ticket, TicketEvent
from troubleshooting.models.triage import TriageModel

__all__ = [
    "Absence",
    "Appointment",
    "Category",
    "GuideAnswer",
    "GuideStep",
    "GuideVersion",
    "Handoff",
    "HelpAddress",
    "Notification",
    "Promise",
    "SavedView",
    "SearchWord",
    "Shift",
    "SweepMark",
    "Ticket",
    "TicketEvent",
    "TriageModel",
]
