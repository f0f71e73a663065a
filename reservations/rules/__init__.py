"""Pure rules: what may be booked, and why not. No ORM, no clock."""

from reservations.rules.booking import booking_problems
from reservations.rules.facts import Asked, DeviceFacts, PatronFacts, PolicyFacts
from reservations.rules.problem import Problem, Refused
from reservations.rules.slot import Slot

__all__ = [
    "Asked",
    "DeviceFacts",
    "PatronFacts",
    "PolicyFacts",
    "Problem",
    "Refused",
    "Slot",
    "booking_problems",
]
