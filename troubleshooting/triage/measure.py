"""How often a model is right on lines whose answers are known. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from troubleshooting.triage.lines import Line
from troubleshooting.triage.model import Guess, Model
from troubleshooting.triage.taxonomy import wider

TIERS = range(4)


@dataclass
class Right:
    """Counts of right answers; `confusion[said][guessed]` counts lines by tier."""

    lines: int = 0
    tier: int = 0
    kind: int = 0
    category: int = 0
    among_three: int = 0
    confusion: list[list[int]] = field(default_factory=lambda: [[0] * len(TIERS) for _ in TIERS])

    def add(self, line: Line, guess: Guess) -> None:
        """Count one line; categories are compared in the words of library-practice.md section 6."""
        ranked = wider_categories(guess)
        asked = wider(line.category)
        self.lines += 1
        self.tier += guess.tier == line.tier
        self.kind += guess.kind == line.kind
        self.category += ranked[0] == asked
        self.among_three += asked in ranked[:3]
        self.confusion[line.tier][guess.tier] += 1

    def never_worse_than(self, other: "Right") -> bool:
        """Return whether tier, category and category among three are right at least as often as with `other`."""
        return self.tier >= other.tier and self.category >= other.category and self.among_three >= other.among_three

    def counts(self) -> dict[str, int]:
        return {"tier": self.tier, "category": self.category, "among_three": self.among_three}


def wider_categories(guess: Guess) -> list[str]:
    """Return the codes of the taxonomy, likeliest first; the chances of finer ones are added up."""
    chances: dict[str, float] = defaultdict(float)
    for code, chance in guess.categories:
        chances[wider(code)] += chance
    return sorted(chances, key=lambda code: (-chances[code], code))


def measure(model: Model, lines: Iterable[Line]) -> Right:
    """Return how often `model` is right on `lines`."""
    right = Right()
    for line in lines:
        right.add(line, model.guess(line.text))
    return right
