"""What of a line a model looks at: words, word pairs, word parts and ideas, all of them readable. Pure."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from troubleshooting.triage.words import IDEAS

WORDS_READ = 60  # of a longer text the beginning tells what it is about
LETTERS_READ = 24  # of one word
PART = 4  # letters of a word part: enough to see through a typo

# How much each sort of feature says, found by cross-validation on our own lines (ADR 17).
WEIGHTS = {"word": 1.0, "pair": 0.5, "part": 0.2, "idea": 3.0, "ideas": 0.7, "start": 0.5, "mark": 0.5}

Places = dict[str, tuple[int, ...]]

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def _vocabulary() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    whole: dict[str, set[str]] = defaultdict(set)
    begun: dict[str, set[str]] = defaultdict(set)
    for idea, words in IDEAS.items():
        for word in words.split():
            shelf, key = (begun, word[:-1]) if word.endswith("*") else (whole, word)
            shelf[key].add(idea)
    return dict(whole), dict(begun)


_WHOLE, _BEGUN = _vocabulary()


def spoken(text: str) -> list[str]:
    """Return the first words of `text` as they stand there."""
    return _WORD.findall(text[: WORDS_READ * (LETTERS_READ + 1)].replace("’", "'"))[:WORDS_READ]


def plain(word: str) -> str:
    """Return `word` in small letters, without accents, each number in it as #."""
    apart = unicodedata.normalize("NFKD", word.lower())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return re.sub(r"\d+", "#", bare)[:LETTERS_READ]


def ideas_of(word: str) -> set[str]:
    """Return the ideas that the plain `word` stands for."""
    found = set(_WHOLE.get(word, ()))
    for end in range(2, len(word) + 1):
        found |= _BEGUN.get(word[:end], set())
    return found


def features(text: str, *, told: Iterable[str] = ()) -> Places:
    """Return what `text` shows, each with the places of the words that show it, in a fixed order.

    `told` are ideas that are known besides, such as "everyone" after the desk asked.

    "word jam", "pair paper jam", "part pape", "idea paper", "ideas jam + paper", "start how do", "mark ?".
    """
    words = [plain(word) for word in spoken(text)]
    found: dict[str, set[int]] = defaultdict(set)
    for place, word in enumerate(words):
        found[f"word {word}"].add(place)
        framed = f"<{word}>"
        for start in range(len(framed) - PART + 1 if len(framed) > PART else 0):
            found[f"part {framed[start : start + PART]}"].add(place)
    for place, (left, right) in enumerate(zip(["^", *words], [*words, "$"], strict=True)):
        found[f"pair {left} {right}"] |= {max(place - 1, 0), min(place, len(words) - 1)} if words else set()
    _add_ideas(words, told, found)
    _add_shape(text, words, found)
    return {name: tuple(sorted(found[name])) for name in sorted(found)}


def _add_ideas(words: list[str], told: Iterable[str], found: dict[str, set[int]]) -> None:
    where: dict[str, set[int]] = defaultdict(set, {idea: set() for idea in told})
    for place, word in enumerate(words):
        for idea in ideas_of(word):
            where[idea].add(place)
    for idea, places in where.items():
        found[f"idea {idea}"] |= places
    for one, other in combinations(sorted(where), 2):
        found[f"ideas {one} + {other}"] |= where[one] | where[other]


def _add_shape(text: str, words: list[str], found: dict[str, set[int]]) -> None:
    for many in (2, 3):
        found[f"start {' '.join(words[:many])}"] |= set(range(min(many, len(words))))
    found[f"mark {min(4, len(words) // 4)}"] |= set()
    if "?" in text:
        found["mark ?"] |= set()


def weight(feature: str) -> float:
    """Return how much the sort of `feature` says."""
    return WEIGHTS[feature.split(" ", 1)[0]]
