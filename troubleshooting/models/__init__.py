"""The tables of troubleshooting: categories, tickets and their events, the outbox, help addresses, what was learned."""

from troubleshooting.models.category import Category
from troubleshooting.models.handoff import Handoff, Notification, SweepMark
from troubleshooting.models.help_address import HelpAddress
from troubleshooting.models.ticket import Ticket, TicketEvent
from troubleshooting.models.triage import TriageModel

__all__ = ["Category", "Handoff", "HelpAddress", "Notification", "SweepMark", "Ticket", "TicketEvent", "TriageModel"]
