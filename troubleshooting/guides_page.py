"""What the pages of guides show: all categories with their guide and figures, one guide with its steps and versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from troubleshooting.guides.figures import NONE, Figure, all_figures, figures_of, never_solves, said
from troubleshooting.guides.graph import Problem, problems
from troubleshooting.guides.shape import DESK, IT, OWN, REFERENCE, SOLVED, Step
from troubleshooting.models import Category, GuideVersion
from troubleshooting.text import short

ENDS: dict[str, Promise] = {
    SOLVED: _("It is solved"),
    DESK: _("End: the desk helps"),
    REFERENCE: _("End: to reference"),
    IT: _("End: to IT"),
}
WORDS = 60  # characters of a step's words in a list


@dataclass(frozen=True)
class Row:
    """A category in the list: its versions in use and in work, and how its steps did in 90 days."""

    category: Category
    live: GuideVersion | None
    draft: GuideVersion | None
    steps: int
    whole: Figure
    never: int


@dataclass(frozen=True)
class StepRow:
    """A step of a guide with where it leads, in words, how it did, and what is wrong with it."""

    step: Step
    place: int
    text: str
    ask: str
    yes: str
    no: str
    figure: Figure
    problems: list[Problem]

    @property
    def may_solve(self) -> bool:
        """Whether one of its answers says that it works; else it is a plain question."""
        return SOLVED in {self.step.yes, self.step.no}

    @property
    def never_solves(self) -> bool:
        return never_solves(self.step, self.figure)


def all_guides(now: datetime) -> list[Row]:
    """Return every category with its guide, those with a step that never solves first; four queries."""
    figures = all_figures(now)
    shown = GuideVersion.objects.filter(Q(is_live=True) | Q(published_at=None)).prefetch_related("steps")
    live: dict[int, GuideVersion] = {}
    drafts: dict[int, GuideVersion] = {}
    for version in shown:
        (live if version.is_live else drafts)[version.category_id] = version
    rows = [_row(each, live.get(each.pk), drafts.get(each.pk), figures.get(each.pk, {})) for each in _categories()]
    return sorted(rows, key=lambda row: not row.never)


def _categories() -> Sequence[Category]:
    return list(Category.objects.order_by("-is_offered", "position", "name"))


def _row(category: Category, live: GuideVersion | None, draft: GuideVersion | None, figures: dict[Any, Figure]) -> Row:
    steps = [step.shape for step in live.steps.all()] if live else []
    found = [(step, figures.get(said(step), NONE)) for step in steps]
    never = sum(1 for step, figure in found if never_solves(step, figure))
    return Row(category, live, draft, len(steps), sum((figure for _step, figure in found), NONE), never)


class GuidePage:
    """The guide of the category `code`: its draft, else the version in use, or the version `number`."""

    def __init__(self, code: str, now: datetime, number: int | None = None) -> None:
        self.category = get_object_or_404(Category, code=code)
        self.now = now
        self.versions = list(self.category.guides.select_related("by_user"))
        self.draft = next((each for each in self.versions if each.published_at is None), None)
        self.live = next((each for each in self.versions if each.is_live), None)
        self.shown = self.draft or self.live
        if number is not None:
            self.shown = next((each for each in self.versions if each.number == number), None)
            if self.shown is None:
                raise Http404

    def context(self) -> dict[str, Any]:
        """Return what guide.html shows; two queries more."""
        steps = [step.shape for step in self.shown.steps.all()] if self.shown else []
        wrong = problems(steps, dict(settings.LANGUAGES)) if self.is_draft else []
        return {
            "tab": "guides",
            "category": self.category,
            "shown": self.shown,
            "draft": self.draft,
            "live": self.live,
            "is_draft": self.is_draft,
            "versions": self.versions,
            "rows": self._rows(steps, wrong),
            "problems": wrong,
            "now": self.now,
        }

    @property
    def is_draft(self) -> bool:
        return self.shown is not None and self.shown == self.draft

    def _rows(self, steps: Sequence[Step], wrong: Sequence[Problem]) -> list[StepRow]:
        figures = figures_of(self.category.pk, self.now)
        names = target_names(steps)
        rows = []
        for place, step in enumerate(steps, start=1):
            text = step.text(get_language() or OWN)
            to = (names.get(step.yes, step.yes), names.get(step.no, step.no))
            mine = [problem for problem in wrong if problem.key == step.key]
            rows.append(StepRow(step, place, text.do, text.ask, *to, figures.get(said(step), NONE), mine))
        return rows


def target_names(steps: Sequence[Step]) -> dict[str, str]:
    """Return where an answer can lead, by key, in words: "2: Put paper into the tray", the ends at the end."""
    language = get_language() or OWN
    names = {step.key: f"{place}: {short(step.text(language).do, WORDS)}" for place, step in enumerate(steps, start=1)}
    return names | {end: str(name) for end, name in ENDS.items()}
