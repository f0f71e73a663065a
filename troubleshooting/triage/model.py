"""A small model that learns from lines and says why: naive Bayes, each word counting as much as it tells. Pure.

Four naive Bayes guesses are added up: of category, tier and kind together, and of each alone. The joint one keeps
the three consistent; those of one thing share what holds for all ("every computer" means IT whatever it is about).
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from troubleshooting.triage.features import Places, features, plain, spoken, weight
from troubleshooting.triage.lines import Line
from troubleshooting.triage.small import SMALL

if TYPE_CHECKING:
    Known = list[tuple[float, array[int], tuple[int, ...]]]  # weight of a feature, its counts, its places in the line

Label = tuple[str, int, str]  # category, tier, kind
SMOOTHING = 0.1  # what an unseen word counts
SHARPNESS = 0.3  # so that a chance of 70 % is right in about 70 of 100 (cross-validation on our own lines)
LEAST_TOLD = 0.02  # share of what a word could tell below which it is not weighted further
TELLING = 0.5  # how strongly words that tell much are preferred (cross-validation on our own lines)
ASSET_USUAL, ASSET_SMOOTHING = 3, 0.5  # the weight of what is usual for the category; what an unseen word counts
WHY_WORDS, WHY_LEAST = 4, 0.25  # most words that are shown, and the share of the strongest that a word must reach
# How much each guess says: joint, category, tier, kind. Found by cross-validation on our own lines (ADR 17).
SAYS = (1.0, 1.0, 0.8, 0.5)


@dataclass(frozen=True)
class Guess:
    """Chances by category, tier and kind, each highest first; `asset_class`; the words that decided."""

    categories: tuple[tuple[str, float], ...]
    tiers: tuple[tuple[int, float], ...]
    kinds: tuple[tuple[str, float], ...]
    asset_class: str
    why: tuple[str, ...]

    @property
    def tier(self) -> int:
        return self.tiers[0][0]

    @property
    def kind(self) -> str:
        return self.kinds[0][0]


class Model:
    """What was counted. `seen` holds, for each feature, the numbers of labels and how many of their lines show it."""

    def __init__(self, labels: list[Label], seen: dict[str, array[int]], assets: dict[str, dict[str, int]]) -> None:
        self.labels, self.seen, self.assets = labels, seen, assets
        sides: list[list[Any]] = [list(range(len(labels))), *([label[side] for label in labels] for side in range(3))]
        self.levels = [_Level(of, says) for of, says in zip(sides, SAYS, strict=True)]
        for counts in seen.values():
            for level in self.levels:
                level.add(counts)
        for level in self.levels:
            level.close(len(seen))

    def guess(self, text: str, *, told: Iterable[str] = ()) -> Guess:
        """Return what `text` seems to be; `told` are ideas that are known besides, such as "everyone"."""
        shown = features(text, told=told)
        known = [(weight(name), self.seen[name], places) for name, places in shown.items() if name in self.seen]
        scores = [0.0] * len(self.labels)
        for level in self.levels:
            of_class = level.scores([(much, counts) for much, counts, _places in known])
            scores = [old + level.says * of_class[name] for old, name in zip(scores, level.of, strict=True)]
        chances = _chances(scores)
        categories = _ranked((label[0], chance) for label, chance in zip(self.labels, chances, strict=True))
        return Guess(
            categories,
            _ranked((label[1], chance) for label, chance in zip(self.labels, chances, strict=True)),
            _ranked((label[2], chance) for label, chance in zip(self.labels, chances, strict=True)),
            self._asset(shown, categories[0][0]),
            self._why(text, known, categories),
        )

    def knows(self, text: str) -> bool:
        """Return whether a word or an idea of `text` was ever seen."""
        return any(name in self.seen for name in features(text) if name.startswith(("word ", "idea ")))

    def _asset(self, shown: Places, category: str) -> str:
        """Return what the line is about, among what lines of `category` are about."""
        usual = self.assets[f"category {category}"]
        told = {asset: ASSET_USUAL * math.log(count) for asset, count in usual.items()}
        for counts in (self.assets[name] for name in shown if name in self.assets):
            for asset in usual:
                told[asset] += math.log(counts.get(asset, 0) + ASSET_SMOOTHING)
        return max(sorted(told), key=told.__getitem__)

    def _why(self, text: str, known: Known, ranked: tuple[tuple[str, float], ...]) -> tuple[str, ...]:
        """Return up to four words of `text` that speak for the first category against the next, strongest first.

        Small words never do.
        """
        level, told = self.levels[1], defaultdict[int, float](float)
        best, rivals = ranked[0][0], [name for name, _chance in ranked[1:4]]
        for much, counts, places in known:
            gain = level.gain(counts, best, rivals) * much
            for place in places:
                told[place] += gain / len(places)
        words = spoken(text)
        for place in [each for each in told if plain(words[each]) in SMALL]:
            del told[place]
        least = max(told.values(), default=0.0) * WHY_LEAST
        first = sorted((place for place in told if told[place] > least), key=lambda place: (-told[place], place))
        return tuple(dict.fromkeys(words[place] for place in first))[:WHY_WORDS]

    def stored(self) -> dict[str, Any]:
        """Return the model as JSON can hold it."""
        return {
            "labels": [list(label) for label in self.labels],
            "seen": {name: list(counts) for name, counts in self.seen.items()},
            "assets": self.assets,
        }


class _Level:
    """One naive Bayes guess: `of` names the class of each label."""

    def __init__(self, of: list[Any], says: float) -> None:
        self.of, self.says = of, says
        self.total: Counter[Any] = Counter()
        self.classes = sorted(set(of))

    def add(self, counts: array[int]) -> None:
        for number, count in zip(counts[::2], counts[1::2], strict=True):
            self.total[self.of[number]] += count

    def close(self, features_known: int) -> None:
        everything = sum(self.total.values()) or 1
        self.share = {name: self.total[name] / everything for name in self.classes}
        self.doubt = -sum(share * math.log(share) for share in self.share.values() if share) or 1.0
        self.size = {name: math.log(self.total[name] + SMOOTHING * features_known) for name in self.classes}

    def by_class(self, counts: array[int]) -> Counter[Any]:
        found: Counter[Any] = Counter()
        for number, count in zip(counts[::2], counts[1::2], strict=True):
            found[self.of[number]] += count
        return found

    def tells(self, found: Counter[Any]) -> float:
        """Return how much a feature tells: how far its classes are from the usual mix (Kullback-Leibler, in shares)."""
        many = sum(found.values()) + 2
        told = sum(count / many * math.log(count / many / self.share[name]) for name, count in found.items())
        return float((max(LEAST_TOLD, told / self.doubt) * 4) ** TELLING)

    def scores(self, known: list[tuple[float, array[int]]]) -> dict[Any, float]:
        gains: dict[Any, float] = defaultdict(float)
        weights = 0.0
        for much, counts in known:
            found = self.by_class(counts)
            full = much * self.tells(found)
            weights += full
            for name, count in found.items():
                gains[name] += full * math.log(count / SMOOTHING + 1)
        sharp = SHARPNESS / math.sqrt(max(1.0, weights))
        return {name: sharp * (gains[name] - weights * self.size[name]) for name in self.classes}

    def gain(self, counts: array[int], best: Any, rivals: list[Any]) -> float:
        found = self.by_class(counts)
        against = sum(math.log(found[name] / SMOOTHING + 1) for name in rivals) / max(1, len(rivals))
        return self.tells(found) * (math.log(found[best] / SMOOTHING + 1) - against)


def learn(lines: Iterable[Line], *, features_allowed: set[str] | None = None) -> Model:
    """Return a model of `lines`; with `features_allowed` no other feature enters it."""
    seen: dict[str, Counter[int]] = defaultdict(Counter)
    assets: dict[str, Counter[str]] = defaultdict(Counter)
    numbers: dict[Label, int] = {}
    for line in lines:
        number = numbers.setdefault((line.category, line.tier, line.kind), len(numbers))
        assets[f"category {line.category}"][line.asset_class] += 1
        for name in features(line.text):
            if features_allowed is None or name in features_allowed:
                seen[name][number] += 1
                if name.startswith(("word ", "idea ")):
                    assets[name][line.asset_class] += 1
    packed = {
        name: array("H", (part for pair in sorted(counts.items()) for part in pair)) for name, counts in seen.items()
    }
    return Model(list(numbers), packed, {name: dict(counts) for name, counts in assets.items()})


def restored(stored: dict[str, Any]) -> Model:
    """Return the model that `stored` holds (`Model.stored`)."""
    labels: list[Label] = [(category, tier, kind) for category, tier, kind in stored["labels"]]
    return Model(labels, {name: array("H", counts) for name, counts in stored["seen"].items()}, stored["assets"])


def _chances(scores: list[float]) -> list[float]:
    top = max(scores)
    grown = [math.exp(score - top) for score in scores]
    return [part / sum(grown) for part in grown]


def _ranked(pairs: Iterable[tuple[Any, float]]) -> tuple[tuple[Any, float], ...]:
    total: dict[Any, float] = defaultdict(float)
    for name, chance in pairs:
        total[name] += chance
    return tuple(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))
