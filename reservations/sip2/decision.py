"""From an answer of the library system to a verdict: who it is, or a reason code. Pure: no network, no database.

The table is that of docs/sip2.md. Staff see the reason, a patron one of two neutral sentences: that number and PIN do
not go together, or that our staff have to look at the card.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk.library_system import FLAGS, LibrarySystem
from reservations.sip2.frames import Message

UNKNOWN, WRONG_PIN, NOT_CHECKED = "unknown_card", "wrong_pin", "pin_not_checked"
NOBODY = frozenset({UNKNOWN, WRONG_PIN, NOT_CHECKED})  # nothing of the answer may be used
BIRTHDAYS = (
    (8, "small_child"),
    (13, "school_child"),
    (16, "young_teen"),
    (18, "older_teen"),
)  # from this age: the next
OLDEST = 130  # years; an older date is a placeholder
# What staff are told. A flag's reason is flag_ and its name, see FLAGS.
REASONS: Mapping[str, Promise] = {
    UNKNOWN: _("the library system does not know the card"),
    WRONG_PIN: _("the PIN is wrong"),
    NOT_CHECKED: _("the library system did not check the PIN"),
    "expired": _("the card has expired"),
    "fees": _("more is owed than the limit"),
    "no_internet": _("the card may not use the internet"),
    "field": _("a field of the answer says no"),
    "no_birth_date": _("the birth date is missing"),
    "flag_lost": _("the card is reported lost"),
}


@dataclass(frozen=True)
class Verdict:
    """Who the library system says it is, and why not (`reason`, "" where nothing stands against it).

    `number` is the card number as the library system writes it. The birth date is used and forgotten: `band_until` is
    the last day of the month in which the band ends, which says of nobody on which day they were born.
    """

    reason: str = ""
    detail: str = ""
    number: str = ""
    internal_id: str = ""
    age_band: str = "unknown"
    band_until: date | None = None

    @property
    def is_somebody(self) -> bool:
        return self.reason not in NOBODY


def decide(answer: Message, *, number: str, with_pin: bool, system: LibrarySystem, today: date) -> Verdict:
    """Return the verdict of an answer 24 or 64 for `number`; `with_pin`: a PIN that was not empty was sent.

    `today` is the day by the branch's clock.
    """
    valid = answer.first("BL")
    if valid != "Y" and not (valid is None and system.valid_without_bl):
        return Verdict(UNKNOWN)
    if with_pin and answer.first("CQ") != "Y":
        return Verdict(WRONG_PIN if answer.first("CQ") == "N" else NOT_CHECKED)
    band, until = _age(answer, system, today)
    against = next(
        ((why, detail) for rule in RULES if (found := rule(answer, system, today)) for why, detail in [found]), None
    )
    return Verdict(
        reason=against[0] if against else "",
        detail=against[1] if against else "",
        number=answer.first("AA") or number,
        internal_id=(answer.first(system.id_field) or "") if system.id_field else "",
        age_band="unknown" if band == "refuse" else band,
        band_until=until,
    )


Found = tuple[str, str] | None


def _flags(answer: Message, system: LibrarySystem, today: date) -> Found:
    for place in sorted(system.deny_flags):
        if answer.fixed[place : place + 1] == "Y":
            return f"flag_{FLAGS[place]}", ""
    return None


def _expired(answer: Message, system: LibrarySystem, today: date) -> Found:
    until = day_of(answer.first(system.expiry_field)) if system.expiry_field else None
    if until and until < today:
        return "expired", until.isoformat()
    if system.expired_text and any(system.expired_text.search(text) for text in answer.every("AF")):
        return "expired", "AF"
    return None


def _fields(answer: Message, system: LibrarySystem, today: date) -> Found:
    for name, pattern in system.deny_fields:
        if any(pattern.fullmatch(value.strip()) for value in answer.every(name)):
            return "field", name
    return None


def _fees(answer: Message, system: LibrarySystem, today: date) -> Found:
    limit = money_of(answer.first("CC")) if system.fee_limit == "CC" else system.fee_limit
    owed = money_of(answer.first("BV"))
    return ("fees", "BV") if isinstance(limit, Decimal) and owed is not None and owed > limit else None


def _internet(answer: Message, system: LibrarySystem, today: date) -> Found:
    said = answer.first(system.internet_field) if system.internet_field else None
    return ("no_internet", system.internet_field) if said is not None and said.strip().upper() == "N" else None


def _no_age(answer: Message, system: LibrarySystem, today: date) -> Found:
    return ("no_birth_date", "") if _age(answer, system, today)[0] == "refuse" else None


Rule = Callable[[Message, LibrarySystem, date], Found]
RULES: tuple[Rule, ...] = (_flags, _expired, _fields, _fees, _internet, _no_age)


def _age(answer: Message, system: LibrarySystem, today: date) -> tuple[str, date | None]:
    """Return the age band and until when it holds: by birth date, else by category, else as the settings say."""
    born = day_of(answer.first(system.birth_field)) if system.birth_field else None
    if born and born <= today and today.year - born.year <= OLDEST:
        return band_of(born, today)
    category = (answer.first(system.category_field) or "").strip() if system.category_field else ""
    known = system.categories.get(category)
    if known:
        return known, None
    return (system.age_unknown, None) if system.birth_field or system.category_field else ("unknown", None)


def band_of(born: date, today: date) -> tuple[str, date | None]:
    """Return the band of somebody born on `born`, and the last day of the month in which it ends (adults: None)."""
    for age, band in BIRTHDAYS:
        birthday = _birthday(born, age)
        if today < birthday:
            return band, _end_of_month(birthday)
    return "adult", None


def _birthday(born: date, age: int) -> date:
    """Return the day on which somebody turns `age`; who was born on 29 February does so on 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def _end_of_month(day: date) -> date:
    after = day.replace(day=28) + timedelta(days=4)
    return after - timedelta(days=after.day)


def day_of(value: str | None) -> date | None:
    """Return the day that a value begins with, YYYYMMDD with or without signs between; None for anything else."""
    digits = re.sub(r"[-/.]", "", (value or "").strip())[:8]
    if not re.fullmatch(r"[0-9]{8}", digits):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def money_of(value: str | None) -> Decimal | None:
    """Return an amount written as 12.50, 12,50, 1,234.50, 1.234,50 or with a currency; None where there is none."""
    bare = re.sub(r"[^0-9.,-]", "", value or "")
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma > point:
        decimals = len(bare) - comma - 1
        bare = bare.replace(".", "").replace(",", "." if decimals != 3 or point >= 0 else "")
    else:
        bare = bare.replace(",", "")
    try:
        amount = Decimal(bare)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def in_words(reason: str) -> str:
    """Return what staff are told of a reason; a flag without words of its own is shown by its name."""
    return str(REASONS.get(reason, reason.removeprefix("flag_").replace("_", " ")))
