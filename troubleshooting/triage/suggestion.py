"""What the desk is told about a line while it is typed: category, level, kind, READ, why, and what to ask."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from troubleshooting.models import Category
from troubleshooting.models.category import Kind, Tier
from troubleshooting.triage import in_use
from troubleshooting.triage.model import Guess, Model
from troubleshooting.triage.taxonomy import COUNTED_AS

SHOWN = 3  # categories
OTHERS_TOO = ("everyone",)  # the idea that an answer to the question tells


@dataclass(frozen=True)
class Ranked:
    """A category of the library and the chance that it is the right one, between 0 and 1."""

    category: Category
    chance: float


@dataclass(frozen=True)
class Suggestion:
    """`why` are words of the line, the most telling first; `question` is empty where the level does not depend on it.

    `kind` is a kind as tickets count it, `detail` the finer word of library-practice.md section 6.
    """

    categories: tuple[Ranked, ...]
    tier: Tier
    kind: Kind
    detail: str
    asset_class: str
    read_level: int | None
    counts_as_reference: bool
    why: tuple[str, ...]
    question: str

    @property
    def category(self) -> Category:
        return self.categories[0].category


def suggest(
    text: str, *, others_too: bool | None = None, categories: Iterable[Category] | None = None
) -> Suggestion | None:
    """Return what `text` seems to be, or None where no word of it is known. Two queries; nothing leaves the system.

    `categories` are the library's, where they are read already: then it takes one query.
    `others_too` answers the question whether others have it too; None: nobody was asked.
    """
    model = in_use.current()
    if not model.knows(text):
        return None
    guess = model.guess(text, told=OTHERS_TOO if others_too else ())
    rows = {row.code: row for row in (Category.objects.offered() if categories is None else categories)}
    ranked = tuple(Ranked(rows[code], chance) for code, chance in guess.categories if code in rows)[:SHOWN]
    if not ranked:
        return None
    first = ranked[0].category
    return Suggestion(
        categories=ranked,
        tier=Tier(guess.tier),
        kind=Kind(COUNTED_AS[guess.kind]),
        detail=guess.kind,
        asset_class=guess.asset_class,
        read_level=first.read_level,
        counts_as_reference=first.counts_as_reference,
        why=guess.why,
        question=_("Only this one, or others too?") if others_too is None and _depends(model, text, guess) else "",
    )


def _depends(model: Model, text: str, guess: Guess) -> bool:
    """Return whether the level would become IT if others had it too."""
    return guess.tier != Tier.IT and model.guess(text, told=OTHERS_TOO).tier == Tier.IT
