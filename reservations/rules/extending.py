"""Why a running session may not be made longer, and how far it could be. No ORM, no clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from reservations.calendar import Calendar
from reservations.rules.facts import Busy, DeviceFacts, PatronFacts, PolicyFacts
from reservations.rules.problem import Problem
from reservations.rules.when import STOPPED
from reservations.rules.who import blocked_at

MINUTE = timedelta(minutes=1)
LEAST = 5  # minutes: less than this is not worth offering
LADDER = {"none": (), "staff": ("staff",), "asked": ("staff", "patron"), "automatic": ("staff", "patron", "system")}


@dataclass(frozen=True)
class Stretch:
    """A running session and the minutes that are asked for it.

    `who` asks: staff, patron or system. `freely`: staff give a length of their own, with a reason. `waiting` is how
    many people in line the seat would serve.
    """

    start: datetime
    end: datetime
    minutes: int
    extensions: int
    now: datetime
    device: DeviceFacts
    patron: PatronFacts
    policy: PolicyFacts
    calendar: Calendar
    waiting: int = 0
    who: str = "patron"
    freely: bool = False

    @property
    def new_end(self) -> datetime:
        return self.end + self.minutes * MINUTE

    @property
    def day(self) -> date:
        return self.calendar.branch_day(self.start)

    def minutes_to(self, end: datetime) -> int | None:
        """Return the whole minutes that a rule leaves until `end`, None if too few to offer."""
        return _worth((end - self.end) // MINUTE)


def stretch_problems(stretch: Stretch) -> list[Problem]:
    """Return every rule that the longer session breaks; each says how many minutes it alone would allow."""
    return [problem for rule in RULES if (problem := rule(stretch)) is not None]


def fitting(problems: list[Problem]) -> int | None:
    """Return the minutes that all of `problems` together would still allow, None if there are none worth having."""
    lengths = [problem.next_minutes for problem in problems]
    return None if None in lengths else min((n for n in lengths if n is not None), default=None)


def latest_end(stretch: Stretch) -> datetime:
    """Return how far the seat, its person and the stop leave the session, never before its present end."""
    ends = [_stop(stretch), stretch.patron.valid_until, _own_next(stretch)]
    following = _following(stretch)
    if following:
        ends.append(following.start - (timedelta() if following.repair else stretch.policy.gap * MINUTE))
    return max(stretch.end, min(end for end in ends if end is not None))


def _worth(minutes: int) -> int | None:
    return minutes if minutes >= LEAST else None


def _blocked(stretch: Stretch) -> Problem | None:
    return blocked_at(stretch.patron, stretch.now, stretch.now)


def _who(stretch: Stretch) -> Problem | None:
    if stretch.who in LADDER[stretch.policy.extension]:
        return None
    if stretch.policy.extension == "none":
        sentence = _("Sessions on %(seat)s are not made longer.") % {"seat": stretch.device.label}
        return Problem("no_extension", sentence, _("Who makes sessions longer"), _("nobody"))
    sentence = _("Ask our staff for more time on %(seat)s.") % {"seat": stretch.device.label}
    return Problem("extension_by_staff", sentence, _("Who makes sessions longer"), _("staff"))


def _most(stretch: Stretch) -> Problem | None:
    most = stretch.policy.extensions_most
    if most is None or stretch.extensions < most:
        return None
    sentence = ngettext(
        "This session has been made longer %(count)d time, and that is the most.",
        "This session has been made longer %(count)d times, and that is the most.",
        most,
    )
    return Problem("extensions_most", sentence % {"count": most}, _("Extensions of one session"), str(most))


def _waits(stretch: Stretch) -> Problem | None:
    if not stretch.waiting:
        return None
    sentence = ngettext(
        "%(count)d person waits for a seat like this.", "%(count)d people wait for a seat like this.", stretch.waiting
    )
    return Problem("line", sentence % {"count": stretch.waiting}, _("People in line"), str(stretch.waiting))


def _length(stretch: Stretch) -> Problem | None:
    most = stretch.policy.extension_minutes
    least = min(LEAST, most)
    if stretch.minutes < (1 if stretch.freely else least):
        said = {"length": words.length(least)}
        sentence = _("A session is made longer by at least %(length)s.") % said
        return Problem("too_short", sentence, _("One extension"), next_minutes=least, lift_by="")
    if stretch.freely or stretch.minutes <= most:
        return None
    sentence = _("A session is made longer by %(most)s at a time.") % {"most": words.length(most)}
    return Problem("too_long", sentence, _("One extension"), words.length(most), next_minutes=most)


def _day(stretch: Stretch) -> Problem | None:
    if not stretch.device.counts_toward_day:
        return None
    used = stretch.patron.minutes_on(stretch.day)
    sentence = _("%(length)s more does not fit in today's %(limit)s.")
    return _beyond(stretch, "day_limit", sentence, _("Minutes a day"), used, stretch.policy.day)


def _away(stretch: Stretch) -> Problem | None:
    """A card that was not checked has its minutes on trust, and no more of them by extension."""
    if not stretch.patron.is_unverified:
        return None
    used = sum(use.minutes for use in stretch.patron.uses if use.day == stretch.day)
    left, most = max(0, stretch.policy.away - used), words.length(stretch.policy.away)
    if stretch.policy.when_away == "allowance" and stretch.minutes <= left:
        return None
    sentence = _("The library system cannot be reached. Until it is back, this card has %(length)s.")
    rule = _("For a card that cannot be checked")
    return Problem("away_limit", sentence % {"length": most}, rule, most, next_minutes=_worth(left))


def _class_day(stretch: Stretch) -> Problem | None:
    used = stretch.patron.minutes_on(stretch.day, stretch.device.kind)
    sentence = _("%(length)s more does not fit in today's %(limit)s on this kind of seat.")
    return _beyond(
        stretch, "class_day_limit", sentence, _("Device class: minutes a day"), used, stretch.policy.class_day
    )


def _week(stretch: Stretch) -> Problem | None:
    if not stretch.device.counts_toward_day:
        return None
    monday = stretch.day - timedelta(days=stretch.day.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    used = sum(stretch.patron.minutes_on(day) for day in days)
    sentence = _("%(length)s more does not fit in this week's %(limit)s.")
    return _beyond(stretch, "week_limit", sentence, _("Minutes a week"), used, stretch.policy.week)


def _beyond(stretch: Stretch, code: str, sentence: str, rule: str, used: int, limit: int | None) -> Problem | None:
    """Return the problem of a personal limit that the session would pass; none where extensions do not count."""
    if limit is None or not stretch.policy.extension_counts or used + stretch.minutes <= limit:
        return None
    left = max(0, limit - used)
    said = {"length": words.length(stretch.minutes), "limit": words.length(limit)}
    sums = {"used": used, "left": left, "over": stretch.minutes - left, "limit": limit}
    return Problem(code, sentence % said, rule, words.length(limit), next_minutes=_worth(left), sums=sums)


def _following(stretch: Stretch) -> Busy | None:
    """Return the next span on the device after the session."""
    later = [busy for busy in stretch.device.busy if not busy.over and busy.start >= stretch.end]
    return min(later, key=lambda busy: busy.start, default=None)


def _taken(stretch: Stretch) -> Problem | None:
    hit = _following(stretch)
    if hit is None or stretch.new_end <= hit.start:
        return None
    said = {"seat": stretch.device.label, "time": words.moment(hit.start, stretch.now)}
    until = hit.start if hit.repair else hit.start - stretch.policy.gap * MINUTE
    if hit.repair:
        sentence = _("%(seat)s goes out of service at %(time)s.") % said
        return Problem("out", sentence, _("Out of service"), next_minutes=stretch.minutes_to(until), lift_by="")
    sentence = _("%(seat)s is booked by someone else from %(time)s.") % said
    return Problem("taken", sentence, _("Next booking"), next_minutes=stretch.minutes_to(until), lift_by="")


def _gap(stretch: Stretch) -> Problem | None:
    hit, gap = _following(stretch), stretch.policy.gap
    if hit is None or hit.repair or stretch.new_end > hit.start or stretch.new_end <= hit.start - gap * MINUTE:
        return None
    sentence = _("%(seat)s is cleaned between two people.") % {"seat": stretch.device.label}
    left = stretch.minutes_to(hit.start - gap * MINUTE)
    return Problem("gap", sentence, _("Cleaning gap"), words.length(gap), next_minutes=left)


def _own_next(stretch: Stretch) -> datetime | None:
    starts = [busy.start for busy in stretch.patron.busy if not busy.over and busy.start >= stretch.end]
    return min(starts, default=None)


def _elsewhere(stretch: Stretch) -> Problem | None:
    start = _own_next(stretch)
    if start is None or stretch.new_end <= start:
        return None
    sentence = _("You already have a seat %(when)s.") % {"when": words.when(start, stretch.now)}
    left = stretch.minutes_to(start)
    return Problem("elsewhere", sentence, _("One seat at a time"), next_minutes=left, lift_by="")


def _pass_ended(stretch: Stretch) -> Problem | None:
    until = stretch.patron.valid_until
    if until is None or stretch.new_end <= until:
        return None
    sentence = _("A guest number is good for the day it was given. Ask at the desk for a library card.")
    value, left = words.moment(until, stretch.now), stretch.minutes_to(until)
    return Problem("pass_ended", sentence, _("Guest pass valid until"), value, next_minutes=left, lift_by="")


def _stop(stretch: Stretch) -> datetime:
    """Return when the computers stop; the present end while the branch is closed."""
    usable = stretch.calendar.usable_span(min(stretch.now, stretch.end), stretch.policy.stop)
    return usable[1] if usable else stretch.end


def _closing(stretch: Stretch) -> Problem | None:
    stop = _stop(stretch)
    if stretch.new_end <= stop:
        return None
    until = _("The computers stop at %(time)s.") % {"time": words.clock(stop)}
    sentence = STOPPED if stop <= stretch.now else until
    value, left = words.length(stretch.policy.stop), stretch.minutes_to(stop)
    rule = _("Computers stop before closing")
    return Problem("closing", sentence, rule, value, next_minutes=left, lift_by="manager")


Rule = Callable[[Stretch], Problem | None]

# The order is the order of telling.
RULES: tuple[Rule, ...] = (
    _blocked, _who, _most, _waits, _length, _away, _day, _class_day, _week, _taken, _gap, _elsewhere, _pass_ended,
    _closing,
)  # fmt: skip
