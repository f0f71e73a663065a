"""The tables of troubleshooting: categories, tickets and their events, the outbox of escalations."""

from troubleshooting.models.category import Category
from troubleshooting.models.handoff import Handoff, Notification, SweepMark
from troubleshooting.models.ticket import Ticket, TicketEvent

__all__ = ["Category", "Handoff", "Notification", "SweepMark", "Ticket", "TicketEvent"]
