"""The numbers that people are called by: a letter by day and two digits, three from 100."""

from datetime import date

from reservations.models import Branch

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # none that reads like a digit, no Q: screens are read from far away
ANCHOR = date(2026, 11, 24).toordinal() - LETTERS.index("D")


def draw_number(branch: Branch, on: date) -> str:
    """Return the next number of the locked `branch` on branch day `on`: "D41".

    Numbers of a day are never drawn twice: where the clock was set back over midnight, the later day goes on.
    """
    day = max(on, branch.numbers_on or on)
    branch.numbers_drawn = branch.numbers_drawn + 1 if branch.numbers_on == day else 1
    branch.numbers_on = day
    Branch.objects.filter(pk=branch.pk).update(numbers_on=day, numbers_drawn=branch.numbers_drawn)
    return f"{letter(day)}{branch.numbers_drawn:02d}"


def letter(day: date) -> str:
    """Return the letter of a branch day."""
    return LETTERS[(day.toordinal() - ANCHOR) % len(LETTERS)]
