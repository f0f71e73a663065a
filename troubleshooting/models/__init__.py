"""The tables of troubleshooting: categories and their guides, tickets and their events, the outbox, what is learned."""

from troubleshooting.models.category import Category
from troubleshooting.models.guide import GuideAnswer, GuideStep, GuideVersion
from troubleshooting.models.handoff import Handoff, Notification, SweepMark
from troubleshooting.models.ticket import Ticket, TicketEvent
from troubleshooting.models.triage import TriageModel

__all__ = [
    "Category",
    "GuideAnswer",
    "GuideStep",
    "GuideVersion",
    "Handoff",
    "Notification",
    "SweepMark",
    "Ticket",
    "TicketEvent",
    "TriageModel",
]
