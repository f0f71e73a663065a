"""From a birth date to an age band and the last day on which it holds; the date itself is never stored. Pure."""

from datetime import date

from reservations.models.people import AgeBand

OLDEST = 120  # years; whoever is older was mistyped
# The birthday on which a band ends, youngest first (library-practice.md section 5).
ENDS: tuple[tuple[int, str], ...] = (
    (8, AgeBand.SMALL_CHILD),
    (13, AgeBand.SCHOOL_CHILD),
    (16, AgeBand.YOUNG_TEEN),
    (18, AgeBand.OLDER_TEEN),
)


def band_of(born: date, today: date) -> tuple[str, date | None]:
    """Return the age band of somebody born on `born` and the day before the birthday that ends it, None for adults.

    Raises ValueError for a day to come and for more than OLDEST years.
    """
    if born > today or born.year < today.year - OLDEST:
        raise ValueError("nobody is that old or that young")
    for years, band in ENDS:
        birthday = _birthday(born, years)
        if today < birthday:
            return band, date.fromordinal(birthday.toordinal() - 1)
    return AgeBand.ADULT, None


def _birthday(born: date, years: int) -> date:
    """Return the day on which that many years are full; who was born on 29 February is a day late in other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)
