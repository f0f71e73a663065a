"""The row of needs at the kiosk: what a seat should have, named by the thing, kept in the address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reservations.models import Device
from reservations.needs import need_word

LONGEST = 200  # characters of an address
ICONS = {
    "screen-reader": "speak",
    "large-screen": "seat",
    "large-keyboard": "keyboard",
    "raised-desk": "desk",
    "scanner": "scan",
    "headset": "sound",
    "printing": "printer",
    "sound": "sound",
}


@dataclass(frozen=True)
class Toggle:
    """One button of the row: `sent` is what the address asks for once it was tapped."""

    code: str
    word: str | Promise
    icon: str
    sent: str
    is_on: bool


def read_needs(text: str) -> frozenset[str]:
    """Return the needs that an address names ("headset,scanner"); what is unknown is not asked."""
    return frozenset(text[:LONGEST].split(",")) & ICONS.keys()


def asked_with(query: Mapping[str, str]) -> frozenset[str]:
    """Return the needs of a form or an address."""
    return read_needs(query.get("needs", ""))


def said_needs(needs: Iterable[str]) -> str:
    """Return `needs` as an address names them."""
    chosen = frozenset(needs)
    return ",".join(code for code in ICONS if code in chosen)


def words_of(needs: Iterable[str]) -> str:
    """Return `needs` as people read them: "Scanner, headset"."""
    chosen = frozenset(needs)
    return capfirst(", ".join(need_word(code) for code in ICONS if code in chosen))


def asked_for(devices: Iterable[Device]) -> frozenset[str]:
    """Return what it makes sense to ask for: what some seat has, and of what every seat can what some seat cannot."""
    seats = list(devices)
    special = {feature for device in seats for feature in device.features}
    return frozenset(special | {lack for device in seats for lack in device.lacks})


def toggles(devices: Iterable[Device], chosen: frozenset[str]) -> list[Toggle]:
    """Return "Any seat" and each need that a seat among `devices` has; nothing where none does."""
    there = asked_for(devices) | chosen
    rows = [
        Toggle(code, capfirst(need_word(code)), icon, said_needs(chosen ^ {code}), code in chosen)
        for code, icon in ICONS.items()
        if code in there
    ]
    return [Toggle("any", _("Any seat"), "check", "", not chosen), *rows] if rows else []
