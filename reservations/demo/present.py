"""The rooms right now, through the verbs: people sitting, waiting for check-in, coming soon, later and on other days.

Where a branch is closed now nobody sits there, and only the bookings to come are made.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from helpdesk.actor import patron
from reservations.block_draft import Draft
from reservations.booking.ahead import book
from reservations.booking.blocks import save_block
from reservations.booking.seat import finish, start_now
from reservations.demo.library import Library, next_for, opening_ago
from reservations.demo.scene import MINUTE, Scene, Step, unless_refused
from reservations.demo.scenes import AHEAD, CLASSES, COMING, GUEST_AT, LEFT, REGULAR_AT, SITTING
from reservations.demo.waiting import plan_line
from reservations.models import Device, Patron
from reservations.models.people import Source
from reservations.patrons.passes import issue_guest_pass
from reservations.rules.facts import ACCESS
from reservations.rules.series import Series

OPENINGS = 3  # how many of a branch's next openings have bookings already
TRIES = 8  # patrons asked for one booking before the seat stays free


def build_present(library: Library, *, now: datetime, also: Mapping[str, Sequence[Step]]) -> None:
    """Fill the rooms: each of the sitters comes once today, the bookers book ahead in turn.

    `also` is what else happens at each branch (by slug), and when; everything happens in the order of time.
    """
    sitters, bookers = list(library.sitters), list(library.bookers)
    for slug, branch in library.branches.items():
        calendar = library.calendars[slug]
        usable = calendar.usable_span(now, branch.policy.stop_minutes)
        is_open = usable is not None and usable[0] < now < usable[1]
        scene = Scene(library, branch, calendar, now, library.seats[slug], usable if is_open else None)
        _plan_classes(scene)
        _plan_bookings(scene, bookers)
        _plan_sitting(scene, sitters)
        scene.steps.extend(also.get(slug, ()))
        plan_line(scene)
        scene.play()


def _plan_classes(scene: Scene) -> None:
    """Plan the class that runs now, some days before: it started half an hour ago, on the quarter hour."""
    start = scene.at(30)
    if start is None or scene.open is None or scene.branch.slug not in CLASSES:
        return
    title, labels = CLASSES[scene.branch.slug]
    start = max(scene.open[0], _floor(start, 15))
    end = min(scene.open[1], start + 90 * MINUTE)
    first, last = (moment.astimezone(scene.calendar.zone) for moment in (start, end))
    series = Series(first.date(), first.time(), last.time(), "")
    save_block(
        branch_id=scene.branch.pk,
        draft=Draft(title, tuple(scene.seats[label].pk for label in labels), series),
        request_key=uuid.uuid4(),
        by=scene.library.actor(f"desk-{scene.branch.slug}"),
        now=opening_ago(scene.calendar, scene.now, 900),
    )


def _plan_bookings(scene: Scene, bookers: list[Patron]) -> None:
    """Book seats that wait for check-in, begin soon, later today and on the days within the horizon."""
    made_at = opening_ago(scene.calendar, scene.now, 120)
    for label, minutes in COMING[scene.branch.slug] if scene.open else ():
        _plan_one(scene, bookers, label, _floor(scene.now, 5) + minutes * MINUTE, made_at)
    horizon = scene.calendar.branch_day(made_at) + timedelta(days=scene.branch.policy.horizon_days)
    for opens, closes in islice(scene.calendar.spans_from(scene.now + 60 * MINUTE), OPENINGS):
        if scene.calendar.branch_day(opens) > horizon:
            return
        first = max(opens, _floor(scene.now, 30) + 150 * MINUTE)
        for label, hours in AHEAD[scene.branch.slug]:
            if first + hours * 60 * MINUTE < closes:
                _plan_one(scene, bookers, label, first + hours * 60 * MINUTE, made_at)


def _plan_one(scene: Scene, bookers: list[Patron], label: str, start: datetime, made_at: datetime) -> None:
    """Plan a booking by the next patron whom no rule stops."""
    seat = scene.seats[label]
    rule = scene.branch.policy.rule_for(seat.device_class_id)
    minutes = min(scene.branch.policy.session_minutes, rule.session_minutes or 60)

    def step() -> None:
        for _try in range(TRIES):
            who = next_for(seat, bookers)
            bookers.append(who)
            verb = partial(book, branch_id=scene.branch.pk, device_id=seat.pk, patron=who, by=patron(), now=made_at)
            asked = partial(verb, needs=ACCESS.intersection(seat.features), start=start, end=start + minutes * MINUTE)
            if unless_refused(partial(asked, request_key=uuid.uuid4())):
                return

    scene.steps.append((made_at, step))


def _plan_sitting(scene: Scene, sitters: list[Patron]) -> None:
    """Let people sit down some minutes ago, and let a few leave again just now."""
    for label, minutes in SITTING[scene.branch.slug]:
        moment = scene.at(minutes)
        if moment:
            scene.steps.append((moment, _sit(scene, label, moment, sitters)))
    for label, minutes in LEFT.get(scene.branch.slug, ()):
        moment = scene.at(minutes)
        if moment:
            scene.steps.append((moment, _leave(scene, label, moment)))


def _sit(scene: Scene, label: str, moment: datetime, sitters: list[Patron]) -> Callable[[], None]:
    seat = scene.seats[label]

    def step() -> None:
        who = _sitter(scene, seat, moment, sitters)
        verb = partial(start_now, branch_id=scene.branch.pk, device_id=seat.pk, patron=who, by=patron(), now=moment)
        made = unless_refused(partial(verb, request_key=uuid.uuid4()))
        if made:
            scene.running[label] = made

    return step


def _sitter(scene: Scene, seat: Device, moment: datetime, sitters: list[Patron]) -> Patron:
    """Return who sits down: a guest, the patron of the card that the sign-ins name, or the next."""
    here = (scene.branch.slug, seat.label)
    if here == GUEST_AT:
        return _guest(scene, moment)
    return scene.library.regular if here == REGULAR_AT and scene.library.regular else next_for(seat, sitters)


def _leave(scene: Scene, label: str, moment: datetime) -> Callable[[], None]:
    def step() -> None:
        row = scene.running.get(label)
        if row and moment > row.start:
            finish(booking=row, by=patron(), now=moment)

    return step


def _guest(scene: Scene, moment: datetime) -> Patron:
    """Return the patron of a guest pass that the desk has just issued."""
    by = scene.library.actor(f"desk-{scene.branch.slug}")
    issued = issue_guest_pass(branch=scene.branch, request_key=uuid.uuid4(), by=by, now=moment).guest_pass
    return Patron.objects.create(key=issued.key, source=Source.GUEST, alias=issued.alias, seen_at=moment)


def _floor(moment: datetime, minutes: int) -> datetime:
    whole = moment.replace(second=0, microsecond=0)
    return whole - MINUTE * (whole.minute % minutes)
