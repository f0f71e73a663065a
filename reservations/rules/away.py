"""Rules about a card that nobody could check, because the library system does not answer. No ORM, no clock."""

from django.utils.translation import gettext as _

from helpdesk import words
from reservations.rules.facts import Asked
from reservations.rules.problem import Problem


def library_away(asked: Asked) -> Problem | None:
    """A card that was not checked: as the policy says, a seat that is free now, or only with our staff."""
    if not asked.patron.is_unverified:
        return None
    rule = _("While the library system is away")
    if asked.policy.when_away != "allowance":
        sentence = _("The library system cannot be reached, so this card cannot be checked. Ask at the desk.")
        value = _("guest passes only") if asked.policy.when_away == "guests" else _("only with our staff")
        return Problem("library_away", sentence, rule, value)
    if asked.walk_up:
        return None
    sentence = _("The library system cannot be reached, so this card can use seats that are free now, not book ahead.")
    return Problem("library_away", sentence, rule, _("seats that are free now"), next_at=asked.now)


def away_limit(asked: Asked) -> Problem | None:
    """The minutes a day that are given on trust."""
    if not asked.patron.is_unverified or asked.policy.when_away != "allowance":
        return None
    most = asked.policy.away
    used = asked.patron.minutes_on(asked.day) + sum(
        use.minutes for use in asked.patron.uses if use.day == asked.day and not use.counts
    )
    left = max(0, most - used)
    if asked.slot.minutes <= left:
        return None
    fits = left >= asked.policy.min_slot
    said = {"length": words.length(most)}
    return Problem(
        "away_limit",
        _("The library system cannot be reached. Until it is back, this card has %(length)s.") % said,
        _("For a card that cannot be checked"),
        words.length(most),
        next_at=asked.slot.start if fits else None,
        next_minutes=left if fits else None,
        sums={"used": most - left, "left": left, "over": asked.slot.minutes - left, "limit": most},
    )
