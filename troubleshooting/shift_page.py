"""The end of a shift: what one has, and what can become of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from helpdesk.models import User
from reservations.public import calendars_of
from troubleshooting import cards, worklist
from troubleshooting.forms_shift import RestForm
from troubleshooting.lifecycle.settling import keepers
from troubleshooting.models import Shift
from troubleshooting.question_page import home_of
from troubleshooting.staffing import on_duty, weeks_of
from troubleshooting.worklist import Card

AHEAD = timedelta(days=21)  # how far the next shift is looked for


@dataclass(frozen=True)
class Mine:
    """One question of mine with its form, or without one while it is kept for later."""

    card: Card
    place: str
    title: str
    stands: str
    url: str
    form: RestForm


def my_questions(user: User, now: datetime, sent: dict[int, Any]) -> list[Mine]:
    """Return what `user` has, first promised first, those kept for later last; `sent` is a form's data by question.

    Queries grow with the branches and levels at which they have something, not with the questions.
    """
    found = sorted(worklist.owned_by(user, now), key=lambda card: card.rests)
    colleagues: dict[tuple[int, int], list[User]] = {}
    back = _back_at(user, now) or _opens_next({card.ticket.branch_id for card in found}, now)
    rows = []
    for card in found:
        at = (card.ticket.branch_id, card.ticket.tier)
        if at not in colleagues:
            colleagues[at] = _colleagues(*at, user, now)
        form = RestForm(sent.get(card.ticket.pk), ticket=card.ticket, colleagues=colleagues[at], back_at=back)
        form.is_valid()  # so that the page knows what is asked about before the fields
        rows.append(
            Mine(
                card=card,
                place=cards.place_of(card.ticket),
                title=cards.title_of(card.ticket),
                stands=cards.state_words(card),
                url=home_of(card.ticket, user),
                form=form,
            )
        )
    return rows


def _colleagues(branch_id: int, tier: int, user: User, now: datetime) -> list[User]:
    """Return who can take a question on: those on duty now first, then who else works today or has no hours noted."""
    here = {colleague.pk for colleague in on_duty(branch_id, now)}
    return sorted(keepers(branch_id, {tier}, None, now), key=lambda one: (one.pk not in here, one.username))


def _back_at(user: User, now: datetime) -> datetime | None:
    """Return when the next shift of `user` on another day begins; None where no hours are noted."""
    return min(_starts(user, now), default=None)


def _starts(user: User, now: datetime) -> Iterator[datetime]:
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    for week in weeks_of(Shift.objects.filter(user=user)).values():
        yield from (start for start, _end in week.spans_between(tomorrow, tomorrow + AHEAD))


def _opens_next(branch_ids: set[int], now: datetime) -> datetime | None:
    """Return when one of the branches opens again on another day."""
    today = timezone.localtime(now).date()
    for calendar in calendars_of(branch_ids).values():
        for start, _end in calendar.spans_from(now):
            if timezone.localtime(start).date() > today:
                return start
    return None
