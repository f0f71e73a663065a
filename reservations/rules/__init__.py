"""Pure rules: what may be booked, and why not. No ORM, no clock."""

from reservations.rules.booking import Asked, DeviceFacts, PatronFacts, PolicyFacts, booking_problems
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
