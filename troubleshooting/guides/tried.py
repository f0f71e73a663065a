"""What was already tried on a question, and where its guide goes on: what a hand-over arrives with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from troubleshooting.cards import ACTORS
from troubleshooting.guides.ladder import NO, YES, climb
from troubleshooting.guides.live import Guide, live_guide, published
from troubleshooting.guides.shape import OWN, SOLVED, Step, Text
from troubleshooting.models import Ticket


@dataclass(frozen=True)
class Line:
    """A step in the reader's language with its answer, "" where it was not tried."""

    pk: int
    text: Text
    picture: str
    answer: str = ""
    solved: bool = False
    who: str = ""

    @property
    def is_yes(self) -> bool:
        return self.answer == YES

    @property
    def is_no(self) -> bool:
        return self.answer == NO


@dataclass(frozen=True)
class Way:
    """What a page shows of a guide: what was tried, the step to try now or the end reached, what else there is."""

    tried: list[Line]
    current: Line | None
    end: str
    rest: list[Line]

    @property
    def is_empty(self) -> bool:
        return not (self.tried or self.current or self.end or self.rest)


@dataclass(frozen=True)
class Given:
    """An answer to a step of a guide, and who gave it: a post, "a patron", or "" where it is not kept yet."""

    guide: Guide
    step: Step
    answer: str
    who: str = ""


def line(step: Step, answer: str = "", who: str = "") -> Line:
    """Return a step as it is read now: in the language of the reader."""
    solved = answer in {YES, NO} and step.leads_to(answer) == SOLVED
    return Line(step.pk or 0, step.text(get_language() or OWN), step.picture, answer, solved, who)


def way_of(guide: Guide | None, answers: Sequence[Given]) -> Way:
    """Return where a guide stands after `answers`, oldest first, those to guides of other categories too; no query."""
    tried = [line(each.step, each.answer, each.who) for each in answers]
    if guide is None:
        return Way(tried, None, "", [])
    here = [each for each in answers if each.guide.category_id == guide.category_id]
    ladder = climb(guide.steps, {each.step.key: each.answer for each in here})
    current = line(ladder.current) if ladder.current else None
    return Way(tried, current, ladder.end, [line(step) for step in ladder.rest])


def way_on(ticket: Ticket) -> Way:
    """Return where the guide of a question stands. No query for one that was read `with_guide()`, else one."""
    read = ticket if hasattr(ticket, "answered") else Ticket.objects.with_guide().get(pk=ticket.pk)
    rows: list[dict[str, Any]] = getattr(read, "answered", [])
    live: dict[str, Any] | None = getattr(read, "live_guide", None)
    return way_of(published(**live) if live else None, [_given(row) for row in rows])


def way_before(category_id: int, answers: Mapping[int, str]) -> Way:
    """Return where a guide stands while the question is not logged yet; `answers` by step. One query.

    Steps of another category or of an older version are passed over.
    """
    guide = live_guide(category_id)
    if guide is None:
        return way_of(None, [])
    steps = {step.pk: step for step in guide.steps}
    return way_of(guide, [Given(guide, steps[pk], answer) for pk, answer in answers.items() if pk in steps])


def _given(row: Mapping[str, Any]) -> Given:
    guide = published(row["pk"], row["since"])
    step = next(step for step in guide.steps if step.pk == row["step"])
    return Given(guide, step, row["answer"], row["who"] or str(ACTORS.get(row["by"], "")))
