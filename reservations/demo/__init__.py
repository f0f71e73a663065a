"""The demo library's half of reservations: Northlight's rooms, posts, cards and timelines."""

from reservations.demo.guard import clear, holds_nothing, holds_the_demo, is_here, strangers
from reservations.demo.library import Library, opening_ago
from reservations.demo.past import build_past
from reservations.demo.people import (
    ACCOUNTS,
    CARD_LIST,
    PASSWORD,
    PIN,
    SHOWN,
    SITS,
    WAITS,
    Account,
    DemoCard,
    build_people,
)
from reservations.demo.places import build_places
from reservations.demo.present import build_present
from reservations.demo.scene import Step

__all__ = [
    "ACCOUNTS",
    "CARD_LIST",
    "PASSWORD",
    "PIN",
    "SHOWN",
    "SITS",
    "WAITS",
    "Account",
    "DemoCard",
    "Library",
    "Step",
    "build_past",
    "build_people",
    "build_places",
    "build_present",
    "clear",
    "holds_nothing",
    "holds_the_demo",
    "is_here",
    "opening_ago",
    "strangers",
]
