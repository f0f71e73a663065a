"""How often each step was asked and how often it solved, in the last 90 days, and what is worth offering at a kiosk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from troubleshooting.guides.ladder import NO, YES
from troubleshooting.guides.shape import SOLVED, Step
from troubleshooting.models import GuideStep

WINDOW = timedelta(days=90)
MEASURED_FROM = 5  # answers from which a share says something
NEVER_FROM = 10  # answers without one that solved, from which a step is shown to its editor
MOST_OFFERED = 3  # steps that a patron is asked at a kiosk


@dataclass(frozen=True)
class Figure:
    """`asked` counts the answers Yes and No, `solved` those after which it worked."""

    asked: int = 0
    solved: int = 0

    @property
    def share(self) -> int | None:
        """How many of 100 it solved; None while too few answered."""
        return round(100 * self.solved / self.asked) if self.asked >= MEASURED_FROM else None

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(self.asked + other.asked, self.solved + other.solved)


NONE = Figure()
Said = tuple[str, tuple[tuple[str, str, str], ...]]


def never_solves(step: Step, figure: Figure) -> bool:
    """Return whether a step that could solve has not once done so; a plain question is not meant to."""
    return SOLVED in {step.yes, step.no} and figure.asked >= NEVER_FROM and figure.solved == 0


def said(step: Step) -> Said:
    """Return what makes a step the same one in two versions: its short name and its words."""
    return step.key, tuple(sorted((code, text.do, text.ask) for code, text in step.texts.items()))


def figures_of(category_id: int, now: datetime) -> dict[Said, Figure]:
    """Return the figures of a category's steps, by what they say, so that changed words begin anew; one query."""
    return _figures(now, version__category_id=category_id).get(category_id, {})


def all_figures(now: datetime) -> dict[int, dict[Said, Figure]]:
    """Return the figures of all guides, by category and what a step says; one query."""
    return _figures(now)


def _figures(now: datetime, **where: int) -> dict[int, dict[Said, Figure]]:
    rows = GuideStep.objects.filter(answers__at__gt=now - WINDOW, **where).select_related("version").order_by()
    after_yes = Q(answers__answer=YES, yes=SOLVED)
    after_no = Q(answers__answer=NO, no=SOLVED)
    found: dict[int, dict[Said, Figure]] = {}
    for row in rows.annotate(
        asked=Count("answers", filter=Q(answers__answer__in=[YES, NO])),
        solved=Count("answers", filter=after_yes | after_no),
    ):
        figures, key = found.setdefault(row.version.category_id, {}), said(row.shape)
        figures[key] = figures.get(key, NONE) + Figure(row.asked, row.solved)
    return found


def offered(steps: Iterable[Step], figures: Mapping[Said, Figure]) -> list[Step]:
    """Return the steps for a patron at a kiosk, what solves most often first, three at most; none that never solves.

    A step that too few have answered counts as the guide does as a whole, so that a new one gets its turn before
    those that seldom help; equal ones keep the order of the guide, measured ones first.
    """
    mine = [step for step in steps if step.is_offered and not never_solves(step, figures.get(said(step), NONE))]
    whole = sum((figures.get(said(step), NONE) for step in mine), NONE).share or 0

    def rank(step: Step) -> tuple[int, bool]:
        share = figures.get(said(step), NONE).share
        return -(whole if share is None else share), share is None

    return sorted(mine, key=rank)[:MOST_OFFERED]
