"""Tier 0 at the kiosk: the next step that a patron can try alone, one a page, what solves most often first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.http import urlencode

from troubleshooting.complaints import Complaint
from troubleshooting.guides.figures import figures_of, offered
from troubleshooting.guides.ladder import NO, YES
from troubleshooting.guides.live import live_guide
from troubleshooting.guides.sent import TRIED, carried
from troubleshooting.guides.tried import Line, line
from troubleshooting.lifecycle.intake import OTHER
from troubleshooting.models import Category


@dataclass(frozen=True)
class KioskStep:
    """The step to try now: its `place` of `many`, and the addresses' queries of the ways back, on and to a person."""

    line: Line
    place: int
    many: int
    back: str
    on: str
    person: str
    carried: list[str]

    @property
    def is_last(self) -> bool:
        return self.place == self.many

    @property
    def worked(self) -> str:
        """What the form carries where this step helped."""
        return f"{self.line.pk}:{YES}"


def category_of(complaint: Complaint) -> Category:
    """Return what a card is about: what is not sorted yet where managers removed or hid its category."""
    rows = {row.code: row for row in Category.objects.offered().filter(code__in=[complaint.category, OTHER])}
    return rows.get(complaint.category) or rows[OTHER]


def patron_answers(category_id: int, tried: Mapping[int, str]) -> dict[int, str]:
    """Return those of the answers that are to steps for patrons of the guide in use; one query."""
    guide = live_guide(category_id)
    known = {step.pk for step in guide.steps if step.is_offered} if guide else set()
    return {pk: answer for pk, answer in tried.items() if pk in known}


def kiosk_step(category_id: int, tried: Mapping[int, str], now: datetime) -> KioskStep | None:
    """Return the step after what was `tried`, None where a person is next; two queries."""
    guide = live_guide(category_id)
    steps = offered(guide.steps, figures_of(category_id, now)) if guide else []
    left = [step for step in steps if step.pk not in tried]
    if not left or len(tried) >= len(steps):
        return None
    step = left[0]
    return KioskStep(
        line=line(step),
        place=len(tried) + 1,
        many=len(steps),
        back=query(dict(list(tried.items())[:-1])),
        on=query({**tried, step.pk or 0: NO}),
        person=query(tried),
        carried=carried(tried),
    )


def patron_steps(category_id: int, now: datetime) -> list[Line]:
    """Return what patrons can try alone, what solves most often first; two queries."""
    guide = live_guide(category_id)
    return [line(step) for step in offered(guide.steps, figures_of(category_id, now))] if guide else []


def query(tried: Mapping[int, str]) -> str:
    """Return the part of an address that carries what was tried."""
    return "?" + urlencode([(TRIED, value) for value in carried(tried)])
