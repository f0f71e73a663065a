"""One line of a file of cards: its cells become what a card keeps, or the code of a refusal. Pure but for the keys."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reservations.models import AgeBand
from reservations.patrons.ages import band_of
from reservations.patrons.keys import card_key, hash_pin_of_import, normalise
from reservations.table_file import LINE_SENTENCES, LineRefused, bare

NUMBER_LENGTHS = (5, 40)  # letters and digits
PIN_LENGTHS = (4, 16)
ALIAS_LENGTH = 3
ROUNDED = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)  # what a spreadsheet makes of a long number
DAY = re.compile(r"\d{4}-\d\d-\d\d")
KEEP, DELETE = frozenset({"", "add", "change", "keep"}), frozenset({"delete", "remove"})

SENTENCES: dict[str, Promise] = {
    **LINE_SENTENCES,
    "no_number": _("The number is missing."),
    "number_length": _("The number must have 5 to 40 letters and digits."),
    "number_rounded": _("A spreadsheet has rounded the number. Export that column as text."),
    "formula": _("The number or the PIN begins like a formula, with =, +, - or @."),
    "pin_length": _("The PIN must have 4 to 16 characters."),
    "no_pin": _("The card is new, so it needs a PIN."),
    "age_band": _(
        "The age band must be one of: small_child, school_child, child, young_teen, older_teen, teen, adult."
    ),
    "birth_date": _("The birth date must be a day that has been, written like 2015-03-31."),
    "expires_on": _("The day on which the card expires must be written like 2027-12-31."),
    "action": _("The action must be empty or: delete."),
}


def row_of(cells: Mapping[str, str], today: date) -> dict[str, Any]:
    """Return the columns of a CardImportRow. Raises LineRefused."""
    number = _number(cells.get("number", ""))
    row: dict[str, Any] = {"key": card_key(number), "alias": number[-ALIAS_LENGTH:]}
    action = cells.get("action", "").lower()
    if action in DELETE:
        return {**row, "is_removal": True}
    if action not in KEEP:
        raise LineRefused("action")
    row["pin_hash"] = _pin(cells.get("pin", ""))
    row["age_band"], row["band_until"] = _band(cells, today)
    row["expires_on"] = _day(cells.get("expires_on", ""), "expires_on")
    return row


def _number(cell: str) -> str:
    number = bare(cell)
    if not number:
        raise LineRefused("no_number")
    if ROUNDED.fullmatch(number):
        raise LineRefused("number_rounded")
    number = normalise(number)
    if not NUMBER_LENGTHS[0] <= len(number) <= NUMBER_LENGTHS[1]:
        raise LineRefused("number_length")
    return number


def _pin(cell: str) -> str:
    """Return the stored form of a PIN, '' where the cell is empty."""
    pin = bare(cell)
    if not pin:
        return ""
    if not PIN_LENGTHS[0] <= len(pin) <= PIN_LENGTHS[1]:
        raise LineRefused("pin_length")
    return hash_pin_of_import(pin)


def _band(cells: Mapping[str, str], today: date) -> tuple[str, date | None]:
    """Return the band and its last day: by the birth date where there is one, else as the file says."""
    born = _day(cells.get("birth_date", ""), "birth_date")
    if born:
        try:
            return band_of(born, today)
        except ValueError as error:
            raise LineRefused("birth_date") from error
    said = cells.get("age_band", "").lower().replace(" ", "_") or AgeBand.UNKNOWN.value
    if said not in AgeBand.values:
        raise LineRefused("age_band")
    return said, None


def _day(cell: str, code: str) -> date | None:
    if not cell:
        return None
    try:
        return date.fromisoformat(cell if DAY.fullmatch(cell) else "")
    except ValueError as error:
        raise LineRefused(code) from error
