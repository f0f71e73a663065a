"""How often each step was asked and how often it solved, in the last 90 days, and what is worth offering at a kiosk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from troubleshooting.guides.ladder import NO, YES
from troubleshooting.guides.shape import SOLVED, Step
from troubleshooting.models import GuideAnswer, GuideStep

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

    @property
    def never_solves(self) -> bool:
        return self.asked >= NEVER_FROM and self.solved == 0

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(self.asked + other.asked, self.solved + other.solved)


NONE = Figure()
Said = tuple[str, tuple[tuple[str, str, str], ...]]


def said(step: Step) -> Said:
    """Return what makes a step the same one in two versions: its short name and its words."""
    return step.key, tuple(sorted((code, text.do, text.ask) for code, text in step.texts.items()))


def figures_of(category_id: int, now: datetime) -> dict[Said, Figure]:
    """Return the figures of a category's steps, by what they say, so that changed words begin anew; one query."""
    rows = GuideStep.objects.filter(version__category_id=category_id, answers__at__gt=now - WINDOW)
    found: dict[Said, Figure] = {}
    for row in rows.annotate(asked=_asked("answers__"), solved=_solved("answers__", "")):
        key = said(row.shape)
        found[key] = found.get(key, NONE) + Figure(row.asked, row.solved)
    return found


def figures_by_category(now: datetime) -> dict[int, Figure]:
    """Return the figures of all guides by category; one query."""
    answers = GuideAnswer.objects.filter(at__gt=now - WINDOW).order_by()
    rows = answers.values_list("step__version__category_id").annotate(asked=_asked(""), solved=_solved("", "step__"))
    return {category_id: Figure(asked, solved) for category_id, asked, solved in rows}


def _asked(answer: str) -> Count:
    return Count("pk" if not answer else "answers", filter=Q(**{f"{answer}answer__in": [YES, NO]}))


def _solved(answer: str, step: str) -> Count:
    after_yes = Q(**{f"{answer}answer": YES, f"{step}yes": SOLVED})
    after_no = Q(**{f"{answer}answer": NO, f"{step}no": SOLVED})
    return Count("pk" if not answer else "answers", filter=after_yes | after_no)


def offered(steps: Iterable[Step], figures: Mapping[Said, Figure]) -> list[Step]:
    """Return the steps for a patron at a kiosk, what solves most often first, three at most.

    A step that too few have answered counts as the guide does as a whole, so that a new one gets its turn before
    those that seldom help; equal ones keep the order of the guide, measured ones first.
    """
    mine = [step for step in steps if step.is_offered]
    whole = sum((figures.get(said(step), NONE) for step in mine), NONE).share or 0

    def rank(step: Step) -> tuple[int, bool]:
        share = figures.get(said(step), NONE).share
        return -(whole if share is None else share), share is None

    return sorted(mine, key=rank)[:MOST_OFFERED]
