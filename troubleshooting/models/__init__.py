"""The tables of troubleshooting: categories, tickets and their events, the outbox of escalations, what was learned."""

from troubleshooting.models.category import Category
from troubleshooting.models.handoff import Handoff, Notification, SweepMark
from troubleshooting.models.promise import Promise
from troubleshooting.models.ticket import Ticket, TicketEvent
from troubleshooting.models.triage import TriageModel

__all__ = ["Category", "Handoff", "Notification", "Promise", "SweepMark", "Ticket", "TicketEvent", "TriageModel"]
