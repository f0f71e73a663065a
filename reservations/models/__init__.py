"""The tables of reservations: places, rules, devices, people, kiosks and the one timeline per device."""

from reservations.models.booking import Booking, BookingEvent, Call
from reservations.models.devices import Device, DeviceClass
from reservations.models.kiosk import Kiosk
from reservations.models.people import AgeBand, Card, GuestPass, KeyFingerprint, Patron, SignInTry
from reservations.models.places import Area, Branch, Closure, OpeningHours, StaffPost
from reservations.models.policy import Policy

__all__ = [
    "AgeBand",
    "Area",
    "Booking",
    "BookingEvent",
    "Branch",
    "Call",
    "Card",
    "Closure",
    "Device",
    "DeviceClass",
    "GuestPass",
    "KeyFingerprint",
    "Kiosk",
    "OpeningHours",
    "Patron",
    "Policy",
    "SignInTry",
    "StaffPost",
]
