"""The tables of reservations: places, rules, devices, people, kiosks and the one timeline per device."""

from reservations.models.blocks import Block
from reservations.models.booking import Booking, BookingEvent
from reservations.models.calls import Call
from reservations.models.cards import CardBlock, CardImport, CardImportRow, PatronLookup
from reservations.models.closing import EarlyClosing, HoursChange
from reservations.models.devices import Device, DeviceClass
from reservations.models.kiosk import Kiosk
from reservations.models.line import BranchPace, Turn, TurnEvent
from reservations.models.people import AgeBand, Card, GuestPass, KeyFingerprint, Patron, PatronDay, PatronKey, SignInTry
from reservations.models.places import Area, Branch, Closure, OpeningHours, SpecialHours, StaffPost
from reservations.models.policy import ClassRule, Policy
from reservations.models.source import SourceState, TrustSeat

__all__ = [
    "AgeBand",
    "Area",
    "Block",
    "Booking",
    "BookingEvent",
    "Branch",
    "BranchPace",
    "Call",
    "Card",
    "CardBlock",
    "CardImport",
    "CardImportRow",
    "ClassRule",
    "Closure",
    "Device",
    "DeviceClass",
    "EarlyClosing",
    "GuestPass",
    "HoursChange",
    "KeyFingerprint",
    "Kiosk",
    "OpeningHours",
    "Patron",
    "PatronDay",
    "PatronKey",
    "PatronLookup",
    "Policy",
    "SignInTry",
    "SourceState",
    "SpecialHours",
    "StaffPost",
    "TrustSeat",
    "Turn",
    "TurnEvent",
]
